package daemon

import (
	"bytes"
	"os"
	"testing"

	"confianza/internal/config"
)

func TestGoldenExample(t *testing.T) {
	const path = "../../confianza.example.yml"
	want := Example()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not what it should be (%v): make golden", path, err)
	}
	c, err := config.Parse(path, got)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := configured(c); err != nil {
		t.Error(err)
	}
}

func TestEverySourceIsDocumented(t *testing.T) {
	for _, e := range catalog() {
		if e.what == "" || e.sample == "" {
			t.Errorf("%s: what %q, sample of %d bytes", e.name, e.what, len(e.sample))
		}
		if _, err := os.Stat("../../collectors/" + e.name + "/README.md"); err != nil {
			t.Error(err)
		}
	}
}
