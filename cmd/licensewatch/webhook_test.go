package main

import (
	"strings"
	"testing"
)

// TestWebhookOfOnesOwn: the commands know it as a channel, and show neither its URL nor
// its secret.
func TestWebhookOfOnesOwn(t *testing.T) {
	const canary = "canaryZ9x8C7v6"
	settings := map[string]string{
		"LICENSEWATCH_WEBHOOK_URL": "http://127.0.0.1:1/" + canary + "?k=" + canary + "#secret-" + canary,
	}
	for line, want := range map[string]string{
		"check --no-serverless":  "settings: 1 webhook, site cn",
		"send-test --to webhook": "webhook: not sent: Unreachable",
		"send-test --mention":    "webhook: not sent: Unreachable",
	} {
		_, out, errs := command(t, settings, strings.Fields(line)...)
		if text := out + errs; !strings.Contains(text, want) || strings.Contains(text, canary) || strings.Contains(text, "--mention has no effect") {
			t.Errorf("%s: %s", line, text)
		}
	}
}
