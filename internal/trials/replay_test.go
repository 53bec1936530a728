package trials

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"confianza/analysis/sentiment"
)

// blunt calls negative what is awful, and all else neutral.
type blunt struct{}

func (blunt) Version() string { return "blunt@1" }

func (blunt) Score(_ context.Context, texts []sentiment.Text) (scores []sentiment.Score, err error) {
	for _, t := range texts {
		s := sentiment.Score{Neutral: 1, Known: true}
		if strings.Contains(t.Text, "awful") {
			s = sentiment.Score{Negative: 1, Known: true}
		}
		scores = append(scores, s)
	}
	return scores, nil
}

// Three days of one mention a minute, then an hour of ten, nine of them awful.
func TestReplay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "told.csv")
	var b strings.Builder
	b.WriteString("who,brand,what,when,why\n")
	start := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	for minute := range 3*24*60 + 60 {
		at := start.Add(time.Duration(minute) * time.Minute).Format(time.RFC3339)
		if minute < 3*24*60 {
			fmt.Fprintf(&b, "p%d,Acme,a letter from them,%s,\n", minute, at)
			continue
		}
		for k := range 10 {
			text, why := "awful delays", "Late"
			if k == 9 {
				text, why = "a letter from them", ""
			}
			fmt.Fprintf(&b, "q%d.%d,Acme,%s,%s,%s\n", minute, k, text, at, why)
		}
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	all, err := ReadTold(path, Columns{Brand: "brand", Author: "who", Text: "what", Time: "when", Reason: "why"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := RunReplay(t.Context(), all, blunt{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Episodes) != 2 {
		t.Fatalf("%d episodes: %+v", len(r.Episodes), r.Episodes)
	}
	storm := start.Add(3 * 24 * time.Hour)
	for i, kind := range []string{"volume", "drop"} {
		e := r.Episodes[i]
		if r.Episodes[0].Kind == "drop" {
			e = r.Episodes[1-i]
		}
		if e.Kind != kind || e.From.Before(storm) || e.From.After(storm.Add(12*time.Minute)) || e.Net[0] != 0 ||
			!strings.Contains(fmt.Sprint(e.Drivers), "awful") || fmt.Sprint(e.Reasons) != "[Late 100 % (was 0 %)]" {
			t.Errorf("%s: %+v", kind, e)
		}
	}
	if _, err := ReadTold(path, Columns{Brand: "marca"}); err == nil || !strings.Contains(err.Error(), `no column "marca"; there are who, brand`) {
		t.Error(err)
	}
}

// What docs/detection.md says of real mentions.
func TestReplayAirlines(t *testing.T) {
	path := "../../../shared/data/mentions/airline2015.csv"
	if _, err := os.Stat(path); err != nil {
		t.Skipf("the mentions of airlines are not here: %v", err)
	}
	all, err := ReadTold(path, Columns{Brand: "airline", Author: "name", Text: "text", Time: "tweet_created", Reason: "negativereason"})
	if err != nil {
		t.Fatal(err)
	}
	sc, err := sentiment.New("vader")
	if err != nil {
		t.Fatal(err)
	}
	r, err := RunReplay(t.Context(), all, sc)
	if err != nil || len(all) != 14640 {
		t.Fatalf("%d mentions, %v", len(all), err)
	}
	var text strings.Builder
	if err := r.Table(&text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Delta: volume, 23 18:20", "Southwest: volume, 23 01:25", "companion pass"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("no %q in\n%s", want, text.String())
		}
	}
	if len(r.Episodes) > 8 {
		t.Errorf("%d episodes", len(r.Episodes))
	}
}
