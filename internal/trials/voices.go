package trials

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"text/tabwriter"

	"confianza/analysis/voices"
	"confianza/internal/synth"
)

// Voices is how hard a day's index is to move, and what that costs.
type Voices struct {
	Attacks  []Attack  `json:"attacks"`
	Wave     Wave      `json:"wave"`
	Clusters []Cluster `json:"clusters"`
}

// Attack is how many accounts it takes to move a day's index by ten points of a
// hundred; -1 when so many as were tried do not.
type Attack struct {
	Name   string `json:"name"`
	Plain  int    `json:"plain"`
	Robust int    `json:"robust"`
	Capped int    `json:"capped"`
}

// Wave is a day of real newcomers: net sentiment, in points.
type Wave struct {
	Truth  float64 `json:"truth"`
	Plain  float64 `json:"plain"`
	Robust float64 `json:"robust"`
	Capped float64 `json:"capped"`
}

// Cluster is how well copies are found that have a share of their words
// exchanged, among as many texts of their own.
type Cluster struct {
	Varied    float64 `json:"varied"`
	Recall    float64 `json:"recall"`    // of the pairs of copies
	Precision float64 `json:"precision"` // of the pairs put together
}

const (
	template = "I will never fly with Zafiro again after they lost the data of millions of customers and said nothing for weeks, close your account today"
	// mostAccounts are tried, posts a day each.
	mostAccounts, accountPosts = 2000, 10
	movedBy                    = 10 // points of the index, which has a hundred
	attackDays                 = 5
)

// RunVoices tries attacks on an ordinary day: 300 posts by 100 people.
func RunVoices() Voices {
	var v Voices
	for _, a := range []struct {
		name   string
		varied float64
	}{{"words of their own", -1}, {"one text", 0}, {"one text, a tenth of its words exchanged", 0.1}, {"one text, a quarter of its words exchanged", 0.25}} {
		crowd := synth.Crowd{Name: "bot", Each: accountPosts, Mood: -1, Young: true}
		if a.varied >= 0 {
			crowd.Template, crowd.Varied = template, a.varied
		}
		v.Attacks = append(v.Attacks, attack(a.name, crowd, attackDays))
	}
	v.Wave = wave()
	for _, varied := range []float64{0, 0.05, 0.1, 0.15, 0.2, 0.3} {
		v.Clusters = append(v.Clusters, copies(varied))
	}
	return v
}

// ordinary is a day without anything.
func ordinary(r *rand.Rand) []synth.Said {
	return synth.Crowd{Name: "usual", People: 100, Each: 3, Mood: -0.1, Spread: 0.4}.Speak(r)
}

// attack finds the least number of accounts that moves each index, the median
// of some days.
func attack(name string, crowd synth.Crowd, days int) Attack {
	var plain, robust, capped []int
	for day := range days {
		known := map[int]voices.Day{}
		with := func(n int) voices.Day {
			if d, ok := known[n]; ok {
				return d
			}
			r := rand.New(rand.NewPCG(uint64(day), 7))
			usual := ordinary(r)
			crowd.People = n
			known[n] = voices.Count(posts(append(usual, crowd.Speak(r)...)))
			return known[n]
		}
		needed := func(index func(voices.Day) voices.Votes) int {
			return least(func(n int) bool { return math.Abs(index(with(n)).Net()-index(with(0)).Net())*50 >= movedBy })
		}
		plain = append(plain, needed(func(d voices.Day) voices.Votes { return d.Plain }))
		robust = append(robust, needed(func(d voices.Day) voices.Votes { return d.Robust }))
		capped = append(capped, needed(func(d voices.Day) voices.Votes { return d.Capped }))
	}
	return Attack{name, middle(plain), middle(robust), middle(capped)}
}

// least is the smallest number for which something is so, found by doubling and
// halving, to within a fiftieth; MaxInt when it is not for the largest tried.
func least(so func(n int) bool) int {
	low, high := 0, 1
	for !so(high) {
		if high == mostAccounts {
			return math.MaxInt
		}
		low, high = high, min(mostAccounts, 2*high)
	}
	for high-low > max(1, high/50) {
		if mid := (low + high) / 2; so(mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}

// middle is the median, -1 when that is out of reach.
func middle(all []int) int {
	slices.Sort(all)
	if n := all[len(all)/2]; n < math.MaxInt {
		return n
	}
	return -1
}

// wave is 3,000 real newcomers at -60 beside 100 regulars at -10.
func wave() Wave {
	r := rand.New(rand.NewPCG(1, 9))
	all := append(synth.Crowd{Name: "usual", People: 100, Each: 3, Mood: -0.1, Spread: 0.2}.Speak(r),
		synth.Crowd{Name: "new", People: 3000, Each: 1.2, Mood: -0.6, Spread: 0.2, Young: true}.Speak(r)...)
	d := voices.Count(posts(all))
	return Wave{100 * (-0.1*100 - 0.6*3000) / 3100, 100 * d.Plain.Net(), 100 * d.Robust.Net(), 100 * d.Capped.Net()}
}

// copies puts fifty templates on trial, twenty copies each, among a thousand
// texts of their own.
func copies(varied float64) Cluster {
	r := rand.New(rand.NewPCG(3, 11))
	var texts []string
	var truth []int
	own := synth.Crowd{Name: "x", People: 1, Each: 1}
	for i := range 50 {
		like := own.Speak(r)[0].Text
		for range 20 {
			texts, truth = append(texts, synth.Vary(r, like, varied)), append(truth, i)
		}
	}
	for i := range 1000 {
		texts, truth = append(texts, own.Speak(r)[0].Text), append(truth, 50+i)
	}
	found := voices.Clusters(texts)
	both, put, copies := 0.0, 0.0, 0.0
	for i := range texts {
		for j := range i {
			same, together := truth[i] == truth[j], found[i] == found[j]
			if same {
				copies++
			}
			if together {
				put++
			}
			if same && together {
				both++
			}
		}
	}
	return Cluster{varied, both / copies, both / max(1, put)}
}

func posts(all []synth.Said) (ps []voices.Post) {
	for _, s := range all {
		ps = append(ps, voices.Post{Author: s.Author, Text: s.Text, Score: s.Score, Young: s.Young})
	}
	return ps
}

// Table writes it for a person.
func (v Voices) Table(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "accounts that move the index by 10 points of 100\ta vote a post\ta vote an author, 3 a text\tyoung accounts capped")
	for _, a := range v.Attacks {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", a.Name, accounts(a.Plain), accounts(a.Robust), accounts(a.Capped))
	}
	fmt.Fprintf(t, "\nreal newcomers, net points; in truth %.0f\t%.0f\t%.0f\t%.0f\n", v.Wave.Truth, v.Wave.Plain, v.Wave.Robust, v.Wave.Capped)
	fmt.Fprintln(t, "\ncopies with so many words exchanged\tpairs found\tpairs that are right\t")
	for _, c := range v.Clusters {
		fmt.Fprintf(t, "%.0f %%\t%.1f %%\t%.1f %%\t\n", 100*c.Varied, 100*c.Recall, 100*c.Precision)
	}
	return t.Flush()
}

func accounts(n int) string {
	if n < 0 {
		return fmt.Sprintf("over %d", mostAccounts)
	}
	return fmt.Sprint(n)
}
