// Package proxy tells a proxy's refusal from the faults behind it. What net/http
// says of one has no type, and may hold what the proxy sent.
package proxy

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"syscall"
)

// Error is why there is no way through the proxy, in words that are safe to show:
// they hold neither its address nor its user and password.
type Error struct {
	Status int // what it answered instead of a connection; 0: nothing
	reason string
}

// Error says what the proxy did.
func (e *Error) Error() string {
	switch {
	case e.reason != "":
		return e.reason
	case e.Status == http.StatusProxyAuthRequired:
		return "the proxy wants a user name and password (HTTP 407)"
	case e.Status == http.StatusForbidden:
		return "the proxy does not allow the connection (HTTP 403)"
	default:
		return "the proxy makes no connection (HTTP " + strconv.Itoa(e.Status) + ")"
	}
}

// Fix says what to do about it.
func (e *Error) Fix() string {
	switch {
	case e.Status == http.StatusProxyAuthRequired:
		return "put them into HTTPS_PROXY, as in http://user:password@host:port, or correct those there"
	case e.Status == http.StatusForbidden:
		return "let the proxy's rules allow this host, or name it in NO_PROXY"
	case e.Status != 0:
		return "look for the fault at the proxy, or name this host in NO_PROXY"
	default:
		return "check HTTPS_PROXY and NO_PROXY"
	}
}

// Code is the error in a word: Proxy.407, or Proxy alone where it said nothing.
func (e *Error) Code() string {
	if e.Status == 0 {
		return "Proxy"
	}
	return "Proxy." + strconv.Itoa(e.Status)
}

// Lasting says that another try is in vain: somebody has to act.
func (e *Error) Lasting() bool { return 400 <= e.Status && e.Status < 500 }

// Connected is called with a proxy's answer to CONNECT
// (http.Transport.OnProxyConnectResponse). It refuses all that is no connection.
func Connected(_ context.Context, _ *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode == http.StatusOK {
		return nil
	}
	return &Error{Status: response.StatusCode}
}

// Of finds the proxy's part in an error of a transport; nil when it has none.
func Of(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	operation, ok := errors.AsType[*net.OpError](err)
	if !ok || operation.Op != "proxyconnect" && operation.Op != "socks connect" {
		return nil
	}
	why := "nothing came back that could be read"
	_, isDNS := errors.AsType[*net.DNSError](err)
	errno, isErrno := errors.AsType[syscall.Errno](err)
	switch {
	case isDNS:
		why = "its name could not be looked up"
	case isErrno:
		why = errno.Error()
	case operation.Timeout():
		why = "no answer in time"
	}
	return &Error{reason: "the proxy is not reached: " + why}
}
