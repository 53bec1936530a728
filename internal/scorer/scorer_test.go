package scorer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"confianza/analysis/features"
	"confianza/analysis/sentiment"
	"confianza/analysis/weights"
)

// file is weights that know one Spanish word, which is bad.
func file(t *testing.T) string {
	t.Helper()
	var r features.Reader
	r.Read("horror", "es")
	var b features.Blocks
	r.Alone(0, "es", &b)
	path := filepath.Join(t.TempDir(), "own.bin")
	packed := weights.Pack([]weights.Row{{Feature: b[features.Words][0], Negative: 5}}, []weights.Language{{Code: "es", Heat: 1}}, nil)
	if err := os.WriteFile(path, packed, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestOpenReadsWeights(t *testing.T) {
	path := file(t)
	own, err := Open("", path)
	if err != nil {
		t.Fatal(err)
	}
	scores, err := own.Score(t.Context(), []sentiment.Text{{Text: "horror", Language: "es"}, {Text: "horror", Language: "en"}})
	if err != nil || scores[0].Label() != sentiment.Negative || scores[1].Known {
		t.Errorf("got %+v, %v; want negative in Spanish, and nothing in English, which it has not learnt", scores, err)
	}
	built, err := Open("model", "")
	if err != nil || built.Version() == own.Version() {
		t.Errorf("other weights have the same version %s, %v", own.Version(), err)
	}
	if again, err := Open("model", path); err != nil || again.Version() != own.Version() {
		t.Errorf("the same weights are %s, then %v, %v", own.Version(), again, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	folder := t.TempDir()
	text, huge := filepath.Join(folder, "notes.txt"), filepath.Join(folder, "huge.bin")
	if err := os.WriteFile(text, []byte("no weights"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, largest+1); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, path, want string }{
		{"magic", "", `no scorer "magic"`},
		{"vader", file(t), "only the scorer model has weights, vader has none"},
		{"model", filepath.Join(folder, "absent.bin"), "absent.bin: no such file or directory"},
		{"model", folder, folder + ": is no file"},
		{"model", text, text + ": sentiment: model: weights: not whole, or of another version"},
		{"model", huge, huge + ": larger than any weights are"},
	} {
		if _, err := Open(tt.name, tt.path); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s with %q: got %v, want %s", tt.name, tt.path, err, tt.want)
		}
	}
}
