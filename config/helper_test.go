package config_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"licensewatch/config"
)

// The names of the settings, without the prefix that setenv adds.
const (
	slackURL = "SLACK_WEBHOOK_URL"
	wecomURL = "WECOM_WEBHOOK_URL"
)

// Webhooks that are right in form.
const (
	goodSlack = "https://hooks.slack.com/services/T00000001/B00000001/abcdefghijklmnopqrstuvwx"
	goodWeCom = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=00000000-0000-4000-8000-000000000001"
)

// setenv makes the settings those of the map, and no others. Tests that call it
// cannot run in parallel: the settings come from the process environment.
func setenv(t testing.TB, settings map[string]string) {
	t.Helper()
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "LICEN") || strings.HasPrefix(name, "TENCENTCLOUD_") {
			t.Setenv(name, value) // so that it is put back
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, value := range settings {
		t.Setenv("LICENSEWATCH_"+name, value)
	}
}

// loadConfig loads the settings of the map; Slack is set where no webhook is.
func loadConfig(t testing.TB, settings map[string]string) (config.Config, []config.Mistake) {
	t.Helper()
	_, slack := settings[slackURL]
	_, wecom := settings[wecomURL]
	setenv(t, settings)
	if !slack && !wecom {
		t.Setenv("LICENSEWATCH_"+slackURL, goodSlack)
	}
	c, err := config.Load(config.ProcessEnvironment)
	if err == nil {
		return c, nil
	}
	mistakes, ok := errors.AsType[*config.Errors](err)
	if !ok || len(mistakes.Mistakes) == 0 {
		t.Fatalf("error is %T with %v, want *config.Errors with problems", err, err)
	}
	return c, mistakes.Mistakes
}
