package daemon

import (
	"context"
	"fmt"
	"io"
	"slices"

	"confianza/internal/store"
)

// Forget erases a person: texts, ids, addresses and keys of all their posts
// of one source, and says how many there were. author is the source's stable
// id for them, such as a DID. A folder without a store is an error: zero posts
// erased in a misspelt one would be a false comfort.
func Forget(ctx context.Context, dir, source, author string, out io.Writer) (err error) {
	if !slices.ContainsFunc(catalog(), func(e entry) bool { return e.name == source }) {
		return fmt.Errorf("forget: there is no source %q; there are %s", source, sourceNames())
	}
	s, err := store.Open(ctx, dir, store.Options{Who: "confianza forget", Existing: true})
	if err != nil {
		return err
	}
	defer func() {
		if closed := s.Close(); err == nil {
			err = closed
		}
	}()
	n, err := s.Forget(ctx, source, author)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "Erased the texts, ids, addresses and author keys of %d posts. What was counted stays counted.\n", n)
	return err
}
