package explain

import (
	"cmp"
	"context"
	"slices"

	"confianza/analysis/drivers"
	"confianza/analysis/twins"
	"confianza/internal/export"
	"confianza/internal/mention"
	"confianza/internal/messages"
	"confianza/internal/store"
)

// words are the drivers, and examples of them.
func (g *gathering) words(ctx context.Context, f *messages.Facts) error {
	window, err := g.posts(ctx, g.window, windowPosts)
	if err != nil {
		return err
	}
	t := drivers.Talk{Window: posts(window), Leave: g.b.Names}
	for day := 1; day <= pastDays; day++ {
		end := g.window.From.AddDate(0, 0, 1-day)
		limit := pastPosts
		if day <= usualDays {
			limit = usualPosts
		}
		some, err := g.posts(ctx, mention.Span{From: end.AddDate(0, 0, -1), To: end}, limit)
		if err != nil {
			return err
		}
		if day <= usualDays {
			t.Before = append(t.Before, posts(some)...)
		} else {
			t.Past = append(t.Past, posts(some)...)
		}
	}
	found := drivers.Find(t, mostDrivers)
	for _, d := range found {
		f.Drivers = append(f.Drivers, messages.Part{Name: d.Words, N: int64(d.N)})
	}
	f.Examples = append(f.Examples, g.examples(window, found)...)
	return nil
}

func (g *gathering) posts(ctx context.Context, in mention.Span, limit int) ([]mention.Mention, error) {
	return g.s.Latest(ctx, store.LatestQuery{Brand: g.b.Name, Since: in.From, Before: in.To, Limit: limit})
}

func posts(ms []mention.Mention) (all []drivers.Post) {
	for _, m := range ms {
		p := drivers.Post{Text: m.Text}
		if m.Author != (mention.Key{}) {
			p.Author = string(m.Author[:])
		}
		all = append(all, p)
	}
	return all
}

// examples are posts with most of the drivers, by different authors, each in
// words of its own; the most negative of those first.
func (g *gathering) examples(window []mention.Mention, found []drivers.Driver) (some []messages.Example) {
	has := make([]int, len(window))
	for _, d := range found {
		for _, i := range d.Posts {
			has[i]++
		}
	}
	order := make([]int, 0, len(window))
	for i, m := range window {
		if m.Text != "" && (has[i] > 0 || len(found) == 0) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(has[b], has[a]), cmp.Compare(window[b].Score.Negative, window[a].Score.Negative))
	})
	authors, texts := map[mention.Key]bool{}, []string{}
	for _, i := range order {
		m := window[i]
		if len(some) == mostExamples {
			break
		}
		if m.Author != (mention.Key{}) && authors[m.Author] || len(twins.New(texts).Of(m.Text)) > 0 {
			continue
		}
		authors[m.Author] = true
		texts = append(texts, m.Text)
		some = append(some, messages.Example{Text: short(export.Mask(m.Text, g.b.Handles)), URL: m.URL, Polarity: string(m.Score.Polarity)})
	}
	return some
}

func short(s string) string {
	if r := []rune(s); len(r) > longestText {
		return string(r[:longestText-1]) + "…"
	}
	return s
}
