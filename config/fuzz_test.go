package config_test

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

// FuzzURL surrounds a secret with anything and puts it into every setting that
// takes a URL. What is accepted must be safe to call, and what is said about
// it must not repeat the secret.
func FuzzURL(f *testing.F) {
	for _, seed := range [][2]string{
		{"https://hooks.slack.com/services/T1/B1/", ""}, {"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=", ""},
		{"http://127.0.0.1:80/", "#x"}, {"http://[::1%25lo]/", ""}, {"https://u:", "@h/"}, {"https://", "/"}, {"", ""},
		{"https://hooks.slack.com/triggers/", ""}, {"HTTP://LOCALHOST./", ""}, {"https://h/%zz", ""}, {"https://h:", "/"},
		{"${env:", "}"}, {`"`, `"`}, {"https://h/", ",https://h/"}, {"//h/", ""}, {"http:\\\\h\\", ""}, {"https://h/?", "&x=;"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, before, after string) {
		value := before + canary + after
		if strings.Contains(value, "\x00") {
			t.Skip("no variable can hold it")
		}
		c, problems := loadConfig(t, map[string]string{
			slackURL: value, wecomURL: value, "HEARTBEAT_URL": value, "API_ENDPOINT": value,
		})
		assertHidden(t, "the text", fmt.Sprint(problems, c.Warnings, c.Channels, c.HeartbeatURL))
		accepted := append(webhooks(c, "slack"), webhooks(c, "wecom")...)
		for _, text := range append(accepted, c.HeartbeatURL.Reveal(), c.APIEndpoint) {
			if text != "" {
				assertSafe(t, text)
			}
		}
	})
}

// assertSafe checks by other means than the package's that a request to the URL
// is encrypted or stays on this machine.
func assertSafe(t *testing.T, text string) {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatalf("accepted %q, which cannot be parsed", text)
	}
	loopback := strings.EqualFold(strings.TrimSuffix(u.Hostname(), "."), "localhost")
	if ip, err := netip.ParseAddr(u.Hostname()); err == nil {
		loopback = ip.Unmap().IsLoopback()
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !loopback) || u.Host == "" || u.User != nil || u.Fragment != "" {
		t.Errorf("accepted %q", text)
	}
}

// FuzzMention: whatever is accepted can stand in a mention without leaving it.
func FuzzMention(f *testing.F) {
	for _, seed := range []string{"here", "@all", "U024BE7LH,S1", "<!channel>", "a b", "值班", "@,@@", "u1>\n", "x`", "\u2028"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if strings.Contains(value, "\x00") {
			t.Skip("no variable can hold it")
		}
		c, _ := loadConfig(t, map[string]string{"SLACK_MENTION": value, "WECOM_MENTION": value})
		for _, name := range append(c.Mentions["slack"], c.Mentions["wecom"]...) {
			if name == "" || len(name) > 64 && strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" {
				t.Errorf("accepted %q", name)
			}
			if strings.ContainsAny(name, "<>[]()`*|, \t\r\n\u2028\u2029\ufffd") {
				t.Errorf("accepted %q, which can break out of a mention", name)
			}
		}
	})
}
