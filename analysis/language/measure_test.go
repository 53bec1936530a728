package language

import (
	"bufio"
	"os"
	"strings"
	"testing"
)

// TestAccuracy measures on labelled short texts; it holds the floor that this
// simple identifier reaches, until a better one replaces it.
func TestAccuracy(t *testing.T) {
	f, err := os.Open("../../../shared/data/sentiment/umsab.tsv")
	if err != nil {
		t.Skipf("the texts are not here: %v", err)
	}
	defer f.Close()
	right, all := map[string]int{}, map[string]int{}
	other := map[string]int{}
	var texts []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		row := strings.Split(lines.Text(), "\t")
		if row[0] == "hi" { // romanised: not a language that trigrams know
			continue
		}
		texts = append(texts, row[2])
		all[row[0]]++
		switch got := Identify(row[2], "").Code; got {
		case row[0]:
			right[row[0]]++
		case Other:
			other[row[0]]++
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	for lang, n := range all {
		t.Logf("%s: %.1f %% right, %.1f %% other, of %d", lang, 100*float64(right[lang])/float64(n), 100*float64(other[lang])/float64(n), n)
		if floor := 0.8; float64(right[lang]) < floor*float64(n) {
			t.Errorf("%s: %d of %d right", lang, right[lang], n)
		}
	}
	for _, text := range texts[:2000] {
		first := Identify(text, "")
		for range 3 {
			if again := Identify(text, ""); again != first {
				t.Fatalf("%q is %v, then %v", text, first, again)
			}
		}
	}
}
