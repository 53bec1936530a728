package daemon

import (
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"confianza/internal/config"
)

func TestScorerNobodyKnows(t *testing.T) {
	c, err := config.Parse("c.yml", []byte("scorer: vadr\n"))
	if err != nil {
		t.Fatal(err)
	}
	c.Data = filepath.Join(t.TempDir(), "data")
	want := `config: c.yml:1:9: scorer: sentiment: no scorer "vadr"`
	task := &ImportTask{Source: "files"}
	for _, err := range []error{Check(c, io.Discard), Do(t.Context(), c, task, Say{Out: io.Discard}, slog.New(slog.DiscardHandler))} {
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	if _, err := os.Stat(c.Data); err == nil {
		t.Error("the store was opened for it")
	}
}

func TestCheckReadsRuleFiles(t *testing.T) {
	rules := filepath.Join(t.TempDir(), "own.yml")
	if err := os.WriteFile(rules, []byte("groups: [{name: own, rules: [{alert: A, expr: 'sum('}]}]"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := config.Default()
	c.AddBrand("Delta")
	c.Alerting.Rules = []string{rules}
	if err := Check(c, io.Discard); err == nil || !strings.Contains(err.Error(), `alerting: rules: `+rules+`: 1:47: group "own", rule 1, "A": could not parse expression`) {
		t.Errorf("got %v", err)
	}
	c.Alerting.Evaluate = false // a Prometheus evaluates, and these are not asked for
	if err := Check(c, io.Discard); err != nil {
		t.Error(err)
	}
}

func TestCheckText(t *testing.T) {
	c := config.Default()
	var said strings.Builder
	if err := CheckText(t.Context(), c, "Delta", &said); err == nil || errors.Is(err, ErrNothing) || !strings.Contains(err.Error(), "--brand NAME") {
		t.Errorf("without a brand: %v", err)
	}
	c.AddBrand("Delta")
	if err := CheckText(t.Context(), c, "I love Delta", &said); err != nil || !strings.Contains(said.String(), "Delta: taken\n  name \"Delta\" at byte 7\n") {
		t.Errorf("said %s, %v", &said, err)
	}
	if err := CheckText(t.Context(), c, "deltas", &said); !errors.Is(err, ErrNothing) || !strings.Contains(said.String(), "does not count, inside a longer word") {
		t.Errorf("said %s, %v", &said, err)
	}
}
