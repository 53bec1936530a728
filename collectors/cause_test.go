package collectors

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"slices"
	"syscall"
	"testing"
)

func TestCauseOf(t *testing.T) {
	op := func(op string, err error) error { return &net.OpError{Op: op, Net: "tcp", Err: err} }
	sys := func(call string, e syscall.Errno) error { return os.NewSyscallError(call, e) }
	alert := errors.New("tls: handshake failure")
	_, unset := Secret{env: "CONFIANZA_TEST_NOTHING"}.Reveal()
	_, absent := SecretFile("/nowhere/token").Reveal()
	tests := []struct {
		name string
		err  error
		want Cause
	}{
		{"nothing known", errors.New("odd"), CauseOther},
		{"throttled", &Throttled{Cause: Because(CauseRequest, errors.New("429"))}, CauseThrottled},
		{"throttled because of damage", &Throttled{Cause: io.EOF}, CauseThrottled},
		{"rejected", fmt.Errorf("401: %w", ErrRejected), CauseCredentials},
		{"rejected for want of money", fmt.Errorf("%w: %w", Because(CausePayment, errors.New("402")), ErrRejected), CausePayment},
		{"no secret in the environment", unset, CauseSecret},
		{"no file with the secret", absent, CauseSecret},
		{"a mark over a mark", Because(CauseServer, Because(CauseCut, io.EOF)), CauseServer},
		{"a mark within", fmt.Errorf("x: %w", Because(CauseUnreadable, errors.New("y"))), CauseUnreadable},
		{"no such name", op("dial", &net.DNSError{Err: "no such host", Name: "a.invalid", IsNotFound: true}), CauseDNS},
		{"a name server that is silent", op("dial", &net.DNSError{Err: "i/o timeout", Name: "a.invalid", IsTimeout: true}), CauseDNS},
		{"a certificate of another host", &tls.CertificateVerificationError{Err: x509.HostnameError{Host: "b", Certificate: &x509.Certificate{}}}, CauseCertificate},
		{"an expired certificate", x509.CertificateInvalidError{Reason: x509.Expired, Cert: &x509.Certificate{}}, CauseCertificate},
		{"a certificate nobody vouches for", fmt.Errorf("x: %w", x509.UnknownAuthorityError{}), CauseCertificate},
		{"an alert of TLS", op("remote error", alert), CauseTLS},
		{"no TLS at all", tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, CauseTLS},
		{"a full disk", &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, CauseDisk},
		{"a disk that is read-only", &fs.PathError{Op: "open", Path: "x", Err: syscall.EROFS}, CauseDisk},
		{"a folder that is not there", &fs.PathError{Op: "open", Path: "x", Err: syscall.ENOENT}, CauseFile},
		{"a timeout of ours", fmt.Errorf("x: %w", context.DeadlineExceeded), CauseSilent},
		{"a timeout of a read", op("read", os.ErrDeadlineExceeded), CauseSilent},
		{"a timeout of the system", op("dial", sys("connect", syscall.ETIMEDOUT)), CauseSilent},
		{"a timeout in an address", &url.Error{Op: "Get", URL: "http://a", Err: os.ErrDeadlineExceeded}, CauseSilent},
		{"nobody listens", op("dial", sys("connect", syscall.ECONNREFUSED)), CauseUnreachable},
		{"no way", op("dial", sys("connect", syscall.ENETUNREACH)), CauseUnreachable},
		{"no such port", op("dial", &net.AddrError{Err: "invalid port", Addr: "99999"}), CauseUnreachable},
		{"a reset", op("read", sys("read", syscall.ECONNRESET)), CauseCut},
		{"a broken pipe", op("write", sys("write", syscall.EPIPE)), CauseCut},
		{"an end", &url.Error{Op: "Get", URL: "http://a", Err: io.EOF}, CauseCut},
		{"an end too early", fmt.Errorf("x: %w", io.ErrUnexpectedEOF), CauseCut},
		{"another failure of a read", op("read", errors.New("odd")), CauseCut},
	}
	for _, tt := range tests {
		if got := CauseOf(tt.err); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
		if !slices.Contains(Causes(), tt.want) {
			t.Errorf("%s is not listed", tt.want)
		}
	}
	if err := Because(CauseCut, io.EOF); err.Error() != "EOF" || !errors.Is(err, io.EOF) {
		t.Errorf("a mark changes %v", err)
	}
}
