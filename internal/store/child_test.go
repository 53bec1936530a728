package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// childDir names the store that a test's child process writes to.
const childDir = "CONFIANZA_STORE_TEST_CHILD"

// childDoes says what the child does, "" being to write.
const childDoes = "CONFIANZA_STORE_TEST_CHILD_DOES"

// TestMain runs the test binary as a child when a test asked for one.
func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		work := map[string]func(string) error{"": writeForever, "backup": backForever, "retain": retainAll, "limit": addLimited,
			"script": followScript}[os.Getenv(childDoes)]
		if err := work(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// writeForever adds and scores ten mentions at a time, and prints a line once
// they are acknowledged.
func writeForever(dir string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, dir, store.Options{Who: "the child"})
	if err != nil {
		return err
	}
	if _, err := s.Begin(ctx, "score", "v1"); err != nil {
		return err
	}
	for n := 0; ; n += 10 {
		in := store.Intake{Source: "net", Mentions: some(s, n, 10, noon), Next: fmt.Sprint(n + 10)}
		if _, err := s.Add(ctx, in); err != nil {
			return err
		}
		ms, err := s.Recent(ctx, "score", 10)
		if err != nil {
			return err
		}
		if _, err := s.Done(ctx, "score", ms[len(ms)-1].ID, verdicts(ms)); err != nil {
			return err
		}
		fmt.Println(n + 10)
	}
}

// backForever adds and deletes, and makes one backup after another beside the
// store; it prints a line before each.
func backForever(dir string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, dir, store.Options{})
	if err != nil {
		return err
	}
	for n := 0; ; n += 2000 {
		in := store.Intake{Source: "net", Mentions: some(s, n, 2000, noon), Next: fmt.Sprint(n + 2000)}
		if _, err := s.Add(ctx, in); err != nil {
			return err
		}
		in = store.Intake{Source: "net", Gone: []mention.Gone{{Native: fmt.Sprint(n)}}}
		if _, err := s.Add(ctx, in); err != nil {
			return err
		}
		fmt.Println(n + 2000)
		if err := s.Backup(ctx, fmt.Sprintf("%s-backup-%d", dir, n+2000)); err != nil {
			return err
		}
	}
}

// retainAll erases all of the source net, and prints a line when it begins.
func retainAll(dir string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, dir, store.Options{})
	if err != nil {
		return err
	}
	fmt.Println("begin")
	_, err = s.Retain(ctx, "net", noon.AddDate(1, 0, 0))
	return err
}

// child starts a writing process. next waits for its next line and returns it;
// kill ends it as a crash would.
func child(t *testing.T, dir string) (next func() string, kill func()) {
	t.Helper()
	return childDoing(t, dir, "")
}

func childDoing(t *testing.T, dir, work string) (next func() string, kill func()) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir, childDoes+"="+work)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	next = func() string {
		if !lines.Scan() {
			return ""
		}
		return lines.Text()
	}
	kill = func() {
		if err := cmd.Process.Kill(); err != nil { // SIGKILL: it can do nothing about it
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { cmd.Wait() }) // killed, so it has an error to tell
	return next, kill
}
