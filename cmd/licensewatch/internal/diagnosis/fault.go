package diagnosis

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"syscall"

	"licensewatch/internal/proxy"
	"licensewatch/license"
)

// unreached says in safe words why a host was not reached, and what to do: an
// error of the network may hold addresses and URLs, and is not shown.
func unreached(ctx context.Context, err error) (kind license.FailureKind, text, fix string) {
	const wayOut = "check this machine's way out to the internet: firewall, proxy (HTTPS_PROXY), and in the cloud VPC, NAT or public access"
	var (
		dns      *net.DNSError
		timeout  net.Error
		errno    syscall.Errno
		alert    tls.AlertError
		record   tls.RecordHeaderError
		verified *tls.CertificateVerificationError
	)
	viaProxy := proxy.Of(err)
	switch {
	case viaProxy != nil:
		return license.FailureProxy, viaProxy.Error(), viaProxy.Fix()
	case ctx.Err() != nil:
		return license.FailureTimeout, "no answer within " + Limit.String(), wayOut
	case errors.As(err, &dns):
		return license.FailureNetwork, "its name could not be looked up (DNS)", "check the name and this machine's name servers"
	case errors.As(err, &verified), errors.As(err, &alert), errors.As(err, &record):
		return license.FailureTLS, certificateProblem(err), "look for a proxy that opens TLS connections, and at this machine's clock and root certificates"
	case errors.As(err, &timeout) && timeout.Timeout():
		return license.FailureTimeout, "no answer in time", wayOut
	case errors.As(err, &errno):
		return license.FailureNetwork, errno.Error(), wayOut
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return license.FailureNetwork, "the connection was closed", wayOut
	default:
		return license.FailureNetwork, "nothing came back that could be read", wayOut
	}
}

// certificateProblem says in safe words why TLS did not come about.
func certificateProblem(err error) string {
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &authority):
		return "TLS: the certificate is signed by an unknown authority"
	case errors.As(err, &host):
		return "TLS: the certificate is for another host"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "TLS: the certificate has expired or is not valid yet"
	case errors.As(err, &invalid):
		return "TLS: the certificate is not valid"
	default:
		return "TLS: the handshake failed"
	}
}
