package diagnosis

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"licensewatch/internal/proxy"
	"licensewatch/license"
)

// proxyName is the check of the proxy.
const proxyName = "proxy"

// proxyProbes look at the proxy through which the API, or else a webhook, is
// reached; there are none where no proxy is set.
func proxyProbes(o Options) []probe {
	if o.Mistyped != "" {
		return []probe{answeredProbe(proxyName, Failed, o.Mistyped+" is not the URL of a proxy",
			"write it as http://host:port, or http://user:password@host:port, with %2F for a / in the password and %40 for an @")}
	}
	for _, target := range targetURLs(o) {
		if via := proxyOf(o, target); via != nil {
			return []probe{{proxyName, func(ctx context.Context) outcome { return checkProxy(ctx, o, via, target) }}}
		}
	}
	return nil
}

// MistypedProxy is the variable of the environment that is meant to name a proxy for
// https and is no URL; empty when there is none. net/http says nothing of it: it
// ignores the variable, or looks for a proxy that is called http.
func MistypedProxy() string {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy"} {
		value := os.Getenv(name)
		if value == "" {
			continue
		}
		if !strings.Contains(value, "://") {
			value = "http://" + value
		}
		if u, err := url.Parse(value); err != nil || u.Hostname() == "" { // err repeats the value
			return name
		}
		return ""
	}
	return ""
}

// targetURLs are the URLs that a run calls.
func targetURLs(o Options) []*url.URL {
	var all []*url.URL
	add := func(text string) {
		if u, err := url.Parse(text); err == nil && u.Host != "" {
			all = append(all, u)
		}
	}
	for _, service := range readServices(o.Settings) {
		add(baseURL(o.Settings, service))
	}
	for _, channel := range o.Settings.Channels {
		add(channel.Webhook.Reveal())
	}
	add(o.Settings.HeartbeatURL.Reveal())
	return all
}

// proxyOf is the proxy through which a URL is reached; nil when there is none.
func proxyOf(o Options, u *url.URL) *url.URL {
	if o.Proxy == nil {
		return nil
	}
	via, err := o.Proxy(u)
	if err != nil {
		return nil // the transport would refuse it in its own words
	}
	return via
}

// checkProxy says whether the proxy is there and takes us for who we are. Which
// hosts it allows is for their own checks to say. Of its URL only the host is
// shown.
func checkProxy(ctx context.Context, o Options, via, target *url.URL) outcome {
	name := printableText(via.Hostname())
	ok := outcome{Check: Check{Status: OK, Text: name + " is reached; requests go through it (HTTPS_PROXY)"}}
	if !speaksHTTP(via) || target.Scheme != "https" {
		connection, err := o.dialTCP(ctx, via)
		if err != nil {
			return lostProxy(ctx, name, err)
		}
		_ = connection.Close()
		return ok
	}
	connection, err := o.openTunnel(ctx, via, target)
	refusal, isRefusal := errors.AsType[*proxy.Error](err)
	switch {
	case err == nil:
		_ = connection.Close()
		return ok
	case isRefusal && refusal.Status == http.StatusProxyAuthRequired:
		return outcome{kind: license.FailureProxy,
			Check: Check{Status: Failed, Text: name + ": " + refusal.Error(), Fix: refusal.Fix()}}
	case isRefusal:
		return ok
	default:
		return lostProxy(ctx, name, err)
	}
}

// lostProxy is the end of a proxy that is not there, or does not speak as one.
func lostProxy(ctx context.Context, name string, err error) outcome {
	if lost, ok := errors.AsType[*net.OpError](err); ok && lost.Op == "proxyconnect" {
		err = lost.Err // which the text names already
	}
	_, text, _ := explainUnreached(ctx, err)
	return outcome{kind: license.FailureProxy,
		Check: Check{Status: Failed, Text: name + " is not reached: " + text, Fix: "check HTTPS_PROXY and NO_PROXY"}}
}

// speaksHTTP says whether the proxy is asked by CONNECT.
func speaksHTTP(via *url.URL) bool { return via.Scheme == "http" || via.Scheme == "https" }

// openTunnel asks the proxy for a connection to the URL's host. A refusal is a
// *proxy.Error.
func (o Options) openTunnel(ctx context.Context, via, u *url.URL) (net.Conn, error) {
	connection, err := o.dialTCP(ctx, via)
	if err != nil {
		return nil, &net.OpError{Op: "proxyconnect", Net: "tcp", Err: err}
	}
	stop := context.AfterFunc(ctx, func() { _ = connection.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if via.Scheme == "https" {
		connection = tls.Client(connection, o.tlsFor(via))
	}
	request := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: dialAddress(u)}, Host: dialAddress(u),
		Header: http.Header{}}
	if user := via.User; user != nil {
		password, _ := user.Password()
		request.Header.Set("Proxy-Authorization",
			"Basic "+base64.StdEncoding.EncodeToString([]byte(user.Username()+":"+password)))
	}
	if err := sendConnect(connection, request); err != nil {
		_ = connection.Close()
		return nil, err
	}
	return connection, nil
}

// sendConnect sends a CONNECT and reads the head of the answer; what follows it belongs to
// the connection.
func sendConnect(connection net.Conn, request *http.Request) error {
	if err := request.Write(connection); err != nil {
		return err
	}
	response, err := http.ReadResponse(bufio.NewReader(connection), request) //nolint:bodyclose // there is none
	if err != nil {
		return err
	}
	return proxy.Connected(request.Context(), nil, request, response)
}
