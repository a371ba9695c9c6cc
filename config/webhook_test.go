package config_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/config"
)

func TestWebhooksAccepted(t *testing.T) {
	tests := map[string]struct {
		setting, value string
		want           []string
		warning        string // part of the only warning; empty: none
	}{
		"slack":                   {slackURL, goodSlack, []string{goodSlack}, ""},
		"slack, capital host":     {slackURL, "https://Hooks.Slack.com/services/T1/B1/x", []string{"https://Hooks.Slack.com/services/T1/B1/x"}, ""},
		"slack for governments":   {slackURL, "https://hooks.slack-gov.com/services/T1/B1/x", []string{"https://hooks.slack-gov.com/services/T1/B1/x"}, ""},
		"slack, cut":              {slackURL, "https://hooks.slack.com/services/T1/B1", []string{"https://hooks.slack.com/services/T1/B1"}, "it may have been cut"},
		"slack through a proxy":   {slackURL, "https://proxy.example/hook", []string{"https://proxy.example/hook"}, "does not go to hooks.slack.com"},
		"slack on loopback name":  {slackURL, "http://localhost:8080/s", []string{"http://localhost:8080/s"}, "this machine itself"},
		"slack on loopback v4":    {slackURL, "http://127.3.2.1/s", []string{"http://127.3.2.1/s"}, "this machine itself"},
		"slack on loopback v6":    {slackURL, "http://[::1]:8080/s", []string{"http://[::1]:8080/s"}, "this machine itself"},
		"slack on mapped v6":      {slackURL, "http://[::ffff:127.0.0.1]/s", []string{"http://[::ffff:127.0.0.1]/s"}, "this machine itself"},
		"slack on TLS loopback":   {slackURL, "https://localhost:8443/s", []string{"https://localhost:8443/s"}, "this machine itself"},
		"wecom":                   {wecomURL, goodWeCom, []string{goodWeCom}, ""},
		"wecom with more query":   {wecomURL, goodWeCom + "&debug=1", []string{goodWeCom + "&debug=1"}, ""},
		"wecom through a proxy":   {wecomURL, "https://proxy.example/w?key=1", []string{"https://proxy.example/w?key=1"}, "does not go to qyapi.weixin.qq.com"},
		"several, loosely listed": {wecomURL, " " + goodWeCom + ", " + goodWeCom + "2,", []string{goodWeCom, goodWeCom + "2"}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c, problems := loadConfig(t, map[string]string{test.setting: test.value})
			got := append(webhooks(c, "slack"), webhooks(c, "wecom")...)
			if diff := cmp.Diff(test.want, got); diff != "" || problems != nil {
				t.Errorf("webhooks differ (-want +got):\n%s\nproblems: %v", diff, problems)
			}
			if warnings := strings.Join(c.Warnings, "\n"); !strings.Contains(warnings, test.warning) || (warnings == "") != (test.warning == "") {
				t.Errorf("warnings are %q, want one with %q", warnings, test.warning)
			}
		})
	}
}

func TestWebhooksRefused(t *testing.T) {
	const (
		slackForm = "https://hooks.slack.com/services/T…/B…/…"
		wecomForm = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=<the key>"
		plainHTTP = "is plain http, which is allowed to this machine itself only (127.0.0.1, ::1, localhost): write https://"
	)
	tests := map[string]struct{ setting, value, want string }{
		"plain http":                 {slackURL, "http://hooks.slack.com/services/T1/B1/x", plainHTTP},
		"plain http, looks loopback": {slackURL, "http://localhost.example/x", plainHTTP},
		"plain http, private":        {wecomURL, "http://10.0.0.1/x", plainHTTP},
		"other scheme":               {slackURL, "ftp://hooks.slack.com/services/T1/B1/x", "must begin with https://"},
		"scheme missing":             {slackURL, "hooks.slack.com/services/T1/B1/x", "lacks https:// at its beginning: write it there"},
		"wecom scheme missing":       {wecomURL, "qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", "lacks https:// at its beginning: write it there"},
		"no host":                    {slackURL, "https:///services/T1/B1/x", "names no host: copy the whole URL again"},
		"userinfo":                   {slackURL, "https://u:p@proxy.example/x", "holds a user name or password before the host: remove them"},
		"fragment":                   {slackURL, goodSlack + "#x", "holds a fragment (# and what follows), which is never sent: remove it"},
		"empty fragment":             {slackURL, goodSlack + "#", "holds a fragment (# and what follows), which is never sent: remove it"},
		"line break inside":          {slackURL, "https://hooks.slack.com/\nservices/T1/B1/x", "holds white space: copy the whole URL again, in one piece"},
		"space inside":               {wecomURL, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send? key=1", "holds white space: copy the whole URL again, in one piece"},
		"bad escape":                 {slackURL, "https://hooks.slack.com/services/%zz", "cannot be read as a URL: copy it again"},
		"bad port":                   {slackURL, "https://hooks.slack.com:x/services/T1/B1/x", "cannot be read as a URL: copy it again"},
		"slack token":                {slackURL, "xoxb-1", "is a token, not a URL: add an incoming webhook to the Slack app and write its URL, " + slackForm},
		"slack channel name":         {slackURL, "#alerts", "is not a URL: write the whole URL of the incoming webhook, " + slackForm},
		"slack workflow":             {slackURL, "https://hooks.slack.com/workflows/T1/A1/1/x", "starts a workflow, which takes variables and no messages: only incoming webhooks work, " + slackForm},
		"slack trigger":              {slackURL, "https://hooks.slack.com/triggers/T1/1/x", "starts a workflow, which takes variables and no messages: only incoming webhooks work, " + slackForm},
		"slack other path":           {slackURL, "https://hooks.slack.com/T1/B1/x", "is not the URL of an incoming webhook: those read " + slackForm},
		"slack bare services":        {slackURL, "https://hooks.slack.com/services/", "is not the URL of an incoming webhook: those read " + slackForm},
		"slack gets wecom":           {slackURL, goodWeCom, "is a WeCom webhook: it belongs in LICENSEWATCH_WECOM_WEBHOOK_URL"},
		"wecom gets slack":           {wecomURL, goodSlack, "is a Slack webhook: it belongs in LICENSEWATCH_SLACK_WEBHOOK_URL"},
		"wecom key":                  {wecomURL, "00000000-0000-4000-8000-000000000001", "is a key, not a URL: write " + wecomForm},
		"wecom key assignment":       {wecomURL, "key=00000000", "is a key, not a URL: write " + wecomForm},
		"wecom other path":           {wecomURL, "https://qyapi.weixin.qq.com/cgi-bin/webhook/upload_media?key=1&type=file", "is not the URL of a group robot: those read " + wecomForm},
		"wecom no key":               {wecomURL, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", "has no key: write " + wecomForm},
		"wecom empty key":            {wecomURL, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=", "has no key: write " + wecomForm},
		"wecom query cut by shell":   {wecomURL, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a;b", "has a query that cannot be read: write " + wecomForm},
		"wecom URL as key":           {wecomURL, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + goodWeCom, "has a whole URL where the key belongs: write " + wecomForm},
		"wecom placeholder":          {wecomURL, wecomForm, "still is the example: write the URL of your own webhook, or leave the setting out"},
		"slack placeholder":          {slackURL, slackForm, "still is the example: write the URL of your own webhook, or leave the setting out"},
		"two, semicolon":             {slackURL, goodSlack + ";" + goodSlack + "2", `holds two URLs joined by ";": write a comma (,) between two URLs`},
		"two, bar and space":         {wecomURL, goodWeCom + " | " + goodWeCom + "2", "holds two URLs with white space between them: write a comma (,) between two URLs"},
		"two, line break":            {slackURL, goodSlack + "\n" + goodSlack + "2", "holds two URLs with white space between them: write a comma (,) between two URLs"},
		"two, nothing between":       {slackURL, goodSlack + goodSlack, "holds two URLs with nothing between them: write a comma (,) between two URLs"},
		"two, wide semicolon":        {wecomURL, goodWeCom + "；" + goodWeCom + "2", `holds two URLs joined by "；": write a comma (,) between two URLs`},
		"two, wide comma":            {slackURL, goodSlack + "，" + goodSlack + "2", `holds two URLs joined by "，": write a comma (,) between two URLs`},
		"three, one wide":            {slackURL, goodSlack + "、" + goodSlack + "2," + goodSlack + "3", `entry 1 of 2 holds two URLs joined by "、": write a comma (,) between two URLs`},
		"a wide comma at the end":    {slackURL, goodSlack + "，", `holds "，", which no URL does: write a comma (,) between two URLs`},
		"only commas":                {slackURL, ",,", "holds only commas: write the URL"},
		"second of three":            {wecomURL, goodWeCom + ",x," + goodWeCom + "3", "entry 2 of 3 is a key, not a URL: write " + wecomForm},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, problems := loadConfig(t, map[string]string{test.setting: test.value})
			want := []config.Mistake{{Setting: "LICENSEWATCH_" + test.setting, Text: test.want}}
			if diff := cmp.Diff(want, problems); diff != "" {
				t.Errorf("problems differ (-want +got):\n%s", diff)
			}
		})
	}
}

// TestNoSecretInProblems plants a secret wherever one can go wrong.
func TestNoSecretInProblems(t *testing.T) {
	values := []string{
		canary, "https://" + canary, "https://" + canary + "/", "http://hooks.slack.com/services/" + canary,
		"https://hooks.slack.com/services/T1/B1/" + canary + "#", "https://hooks.slack.com/workflows/" + canary,
		"https://user:" + canary + "@hooks.slack.com/services/T1/B1/x", "https://hooks.slack.com/services/%zz" + canary,
		"https://hooks.slack.com:" + canary + "/services/", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?kay=" + canary,
		"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + canary + ";x", "https://qyapi.weixin.qq.com/x?key=" + canary,
		"https://proxy.example/" + canary, "https://[" + canary + "]/", canary + "://x", `"` + canary + `"`, "${" + canary,
		"https://x/" + canary + "\x7f", " " + canary + " " + canary, canary + "," + canary,
	}
	for _, setting := range config.Settings() {
		for _, value := range values {
			setenv(t, nil)
			t.Setenv(setting.Name, value)
			c, err := config.Load(config.ProcessEnvironment)
			assertHidden(t, setting.Name+" error", fmt.Sprint(err))
			assertHidden(t, setting.Name+" warnings", strings.Join(c.Warnings, "\n"))
		}
	}
}

// TestSignedWebhooks: the secret of a signature stands behind the URL.
func TestSignedWebhooks(t *testing.T) {
	const (
		feishu   = "https://open.feishu.cn/open-apis/bot/v2/hook/0123-abc"
		dingtalk = "https://oapi.dingtalk.com/robot/send?access_token=0123abc"
	)
	for name, test := range map[string]struct{ setting, value, problem, warning string }{
		"feishu":                 {"FEISHU_WEBHOOK_URL", feishu, "", ""},
		"feishu, signed":         {"FEISHU_WEBHOOK_URL", feishu + "#secret", "", ""},
		"lark":                   {"FEISHU_WEBHOOK_URL", "https://open.larksuite.com/open-apis/bot/v2/hook/0123#s", "", ""},
		"feishu, two":            {"FEISHU_WEBHOOK_URL", feishu + "#s," + feishu + "2#s", "", ""},
		"feishu, twice":          {"FEISHU_WEBHOOK_URL", feishu + "#s," + feishu + "/#other", "", "leads to the same chat"},
		"feishu, no secret":      {"FEISHU_WEBHOOK_URL", feishu + "#", "ends with a # and no secret behind it", ""},
		"feishu, no id":          {"FEISHU_WEBHOOK_URL", "https://open.feishu.cn/open-apis/bot/v2/hook/", "is not the URL of a custom bot", ""},
		"feishu, old bot":        {"FEISHU_WEBHOOK_URL", "https://open.feishu.cn/open-apis/bot/hook/0123", "is not the URL of a custom bot", ""},
		"feishu, an id":          {"FEISHU_WEBHOOK_URL", "0123-abc", "is no URL", ""},
		"feishu gets dingtalk":   {"FEISHU_WEBHOOK_URL", dingtalk, "is a DingTalk webhook: it belongs in LICENSEWATCH_DINGTALK_WEBHOOK_URL", ""},
		"dingtalk":               {"DINGTALK_WEBHOOK_URL", dingtalk, "", ""},
		"dingtalk, signed":       {"DINGTALK_WEBHOOK_URL", dingtalk + "#SECabc", "", ""},
		"dingtalk, token":        {"DINGTALK_WEBHOOK_URL", "0123abc", "is a token, not a URL", ""},
		"dingtalk, no token":     {"DINGTALK_WEBHOOK_URL", "https://oapi.dingtalk.com/robot/send", "has no access_token", ""},
		"dingtalk, other path":   {"DINGTALK_WEBHOOK_URL", "https://oapi.dingtalk.com/robot?access_token=x", "is not the URL of a custom robot", ""},
		"dingtalk, stale":        {"DINGTALK_WEBHOOK_URL", dingtalk + "&timestamp=1&sign=x", "holds a signature", ""},
		"dingtalk, twice":        {"DINGTALK_WEBHOOK_URL", dingtalk + "," + dingtalk + "&x=1", "", "leads to the same chat"},
		"dingtalk through proxy": {"DINGTALK_WEBHOOK_URL", "https://proxy.example/d#SEC1", "", "does not go to oapi.dingtalk.com"},
		"slack gets feishu":      {slackURL, feishu + "#s", "#", ""},
		"feishu, blank secret":   {"FEISHU_WEBHOOK_URL", feishu + "#my secret", "white space in the secret", ""},

		"webhook":                     {"WEBHOOK_URL", "https://relay.example/in?team=a", "", ""},
		"webhook, signed":             {"WEBHOOK_URL", "https://relay.example/in#s3cret#more", "", ""},
		"webhook, no path":            {"WEBHOOK_URL", "https://relay.example", "", ""},
		"webhook, two":                {"WEBHOOK_URL", "https://relay.example/in?team=a#s,https://relay.example/in?team=b#s", "", ""},
		"webhook, twice":              {"WEBHOOK_URL", "https://relay.example/in#s,https://RELAY.example:443/in/#other", "", "leads to the same chat"},
		"webhook here":                {"WEBHOOK_URL", "http://127.0.0.1:8080/in#s", "", "this machine itself"},
		"webhook, plain http":         {"WEBHOOK_URL", "http://relay.example/in#s", "is plain http", ""},
		"webhook, private":            {"WEBHOOK_URL", "http://10.0.0.1/in", "is plain http", ""},
		"webhook, no scheme":          {"WEBHOOK_URL", "relay.example/in#s", "lacks https:// at its beginning", ""},
		"webhook, other scheme":       {"WEBHOOK_URL", "wss://relay.example/in", "must begin with https://", ""},
		"webhook, a word":             {"WEBHOOK_URL", "pagerduty", "is no URL: write https://", ""},
		"webhook, no secret":          {"WEBHOOK_URL", "https://relay.example/in#", "ends with a # and no secret behind it", ""},
		"webhook, blank secret":       {"WEBHOOK_URL", "https://relay.example/in#my secret", "white space in the secret", ""},
		"webhook, secret of two":      {"WEBHOOK_URL", "https://relay.example/in#one,two", "entry 2 of 2 is no URL", ""},
		"webhook, user":               {"WEBHOOK_URL", "https://me:pw@relay.example/in", "holds a user name or password", ""},
		"webhook, example":            {"WEBHOOK_URL", "https://<host>/<path>#<the secret>", "still is the example", ""},
		"webhook gets slack":          {"WEBHOOK_URL", goodSlack, "is a Slack webhook: it belongs in LICENSEWATCH_SLACK_WEBHOOK_URL", ""},
		"webhook gets wecom":          {"WEBHOOK_URL", goodWeCom, "is a WeCom webhook: it belongs in LICENSEWATCH_WECOM_WEBHOOK_URL", ""},
		"webhook gets feishu, signed": {"WEBHOOK_URL", feishu + "#s", "is a Feishu webhook: it belongs in LICENSEWATCH_FEISHU_WEBHOOK_URL", ""},
		"webhook to PagerDuty":        {"WEBHOOK_URL", "https://events.pagerduty.com/v2/enqueue", "", "put a relay between"},
	} {
		t.Run(name, func(t *testing.T) {
			c, problems := loadConfig(t, map[string]string{test.setting: test.value})
			text := fmt.Sprint(problems)
			if test.problem == "" && (len(problems) > 0 || len(c.Channels) == 0) || !strings.Contains(text, test.problem) || test.problem != "" && len(problems) == 0 {
				t.Errorf("problems are %v, want one with %q", problems, test.problem)
			}
			if warnings := strings.Join(c.Warnings, " "); !strings.Contains(warnings, test.warning) || test.warning == "" && warnings != "" {
				t.Errorf("warnings are %q, want one with %q", warnings, test.warning)
			}
		})
	}
}

// TestSignedMentions: who can be called there.
func TestSignedMentions(t *testing.T) {
	for name, test := range map[string]struct{ setting, value, want, problem string }{
		"feishu":             {"FEISHU_MENTION", "@all, ou_1a2b, zhangsan", "[all ou_1a2b zhangsan]", ""},
		"feishu, a phone":    {"FEISHU_MENTION", "13800000000", "[]", "is a phone number"},
		"feishu, breaks out": {"FEISHU_MENTION", "a><b", "[]", "cannot be called"},
		"dingtalk":           {"DINGTALK_MENTION", "all,13800000000,@zhangsan", "[@all 13800000000 zhangsan]", ""},
		"dingtalk, a phone":  {"DINGTALK_MENTION", "+49 171 1234567", "[]", "11 digits"},
		"dingtalk, a key":    {"DINGTALK_MENTION", "canaryKeyZ9x8C7v6B5n4M3l2K1j0Hhg", "[]", "looks like a key"},
	} {
		c, problems := loadConfig(t, map[string]string{slackURL: goodSlack, test.setting: test.value})
		kind := strings.ToLower(strings.TrimSuffix(test.setting, "_MENTION"))
		if got := fmt.Sprint(c.Mentions[kind]); got != test.want || !strings.Contains(fmt.Sprint(problems), test.problem) || (test.problem == "") != (len(problems) == 0) {
			t.Errorf("%s: %s, problems %v", name, got, problems)
		}
	}
}
