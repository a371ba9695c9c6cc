package config_test

import (
	"strings"
	"testing"

	"licensewatch/config"
	"licensewatch/notify"
)

// TestDestination: spellings that reach the same chat are one, and no others.
func TestDestination(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		a, b string
		same bool
	}{
		"the same":             {goodSlack, goodSlack, true},
		"a slash at the end":   {goodSlack, goodSlack + "/", true},
		"slashes at the end":   {goodSlack + "/", goodSlack + "//", true},
		"case of the scheme":   {goodSlack, strings.Replace(goodSlack, "https", "HTTPS", 1), true},
		"case of the host":     {goodSlack, strings.Replace(goodSlack, "hooks.slack.com", "Hooks.SLACK.com", 1), true},
		"a dot after the host": {goodSlack, strings.Replace(goodSlack, "hooks.slack.com", "hooks.slack.com.", 1), true},
		"the default port":     {goodSlack, strings.Replace(goodSlack, "hooks.slack.com", "hooks.slack.com:443", 1), true},
		"plain http's port":    {"http://127.0.0.1/x", "http://127.0.0.1:80/x", true},
		"an empty port":        {"http://127.0.0.1:/x", "http://127.0.0.1/x", true},
		"an empty query":       {goodSlack, goodSlack + "?", true},
		"a needless escape":    {goodSlack, strings.Replace(goodSlack, "/services/T", "/services/%54", 1), true},
		"case of an escape":    {"https://proxy.example/%e4", "https://proxy.example/%E4", true},
		"no path at all":       {"https://proxy.example", "https://proxy.example/", true},
		"order of the query":   {goodWeCom + "&a=1", strings.Replace(goodWeCom, "?", "?a=1&", 1), true},
		"a slash behind it":    {goodWeCom, goodWeCom + "/", true},
		"a slash before it":    {goodWeCom, strings.Replace(goodWeCom, "?", "/?", 1), true},
		"Slack's query":        {goodSlack, goodSlack + "?a=1", true},
		"Slack's query, more":  {goodSlack + "?b", goodSlack + "/?a=1&debug=1", true},
		"doubled slashes":      {goodSlack, strings.Replace(goodSlack, "/services/", "//services///", 1), true},
		"a dot in the path":    {goodSlack, strings.Replace(goodSlack, "/services/", "/./services/", 1), true},
		"WeCom's other words":  {goodWeCom, goodWeCom + "&debug=1", true},
		"WeCom's slashes":      {goodWeCom, strings.Replace(goodWeCom, "/cgi-bin/", "//cgi-bin//", 1), true},
		"an escape in the key": {"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?%6bey=%61bc", true},
		"this machine":         {"http://localhost:8080/x", "http://127.0.0.1:8080/x", true},
		"this machine, by 6":   {"http://[::1]:8080/x", "http://LOCALHOST.:8080/x", true},
		"this machine, mapped": {"http://[::ffff:127.0.0.1]:8080/x", "http://localhost:8080/x", true},

		"case of Slack's path": {goodSlack, strings.Replace(goodSlack, "/services/T", "/services/t", 1), false},
		"Slack's other host":   {goodSlack, strings.Replace(goodSlack, "slack.com", "slack-gov.com", 1), false},
		"another of our ports": {"http://localhost:8080/x", "http://127.0.0.1:8081/x", false},
		"another listener":     {"http://127.0.0.2:8080/x", "http://127.0.0.1:8080/x", false},
		"a proxy's query":      {"https://proxy.example/x?to=a", "https://proxy.example/x?to=b", false},
		"a name like ours":     {"https://localhost.example/x", "https://127.0.0.1/x", false},
		"a key of two":         {goodWeCom, goodWeCom + "&key=b", false},
		"case of the path":     {"https://proxy.example/Tx", "https://proxy.example/tx", false},
		"case of the key":      {"https://proxy.example/?key=A", "https://proxy.example/?key=a", false},
		"another port":         {"http://127.0.0.1:443/x", "http://127.0.0.1/x", false},
		"another key":          {goodWeCom, goodWeCom + "1", false},
		"another last part":    {goodSlack, goodSlack + "1", false},
		"a slash in between":   {"https://proxy.example/a//b", "https://proxy.example/a/b", false},
		"another host":         {"https://a.example/x", "https://b.example/x", false},
		"an IPv6 address":      {"http://[::1]:8080/x", "http://[::1]:8081/x", false},
	} {
		kind := notify.KindOf("wecom")
		if strings.Contains(test.a, "slack") {
			kind = notify.KindOf("slack")
		}
		a, b := config.Destination(kind, config.NewSecret(test.a)), config.Destination(kind, config.NewSecret(test.b))
		if (a == b) != test.same {
			t.Errorf("%s: %s and %s", name, a, b)
		}
	}
}

// TestOneChatTwice: it is told once, and that is said.
func TestOneChatTwice(t *testing.T) {
	for name, test := range map[string]struct {
		setting, value, want string
	}{
		"Slack": {slackURL, goodSlack + "," + goodSlack + "2," + goodSlack + "/", "entry 3 of 3 leads to the same chat as entry 1, which is told once: remove one of them"},
		"WeCom": {wecomURL, goodWeCom + "," + goodWeCom, "entry 2 of 2 leads to the same chat as entry 1, which is told once: remove one of them"},
	} {
		t.Run(name, func(t *testing.T) {
			c, problems := loadConfig(t, map[string]string{test.setting: test.value})
			if len(problems) > 0 || len(c.Warnings) != 1 || c.Warnings[0] != "LICENSEWATCH_"+test.setting+": "+test.want {
				t.Errorf("problems %v, warnings %q", problems, c.Warnings)
			}
			if n := len(c.Channels); n != strings.Count(test.value, ",") {
				t.Errorf("%d webhooks are left", n)
			}
		})
	}
}
