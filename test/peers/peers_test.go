//go:build peers

// Package peers holds the tests that need real peers: a Bluesky PDS and
// Jetstream, Prometheus' tools, Chromium. See README.md.
package peers

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// ci tells whether a missing peer is a fault.
func ci() bool { return os.Getenv("CI") == "true" }

// folder is where setup put the peers.
func folder(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("PEERS")
	if dir == "" {
		dir = "../../build/peers"
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// need skips a test whose peer could not be had, and fails it where it should
// have been.
func need(t *testing.T, file string) string {
	t.Helper()
	if _, err := os.Stat(file); err != nil {
		lacking(t, err.Error())
	}
	return file
}

// command is [need] for what stands in PATH, under one of its names.
func command(t *testing.T, names ...string) string {
	t.Helper()
	for _, n := range names {
		if path, err := exec.LookPath(n); err == nil {
			return path
		}
	}
	lacking(t, names[0]+" is not in PATH")
	return ""
}

func lacking(t *testing.T, what string) {
	t.Helper()
	said, err := os.ReadFile(filepath.Join(folder(t), "missing"))
	if err != nil {
		said = []byte("nothing yet")
	}
	if ci() {
		t.Fatalf("%s; setup said: %s", what, said)
	}
	t.Skipf("%s; make peers installs it; setup said: %s", what, said)
}

// What setup could not install is a fault in CI even when no test here needs
// it: the tests of other folders do.
func TestNothingIsMissing(t *testing.T) {
	said, err := os.ReadFile(need(t, filepath.Join(folder(t), "missing")))
	if err != nil {
		t.Fatal(err)
	}
	if len(said) > 0 {
		lacking(t, "some peers could not be installed")
	}
}

// eventually waits for something that other processes bring about.
func eventually(t *testing.T, what string, limit time.Duration, ok func() bool) {
	t.Helper()
	if !within(limit, ok) {
		t.Fatalf("%s: not within %v", what, limit)
	}
}

func within(limit time.Duration, ok func() bool) bool {
	for deadline := time.Now().Add(limit); !ok(); {
		if time.Now().After(deadline) {
			return false
		}
		time.Sleep(50 * time.Millisecond) // the others' clock is the wall's
	}
	return true
}
