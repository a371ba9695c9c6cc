package diagnosis

import (
	"cmp"
	"context"
	"crypto/tls"
	"net"
	"net/url"
	"slices"

	"licensewatch/config"
	"licensewatch/internal/hostname"
	"licensewatch/license"
	"licensewatch/notify"
)

// hostProbes look at the hosts of the webhooks and of the heartbeat.
func hostProbes(o Options) []probe {
	var probes []probe
	add := func(name string, url config.Secret) {
		probes = append(probes, probe{name, func(ctx context.Context) outcome { return connect(ctx, o, url) }})
	}
	for _, channel := range o.Settings.Channels {
		add(channel.Name, channel.Webhook)
	}
	switch {
	case len(probes) > 0:
	case o.Many != nil:
		probes = append(probes, answeredProbe("webhooks", Warning, "no channel of the accounts file is right",
			"correct the file, then try licensewatch send-test"))
	default:
		probes = append(probes, answeredProbe("webhooks", Warning, "none is set: nobody would be told",
			"set "+notify.AnyWebhookSetting()+", then try licensewatch send-test"))
	}
	if o.Settings.HeartbeatURL.IsZero() {
		return append(probes, answeredProbe("heartbeat", Skipped, "not set", ""))
	}
	add("heartbeat", o.Settings.HeartbeatURL)
	return probes
}

// connect opens a connection to the URL's host and closes it: not a byte of a
// request is sent.
func connect(ctx context.Context, o Options, secret config.Secret) outcome {
	u, err := url.Parse(secret.Reveal())
	if err != nil { // err repeats the URL
		return outcome{Check: Check{Status: Failed, Text: "the URL cannot be read",
			Fix: "licensewatch check says more"}}
	}
	name, through := shownHost(u), ""
	via := proxyOf(o, u)
	if via != nil {
		through = ", through the proxy"
		if !speaksHTTP(via) || u.Scheme != "https" {
			return viaUntried(ctx, o, via, name)
		}
	}
	if err := o.dial(ctx, u, via); err != nil {
		kind, text, fix := explainUnreached(ctx, err)
		return outcome{kind: kind, Check: Check{Status: Failed, Text: name + " is not reached: " + text, Fix: fix}}
	}
	how := "DNS, TCP and TLS"
	switch {
	case u.Scheme != "https":
		how = "TCP"
	case via != nil:
		how = "TCP and TLS"
	}
	return outcome{Check: Check{Status: OK, Text: name + " is reached" + through + ": " + how + "; nothing was posted"}}
}

// viaUntried looks at the proxy alone, where a connection through it is more than
// can be tried without a request.
func viaUntried(ctx context.Context, o Options, via *url.URL, name string) outcome {
	connection, err := o.dialTCP(ctx, via)
	if err != nil {
		_, text, _ := explainUnreached(ctx, err)
		return outcome{kind: license.FailureProxy,
			Check: Check{Status: Failed, Text: "the proxy to " + name + " is not reached: " + text,
				Fix: "check HTTPS_PROXY and NO_PROXY"}}
	}
	_ = connection.Close()
	return outcome{Check: Check{Status: OK, Text: "the proxy to " + name +
		" is reached; the way behind it was not tried"}}
}

// dial connects to the URL's host, through the proxy where there is one and by TLS
// where the URL wants it, and hangs up.
func (o Options) dial(ctx context.Context, u, via *url.URL) error {
	var connection net.Conn
	var err error
	if via == nil {
		connection, err = o.dialTCP(ctx, u)
	} else {
		connection, err = o.openTunnel(ctx, via, u)
	}
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close() }()
	if u.Scheme != "https" {
		return nil
	}
	return tls.Client(connection, o.tlsFor(u)).HandshakeContext(ctx)
}

// dialTCP connects to the URL's host by TCP.
func (o Options) dialTCP(ctx context.Context, u *url.URL) (net.Conn, error) {
	return o.Dial(ctx, "tcp", dialAddress(u))
}

func (o Options) tlsFor(u *url.URL) *tls.Config {
	return &tls.Config{ServerName: u.Hostname(), RootCAs: o.RootCAs, MinVersion: tls.VersionTLS12}
}

// dialAddress is the URL's host with its port, as it is dialed.
func dialAddress(u *url.URL) string {
	ports := map[string]string{"https": "443", "http": "80", "socks5": "1080", "socks5h": "1080"}
	return net.JoinHostPort(u.Hostname(), cmp.Or(u.Port(), ports[u.Scheme]))
}

// shownHost is the URL's host where that tells nothing: those of the chats
// themselves, and this machine. Another may be as secret as its path.
func shownHost(u *url.URL) string {
	isOwn := func(kind *notify.ChannelKind) bool { return slices.Contains(kind.Hosts, u.Hostname()) }
	if hostname.IsLoopback(u) || slices.ContainsFunc(notify.ChannelKinds(), isOwn) {
		return u.Host
	}
	return "its host"
}
