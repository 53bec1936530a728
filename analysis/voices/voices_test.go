package voices

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestOneVoteAnAuthor(t *testing.T) {
	var posts []Post
	for i := range 40 { // one who shouts
		posts = append(posts, Post{"loud", fmt.Sprint("it is ", strings.Repeat("very ", i), "bad here today"), -1, false})
	}
	posts = append(posts, Post{"ana", "good", 1, false}, Post{"ana", "bad", -1, false}, Post{"eva", "good", 1, false}, Post{"", "fine", 1, false}, Post{"", "fine", 1, false})
	d := Count(posts)
	if d.Posts != 45 || d.Authors != 5 {
		t.Errorf("%d posts by %d", d.Posts, d.Authors)
	}
	if !near(d.Plain.Net(), (4.0-41)/45) || !near(d.Robust.Sum, -1+0+1+1+1) || !near(d.Robust.Weight, 5) {
		t.Errorf("plain %v, robust %+v", d.Plain.Net(), d.Robust)
	}
}

func TestThreeVotesAText(t *testing.T) {
	var posts []Post
	for i := range 50 {
		posts = append(posts, Post{fmt.Sprint("bot", i), fmt.Sprintf("@x%d Acme lost the data of all its customers again https://a.example/%d", i, i), -1, true})
	}
	for i := range 20 {
		posts = append(posts, Post{fmt.Sprint("real", i), fmt.Sprint("thank you ", i), 1, false})
	}
	d := Count(posts)
	if !near(d.Robust.Weight, 20+3) || !near(d.Robust.Sum, 20-3) {
		t.Errorf("robust %+v, want 20 real votes and 3 for one text", d.Robust)
	}
	if !near(d.Copied, 50.0/70) || !near(d.Young, 50.0/70) {
		t.Errorf("copied %v, young %v", d.Copied, d.Young)
	}
	if !near(d.Capped.Weight, 23) { // 3 of 23 is under a quarter
		t.Errorf("capped %+v", d.Capped)
	}
}

func TestYoungAccountsAreCapped(t *testing.T) {
	var posts []Post
	for i := range 30 {
		posts = append(posts, Post{fmt.Sprint("old", i), fmt.Sprint("a ", i), 1, false})
	}
	for i := range 90 {
		posts = append(posts, Post{fmt.Sprint("young", i), fmt.Sprint("b ", i), -1, true})
	}
	d := Count(posts)
	if !near(d.Robust.Net(), -0.5) || !near(d.Capped.Net(), 0.75-0.25) {
		t.Errorf("robust %v, capped %v", d.Robust.Net(), d.Capped.Net())
	}
	if d = Count(posts[30:]); !near(d.Capped.Net(), -1) {
		t.Errorf("nobody but the young: %v", d.Capped.Net())
	}
	if (Votes{}).Net() != 0 || Count(nil).Robust.Weight != 0 {
		t.Error("nobody has a vote")
	}
}

func TestSuspect(t *testing.T) {
	var days []Day
	for i := range 28 {
		days = append(days, Day{Copied: 0.01 * float64(i%5), Young: 0.1})
	}
	for _, tt := range []struct {
		name   string
		d      Day
		before []Day
		want   bool
	}{
		{"as usual", Day{Copied: 0.04, Young: 0.1}, days, false},
		{"copies", Day{Copied: 0.05, Young: 0}, days, true},
		{"young", Day{Young: 0.11}, days, true},
		{"nobody can tell yet", Day{Copied: 1, Young: 1}, days[:13], false},
		{"older days do not count", Day{Copied: 0.05}, append([]Day{{Copied: 0.9}}, days...), true},
	} {
		if got := Suspect(tt.d, tt.before); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

func TestClusters(t *testing.T) {
	texts := []string{
		"Acme has lost the data of all its customers, I am leaving today",
		"good morning",
		"acme HAS lost the data of all its customers!!! i am leaving @ana today 7",
		"Acme has lost all the data of its customers, I am leaving right now today",
		"good morning",
		"a wholly different thing about the weather in the north of the country",
		"Acme has lost the data of all its customers, I am leaving today",
	}
	got := Clusters(texts)
	if got[0] != got[2] || got[0] != got[3] || got[0] != got[6] || got[1] == got[4] || got[5] == got[0] || got[1] == got[0] {
		t.Errorf("clusters %v", got)
	}
}

// Counting does not depend on the order of posts, no vote is lost or made up,
// and repeating oneself changes nothing.
func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		post := rapid.Custom(func(t *rapid.T) Post {
			p := Post{Author: rapid.StringMatching(`[a-e]?`).Draw(t, "author"), Score: float64(rapid.IntRange(-4, 4).Draw(t, "score")) / 4}
			p.Text = rapid.SampledFrom([]string{"hi", "one two three four five six", "six five four three two one", "and now for something quite different"}).Draw(t, "text")
			p.Young = p.Author > "c"
			return p
		})
		posts := rapid.SliceOfN(post, 0, 40).Draw(t, "posts")
		d := Count(posts)
		if d.Robust.Weight > float64(d.Authors)+1e-9 || math.Abs(d.Robust.Sum) > d.Robust.Weight+1e-9 || d.Capped.Weight > d.Robust.Weight+1e-9 {
			t.Fatalf("%+v", d)
		}
		turned := slices.Clone(posts)
		slices.Reverse(turned)
		if o := Count(turned); !near(o.Robust.Sum, d.Robust.Sum) || !near(o.Robust.Weight, d.Robust.Weight) || !near(o.Copied, d.Copied) {
			t.Fatalf("turned round %+v, else %+v", o, d)
		}
	})
}

func BenchmarkCount(b *testing.B) {
	var posts []Post
	for i := range 20000 {
		posts = append(posts, Post{fmt.Sprint(i % 9000), fmt.Sprint("Acme has lost the data of all its customers, number ", strings.Repeat("x", i%97), " and ", strings.Repeat("y", i%31)), -1, false})
	}
	for b.Loop() {
		Count(posts)
	}
}
