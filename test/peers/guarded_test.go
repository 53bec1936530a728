//go:build peers

package peers

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// certify makes a certificate for a loopback address, as the manual names it.
func certify(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	like := &x509.Certificate{SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, like, like, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	chain := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
	put(t, filepath.Join(dir, "confianza.crt"), string(chain))
	put(t, filepath.Join(dir, "confianza.key"), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(chain)
	return pool
}

// guarded is a binary behind TLS and a password, by the manual's own words.
type guarded struct {
	*binary
	client   *http.Client
	password string
}

func guard(t *testing.T) *guarded {
	t.Helper()
	b := newBinary(t, "ws://127.0.0.1:1/subscribe")
	b.brings(2*time.Minute, 2*time.Minute, 3*time.Hour) // by the socket, before there is a password
	b.stop()
	dir := filepath.Dir(b.config)
	g := &guarded{b, nil, "correct horse"}
	g.client = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: certify(t, dir)}, DisableKeepAlives: true}}
	hash, err := bcrypt.GenerateFromPassword([]byte(g.password), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "web.yml"), manual(t, "# web.yml", "$2y$10$…", string(hash)))
	config, err := os.ReadFile(b.config)
	if err != nil {
		t.Fatal(err)
	}
	put(t, b.config, string(config)+"web: {config_file: "+filepath.Join(dir, "web.yml")+"}\nalerting: {evaluate: false}\n")
	b.start()
	return g
}

// ask queries the API with the password.
func (g *guarded) ask(query string) (status int, body string) {
	g.t.Helper()
	req, err := http.NewRequest(http.MethodGet, g.address+"api/v1/query?query="+url.QueryEscape(query), nil)
	if err != nil {
		g.t.Fatal(err)
	}
	if g.password != "" {
		req.SetBasicAuth("marketing", g.password)
	}
	answer, err := g.client.Do(req)
	if err != nil {
		g.t.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		g.t.Fatal(err)
	}
	return answer.StatusCode, string(b)
}
