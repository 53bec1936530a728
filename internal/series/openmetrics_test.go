package series_test

import (
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/series"
)

func TestOpenMetrics(t *testing.T) {
	w := newWorld(t)
	w.hear("net", noon.Add(-10*time.Minute), noon)
	w.say(said{"net", `A "b"`, "bad", noon.Add(-5 * time.Minute)}, said{"net", `A "b"`, "bad", noon.Add(-5*time.Minute + time.Second)},
		said{"net", "Zeta", "good", noon.AddDate(-1, 0, 0)})
	w.score("v1", 10)
	q := series.New(series.Options{Store: w.s.Reader, Now: func() time.Time { return noon }})
	dump := func(d series.Dump) (string, int64) {
		var b strings.Builder
		d.Metric = "confianza_mentions"
		n, err := q.OpenMetrics(t.Context(), &b, d)
		if err != nil {
			t.Fatal(err)
		}
		return b.String(), n
	}
	all := mention.Span{From: noon.AddDate(-2, 0, 0), To: noon}
	got, n := dump(series.Dump{Span: all})
	const a, zeta = `confianza_mentions{brand="A \"b\"",kind="unknown",language="en",polarity="negative",source="net"} 2 1772452559.999` + "\n",
		`confianza_mentions{brand="Zeta",kind="unknown",language="en",polarity="positive",source="net"} 1 1740916859.999` + "\n"
	head, rest, _ := strings.Cut(got, "# TYPE confianza_mentions gauge\n")
	if !strings.HasPrefix(head, "# HELP confianza_mentions ") || rest != a+zeta+"# EOF\n" || n != 2 {
		t.Errorf("got %d samples\n%s", n, got)
	}
	if got, n := dump(series.Dump{Span: all, Brands: []string{"Zeta"}}); !strings.HasSuffix(got, "gauge\n"+zeta+"# EOF\n") || n != 1 {
		t.Errorf("Zeta alone: got %d samples\n%s", n, got)
	}
	// Ends are those of minutes: the one that ends at To is in, the next is not.
	edge := noon.Add(-4 * time.Minute)
	if _, n := dump(series.Dump{Span: mention.Span{From: all.From, To: edge}}); n != 2 {
		t.Errorf("up to the end of the minute: %d samples, want 2", n)
	}
	if _, n := dump(series.Dump{Span: mention.Span{From: edge, To: noon}}); n != 0 {
		t.Errorf("from the end of the minute: %d samples, want 0", n)
	}
	// Ten minutes of eight series, four polarities each of two brands: 80, and the
	// one from last year.
	if _, n := dump(series.Dump{Span: all, Zeros: true}); n != 81 {
		t.Errorf("with zeros: %d samples, want 81", n)
	}
}

// Of a series that is not added up a 0 is no silence: it stands in the file.
func TestOpenMetricsKeepsZerosOfGauges(t *testing.T) {
	w := newWorld(t)
	w.hear("net", noon.Add(-10*time.Minute), noon.Add(-6*time.Minute))
	w.hear("net", noon.Add(-3*time.Minute), noon) // three minutes deaf
	q := series.New(series.Options{Store: w.s.Reader, Now: func() time.Time { return noon }})
	var b strings.Builder
	n, err := q.OpenMetrics(t.Context(), &b, series.Dump{Metric: "confianza_listening", Span: mention.Span{From: noon.Add(-10 * time.Minute), To: noon}})
	if err != nil || n != 10 || strings.Count(b.String(), `{source="net"} 0 `) != 3 {
		t.Errorf("got %d samples, %v\n%s", n, err, b.String())
	}
}
