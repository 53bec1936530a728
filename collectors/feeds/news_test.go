package feeds

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"confianza/collectors"

	"pgregory.net/rapid"
)

func everything([]byte) bool { return true }
func nothing([]byte) bool    { return false }

// told is an article with an id, a text and the time it says it was updated.
func told(id, text string, updated time.Time) item {
	p := collectors.Post{Native: id, Text: text, Created: updated}
	if !updated.IsZero() {
		p.Revision = updated.Format(time.RFC3339)
	}
	return item{id: id, post: p}
}

// meets brings state up to a document and gives what came, as id@revision.
func meets(s *state, at time.Time, names func([]byte) bool, items ...item) []string {
	var came []string
	for _, p := range s.meet(poll{at: at, doc: document{items}}, names, 1000).posts {
		came = append(came, p.Native+"@"+p.Revision)
	}
	return came
}

func TestVersionsOfAnItem(t *testing.T) {
	const first, later = "2026-11-24T08:00:00Z", "2026-11-24T09:00:00Z"
	at := utc(24, 10, 0)
	steps := []struct {
		name string
		item item
		want []string
	}{
		{"new", told("a", "uno", utc(24, 8, 0)), []string{"a@" + first}},
		{"the same", told("a", "uno", utc(24, 8, 0)), nil},
		{"the same, said to be updated", told("a", "uno", utc(24, 8, 30)), nil},
		{"changed without saying so", told("a", "dos", utc(24, 8, 0)), []string{"a@" + first + "#000001"}},
		{"changed again", told("a", "tres", utc(24, 8, 0)), []string{"a@" + first + "#000002"}},
		{"the same as that", told("a", "tres", utc(24, 8, 0)), nil},
		{"changed back", told("a", "uno", utc(24, 8, 0)), []string{"a@" + first + "#000003"}},
		{"updated", told("a", "cuatro", utc(24, 9, 0)), []string{"a@" + later}},
		{"changed, with an earlier time", told("a", "cinco", utc(24, 8, 0)), []string{"a@" + later + "#000001"}},
		{"changed, without a time", told("a", "seis", time.Time{}), []string{"a@" + later + "#000002"}},
	}
	var s state
	for _, step := range steps {
		if got := meets(&s, at, everything, step.item); !slices.Equal(got, step.want) {
			t.Errorf("%s: got %v, want %v", step.name, got, step.want)
		}
	}
	var undated state
	for i, want := range []string{"b@", "b@#000001", "b@#000002"} {
		if got := meets(&undated, at, everything, told("b", strconv.Itoa(i), time.Time{})); !slices.Equal(got, []string{want}) {
			t.Errorf("undated, version %d: got %v, want %s", i, got, want)
		}
	}
}

// A store keeps the version whose revision is the greatest string.
func TestRevisionsOrderVersions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s state
		last := ""
		texts := rapid.SliceOfN(rapid.SampledFrom([]string{"uno", "dos", "tres"}), 1, 20).Draw(t, "texts")
		before := ""
		for i, text := range texts {
			updated := time.Time{}
			if minutes := rapid.IntRange(-1, 3).Draw(t, "minutes"); minutes >= 0 {
				updated = utc(24, 8, minutes)
			}
			p := s.meet(poll{at: utc(24, 10, i), doc: document{[]item{told("a", text, updated)}}}, everything, 10).posts
			if changed := i == 0 || text != before; changed != (len(p) == 1) {
				t.Fatalf("version %d, changed %v: %d posts", i, changed, len(p))
			}
			if len(p) == 1 && i > 0 && p[0].Revision <= last {
				t.Fatalf("version %d has revision %q after %q", i, p[0].Revision, last)
			}
			if len(p) == 1 {
				last = p[0].Revision
			}
			before = text
		}
	})
}

func TestTheDoor(t *testing.T) {
	at, on := utc(24, 10, 0), utc(24, 8, 0)
	delta := func(text []byte) bool {
		return slices.Contains([]string{"delta", "t\nhttps://delta.example/"}, string(text))
	}
	var s state
	linked := told("l", "t", on)
	linked.post.Links = []string{"https://delta.example/"}
	n := s.meet(poll{at: at, doc: document{[]item{told("a", "delta", on), told("b", "otra cosa", on), linked}}}, delta, 10)
	if len(n.posts) != 2 || n.posts[0].Native != "a" || n.posts[1].Native != "l" || n.read != 3 {
		t.Fatalf("got %+v, want a and l of 3", n)
	}
	if got := meets(&s, at, delta, told("a", "ya no", on), told("b", "otra cosa más", on)); !slices.Equal(got, []string{"a@2026-11-24T08:00:00Z#000001"}) {
		t.Errorf("a was delivered, so its next version is too; b was not: got %v", got)
	}
	if got := meets(&s, at, everything, told("a", "ya no", on), told("b", "otra cosa más", on)); !slices.Equal(got, []string{"b@2026-11-24T08:00:00Z#000001"}) {
		t.Errorf("once more is wanted b comes as it is: got %v", got)
	}
	if got := meets(&s, at, nothing, told("a", "ya no", on), told("b", "otra cosa más", on)); got != nil {
		t.Errorf("got %v, want nothing", got)
	}
}

func TestDroppedItemsAreCountedOnce(t *testing.T) {
	var s state
	none := item{id: "https://a.example/", dropped: collectors.NoText}
	for i, want := range []int{1, 0, 0} {
		n := s.meet(poll{at: utc(24, 10, i), doc: document{[]item{none}}}, everything, 10)
		if n.dropped[collectors.NoText] != want || n.read != want {
			t.Errorf("poll %d: dropped %v of %d read, want %d", i, n.dropped, n.read, want)
		}
	}
	if got := meets(&s, utc(24, 11, 0), everything, told(none.id, "por fin", time.Time{})); len(got) != 1 {
		t.Errorf("an item that got a text: %v", got)
	}
}

func TestItemTwiceInADocument(t *testing.T) {
	var s state
	for range 2 {
		s.meet(poll{at: utc(24, 10, 0), doc: document{[]item{told("a", "uno", utc(24, 8, 0)), told("a", "dos", utc(24, 8, 0))}}}, everything, 10)
	}
	if len(s.Items) != 1 || s.Items[0].revision() != "2026-11-24T08:00:00Z" {
		t.Errorf("remembered %q", s.Items)
	}
}

func TestSeenIsThePollForUndatedItemsOnly(t *testing.T) {
	var s state
	at := utc(24, 10, 0)
	n := s.meet(poll{at: at, doc: document{[]item{told("a", "uno", time.Time{}), told("b", "dos", utc(24, 8, 0))}}}, everything, 10)
	if !n.posts[0].Seen.Equal(at) || !n.posts[0].Created.IsZero() || !n.posts[1].Seen.IsZero() {
		t.Errorf("got %+v", n.posts)
	}
}

func TestMemoryIsBounded(t *testing.T) {
	var s state
	several := func(from, to int) (items []item) {
		for i := from; i < to; i++ {
			items = append(items, told(strconv.Itoa(i), "x", utc(24, 8, 0)))
		}
		return items
	}
	meets(&s, utc(24, 10, 0), everything, several(0, 300)...)
	if got := meets(&s, utc(24, 10, 1), everything, several(290, 310)...); len(got) != 10 {
		t.Errorf("%d new items, want 10", len(got))
	}
	if len(s.Items) != 20+vanished {
		t.Errorf("%d items remembered, want the 20 there are and %d that were", len(s.Items), vanished)
	}
	if got := meets(&s, utc(24, 10, 2), everything, several(0, 310)...); len(got) != 290-vanished {
		t.Errorf("%d items came back unknown, want %d", len(got), 290-vanished)
	}
	n := s.meet(poll{at: utc(24, 10, 3), doc: document{several(0, 310)}}, everything, 50)
	if len(n.posts) != 0 || len(s.Items) != 50 {
		t.Errorf("%d posts, %d remembered; want 0, 50", len(n.posts), len(s.Items))
	}
}

func TestWholeness(t *testing.T) {
	first, second := utc(24, 10, 0), utc(24, 11, 0)
	old := told("a", "uno", utc(24, 9, 0))
	tests := []struct {
		name  string
		items []item
		want  time.Time
	}{
		{"one of before is still there", []item{told("b", "dos", utc(24, 10, 50)), old}, first},
		{"nothing of before: some may be missed", []item{told("b", "dos", utc(24, 10, 50)), told("c", "tres", utc(24, 10, 40))}, utc(24, 10, 40)},
		{"nothing of before, all older than the last poll", []item{told("b", "dos", utc(24, 8, 0))}, first},
		{"nothing of before, a time ahead of ours", []item{told("b", "dos", utc(25, 8, 0))}, second},
		{"nothing of before, and no times", []item{told("b", "dos", time.Time{})}, second},
		{"nothing at all", nil, first},
	}
	for _, tt := range tests {
		var s state
		meets(&s, first, everything, old)
		meets(&s, second, everything, tt.items...)
		if !s.Whole.Equal(tt.want) || !s.At.Equal(second) {
			t.Errorf("%s: whole since %v at %v, want %v", tt.name, s.Whole, s.At, tt.want)
		}
	}
}
