package daemon

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"confianza/internal/config"
)

func TestForgetMakesNoStore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "misspelt")
	c := config.Default()
	c.Data = dir
	err := Do(t.Context(), c, &ForgetTask{Source: "bluesky", Author: "did:plc:ana"}, Say{Out: io.Discard}, slog.New(slog.DiscardHandler))
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder: %v", err)
	}
}
