//go:build peers

package peers

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// What the other tests take for granted, seen on the wire itself: a post, its
// deletion, and the comings and goings of accounts, in this order.
func TestEventsReachTheWire(t *testing.T) {
	n := newNetwork(t)
	j := n.jetstream()
	ana := n.person("ana")
	rkey := ana.post("es", "mañana será otro día")
	ana.remove(rkey)
	ana.deactivate()
	ana.activate()
	ana.takedown(true)
	ana.takedown(false)

	// The account's birth is an event too, and reactivating says so once or
	// twice, depending on the PDS: what is the same twice in a row counts once.
	want := []string{
		"account true ", "create " + rkey + " mañana será otro día [es]", "delete " + rkey,
		"account false deactivated", "account true ", "account false takendown", "account true ",
	}
	var got []string
	j.replay(20*time.Second, func(all []event) bool {
		got = said(all, ana.DID)
		return slices.Equal(got, want)
	})
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// said puts an account's events in words.
func said(all []event, did string) (words []string) {
	for _, e := range all {
		switch {
		case e.DID != did:
		case e.Kind == "account":
			words = append(words, fmt.Sprintf("account %t %s", e.Account.Active, e.Account.Status))
		case e.Kind == "commit" && e.Commit.Record != nil:
			words = append(words, fmt.Sprintf("%s %s %s %v", e.Commit.Operation, e.Commit.RKey, e.Commit.Record.Text, e.Commit.Record.Langs))
		case e.Kind == "commit":
			words = append(words, e.Commit.Operation+" "+e.Commit.RKey)
		}
	}
	return slices.Compact(words)
}
