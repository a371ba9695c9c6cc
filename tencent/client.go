package tencent

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"licensewatch/internal/retry"
	"licensewatch/license"
)

// Options are a client's settings and collaborators. Only Credentials has no
// default.
type Options struct {
	// Site is where the account lives; empty counts as license.SiteCN.
	Site license.Site
	// Endpoint is a base URL (LICENSEWATCH_API_ENDPOINT) every service is
	// called at instead; its path is kept. Empty: the site's own hosts.
	Endpoint string
	// Credentials gives the keys; token is empty for permanent ones. It is asked
	// at every try, so that changed keys are seen. Its errors are shown to
	// people.
	Credentials func() (id, key, token string, err error)
	// Transport is what the clients of a process share; nil means
	// NewTransport().
	Transport http.RoundTripper
	// Logger gets one line a try (debug) and one a failed call (warn); nil
	// discards them.
	Logger *slog.Logger
	// Sleep waits between tries; nil waits in real time.
	Sleep func(context.Context, time.Duration) error
	// Now tells how far the clock is off when a signature's time was refused;
	// nil means time.Now. It does not sign.
	Now func() time.Time
}

// Client calls the API. It holds nothing that a call changes: any number of
// calls may run at once.
type Client struct {
	target      apiTarget
	credentials func() (id, key, token string, err error)
	transport   http.RoundTripper
	logger      *slog.Logger
	policy      retry.Policy
	sleep       func(context.Context, time.Duration) error
	now         func() time.Time
}

// tryTimeout bounds one try of a call; the context bounds the call.
const tryTimeout = 5 * time.Second

// New makes a client. It cannot fail: an Endpoint or credentials that cannot be
// used make each call fail, with an error that says so.
func New(o Options) *Client {
	c := &Client{
		target:      newTarget(o.Site, o.Endpoint),
		credentials: o.Credentials,
		transport:   o.Transport,
		logger:      o.Logger,
		policy:      retry.Default(),
		now:         o.Now,
	}
	c.policy.TryTimeout = tryTimeout
	c.policy.Sleep, c.sleep = o.Sleep, o.Sleep
	if c.sleep == nil {
		c.sleep = retry.Sleep
	}
	if c.transport == nil {
		c.transport = NewTransport()
	}
	if c.logger == nil {
		c.logger = slog.New(slog.DiscardHandler)
	}
	if c.now == nil {
		c.now = time.Now
	}
	return c
}
