package neterr_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"

	"licensewatch/internal/neterr"
	"licensewatch/internal/proxy"
)

// TestOf: each kind of fault, wrapped as net/http wraps it, in words that repeat nothing
// of the error's own.
func TestOf(t *testing.T) {
	t.Parallel()
	operation := func(op string, err error) error { return &net.OpError{Op: op, Net: "tcp", Err: err} }
	verified := func(err error) error { return &tls.CertificateVerificationError{Err: err} }
	certificate := &x509.Certificate{}
	for name, test := range map[string]struct {
		err    error
		kind   neterr.Kind
		reason string
	}{
		"refused":           {operation("dial", os.NewSyscallError("connect", syscall.ECONNREFUSED)), neterr.Connection, "connection refused"},
		"no such host":      {operation("dial", &net.DNSError{Name: "secret.example.com", IsNotFound: true}), neterr.Lookup, "the host name could not be looked up"},
		"a slow lookup":     {operation("dial", &net.DNSError{Name: "secret.example.com", IsTimeout: true}), neterr.Lookup, "the host name could not be looked up"},
		"slow":              {operation("read", os.ErrDeadlineExceeded), neterr.Timeout, "no answer in time"},
		"hung up":           {fmt.Errorf("secret: %w", io.EOF), neterr.Connection, "the connection was closed before the answer was complete"},
		"half an answer":    {io.ErrUnexpectedEOF, neterr.Connection, "the connection was closed before the answer was complete"},
		"not HTTP":          {errors.New(`malformed HTTP response "secret"`), neterr.Connection, neterr.Unreadable},
		"not TLS":           {tls.RecordHeaderError{Msg: "secret"}, neterr.TLS, "the handshake failed"},
		"their alert":       {operation("remote error", errors.New("tls: secret")), neterr.TLS, "the handshake failed"},
		"unknown authority": {verified(x509.UnknownAuthorityError{}), neterr.TLS, "the certificate is signed by an unknown authority"},
		"another host":      {verified(x509.HostnameError{Certificate: certificate, Host: "secret"}), neterr.TLS, "the certificate is for another host"},
		"expired":           {verified(x509.CertificateInvalidError{Cert: certificate, Reason: x509.Expired}), neterr.TLS, "the certificate has expired or is not valid yet; is the clock right?"},
		"not for servers":   {verified(x509.CertificateInvalidError{Cert: certificate, Reason: x509.IncompatibleUsage}), neterr.TLS, "the certificate is not valid"},
		"a proxy":           {&proxy.Error{Status: 407}, neterr.Proxy, "the proxy wants a user name and password (HTTP 407)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := &url.Error{Op: "Post", URL: "https://secret.example.com/key", Err: test.err}
			f := neterr.Of(t.Context(), err)
			if f.Kind != test.kind || f.Reason != test.reason || (f.Proxy != nil) != (test.kind == neterr.Proxy) || strings.Contains(f.Reason, "secret") {
				t.Errorf("%+v", f)
			}
			ended, cancel := context.WithCancel(t.Context())
			cancel()
			if f := neterr.Of(ended, err); f.Kind != neterr.Timeout || f.Proxy != nil {
				t.Errorf("once the context has ended: %+v", f)
			}
		})
	}
}
