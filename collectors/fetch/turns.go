package fetch

import (
	"context"
	"net/url"
	"strings"
	"sync"
)

// turns lets one request at a time through to each host. The zero value is
// ready.
type turns struct {
	mu    sync.Mutex
	hosts map[string]*line
}

// line is who stands before one host.
type line struct {
	busy chan struct{} // holds a value while a request is under way
	all  int           // under way or waiting; a line of none is forgotten
}

// take waits for the host's turn and keeps it until free is called, for the
// first time.
func (t *turns) take(ctx context.Context, host string) (free func(), err error) {
	l := t.join(host)
	select {
	case l.busy <- struct{}{}:
		return sync.OnceFunc(func() {
			<-l.busy
			t.leave(host, l)
		}), nil
	case <-ctx.Done():
		t.leave(host, l)
		return nil, context.Cause(ctx)
	}
}

func (t *turns) join(host string) *line {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.hosts == nil {
		t.hosts = map[string]*line{}
	}
	l := t.hosts[host]
	if l == nil {
		l = &line{busy: make(chan struct{}, 1)}
		t.hosts[host] = l
	}
	l.all++
	return l
}

func (t *turns) leave(host string, l *line) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if l.all--; l.all == 0 {
		delete(t.hosts, host)
	}
}

// host is who is asked, whatever way an address spells it: http and https of
// one name are one machine.
func host(u *url.URL) string {
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if p := u.Port(); p != "" && p != "80" && p != "443" {
		return name + ":" + p
	}
	return name
}
