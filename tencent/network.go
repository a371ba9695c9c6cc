package tencent

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"

	"licensewatch/internal/proxy"
	"licensewatch/license"
)

// timeoutFault says that the try's or the call's time ended first; errors.Is
// finds the context's error.
func timeoutFault(cause error) *fault {
	code := codeTimeout
	if errors.Is(cause, context.Canceled) {
		code = codeCanceled
	}
	return &fault{
		code:   code,
		class:  class{kind: license.FailureTimeout, tries: asAllowed},
		reason: fmt.Errorf("no answer in time: %w", cause),
	}
}

func connectionFault(reason string) *fault {
	return &fault{
		code:   codeConnectionFailed,
		class:  class{kind: license.FailureNetwork, tries: asAllowed},
		reason: errors.New(reason),
	}
}

func tlsFault(reason string) *fault {
	return &fault{
		code:   codeTLS,
		class:  class{kind: license.FailureTLS, tries: once},
		reason: errors.New(reason),
	}
}

// proxyFault says that a proxy let the call not through.
func proxyFault(refusal *proxy.Error) *fault {
	tries := asAllowed
	if refusal.Lasting() {
		tries = once
	}
	return &fault{
		code:   refusal.Code(),
		class:  class{kind: license.FailureProxy, tries: tries},
		reason: errors.New(refusal.Error()),
	}
}

// networkFault says why no answer came. The context goes first: an error that
// it caused has many faces. handshakeFailed tells a refused certificate from a
// connection that broke.
func networkFault(ctx context.Context, err error, handshakeFailed bool) *fault {
	if ctx.Err() != nil {
		return timeoutFault(ctx.Err())
	}
	if refusal := proxy.Of(err); refusal != nil {
		return proxyFault(refusal)
	}
	if timeout := net.Error(nil); errors.As(err, &timeout) && timeout.Timeout() {
		return timeoutFault(context.DeadlineExceeded)
	}
	if reason := broken(err); reason != "" {
		return connectionFault(reason)
	}
	if handshakeFailed {
		return tlsFault(handshakeReason(err))
	}
	return connectionFault("nothing came back that could be read")
}

// broken says in safe words how a connection broke; empty when it did not.
func broken(err error) string {
	var errno syscall.Errno
	var dns *net.DNSError
	switch {
	case errors.As(err, &errno):
		return errno.Error()
	case errors.As(err, &dns):
		return "the host name could not be looked up"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed before the answer was complete"
	default:
		return ""
	}
}

// handshakeReason says in safe words why TLS did not come about.
func handshakeReason(err error) string {
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &authority):
		return "the certificate is signed by an unknown authority"
	case errors.As(err, &host):
		return "the certificate is for another host"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the certificate has expired or is not valid yet; is the clock right?"
	case errors.As(err, &invalid):
		return "the certificate is not valid"
	default:
		return "the handshake failed"
	}
}
