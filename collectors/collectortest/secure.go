package collectortest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"math/big"
	"net"
	"net/http/httptest"
	"testing"
	"time"
)

// secure starts a server of TLS and gives its address. Its certificate, one
// of the tests' own when it is nil, is trusted by nobody; what else is wrong
// with it is found first.
func secure(t *testing.T, c *tls.Certificate) string {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // of the handshakes
	if c != nil {
		s.TLS = &tls.Config{Certificates: []tls.Certificate{*c}}
	}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL
}

// certificate is for one address, and ends so long from now.
func certificate(t *testing.T, ip string, ends time.Duration) *tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.ParseIP(ip)},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(ends),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
