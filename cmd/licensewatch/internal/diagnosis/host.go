package diagnosis

import (
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"slices"

	"licensewatch/config"
)

// hostProbes look at the hosts of the webhooks and of the heartbeat.
func hostProbes(o Options) []probe {
	var probes []probe
	add := func(name string, urls []config.Secret) {
		for i, url := range urls {
			numbered := name
			if len(urls) > 1 {
				numbered = fmt.Sprintf("%s[%d]", name, i)
			}
			probes = append(probes, probe{numbered, func(ctx context.Context) outcome { return outcome{Check: connect(ctx, o, url)} }})
		}
	}
	add("slack", o.Settings.SlackWebhookURLs)
	add("wecom", o.Settings.WeComWebhookURLs)
	if len(probes) == 0 {
		probes = append(probes, is("webhooks", Warning, "none is set: nobody would be told", "set LICENSEWATCH_SLACK_WEBHOOK_URL or LICENSEWATCH_WECOM_WEBHOOK_URL, then try licensewatch send-test"))
	}
	if o.Settings.HeartbeatURL.IsZero() {
		return append(probes, is("heartbeat", Skipped, "not set", ""))
	}
	add("heartbeat", []config.Secret{o.Settings.HeartbeatURL})
	return probes
}

// connect opens a connection to the URL's host and closes it: not a byte of a
// request is sent.
func connect(ctx context.Context, o Options, secret config.Secret) Check {
	u, err := url.Parse(secret.Reveal())
	if err != nil { // err repeats the URL
		return Check{Status: Failed, Text: "the URL cannot be read", Fix: "licensewatch check says more"}
	}
	name := shownHost(u)
	if via := proxyOf(o, u); via != nil {
		if err := o.dial(ctx, via, false); err != nil {
			_, text, _ := unreached(ctx, err)
			return Check{Status: Failed, Text: "the proxy to " + name + " is not reached: " + text, Fix: "check HTTPS_PROXY and NO_PROXY"}
		}
		return Check{Status: OK, Text: "the proxy to " + name + " is reached; the way behind it was not tried"}
	}
	if err := o.dial(ctx, u, u.Scheme == "https"); err != nil {
		_, text, fix := unreached(ctx, err)
		return Check{Status: Failed, Text: name + " is not reached: " + text, Fix: fix}
	}
	if u.Scheme != "https" {
		return Check{Status: OK, Text: name + " is reached: TCP; nothing was posted"}
	}
	return Check{Status: OK, Text: name + " is reached: DNS, TCP and TLS; nothing was posted"}
}

// dial connects to the URL's host, by TLS if so wished, and hangs up.
func (o Options) dial(ctx context.Context, u *url.URL, secure bool) error {
	port := cmp.Or(u.Port(), map[bool]string{true: "443", false: "80"}[u.Scheme == "https"])
	connection, err := o.Dial(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close() }()
	if !secure {
		return nil
	}
	return tls.Client(connection, &tls.Config{ServerName: u.Hostname(), RootCAs: o.RootCAs, MinVersion: tls.VersionTLS12}).HandshakeContext(ctx)
}

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

// shownHost is the URL's host where that tells nothing: those of the chats
// themselves, and this machine. Another may be as secret as its path.
func shownHost(u *url.URL) string {
	if isLoopback(u) || slices.Contains([]string{"hooks.slack.com", "hooks.slack-gov.com", "qyapi.weixin.qq.com"}, u.Hostname()) {
		return u.Host
	}
	return "its host"
}
