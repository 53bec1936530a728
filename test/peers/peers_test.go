//go:build peers

// Package peers holds the tests that need real peers: a Bluesky PDS and
// Jetstream, Prometheus' tools, Chromium. See README.md.
package peers

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// folder is where test/peers/setup put the peers.
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

func lacking(t *testing.T, what string) {
	t.Helper()
	said, _ := os.ReadFile(filepath.Join(folder(t), "missing"))
	if os.Getenv("CI") != "" {
		t.Fatalf("%s; setup said: %s", what, said)
	}
	t.Skipf("%s; make peers installs it; setup said: %s", what, said)
}

// process is a child that ends with its test.
type process struct {
	*exec.Cmd
	ended chan struct{}
	err   error
}

func start(t *testing.T, cmd *exec.Cmd) *process {
	t.Helper()
	// It gets its own group, so that all its children end with it.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
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

// kill ends it as a power cut would, and waits.
func (p *process) kill() {
	syscall.Kill(-p.Process.Pid, syscall.SIGKILL)
	<-p.ended
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

// eventually waits for something that other processes bring about.
func eventually(t *testing.T, what string, within time.Duration, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(within)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %v", what, within)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// network is a Bluesky of our own: a PDS with its directory.
type network struct {
	t     *testing.T
	PDS   string `json:"pds"`
	admin string
}

func newNetwork(t *testing.T) *network {
	t.Helper()
	dir := folder(t)
	need(t, filepath.Join(dir, "pds", "node_modules", "@atproto", "pds"))
	script, err := filepath.Abs("pds/serve.mjs")
	if err != nil {
		t.Fatal(err)
	}
	n := &network{t: t, admin: "made-up-for-this-test"}
	cmd := exec.Command("node", script, filepath.Join(t.TempDir(), "pds"), n.admin)
	cmd.Dir, cmd.Env, cmd.Stderr = filepath.Join(dir, "pds"), append(os.Environ(), "LOG_ENABLED=false"), os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	start(t, cmd)
	line, err := bufio.NewReader(out).ReadBytes('\n')
	if err != nil {
		t.Fatalf("the PDS said nothing: %v", err)
	}
	if err := json.Unmarshal(line, n); err != nil {
		t.Fatalf("the PDS said %q: %v", line, err)
	}
	return n
}

// call asks the PDS for one of its methods, with a body unless in is nil
// (https://docs.bsky.app/docs/category/http-reference).
func (n *network) call(auth, method string, in any, out any) {
	n.t.Helper()
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			n.t.Fatal(err)
		}
	}
	req, err := http.NewRequest(http.MethodPost, n.PDS+"/xrpc/"+method, bytes.NewReader(body))
	if err != nil {
		n.t.Fatal(err)
	}
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	switch {
	case auth == "admin":
		req.SetBasicAuth("admin", n.admin)
	case auth != "":
		req.Header.Set("Authorization", "Bearer "+auth)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		n.t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		n.t.Fatalf("%s: %s: %s, %v", method, answer.Status, b, err)
	}
	if out != nil {
		if err := json.Unmarshal(b, out); err != nil {
			n.t.Fatalf("%s: %s: %v", method, b, err)
		}
	}
}

// person has an account.
type person struct {
	n         *network
	DID       string `json:"did"`
	AccessJWT string `json:"accessJwt"`
}

func (n *network) person(name string) *person {
	n.t.Helper()
	p := &person{n: n}
	n.call("", "com.atproto.server.createAccount", map[string]any{
		"handle": name + ".test", "email": name + "@example.test", "password": "also-made-up"}, p)
	return p
}

// post says something and returns the record's key.
func (p *person) post(lang, text string) string {
	p.n.t.Helper()
	var out struct {
		URI string `json:"uri"`
	}
	p.n.call(p.AccessJWT, "com.atproto.repo.createRecord", map[string]any{
		"repo": p.DID, "collection": "app.bsky.feed.post", "record": map[string]any{
			"$type": "app.bsky.feed.post", "text": text, "langs": []string{lang}, "createdAt": time.Now().UTC().Format(time.RFC3339Nano)}}, &out)
	return out.URI[strings.LastIndex(out.URI, "/")+1:]
}

func (p *person) remove(rkey string) {
	p.n.t.Helper()
	p.n.call(p.AccessJWT, "com.atproto.repo.deleteRecord", map[string]any{"repo": p.DID, "collection": "app.bsky.feed.post", "rkey": rkey}, nil)
}

func (p *person) deactivate() {
	p.n.t.Helper()
	p.n.call(p.AccessJWT, "com.atproto.server.deactivateAccount", map[string]any{}, nil)
}

func (p *person) activate() {
	p.n.t.Helper()
	p.n.call(p.AccessJWT, "com.atproto.server.activateAccount", nil, nil)
}

func (p *person) takedown(applied bool) {
	p.n.t.Helper()
	p.n.call("admin", "com.atproto.admin.updateSubjectStatus", map[string]any{
		"subject":  map[string]any{"$type": "com.atproto.admin.defs#repoRef", "did": p.DID},
		"takedown": map[string]any{"applied": applied, "ref": "test"}}, nil)
}

// jetstream is the real one, listening to a network.
type jetstream struct {
	t       *testing.T
	n       *network
	data    string
	port    int
	process *process
}

// jetstream starts one, and returns once it hears the network: what was said
// before that it never knows of.
func (n *network) jetstream() *jetstream {
	n.t.Helper()
	j := &jetstream{t: n.t, n: n, data: n.t.TempDir(), port: freePort(n.t)}
	j.start()
	first := n.person("primera")
	eventually(n.t, "Jetstream hears the PDS", 30*time.Second, func() bool {
		first.post("en", "is anybody there?")
		return j.heard()
	})
	return j
}

// heard tells whether there is anything to replay.
func (j *jetstream) heard() bool {
	ctx, cancel := context.WithTimeout(j.t.Context(), time.Second)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, j.address()+"?cursor=1", nil)
	if err != nil {
		return false
	}
	defer conn.CloseNow()
	_, _, err = conn.Read(ctx)
	return err == nil
}

// restart stops it as its operator would. Killed, it would forget some
// seconds of its own place at the PDS, which is no fault of its readers.
func (j *jetstream) restart() {
	j.t.Helper()
	j.process.stop(j.t)
	j.start()
}

func (j *jetstream) start() {
	j.t.Helper()
	bin := need(j.t, filepath.Join(folder(j.t), "bin", "jetstream"))
	cmd := exec.Command(bin, "--ws-url", "ws"+strings.TrimPrefix(j.n.PDS, "http")+"/xrpc/com.atproto.sync.subscribeRepos",
		"--listen-addr", fmt.Sprintf("127.0.0.1:%d", j.port), "--metrics-listen-addr", fmt.Sprintf("127.0.0.1:%d", freePort(j.t)),
		"--liveness-ttl", "24h", "--data-dir", j.data)
	log, err := os.Create(filepath.Join(j.t.TempDir(), "jetstream.log"))
	if err != nil {
		j.t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	j.process = start(j.t, cmd)
	eventually(j.t, "Jetstream listens", 20*time.Second, func() bool {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", j.port))
		if err == nil {
			c.Close()
		}
		return err == nil
	})
}

func (j *jetstream) address() string { return fmt.Sprintf("ws://127.0.0.1:%d/subscribe", j.port) }
