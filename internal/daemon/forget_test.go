package daemon

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestForgetMakesNoStore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "misspelt")
	if err := Forget(t.Context(), dir, "bluesky", "did:plc:ana", io.Discard); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder: %v", err)
	}
}
