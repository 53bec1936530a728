package daemon

import (
	"context"
	"net/http"
	"sync"
	"time"

	"confianza/dashboards/web"
	"confianza/internal/series/remotewrite"
)

// sending is one receiver of remote write and how sending to it goes.
type sending struct {
	remotewrite.Sender

	mu   sync.Mutex
	err  error // why nothing arrives now; nil when all is well
	next time.Time
	last time.Time // when something arrived, or nothing was owed
}

// senders makes the receivers of a configuration ready.
func (s *shift) senders() (all []*sending) {
	for _, r := range s.config.RemoteWrite {
		one := new(sending)
		one.Sender = remotewrite.Sender{
			Receiver: remotewrite.Receiver{Name: r.Called(), URL: r.URL, Window: r.Reach(), Labels: r.Labels, Authorize: r.Authorize},
			Store:    s.d.store, Client: &http.Client{Timeout: 30 * time.Second, CheckRedirect: stay}, Agent: "confianza/" + s.d.o.Version,
			Gauges: s.d.series().Gauges, Notes: s.d.store,
			Notify: func(st remotewrite.Status) { s.sent(one, st) },
		}
		all = append(all, one)
	}
	return all
}

// stay follows no redirect: it would carry what we send, and who we are, to
// another place than the operator's.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// send sends rollups on to every receiver until ctx ends.
func (s *shift) send(ctx context.Context) error {
	var names []string
	longest := time.Duration(0)
	for _, one := range s.sending {
		names, longest = append(names, one.Receiver.Name), max(longest, one.Receiver.Window)
	}
	if err := s.d.store.Receivers(ctx, names, time.Now().Add(-longest)); err != nil {
		return err
	}
	for _, one := range s.sending {
		s.d.metrics.Receiver(one.Receiver.Name)
		s.run(ctx, one.Run)
	}
	return nil
}

// sent notes how sending goes, and logs a failure and its end once.
func (s *shift) sent(one *sending, st remotewrite.Status) {
	s.d.metrics.RemoteWrite(st.Receiver, st.Sent, st.Refused, st.Skipped, st.Err != nil)
	one.mu.Lock()
	defer one.mu.Unlock()
	said := one.err
	one.err, one.next = st.Err, st.Next
	switch {
	case st.Err != nil:
		if said == nil || said.Error() != st.Err.Error() {
			s.log.Warn("remote write", "receiver", st.Receiver, "why", st.Err, "refused samples", st.Refused)
		}
	default:
		if one.last = time.Now(); said != nil {
			s.log.Info("remote write goes on", "receiver", st.Receiver)
		}
	}
	if st.Skipped > 0 {
		s.log.Warn("remote write: changes from before the receiver's window are not sent; confianza export openmetrics brings them",
			"receiver", st.Receiver, "mentions", st.Skipped)
	}
}

// output is the receiver for the page.
func (s *sending) output() web.Output {
	s.mu.Lock()
	defer s.mu.Unlock()
	return outputOf("remote_write", s.Receiver.Name, s.err, s.next, s.last)
}
