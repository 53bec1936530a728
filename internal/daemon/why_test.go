package daemon

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"
)

// The weights know one word, which is good; everything else is silent.
func TestScoreSaysWhy(t *testing.T) {
	own := filepath.Join(t.TempDir(), "own.bin")
	ownWeights(t, own, false)
	said := func(o ScoreOptions, text string) string {
		t.Helper()
		o.Weights, o.Language, o.Explain = own, "es", true
		var out strings.Builder
		if err := Score(t.Context(), o, strings.NewReader(text), &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	// One feature of four: the word, in capitals, first and last. 9/√4 = 4.50.
	if got, want := said(ScoreOptions{}, "\x1b DATOS"), "   +4.50  word       DATOS\n   +4.50  in all"; !strings.Contains(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	// Two features of eleven: 9/√11 = 2.71 each, told once.
	if got := said(ScoreOptions{}, "datos y datos"); !strings.Contains(got, "word       datos ×2\n") || strings.Count(got, "word ") != 1 {
		t.Errorf("got %q, want one line for both", got)
	}
	if got := said(ScoreOptions{}, "nada"); !strings.Contains(got, "nothing in it speaks to model@") {
		t.Errorf("got %q", got)
	}
	var object struct {
		Negative, Positive float64
		Why                struct {
			Move    float64
			Reasons []struct {
				What, Text string
				Move       float64
			}
		}
	}
	if err := json.Unmarshal([]byte(said(ScoreOptions{JSON: true}, "los datos de todos")), &object); err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, r := range object.Why.Reasons {
		sum += r.Move
	}
	logits := math.Log(object.Positive / object.Negative)
	if math.Abs(sum-object.Why.Move) > 1e-9 || math.Abs(sum-logits) > 1e-6 || fmt.Sprint(object.Why.Reasons[0].What, " ", object.Why.Reasons[0].Text) != "word datos" {
		t.Errorf("%+v does not add up to %v", object, logits)
	}
}
