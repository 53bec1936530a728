//go:build peers

package peers

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

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
	cmd := exec.Command(command(t, "node"), script, filepath.Join(t.TempDir(), "pds"), n.admin)
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

// ask calls one of the PDS' methods, with a body unless in is nil
// (https://docs.bsky.app/docs/category/http-reference).
func (n *network) ask(auth, method string, in any, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	req, err := http.NewRequest(http.MethodPost, n.PDS+"/xrpc/"+method, bytes.NewReader(body))
	if err != nil {
		return err
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
		return err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", method, err)
	case answer.StatusCode != http.StatusOK:
		return fmt.Errorf("%s: %s: %s", method, answer.Status, b)
	case out != nil:
		return json.Unmarshal(b, out)
	}
	return nil
}

func (n *network) must(err error) {
	n.t.Helper()
	if err != nil {
		n.t.Fatal(err)
	}
}
