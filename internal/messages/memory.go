package messages

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"
)

// noteName goes by the destination: whoever calls a channel otherwise tells the
// same people, and one with the name of another tells others. It is a digest,
// for addresses of mail are nobody else's business.
func (l *line) noteName() string {
	sum := sha256.Sum256([]byte(l.Destination))
	return fmt.Sprintf("messages to %x", sum[:16])
}

// keep writes down what was told.
func (l *line) keep(ctx context.Context) error {
	b, err := json.Marshal(l.knows)
	if err != nil {
		return err
	}
	return l.t.o.Notes.SetNote(ctx, l.noteName(), b)
}

func (l *line) recall(ctx context.Context) error {
	b, err := l.t.o.Notes.Note(ctx, l.noteName())
	if err != nil || len(b) == 0 {
		return err
	}
	if err := json.Unmarshal(b, &l.knows); err != nil {
		return fmt.Errorf("messages: note %q of %s: %w", l.noteName(), l.Name, err)
	}
	for key, was := range l.knows {
		was.Gone = time.Time{} // while we were off nobody looked
		l.knows[key] = was
	}
	return nil
}
