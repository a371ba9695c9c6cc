// Package neterr says why a transport brought no whole answer: in words that are safe to
// show. The errors of net/http may hold URLs, addresses and what the other side sent.
package neterr

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"syscall"

	"licensewatch/internal/proxy"
)

// Kind is what went wrong.
type Kind int

// The kinds of faults.
const (
	Connection Kind = iota // there was none, or it broke
	Lookup                 // the host's name could not be looked up
	Timeout
	TLS   // the certificate or the handshake was refused
	Proxy // a proxy let nothing through
)

// Unreadable is the reason of a connection's fault of which nothing is known.
const Unreadable = "nothing came back that could be read"

// Fault is why there was no whole answer.
type Fault struct {
	Kind   Kind
	Reason string       // in safe words
	Proxy  *proxy.Error // of the kind Proxy; else nil
}

// Of says why a call with this context ended with the error. The context goes first: an
// error that it caused has many faces.
func Of(ctx context.Context, err error) Fault {
	if refusal := proxy.Of(err); refusal != nil && ctx.Err() == nil {
		return Fault{Proxy, refusal.Error(), refusal}
	}
	timeout, isNet := errors.AsType[net.Error](err)
	errno, isErrno := errors.AsType[syscall.Errno](err)
	switch {
	case ctx.Err() != nil:
		return Fault{Timeout, "no answer in time", nil}
	case isTLS(err):
		return Fault{TLS, certificateReason(err), nil}
	case isBehind[*net.DNSError](err):
		return Fault{Lookup, "the host name could not be looked up", nil}
	case isNet && timeout.Timeout():
		return Fault{Timeout, "no answer in time", nil}
	case isErrno:
		return Fault{Connection, errno.Error(), nil}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return Fault{Connection, "the connection was closed before the answer was complete", nil}
	default:
		return Fault{Connection, Unreadable, nil}
	}
}

// isTLS says whether one of the two sides refused the other's certificate or handshake.
func isTLS(err error) bool {
	operation, isOperation := errors.AsType[*net.OpError](err)
	return isBehind[*tls.CertificateVerificationError](err) || isBehind[tls.RecordHeaderError](err) ||
		isBehind[tls.AlertError](err) || isBehind[x509.UnknownAuthorityError](err) ||
		// as tls calls its alerts
		isOperation && (operation.Op == "remote error" || operation.Op == "local error")
}

// isBehind says whether an error of the type is behind err.
func isBehind[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}

// certificateReason says why TLS did not come about.
func certificateReason(err error) string {
	invalid, isInvalid := errors.AsType[x509.CertificateInvalidError](err)
	switch {
	case isBehind[x509.UnknownAuthorityError](err):
		return "the certificate is signed by an unknown authority"
	case isBehind[x509.HostnameError](err):
		return "the certificate is for another host"
	case isInvalid && invalid.Reason == x509.Expired:
		return "the certificate has expired or is not valid yet; is the clock right?"
	case isInvalid:
		return "the certificate is not valid"
	default:
		return "the handshake failed"
	}
}
