package main

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"confianza/internal/store"
)

// asMain makes the test binary be confianza.
const asMain = "CONFIANZA_TEST_AS_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(asMain) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child is a confianza of its own process.
type child struct {
	t        *testing.T
	cmd      *exec.Cmd
	out      bytes.Buffer // both outputs
	ended    chan struct{}
	err      error // read it after ended
	peak     int64 // bytes resident at most, as last looked at; 0 where the system does not tell
	readFrom int64 // bytes read of files, as last looked at
}

func begin(t *testing.T, args ...string) *child {
	t.Helper()
	c := &child{t: t, cmd: exec.CommandContext(t.Context(), os.Args[0], args...), ended: make(chan struct{})}
	c.cmd.Env = append(os.Environ(), asMain+"=1")
	c.cmd.Stdout, c.cmd.Stderr = &c.out, &c.out
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		c.err = c.cmd.Wait()
		close(c.ended)
	}()
	t.Cleanup(c.kill)
	return c
}

// kill ends it as the kernel does when memory runs out, and waits.
func (c *child) kill() {
	c.cmd.Process.Kill()
	<-c.ended
}

// killAfter kills it after a while; done says that it was faster.
func (c *child) killAfter(d time.Duration) (done bool) {
	select {
	case <-c.ended:
	case <-time.After(d):
		c.kill()
	}
	return c.err == nil
}

// until waits for something, and for nothing when the child ends first.
func (c *child) until(what func() bool) {
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-c.ended:
			return
		case <-look.C:
			c.measure()
			if what() {
				return
			}
		}
	}
}

// wait gives what a child said that ends well.
func (c *child) wait() string {
	c.t.Helper()
	c.until(func() bool { return false })
	if c.err != nil {
		c.t.Fatalf("confianza %s: %v\n%s", strings.Join(c.cmd.Args[1:], " "), c.err, &c.out)
	}
	return c.out.String()
}

// measure asks Linux.
func (c *child) measure() {
	of := func(file, key string) int64 {
		b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(c.cmd.Process.Pid), file))
		if err != nil {
			return 0
		}
		for line := range strings.Lines(string(b)) {
			if cells := strings.Fields(line); len(cells) > 1 && cells[0] == key {
				n, _ := strconv.ParseInt(cells[1], 10, 64)
				return n
			}
		}
		return 0
	}
	c.peak = max(c.peak, of("status", "VmHWM:")<<10)
	c.readFrom = max(c.readFrom, of("io", "rchar:"))
}

// light fails a child that took much memory.
func (c *child) light() {
	c.t.Helper()
	const most = 300 << 20
	if c.peak > most {
		c.t.Errorf("confianza %s took %d MiB, at most %d are well", c.cmd.Args[1], c.peak>>20, most>>20)
	}
}

// stored is how many posts a store's log has, 0 while there is none.
func stored(t *testing.T, data string) int64 {
	t.Helper()
	r, err := store.OpenReader(context.Background(), data)
	if err != nil {
		return 0
	}
	defer r.Close()
	n, err := r.End(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// counted is how many mentions a store has counted.
func counted(t *testing.T, data string) (n int64) {
	t.Helper()
	r, err := store.OpenReader(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	totals, err := r.Totals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, total := range totals {
		n += total.N
	}
	return n
}
