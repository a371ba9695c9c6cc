package config_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/config"
)

func TestUnknownNames(t *testing.T) {
	tests := map[string]string{ // written -> meant
		"LICENSEWATCH_SLACK_WEBHOOK":      "LICENSEWATCH_SLACK_WEBHOOK_URL",
		"LICENSEWATCH_SLACK_URL":          "LICENSEWATCH_SLACK_WEBHOOK_URL",
		"LICENSEWATCH_SLACK_WEBHOOK_URLS": "LICENSEWATCH_SLACK_WEBHOOK_URL",
		"LICENSEWATCH_WECHAT_WEBHOOK_URL": "LICENSEWATCH_WECOM_WEBHOOK_URL",
		"LICENSEWATCH_WEBHOOK_URLS":       "LICENSEWATCH_WEBHOOK_URL",
		"LICENSEWATCH_TIME_ZONE":          "LICENSEWATCH_TIMEZONE",
		"LICENSEWATCH_LANG":               "LICENSEWATCH_LANGUAGE",
		"LICENSEWATCH_LOGLEVEL":           "LICENSEWATCH_LOG_LEVEL",
		"LICENSEWATCH_ENDPOINT":           "LICENSEWATCH_API_ENDPOINT",
		"LICENSEWATCH_HEARTBEAT":          "LICENSEWATCH_HEARTBEAT_URL",
		"LICENSEWATCH_MODES":              "LICENSEWATCH_MODE",
		"LICENSEWATCH_site":               "LICENSEWATCH_SITE",
		"LICENCEWATCH_SITE":               "LICENSEWATCH_SITE",
		"LICENSE_WATCH_MODE":              "LICENSEWATCH_MODE",
		"licensewatch_export_share":       "LICENSEWATCH_EXPORT_SHARE",
		"LICENSEWATCH_REGION":             "",
		"LICENSEWATCH_":                   "",
	}
	for name, meant := range tests {
		t.Run(name, func(t *testing.T) {
			setenv(t, map[string]string{slackURL: goodSlack})
			t.Setenv(name, "x")
			c, err := config.Load(config.ProcessEnvironment)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]config.UnknownName{{Name: name, Meant: meant}}, c.Unknown); diff != "" {
				t.Errorf("unknown names differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestUnknownNamesInOrder(t *testing.T) {
	setenv(t, map[string]string{slackURL: goodSlack, "ZZZZZZZZ": "x", "AAAAAAAA": "", "QQQQQQQQ": "x"})
	t.Setenv("LICENSEWATCHER", "not ours")
	c, _ := config.Load(config.ProcessEnvironment)
	want := []config.UnknownName{{Name: "LICENSEWATCH_AAAAAAAA"}, {Name: "LICENSEWATCH_QQQQQQQQ"}, {Name: "LICENSEWATCH_ZZZZZZZZ"}}
	if diff := cmp.Diff(want, c.Unknown); diff != "" {
		t.Errorf("unknown names differ (-want +got):\n%s", diff)
	}
}

func TestEveryNameIsKnown(t *testing.T) {
	settings := map[string]string{}
	setenv(t, settings)
	for _, s := range config.Settings() {
		t.Setenv(s.Name, "x")
	}
	if c, _ := config.Load(config.ProcessEnvironment); c.Unknown != nil {
		t.Errorf("settings that exist are unknown: %v", c.Unknown)
	}
}

// TestWebhookWithoutPrefix: it is named, where the setting is missed and where
// another channel is told.
func TestWebhookWithoutPrefix(t *testing.T) {
	const (
		slack  = "not set, but SLACK_WEBHOOK_URL is, which nobody reads: write it with the prefix LICENSEWATCH_"
		wecom  = "not set, but WXWORK_BOT is, which nobody reads: write it with the prefix LICENSEWATCH_"
		toTell = "LICENSEWATCH_SLACK_WEBHOOK_URL: not set, but SLACK_WEBHOOK_URL is, which nobody reads: to have it told, write it with the prefix LICENSEWATCH_"
	)
	tests := map[string]struct {
		settings, others map[string]string
		problems         []config.Mistake
		warnings         []string
	}{
		"by its name":  {nil, map[string]string{"SLACK_WEBHOOK_URL": "x"}, []config.Mistake{{Setting: "LICENSEWATCH_SLACK_WEBHOOK_URL", Text: slack}}, nil},
		"by its value": {nil, map[string]string{"WXWORK_BOT": goodWeCom}, []config.Mistake{{Setting: "LICENSEWATCH_WECOM_WEBHOOK_URL", Text: wecom}}, nil},
		"both": {nil, map[string]string{"WXWORK_BOT": goodWeCom, "slack_webhook_url": "x", "SLACK_WEBHOOK_URL": "y"}, []config.Mistake{
			{Setting: "LICENSEWATCH_SLACK_WEBHOOK_URL", Text: slack}, {Setting: "LICENSEWATCH_WECOM_WEBHOOK_URL", Text: wecom},
		}, nil},
		"beside another channel": {map[string]string{wecomURL: goodWeCom}, map[string]string{"SLACK_WEBHOOK_URL": goodSlack}, nil, []string{toTell}},
		"beside the setting":     {map[string]string{slackURL: goodSlack}, map[string]string{"SLACK_WEBHOOK_URL": goodSlack}, nil, nil},
		"empty, or another":      {map[string]string{wecomURL: goodWeCom}, map[string]string{"SLACK_WEBHOOK_URL": " ", "WEBHOOK_URL": "https://example.com/"}, nil, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			setenv(t, test.settings)
			for name, value := range test.others {
				t.Setenv(name, value)
			}
			c, err := config.Load(config.ProcessEnvironment)
			var problems []config.Mistake
			if mistakes, ok := errors.AsType[*config.Errors](err); ok {
				problems = mistakes.Mistakes
			}
			if diff := cmp.Diff(test.problems, problems) + cmp.Diff(test.warnings, c.Warnings); diff != "" {
				t.Errorf("differs (-want +got):\n%s", diff)
			}
			if _, err := config.LoadWithoutChannels(config.ProcessEnvironment); err != nil {
				t.Errorf("without channels: %v", err)
			}
		})
	}
}
