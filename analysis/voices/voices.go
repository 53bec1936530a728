// Package voices counts a day's talk by people rather than by posts.
//
// One author has one vote a day: the mean of what they said. Texts that are
// nearly the same have three votes between them, whoever posts them. Newcomers
// are not discounted: a breach brings real ones. Only on a day that looks like a
// brigade may accounts younger than thirty days be held to a quarter of the
// weight; the counts with and without that are both given, and never belong
// into one chart.
package voices

import (
	"cmp"
	"slices"
)

// Post is one that was scored.
type Post struct {
	Author string // any key that tells authors apart; "" is an author of its own
	Text   string
	Score  float64 // positive less negative, -1 to 1
	Young  bool    // its platform says that the account is less than thirty days old
}

// Votes are sums that a mean is made of.
type Votes struct {
	Weight float64 // of all votes
	Sum    float64 // of votes times scores
}

// Net is the mean score, -1 to 1; 0 without votes.
func (v Votes) Net() float64 {
	if v.Weight == 0 {
		return 0
	}
	return v.Sum / v.Weight
}

// Day is a day's talk, counted in each way.
type Day struct {
	Plain  Votes // a vote a post
	Robust Votes // a vote an author, three a text
	Capped Votes // the same, with young accounts held to a quarter of the weight

	Posts, Authors int
	Copied         float64 // share of the posts whose text three others or more have nearly
	Young          float64 // share of the authors
}

const (
	// sameText is how many votes one text has.
	sameText = 3
	// youngShare is what young accounts may weigh of the whole.
	youngShare = 0.25
)

// author is one with their votes for each text.
type author struct {
	young  bool
	posts  float64
	shares map[int]*Votes // by cluster: posts, and their scores
}

// Count counts the posts of one day, in any order.
func Count(posts []Post) Day {
	d := Day{Posts: len(posts)}
	cluster := Clusters(texts(posts))
	size := map[int]int{}
	authors, nameless := map[string]*author{}, 0
	var all []*author
	for i, p := range posts {
		size[cluster[i]]++
		d.Plain.Weight++
		d.Plain.Sum += p.Score
		a := authors[p.Author]
		if a == nil || p.Author == "" {
			a = &author{shares: map[int]*Votes{}}
			all = append(all, a)
			if p.Author == "" {
				nameless++
			} else {
				authors[p.Author] = a
			}
		}
		a.young = a.young || p.Young
		a.posts++
		share := a.shares[cluster[i]]
		if share == nil {
			share = new(Votes)
			a.shares[cluster[i]] = share
		}
		share.Weight++
		share.Sum += p.Score
	}
	d.Authors = len(all)
	old, young := count(all)
	d.Robust = Votes{old.Weight + young.Weight, old.Sum + young.Sum}
	d.Capped = capped(old, young)
	for _, n := range size {
		if n > sameText {
			d.Copied += float64(n) / float64(len(posts))
		}
	}
	for _, a := range all {
		if a.young {
			d.Young += 1 / float64(len(all))
		}
	}
	return d
}

// count gives each author's vote, cut where a text has more than its own.
func count(all []*author) (old, young Votes) {
	votes := map[int]float64{}
	for _, a := range all {
		for c, v := range a.shares {
			votes[c] += v.Weight / a.posts
		}
	}
	for _, a := range all {
		of := &old
		if a.young {
			of = &young
		}
		for _, c := range slices.Sorted(keys(a.shares)) {
			v := a.shares[c]
			w := v.Weight / a.posts * min(1, sameText/votes[c])
			of.Weight += w
			of.Sum += w * v.Sum / v.Weight
		}
	}
	return old, young
}

// capped holds the young to their share of the whole: y = s/(1-s) of the old.
func capped(old, young Votes) Votes {
	if most := old.Weight * youngShare / (1 - youngShare); young.Weight > most && old.Weight > 0 {
		young.Sum *= most / young.Weight
		young.Weight = most
	}
	return Votes{old.Weight + young.Weight, old.Sum + young.Sum}
}

func keys(m map[int]*Votes) func(func(int) bool) {
	return func(yield func(int) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func texts(posts []Post) []string {
	all := make([]string, len(posts))
	for i, p := range posts {
		all[i] = p.Text
	}
	return all
}

// pastDays are those a day is held against; without fewDays of them nobody can
// tell what is unusual.
const pastDays, fewDays = 28, 14

// Suspect tells whether a day looks like a brigade: more copied texts, or more
// young accounts, than the 99th percentile of the days before it, the oldest
// first.
func Suspect(d Day, before []Day) bool {
	before = before[max(0, len(before)-pastDays):]
	if len(before) < fewDays {
		return false
	}
	return d.Copied > percentile99(before, func(d Day) float64 { return d.Copied }) ||
		d.Young > percentile99(before, func(d Day) float64 { return d.Young })
}

// percentile99 is by the nearest rank: of 28 days, the largest.
func percentile99(days []Day, of func(Day) float64) float64 {
	all := make([]float64, len(days))
	for i, d := range days {
		all[i] = of(d)
	}
	slices.SortFunc(all, cmp.Compare)
	return all[(len(all)*99+99)/100-1]
}
