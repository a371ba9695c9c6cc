package config_test

import (
	"strings"
	"testing"

	"licensewatch/config"
)

// TestLoadForAccounts: the channels of the settings are not read, whatever is wrong with
// them; everything else is as ever, and the names that the file gives a meaning are known.
func TestLoadForAccounts(t *testing.T) {
	t.Parallel()
	environment := map[string]string{
		"LICENSEWATCH_SLACK_WEBHOOK_URL": "xoxb-1", "LICENSEWATCH_SLACK_MENTION": "nobody", "LICENSEWATCH_WECOM_WEBHOOK_URL": " ",
		"WECOM_WEBHOOK_URL": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abc",
		"LICENSEWATCH_MODE": "alert", "LICENSEWATCH_WECOM_PAY": "x", "LICENSEWATCH_OTHER": "x",
		"TENCENTCLOUD_SECRETID": "id", "TENCENTCLOUD_SECRETKEY": "key",
	}
	read := func() map[string]string { return environment }
	c, unused, err := config.LoadForAccounts(read)
	if err != nil || len(c.Channels) > 0 || len(c.Warnings) > 0 || c.Mode != "alert" {
		t.Errorf("%v, %+v", err, c)
	}
	if got := strings.Join(unused, " "); got != "LICENSEWATCH_SLACK_WEBHOOK_URL LICENSEWATCH_SLACK_MENTION" {
		t.Errorf("unused: %s", got)
	}
	c = c.WithKnown("LICENSEWATCH_WECOM_PAY", "LICENSEWATCH_GONE")
	if len(c.Unknown) != 1 || c.Unknown[0].Name != "LICENSEWATCH_OTHER" {
		t.Errorf("unknown: %v", c.Unknown)
	}
	environment["TENCENTCLOUD_SECRETID"] = "changed"
	if keys, err := c.Credentials(); err != nil || keys.SecretID.Reveal() != "changed" {
		t.Errorf("the keys are not read anew: %v", err)
	}
	if environment["LICENSEWATCH_SLACK_WEBHOOK_URL"] == "" {
		t.Error("the environment was changed")
	}
	environment["LICENSEWATCH_MODE"] = "daily"
	if _, _, err := config.LoadForAccounts(read); err == nil {
		t.Error("another mistake is not seen")
	}
}
