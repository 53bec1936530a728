package daemon

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"confianza/internal/store"
)

// BackupTask copies the store as it is at one moment into a new folder.
type BackupTask struct{ Path string }

func (*BackupTask) name() string { return "backup" }

func (t *BackupTask) run(ctx context.Context, d *desk) error {
	if err := d.store.Backup(ctx, t.Path); err != nil {
		return err
	}
	_, err := fmt.Fprintf(d.say.Out, "Backed up to %s. It holds texts and the secret: guard it like the store.\n", t.Path)
	return err
}

// Restore makes a store in the empty folder dir from a backup, and makes the
// deletions again that the log at deletions knows; see [store.Restore].
func Restore(ctx context.Context, backup, deletions, dir string, out io.Writer) error {
	if filepath.Clean(backup) == filepath.Clean(dir) {
		return errors.New("restore: a backup is not restored into itself")
	}
	r, err := store.Restore(ctx, backup, dir, deletions)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Restored into %s what was backed up at %s.\n", dir, r.Made.UTC().Format(time.DateTime))
	_, err = fmt.Fprintf(out, "Deletions are known up to %s: %d made again, %d posts erased. Later ones must be asked for again.\n",
		r.Known.UTC().Format(time.DateTime), r.Deletions, r.Erased)
	return err
}
