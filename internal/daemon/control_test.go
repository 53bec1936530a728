package daemon

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"confianza/internal/config"
)

// onceSaid calls f with the first word written to it.
type onceSaid struct{ f func() }

func (o onceSaid) Write(p []byte) (int, error) {
	o.f()
	return len(p), nil
}

// Who reads where the page is may ask for a task in the same moment.
func TestTasksAreTakenBeforeThePageIsTold(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "confianza.yml")
	data := filepath.Join(dir, "data")
	write(t, file, "brands: [{name: Delta}]\ndata: %s\nweb: {listen: '127.0.0.1:0'}\n"+
		"sources: {bluesky: {enabled: false}, feeds: {enabled: false}, hackernews: {enabled: false}, files: {folder: %s}}\n", data, dir)
	c, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	told := false
	err = Run(ctx, Options{Config: c, Version: "test", Log: slog.New(slog.DiscardHandler), Out: onceSaid{func() {
		told = true
		if _, err := os.Stat(filepath.Join(data, socketName)); errors.Is(err, os.ErrNotExist) {
			t.Error("the page is told, and nobody takes tasks yet")
		}
		stop()
	}}})
	if err != nil || !told {
		t.Errorf("ended with %v; told where the page is: %t", err, told)
	}
}
