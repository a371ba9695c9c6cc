package tencent

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"

	"licensewatch/internal/proxy"
)

// Bounds of the shared transport. A function may hold 1024 file descriptors.
const (
	dialTimeout      = 3 * time.Second // leaves room for another try within a short budget
	handshakeTimeout = 5 * time.Second
	idleTimeout      = 30 * time.Second // the API closes idle connections after 60 s
	// connsPerHost is what 256 accounts side by side need where one host stands in for all;
	// an account that hangs holds two of them, and none may wait for that.
	connsPerHost   = 512
	idleConns      = 256 // of all hosts
	tlsSessions    = 64  // more hosts than a run talks to
	maxHeaderBytes = 64 << 10
	// writeBuffer is larger than most requests, and as large as two TLS records: a
	// process that is frozen has sent a request or has not, and hardly half of one.
	writeBuffer = 32 << 10
)

// NewTransport makes the transport that all clients of a process share, for the
// API as well as for webhooks. Waiting for an answer is bounded by the request's
// context alone. It follows no redirects, as no transport does.
//
// After a freeze of the process the idle connections are dead: call
// CloseIdleConnections before using it again.
func NewTransport() *http.Transport {
	// HTTP/2 would put all calls on one connection, to win nothing for five
	// small answers, and cost its set-up at each cold start.
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		OnProxyConnectResponse: proxy.Connected,
		DialContext:            (&net.Dialer{Timeout: dialTimeout}).DialContext,
		TLSClientConfig: &tls.Config{ClientSessionCache: tls.NewLRUClientSessionCache(tlsSessions),
			DynamicRecordSizingDisabled: true},
		TLSHandshakeTimeout:    handshakeTimeout,
		MaxIdleConns:           idleConns,
		MaxIdleConnsPerHost:    connsPerHost,
		MaxConnsPerHost:        connsPerHost,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
		WriteBufferSize:        writeBuffer,
		Protocols:              &protocols,
	}
}
