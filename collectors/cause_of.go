package collectors

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"slices"
	"syscall"
)

// CauseOf tells the cause of an error by what it wraps: first that we were
// asked to wait, then what a source knows ([Because], or a method Cause), then
// what the standard library says. An error that says nothing of it has
// [CauseOther].
func CauseOf(err error) Cause {
	if _, ok := errors.AsType[*Throttled](err); ok {
		return CauseThrottled
	}
	if known, ok := errors.AsType[interface {
		error
		Cause() Cause
	}](err); ok {
		return known.Cause()
	}
	if errors.Is(err, ErrRejected) {
		return CauseCredentials
	}
	for _, look := range []func(error) Cause{causeOfName, causeOfTLS, causeOfDisk, causeOfConnection} {
		if c := look(err); c != "" {
			return c
		}
	}
	return CauseOther
}

func causeOfName(err error) Cause {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return CauseDNS // a timeout of the name server too
	}
	return ""
}

func causeOfTLS(err error) Cause {
	if is[*tls.CertificateVerificationError](err) || is[x509.UnknownAuthorityError](err) || is[x509.HostnameError](err) ||
		is[x509.CertificateInvalidError](err) || is[x509.SystemRootsError](err) {
		return CauseCertificate
	}
	// An alert of the handshake has no type of its own.
	op, ok := errors.AsType[*net.OpError](err)
	if ok && (op.Op == "remote error" || op.Op == "local error") || is[tls.RecordHeaderError](err) || errors.Is(err, http.ErrSchemeMismatch) {
		return CauseTLS
	}
	return ""
}

func causeOfDisk(err error) Cause {
	switch {
	case isAny(err, syscall.ENOSPC, syscall.EROFS, syscall.EDQUOT):
		return CauseDisk
	case is[*fs.PathError](err):
		return CauseFile
	}
	return ""
}

func causeOfConnection(err error) Cause {
	timeout, ok := errors.AsType[net.Error](err)
	switch {
	case ok && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return CauseSilent
	case isAny(err, syscall.ECONNREFUSED, syscall.EHOSTUNREACH, syscall.ENETUNREACH, syscall.ENETDOWN, syscall.EADDRNOTAVAIL):
		return CauseUnreachable
	case isAny(err, io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe, net.ErrClosed, syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED):
		return CauseCut
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return CauseUnreachable
	} else if ok {
		return CauseCut
	}
	return ""
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

func isAny(err error, all ...error) bool {
	return slices.ContainsFunc(all, func(e error) bool { return errors.Is(err, e) })
}
