package config_test

import (
	"testing"

	"licensewatch/config"
)

// TestShown: names stay, keys go.
func TestShown(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"":                                    "",
		"LICENSEWATCH_SLACK_WEBHOOK_URL2":     "LICENSEWATCH_SLACK_WEBHOOK_URL2",
		"LICENSEWATCH_STATEURL20261128":       "LICENSEWATCH_STATEURL20261128",
		"licensewatch-alert-hourly-2":         "licensewatch-alert-hourly-2",
		"Timer20261128123456":                 "Timer20261128123456",
		"trigger_1795309620":                  "trigger_1795309620",
		"k8s_prod_3_eu1":                      "k8s_prod_3_eu1",
		"SCFTrigger2026b":                     "SCFTrigger2026b",
		"每天九点":                                "每天九点",
		"LICENSEWATCH_AKIDz8krbsJ5yKBZQpn74W": "LICENSEWATCH_…",
		"LICENSEWATCH_AKIDAB12":               "LICENSEWATCH_…",
		"Licence_Watch_Gu5t9xGARNpq86cd98joQYCN3EXAMPLE":                  "Licence_Watch_…",
		"Gu5t9xGARNpq86cd98joQYCN3EXAMPLE":                                "…",
		"daily-Gu5t9xGARNpq86cd98joQYCN3EXAMPLE":                          "…",
		"c4n4ry00-1a2b-4c3d-8e4f-5a6b7c8d9e0f":                            "…",
		"LICENSEWATCH_c4n4ry00_1a2b_4c3d_8e4f_5a6b7c8d9e0f":               "LICENSEWATCH_…",
		"LICENSEWATCH_https://hooks.slack.com/services/T":                 "LICENSEWATCH_…",
		"LICENSEWATCHSLACKWEBHOOK":                                        "…",
		"LICENSEWATCH_SLACKWEBHOOKURL":                                    "LICENSEWATCH_SLACKWEBHOOKURL",
		"LicensewatchDailyDigestTimer":                                    "LicensewatchDailyDigestTimer",
		"licensewatchdailydigest":                                         "…",
		"每天早上九点发送腾讯云授权到期情况的日报定时触发器":                                       "每天早上九点发送腾讯云授权到期情况的日报定时触发器",
		"48151623420815162342":                                            "…",
		"LICENSEWATCH_48151623420815162342":                               "LICENSEWATCH_…",
		"key-48151623420815162342":                                        "…",
		"QWERTYUIOPASDFGHJKLZXCVBNM":                                      "…",
		"LICENSEWATCH_QWERTYUIOPASDFGHJKLZXC":                             "LICENSEWATCH_…",
		"qwertyuiopasdfghjklzxcvbnm":                                      "…",
		"QWErtyUIOpasdfGHJklzXcvBnMqWe":                                   "…",
		"xoxb-1234567890123-1234567890124-CanaryBot":                      "…",
		"LICENSEWATCH_c4n4ry0123456789abcdef0123456789abcdef01_SECRET_ID": "LICENSEWATCH_…",
	} {
		if got := config.Shown(name); got != want {
			t.Errorf("%s is shown as %s, want %s", name, got, want)
		}
	}
}
