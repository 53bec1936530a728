package people

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// words are what made-up texts are of.
var words = strings.Fields("they lost all our data again and nobody says sorry while the bank asks for new cards which cost money every time when people call the line is dead for hours")

// fill has brands be spoken of yesterday, each so many times by a third as many
// people.
func fill(b *testing.B, brands, each int) *Counter {
	b.Helper()
	s, err := store.Open(b.Context(), b.TempDir(), store.Options{Now: func() time.Time { return noon }})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	if _, err := s.Begin(b.Context(), stage, "v1"); err != nil {
		b.Fatal(err)
	}
	c := &Counter{Store: s, Now: func() time.Time { return noon }}
	for i := range brands {
		c.Brands = append(c.Brands, fmt.Sprint("Brand ", i))
		for n := 0; n < each; n += 500 {
			in := store.Intake{Source: "net"}
			for k := n; k < min(n+500, each); k++ {
				text := make([]string, 12)
				for w := range text {
					text[w] = words[(k*(w*w+7)+k/31*w)%len(words)]
				}
				in.Mentions = append(in.Mentions, mention.Mention{Source: "net", Native: fmt.Sprint(i, "/", k), Revision: "1", Text: strings.Join(text, " "), Form: "post", Seen: noon,
					At: noon.Add(-20*time.Hour + time.Duration(k)*time.Millisecond), Author: s.AuthorKey("net", fmt.Sprint(k%(each/3+1))), Brands: []string{c.Brands[i]}})
			}
			if _, err := s.Add(b.Context(), in); err != nil {
				b.Fatal(err)
			}
		}
	}
	for {
		recent, err := s.Recent(b.Context(), stage, 500)
		if err != nil {
			b.Fatal(err)
		}
		if len(recent) == 0 {
			return c
		}
		var scored []store.Scored
		for _, m := range recent {
			scored = append(scored, store.Scored{ID: m.ID, Score: mention.Score{Language: []string{"en", "es"}[m.ID%2], Polarity: mention.Polarities()[m.ID%3], Scorer: "v1"}})
		}
		if _, err := s.Done(b.Context(), stage, recent[len(recent)-1].ID, scored); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDay counts a day of fifty thousand opinions.
func BenchmarkDay(b *testing.B) {
	const opinions = 50_000
	c := fill(b, 1, opinions)
	for b.Loop() {
		if err := c.Store.KeepVotes(b.Context(), c.Brands[0], store.Votes{}); err != nil {
			b.Fatal(err)
		}
		if err := c.Look(b.Context(), near); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/opinions, "ns/opinion")
}

// BenchmarkNothingNew looks at a thousand brands whose days are counted.
func BenchmarkNothingNew(b *testing.B) {
	c := fill(b, 1000, 12)
	for b.Loop() { // the first counts them
		if err := c.Look(b.Context(), math.MaxInt32); err != nil {
			b.Fatal(err)
		}
	}
}
