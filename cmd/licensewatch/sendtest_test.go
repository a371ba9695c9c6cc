package main

import (
	"strings"
	"testing"

	"licensewatch/internal/simulator"
)

func TestSendTest(t *testing.T) {
	sim, settings := simulatedAccount(t, "healthy")
	settings["LICENSEWATCH_SLACK_WEBHOOK_URL"] = sim.WebhookURL("slack")
	settings["LICENSEWATCH_WECOM_WEBHOOK_URL"] = strings.Join(sim.WebhookURLs("wecom", 2), ",")
	settings["LICENSEWATCH_SITE"] = "us" // says nothing about the chats
	code, out, errs := command(t, settings, "send-test")
	if code != exitFine || errs != "" || len(sim.Posts()) != 3 {
		t.Errorf("exit %d, %d posts: %s", code, len(sim.Posts()), errs)
	}
	golden(t, "send-test.txt", out)

	sim.OverrideChat("wecom", simulator.Answer(`{"errcode":93000,"errmsg":"invalid webhook url, hint: [1], from ip: 192.0.2.1"}`))
	sim.OverrideChat("slack", simulator.Status(404, "no_service"))
	for name, args := range map[string][]string{"send-test-refused.txt": nil, "send-test-refused.json": {"--output", "json"}} {
		code, out, errs := command(t, settings, append([]string{"send-test"}, args...)...)
		if code != exitFound || errs != "licensewatch: 3 of 3 webhooks did not accept the message\n" {
			t.Errorf("%v: exit %d: %s", args, code, errs)
		}
		golden(t, name, out)
	}
}

// TestSendTestUnconfirmed: what may have arrived was not refused.
func TestSendTestUnconfirmed(t *testing.T) {
	sim, settings := simulatedAccount(t, "healthy")
	settings["LICENSEWATCH_SLACK_WEBHOOK_URL"] = sim.WebhookURL("slack")
	sim.OverrideChat("slack", simulator.Status(504, "<html>gateway</html>"))
	for _, want := range []string{
		"licensewatch: the webhook did not confirm the message, which may have arrived\n",
		"licensewatch: 1 of 3 webhooks did not confirm the message, which may have arrived\n",
		"licensewatch: 2 of 3 webhooks did not accept the message, 1 did not confirm it\n",
	} {
		if code, out, errs := command(t, settings, "send-test"); code != exitFound || errs != want {
			t.Errorf("exit %d: %s%s", code, out, errs)
		}
		if settings["LICENSEWATCH_WECOM_WEBHOOK_URL"] != "" {
			sim.OverrideChat("wecom", simulator.Answer(`{"errcode":93000,"errmsg":"invalid webhook url"}`))
		}
		settings["LICENSEWATCH_WECOM_WEBHOOK_URL"] = strings.Join(sim.WebhookURLs("wecom", 2), ",")
	}
}

func TestSendTestMentions(t *testing.T) {
	sim, settings := simulatedAccount(t, "healthy")
	settings["LICENSEWATCH_SLACK_WEBHOOK_URL"] = sim.WebhookURL("slack")
	settings["LICENSEWATCH_WECOM_WEBHOOK_URL"] = sim.WebhookURL("wecom")
	settings["LICENSEWATCH_SLACK_MENTION"] = "here"
	code, out, _ := command(t, settings, "send-test", "--mention")
	if code != exitFine {
		t.Errorf("exit %d", code)
	}
	wantIn(t, "output", out, "--mention has no effect for WeCom: LICENSEWATCH_WECOM_MENTION is not set")
	called := 0
	for _, post := range sim.Posts() {
		called += len(post.Mentions)
	}
	if called != 1 {
		t.Errorf("%d were called, want 1", called)
	}
}

// TestSendTestToOne: nothing is said about the chat that is not asked for, unless
// its setting is wrong.
// TestSendTestThatCallsNobody: the message arrives, and its call does not.
func TestSendTestThatCallsNobody(t *testing.T) {
	sim, settings := simulatedAccount(t, "healthy")
	settings["LICENSEWATCH_WECOM_WEBHOOK_URL"], settings["LICENSEWATCH_WECOM_MENTION"] = sim.WebhookURL("wecom"), "@all"
	sim.OverrideChat("wecom", simulator.Sequence(simulator.Usual(), simulator.Answer(`{"errcode":40008,"errmsg":"invalid message type"}`)))
	code, out, _ := command(t, settings, "send-test", "--to", "wecom", "--mention")
	if code != exitFound {
		t.Errorf("exit %d, want %d", code, exitFound)
	}
	wantIn(t, "output", out, "accepted, but not the call to everybody: refused: 40008")
}

func TestSendTestToOne(t *testing.T) {
	sim, settings := simulatedAccount(t, "healthy")
	settings["LICENSEWATCH_SLACK_WEBHOOK_URL"] = sim.WebhookURL("slack")
	settings["LICENSEWATCH_WECOM_WEBHOOK_URL"] = sim.WebhookURL("wecom")
	code, out, errs := command(t, settings, "send-test", "--to", "slack")
	if code != exitFine || errs != "" || strings.Contains(out, "WECOM") || !strings.Contains(out, "! LICENSEWATCH_SLACK_WEBHOOK_URL: goes to this machine") {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
}

func TestSendTestWithWrongSettings(t *testing.T) {
	const slack = "https://hooks.slack.com/services/T00000001/B00000001/abcdefghijklmnopqrstuvwx"
	tests := map[string]struct {
		settings map[string]string
		args     []string
		code     int
		want     []string
	}{
		"nothing set":    {nil, nil, exitFound, []string{"no webhook is set: set LICENSEWATCH_SLACK_WEBHOOK_URL", "LICENSEWATCH_WECOM_WEBHOOK_URL"}},
		"the other set":  {map[string]string{"LICENSEWATCH_SLACK_WEBHOOK_URL": slack}, []string{"--to", "wecom"}, exitFound, []string{"no webhook is set: set LICENSEWATCH_WECOM_WEBHOOK_URL"}},
		"a key":          {map[string]string{"LICENSEWATCH_WECOM_WEBHOOK_URL": "693a91f6-7xxx"}, nil, exitFound, []string{"✗ LICENSEWATCH_WECOM_WEBHOOK_URL: is a key, not a URL"}},
		"a key, unasked": {map[string]string{"LICENSEWATCH_WECOM_WEBHOOK_URL": "693a91f6-7xxx"}, []string{"--to", "slack"}, exitFound, []string{"! LICENSEWATCH_WECOM_WEBHOOK_URL: is a key", "set LICENSEWATCH_SLACK_WEBHOOK_URL"}},
		"one of one":     {map[string]string{"LICENSEWATCH_SLACK_WEBHOOK_URL": "http://127.0.0.1:1/services/T00000001/B00000001/abcdefgh"}, nil, exitFound, []string{"licensewatch: the webhook did not accept the message\n"}},
		"misspelt":       {map[string]string{"LICENSEWATCH_SLACK_WEBHOOK": slack}, nil, exitFound, []string{"did you mean LICENSEWATCH_SLACK_WEBHOOK_URL?"}},
		"unknown chat":   {nil, []string{"--to", "teams"}, exitUsage, []string{`--to "teams" is not known: write slack, wecom, feishu, dingtalk or webhook`}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			code, out, errs := command(t, test.settings, append([]string{"send-test"}, test.args...)...)
			if code != test.code {
				t.Errorf("exit %d, want %d", code, test.code)
			}
			wantIn(t, "output", out+errs, test.want...)
			if strings.Contains(out+errs, "abcdefgh") || strings.Contains(out+errs, "693a91f6") {
				t.Errorf("a secret is shown:\n%s%s", out, errs)
			}
		})
	}
}
