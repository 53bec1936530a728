package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// scriptEnv tells a child its script's seed, its scorer's version, and the step
// to end before, 0 for never.
const scriptEnv = "CONFIANZA_STORE_TEST_SCRIPT"

var ever = mention.Span{From: noon.AddDate(0, 0, -2), To: noon.AddDate(1, 0, 0)}

// daemonlike does with a store all at once what the daemon does: intake from
// the durable cursor, scoring, indexing, shipping, retention, backups.
type daemonlike struct {
	s       *store.Store
	dir     string
	sc      script
	version string
	said    sync.Mutex // a line is whole, or the last
	copied  int        // the step of the last backup
}

func (d *daemonlike) say(what string, value any) {
	b, err := json.Marshal(value)
	if err != nil {
		panic(err) // of our own types
	}
	d.said.Lock()
	defer d.said.Unlock()
	fmt.Printf("%s %s\n", what, b)
}

// followScript works until it is killed, or is done with the last step.
func followScript(dir string) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	d := &daemonlike{dir: dir}
	var until int
	if _, err := fmt.Sscan(os.Getenv(scriptEnv), &d.sc, &d.version, &until); err != nil {
		return err
	}
	var err error
	if d.s, err = store.Open(ctx, dir, store.Options{}); err != nil {
		return err
	}
	if _, err := d.s.Begin(ctx, "score", d.version); err != nil {
		return err
	}
	if err := d.s.Receivers(ctx, []string{"prom"}, ever.From); err != nil {
		return err
	}
	cursor, err := d.s.Cursor(ctx, "net")
	if err != nil {
		return err
	}
	next, _ := strconv.Atoi(cursor) // "" at first
	d.copied = next - 8
	d.say("from", next)
	var all sync.WaitGroup
	var wakes []chan int
	for _, f := range []func(context.Context, int) error{d.score, d.index, d.ship, d.tidy} {
		wake := make(chan int, 1)
		wakes = append(wakes, wake)
		all.Go(func() {
			for step := range wake {
				if err := f(ctx, step); err != nil {
					cancel(err)
				}
			}
		})
	}
	for n := next; until == 0 || n < until; n++ {
		if _, err := d.s.Add(ctx, d.sc.intake(d.s, n)); err != nil {
			return errors.Join(err, context.Cause(ctx))
		}
		d.say("took", n+1)
		for _, wake := range wakes {
			select {
			case wake <- n:
			default: // at work
			}
		}
	}
	for _, wake := range wakes {
		close(wake)
	}
	all.Wait()
	return d.finish(ctx, until)
}

// finish does what is left, in an order that leaves nothing.
func (d *daemonlike) finish(ctx context.Context, steps int) error {
	for _, f := range []func(context.Context, int) error{d.score, d.index, d.tidy, d.ship} {
		if err := f(ctx, steps); err != nil {
			return err
		}
	}
	d.say("done", steps)
	return d.s.Close()
}

func (d *daemonlike) score(ctx context.Context, _ int) error {
	for {
		ms, err := d.s.Recent(ctx, "score", 50)
		if err != nil || len(ms) == 0 {
			return err
		}
		scores := make([]store.Scored, len(ms))
		for i, m := range ms {
			scores[i] = store.Scored{ID: m.ID, Score: mention.Score{Language: "en", Polarity: feeling(m.Revision, m.At), Scorer: d.version}}
		}
		if _, err := d.s.Done(ctx, "score", ms[len(ms)-1].ID, scores); err != nil {
			return err
		}
	}
}

func (d *daemonlike) index(ctx context.Context, _ int) error {
	for {
		if n, err := d.s.Index(ctx, 40); err != nil || n == 0 {
			return err
		}
	}
}

// ship tells the deltas before it says that they have arrived, as a network
// does.
func (d *daemonlike) ship(ctx context.Context, _ int) error {
	for {
		sh, err := d.s.Ship(ctx, "prom", ever, 100)
		if err != nil || len(sh.Deltas) == 0 {
			return err
		}
		for _, delta := range sh.Deltas {
			d.say("sent", delta)
		}
		if err := d.s.Arrived(ctx, "prom"); err != nil {
			return err
		}
	}
}

func (d *daemonlike) tidy(ctx context.Context, step int) error {
	if _, err := d.s.Retain(ctx, "net", noon.Add(time.Duration(step-scriptKept)*time.Minute)); err != nil {
		return err
	}
	if step%8 == 0 {
		if _, err := d.s.Prune(ctx); err != nil {
			return err
		}
	}
	if step < d.copied+16 {
		return nil
	}
	d.copied = step
	to := filepath.Join(filepath.Dir(d.dir), fmt.Sprint("backup-", step))
	if err := d.s.Backup(ctx, to); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	d.say("backup", to)
	return nil
}
