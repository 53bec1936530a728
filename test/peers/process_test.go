//go:build peers

package peers

import (
	"net"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// process is a child that ends with its test.
type process struct {
	*exec.Cmd
	ended chan struct{}
	err   error // why it ended; read it after ended
}

func start(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	cmd.SysProcAttr = alone()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: cmd, ended: make(chan struct{})}
	go func() {
		p.err = cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(p.kill)
	return p
}

// kill ends it as the kernel would when memory runs out, and waits.
func (p *process) kill() {
	select {
	case <-p.ended: // its number may be another's by now
	default:
		syscall.Kill(-p.Process.Pid, syscall.SIGKILL)
		<-p.ended
	}
}

// stop asks it to end, and waits.
func (p *process) stop(t *testing.T) {
	t.Helper()
	p.Process.Signal(os.Interrupt)
	select {
	case <-p.ended:
	case <-time.After(20 * time.Second):
		t.Fatalf("%s did not stop", p.Path)
	}
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
