package daemon

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// certificate makes a self-signed one in dir.
func certificate(t *testing.T, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	like := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, like, like, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{"cert.pem": {Type: "CERTIFICATE", Bytes: cert}, "key.pem": {Type: "PRIVATE KEY", Bytes: der}} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestGuardedByTLSAndPassword(t *testing.T) {
	dir := t.TempDir()
	certificate(t, dir)
	hash, err := bcrypt.GenerateFromPassword([]byte("made-up"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	_, address := newJetstream(t)
	guard, file := filepath.Join(dir, "web.yml"), filepath.Join(dir, "confianza.yml")
	write(t, guard, "tls_server_config: {cert_file: cert.pem, key_file: key.pem}\nbasic_auth_users: {ana: '%s'}\n", hash)
	write(t, file, "brands: [{name: Delta}]\ndata: %s\nweb: {listen: '127.0.0.1:0', config_file: %s}\nsources: {bluesky: {urls: ['%s']}, feeds: {enabled: false}, hackernews: {enabled: false}}\n",
		filepath.Join(dir, "data"), guard, address)
	r := start(t, file)
	defer r.end()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true}}
	for password, want := range map[string]int{"": http.StatusUnauthorized, "wrong": http.StatusUnauthorized, "made-up": http.StatusOK} {
		req, err := http.NewRequest(http.MethodGet, r.address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if password != "" {
			req.SetBasicAuth("ana", password)
		}
		answer, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != want {
			t.Errorf("password %q: %d, want %d", password, answer.StatusCode, want)
		}
	}
}
