package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestGoldenFleetWrong: a file that is wrong as a whole is told with all its mistakes, and what is
// right in it is tried all the same.
func TestGoldenFleetWrong(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	file := s.settings["LICENSEWATCH_ACCOUNTS_FILE"]
	right, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{"send-test", "doctor", "run --dry-run", "run --dry-run --account pay-prod"}
	delete(s.settings, "LICENSEWATCH_WECOM_PAY")
	delete(s.settings, "LICENSEWATCH_INTL_SECRET_KEY")
	text := s.tellWhole("two variables are not set", lines...)
	text += s.tellWhole("to the channel whose variable is not set", "send-test --to pay-oncall")
	for _, step := range []struct{ title, text string }{
		{"no YAML", strings.Replace(string(right), "accounts:", "accounts: [", 1)},
		{"nothing in it", ""},
	} {
		if err := os.WriteFile(file, []byte(step.text), 0o600); err != nil {
			t.Fatal(err)
		}
		text += s.tellWhole(step.title, lines...)
	}
	text = strings.ReplaceAll(text, s.sim.CloudURL(), "CLOUD")
	golden(t, "wrong-fleet.txt", regexp.MustCompile(`("elapsed_ms":|127.0.0.1:|run_id":")[0-9a-f]+`).ReplaceAllString(text, "${1}0"))
}
