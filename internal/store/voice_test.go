package store

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"confianza/internal/mention"
)

// Who spoke is what a recount of the log gives, whatever is said, scored,
// revised, deleted and forgotten, in whatever order.
func TestVoicesEqualARecount(t *testing.T) {
	s := openHere(t)
	if _, err := s.Begin(t.Context(), "score", "v1"); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(7, 7))
	author := func() string { return fmt.Sprint("author", r.IntN(60)) }
	revision := 0
	for range 400 {
		var err error
		switch in := (Intake{Source: "net"}); r.IntN(8) {
		case 0, 1, 2: // new posts, and revisions that name other brands
			for range 1 + r.IntN(90) {
				n := r.IntN(900)
				at := time.Unix(int64(n%3)*86400-3*86400, 0) // before 1970 too
				revision++
				in.Mentions = append(in.Mentions, mention.Mention{Native: fmt.Sprint(n), Revision: fmt.Sprintf("%06d", revision), Form: "post",
					At: at, Seen: time.Unix(int64(n), 0), Author: s.AuthorKey("net", []string{"", author()}[min(1, r.IntN(9))]), Text: "bad",
					Brands: [][]string{{"Acme"}, {"Zeta"}, {"Acme", "Zeta"}, {}}[r.IntN(4)]})
			}
			_, err = s.Add(t.Context(), in)
		case 3, 4:
			var ms []mention.Mention
			if ms, err = s.Recent(t.Context(), "score", 1+r.IntN(200)); err == nil && len(ms) > 0 {
				var scores []Scored
				for _, m := range ms {
					sc := Scored{m.ID, mention.Score{Language: "en", Polarity: mention.Negative, Scorer: "v1"}}
					scores = append(scores, sc)
					if r.IntN(20) == 0 { // twice in a batch
						scores = append(scores, sc)
					}
				}
				_, err = s.Done(t.Context(), "score", ms[len(ms)-1].ID, scores)
			}
		case 5:
			in.Gone = []mention.Gone{{Native: fmt.Sprint(r.IntN(900))}, {Native: fmt.Sprint(r.IntN(900))}}
			_, err = s.Add(t.Context(), in)
		case 6:
			if r.IntN(4) == 0 {
				_, err = s.Forget(t.Context(), "net", author())
			}
		case 7:
			if r.IntN(4) == 0 {
				_, err = s.Retain(t.Context(), "net", time.Unix(int64(r.IntN(300)), 0))
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		var wrong int
		if err := s.read.QueryRow(`WITH counted AS (SELECT (m.at + 86400000 * 100000) / 86400000 - 100000 AS day, m.brand, substr(p.author, 1, 8) AS author, count(*) AS posts
				FROM mention m CROSS JOIN post p ON p.id = m.post WHERE p.author IS NOT NULL AND m.counted = 1 GROUP BY 1, 2, 3),
			spoken AS (SELECT day, brand, author, posts FROM spoke WHERE posts > 0)
			SELECT (SELECT count(*) FROM (SELECT * FROM counted EXCEPT SELECT * FROM spoken)) + (SELECT count(*) FROM (SELECT * FROM spoken EXCEPT SELECT * FROM counted))
				+ (SELECT count(*) FROM spoke WHERE (posts = 0) <> (gone IS NOT NULL))`).Scan(&wrong); err != nil || wrong != 0 {
			t.Fatalf("%d voices are not as a recount has them; error %v", wrong, err)
		}
	}
	var spoken, gone, counted int
	if err := s.read.QueryRow(`SELECT count(*), count(gone), (SELECT sum(n) FROM voice) FROM spoke`).Scan(&spoken, &gone, &counted); err != nil || spoken < 50 || gone < 2 || counted < spoken {
		t.Errorf("%d spoke, %d of them deleted since, %d were counted: this test sees too little; error %v", spoken, gone, counted, err)
	}
}
