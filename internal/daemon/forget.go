package daemon

import (
	"context"
	"fmt"
	"slices"
)

// ForgetTask erases a person: texts, ids, addresses and keys of all their
// posts of one source. Author is the source's stable id for them, such as a
// DID.
type ForgetTask struct{ Source, Author string }

func (*ForgetTask) name() string { return "forget" }

func (t *ForgetTask) run(ctx context.Context, d *desk) error {
	if !slices.ContainsFunc(catalog(), func(e entry) bool { return e.name == t.Source }) {
		return fmt.Errorf("forget: there is no source %q; there are %s", t.Source, sourceNames())
	}
	n, err := d.store.Forget(ctx, t.Source, t.Author)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(d.say.Out, "Erased the texts, ids, addresses and author keys of %d posts. What was counted stays counted.\n", n)
	return err
}
