package proxy_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"licensewatch/internal/proxy"
)

// answering is a proxy that answers CONNECT so and hangs up.
func answering(t *testing.T, answer string) *url.URL {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			if _, err := http.ReadRequest(bufio.NewReader(connection)); err == nil {
				_, _ = fmt.Fprint(connection, answer)
			}
			_ = connection.Close()
		}
	}()
	return &url.URL{Scheme: "http", User: url.UserPassword("me", "s3cretpassw0rd"), Host: listener.Addr().String()}
}

// through asks a host through a proxy.
func through(t *testing.T, via *url.URL) error {
	t.Helper()
	transport := &http.Transport{Proxy: http.ProxyURL(via), OnProxyConnectResponse: proxy.Connected}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://cwp.tencentcloudapi.com/", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := transport.RoundTrip(request)
	if err == nil {
		_ = response.Body.Close()
	}
	return err
}

func TestOf(t *testing.T) {
	t.Parallel()
	closed := answering(t, "")
	nowhere := &url.URL{Scheme: "http", Host: "127.0.0.1:1"}
	tests := map[string]struct {
		via     *url.URL
		code    string
		text    string
		lasting bool
	}{
		"407":         {answering(t, "HTTP/1.1 407 s3cretpassw0rd\r\nContent-Length: 0\r\n\r\n"), "Proxy.407", "the proxy wants a user name and password (HTTP 407)", true},
		"403":         {answering(t, "HTTP/1.1 403 Forbidden\r\n\r\n<html>by s3cretpassw0rd"), "Proxy.403", "the proxy does not allow the connection (HTTP 403)", true},
		"502":         {answering(t, "HTTP/1.0 502 Bad Gateway\r\n\r\n"), "Proxy.502", "the proxy makes no connection (HTTP 502)", false},
		"302":         {answering(t, "HTTP/1.1 302 Found\r\nLocation: http://login/\r\n\r\n"), "Proxy.302", "the proxy makes no connection (HTTP 302)", false},
		"not reached": {nowhere, "Proxy", "the proxy is not reached: connection refused", false},
		"no socks":    {&url.URL{Scheme: "socks5", Host: "127.0.0.1:1"}, "Proxy", "the proxy is not reached: connection refused", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := proxy.Of(through(t, test.via))
			if e == nil {
				t.Fatal("the proxy has no part in it")
			}
			if e.Code() != test.code || e.Error() != test.text || e.Lasting() != test.lasting || e.Fix() == "" {
				t.Errorf("%s: %q, lasting %t, fix %q; want %s: %q, %t", e.Code(), e, e.Lasting(), e.Fix(), test.code, test.text, test.lasting)
			}
			if strings.Contains(e.Error()+e.Fix(), "s3cret") {
				t.Error("a secret is shown")
			}
		})
	}
	for name, err := range map[string]error{"nothing": nil, "another": errors.New("x"), "a dial": &net.OpError{Op: "dial", Err: errors.New("x")}, "hung up": through(t, closed)} {
		if e := proxy.Of(err); e != nil {
			t.Errorf("%s: %v", name, e)
		}
	}
}
