package trials

import (
	"bytes"
	"strings"
	"testing"

	"confianza/internal/synth"
)

// What docs/detection.md says of copies, of a wave of real newcomers and of an
// attack.
func TestVoices(t *testing.T) {
	if c := copies(0.1); c.Recall < 0.98 || c.Precision < 0.95 {
		t.Errorf("copies with a tenth exchanged: %+v", c)
	}
	w := wave()
	if w.Robust > w.Truth+4 || w.Robust < w.Truth-4 || w.Capped < w.Truth+30 {
		t.Errorf("a wave of newcomers: %+v", w)
	}
	own := attack("own", synth.Crowd{Name: "bot", Each: accountPosts, Mood: -1, Young: true}, 1)
	if own.Plain > 15 || own.Robust < 2*own.Plain || own.Capped < 4*own.Plain {
		t.Errorf("words of their own: %+v", own)
	}
	v := Voices{[]Attack{own, {"one text", 13, -1, -1}}, w, []Cluster{{0.1, 1, 1}}}
	var text bytes.Buffer
	if err := Write(&text, "text", v); err != nil || !strings.Contains(text.String(), "over 2000") {
		t.Errorf("%v: %s", err, text.String())
	}
}
