package daemon

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"

	"confianza/internal/config"
	"confianza/internal/store"
)

// socketName is where, in its data folder, a daemon takes tasks. Whoever may
// write to the folder may ask.
const socketName = "control.sock"

// order is a task on its way to the daemon.
type order struct {
	Task   string          `json:"task"`
	Body   json.RawMessage `json:"body"`
	Brands []config.Brand  `json:"brands,omitempty"` // none: the daemon's own
}

// word is one line of the daemon's answer. The last has End.
type word struct {
	Out   string `json:"out,omitempty"`
	Job   string `json:"job,omitempty"`
	Done  int64  `json:"done,omitempty"`
	Total int64  `json:"total,omitempty"`
	Err   string `json:"err,omitempty"`
	End   bool   `json:"end,omitempty"`
}

// ask has a task done by the daemon that holds the store.
func ask(ctx context.Context, c *config.Config, t Task, say Say, held *store.LockedError) error {
	body, err := json.Marshal(t)
	if err != nil {
		return err
	}
	sent, err := json.Marshal(order{t.name(), body, c.Brands})
	if err != nil {
		return err
	}
	reader, writer := io.Pipe()
	go func() {
		_, err := writer.Write(sent)
		writer.CloseWithError(err)
	}()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://confianza/task", reader)
	if err != nil {
		return err
	}
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(c.Data, socketName))
	}}
	defer transport.CloseIdleConnections()
	answer, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return held // it is no daemon, or one that is just starting or stopping
	}
	defer answer.Body.Close()
	return listen(ctx, answer.Body, say)
}

// listen passes the daemon's words on.
func listen(ctx context.Context, body io.Reader, say Say) error {
	for lines := json.NewDecoder(body); ; {
		var w word
		switch err := lines.Decode(&w); {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return fmt.Errorf("the daemon ended before the task did: %w", err)
		case w.Err != "":
			return errors.New(w.Err)
		case w.End:
			return nil
		case w.Job != "":
			say.progress(w.Job, w.Done, w.Total)
		default:
			if _, err := io.WriteString(say.Out, w.Out); err != nil {
				return err
			}
		}
	}
}

// control takes tasks from when we have begun until ctx ends, one after another.
func (d *Daemon) control(ctx context.Context, begun <-chan struct{}) (closed func(), err error) {
	path := filepath.Join(d.config.Data, socketName)
	// Left by one that was killed: the store's lock is ours.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("control: %w", err)
	}
	l, err := new(net.ListenConfig).Listen(ctx, "unix", path)
	if err != nil {
		return nil, fmt.Errorf("control: %w; a shorter data folder helps where its path is too long", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("control: %w", err), l.Close())
	}
	var one sync.Mutex
	server := &http.Server{BaseContext: func(net.Listener) context.Context { return ctx },
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-begun:
			case <-ctx.Done():
				return
			}
			one.Lock()
			defer one.Unlock()
			d.take(w, r)
		})}
	var done sync.WaitGroup
	done.Go(func() { server.Serve(l) }) // ends when closed
	return func() {
		server.Close()
		one.Lock() // the task under way sees its context end
		defer one.Unlock()
		done.Wait()
	}, nil
}

// take does one task and tells how it goes.
func (d *Daemon) take(w http.ResponseWriter, r *http.Request) {
	speak := &speaker{to: json.NewEncoder(w), flush: http.NewResponseController(w).Flush}
	if err := d.perform(r, speak); err != nil {
		speak.say(word{Err: err.Error()})
		return
	}
	speak.say(word{End: true})
}

func (d *Daemon) perform(r *http.Request, speak *speaker) error {
	var o order
	if err := json.NewDecoder(r.Body).Decode(&o); err != nil {
		return fmt.Errorf("control: %w", err)
	}
	t := empty(o.Task)
	if t == nil {
		return fmt.Errorf("control: the running confianza knows no task %q: is it another version?", o.Task)
	}
	if err := json.Unmarshal(o.Body, t); err != nil {
		return fmt.Errorf("control: %w", err)
	}
	d.mu.Lock()
	c := *d.config
	d.mu.Unlock()
	if len(o.Brands) > 0 {
		c.Brands = o.Brands
	}
	d.o.Log.Info("task begun", "task", o.Task)
	now := d.present()
	err := t.run(r.Context(), &desk{store: d.store, config: &c, metrics: d.metrics, client: now.client, scorer: now.scoring.Scorer.Version(), scored: d.wait,
		say: Say{Out: speak, Progress: func(job string, done, total int64) { speak.say(word{Job: job, Done: done, Total: total}) }}})
	d.o.Log.Info("task ended", "task", o.Task, "err", err)
	return err
}

// speaker sends words as they are said. One that cannot be sent means that
// nobody listens any more; the request's context then ends the task.
type speaker struct {
	to    *json.Encoder
	flush func() error
}

func (s *speaker) say(w word) {
	if s.to.Encode(w) == nil {
		s.flush()
	}
}

func (s *speaker) Write(p []byte) (int, error) {
	s.say(word{Out: string(p)})
	return len(p), nil
}
