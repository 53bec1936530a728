package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What was learnt from is never forgotten in silence, and a card is left alone
// where nothing marks the place.
func TestEvalSentimentRefuses(t *testing.T) {
	folder := t.TempDir()
	texts, empty, card := filepath.Join(folder, "a.tsv"), filepath.Join(folder, "empty.tsv"), filepath.Join(folder, "card.md")
	for path, text := range map[string]string{texts: "es\tneg\tun horror\tmine\n", empty: "\n", card: "no place"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for want, args := range map[string][]string{
		"eval: " + empty + ": no row to measure with":                   {"--data", empty},
		"eval: " + empty + ": no row that could have been learnt":       {"--data", texts, "--learnt-from", empty},
		"all 1 are twins of what was learnt from":                       {"--data", texts, "--learnt-from", texts},
		card + " has no lines that mark where figures stand":            {"--data", texts, "--card", card},
		`no scorer "magic"; there are cdipaolo, model, vader`:           {"--data", texts, "--scorer", "magic"},
		filepath.Join(folder, "absent") + ": no such file or directory": {"--data", filepath.Join(folder, "absent")},
	} {
		c := begin(t, append([]string{"eval", "sentiment"}, args...)...)
		<-c.ended
		if c.err == nil || !strings.Contains(c.out.String(), want) || strings.Contains(c.out.String(), "macro-F1") {
			t.Errorf("%v: %v, %s; want %s and no figure", args, c.err, &c.out, want)
		}
	}
	if got, err := os.ReadFile(card); err != nil || string(got) != "no place" {
		t.Errorf("the card is %q, %v", got, err)
	}
}
