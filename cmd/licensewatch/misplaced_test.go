package main

import (
	"encoding/base64"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"licensewatch/config"
)

const (
	secretID  = "AKIDcanaryQ1w2E3r4T5y6U7i8O9p0Aa"
	secretKey = "canaryKeyZ9x8C7v6B5n4M3l2K1j0Hhg"
	robotKey  = "c4n4ry00-1a2b-4c3d-8e4f-5a6b7c8d9e0f"
	botToken  = "1234567890123-1234567890124-CanaryBotQ1w2E3r4T5y6U7i8"
	slackPath = "T0CANARY1/B0CANARY1/canarySlackQ1w2E3r4T5y6U"
	signature = "c4n4ry0123456789abcdef0123456789abcdef01"
	password  = "canary-Passw0rd&Q1w2E3r4"
)

// misplaced are the kinds of secrets that people paste into the wrong variable. All
// URLs lead to this machine, where nobody answers.
var misplaced = map[string]struct {
	text    string
	secrets []string
}{
	"SecretId":          {secretID, []string{secretID}},
	"SecretKey":         {secretKey, []string{secretKey}},
	"bot token":         {"xoxb-" + botToken, []string{botToken}},
	"Slack webhook":     {"http://127.0.0.1:1/services/" + slackPath, []string{slackPath}},
	"WeCom webhook":     {"http://127.0.0.1:1/cgi-bin/webhook/send?key=" + robotKey, []string{robotKey}},
	"WeCom key":         {robotKey, []string{robotKey}},
	"signed link":       {"http://127.0.0.1:1/a.csv?q-ak=" + secretID + "&q-sign-time=1795309620;1795313220&q-signature=" + signature, []string{secretID, signature}},
	"password in a URL": {"http://operator:" + password + "@127.0.0.1:1/a", []string{password}},
}

// leaked gives the secrets of which a piece, 12 characters long, stands in text: raw,
// escaped for a URL, or in base64.
func leaked(text string, secrets []string) []string {
	const piece = 12
	var found []string
	for _, secret := range secrets {
		for _, form := range []string{secret, url.QueryEscape(secret), base64.RawStdEncoding.EncodeToString([]byte(secret))} {
			for i := 0; i+piece <= len(form); i++ {
				if strings.Contains(text, form[i:i+piece]) && !slices.Contains(found, secret) {
					found = append(found, secret)
				}
			}
		}
	}
	return found
}

// TestMisplacedSecrets: no command prints a secret that went into the wrong
// variable, or into its name, in the environment or in a file of settings.
func TestMisplacedSecrets(t *testing.T) {
	_, usual := frozen(t, "everything-wrong")
	t.Chdir(t.TempDir())
	store := "file://" + t.TempDir()
	variables := []string{"TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_TOKEN"}
	for _, setting := range config.Settings() {
		variables = append(variables, setting.Name)
	}
	env := filepath.Join(t.TempDir(), "licensewatch.env")
	lines := []string{"check --offline", "check --output json --env " + env, "run --dry-run --log", "status"}
	online := []string{"doctor", "send-test"} // for the variables that requests go to
	said := 0
	for _, variable := range variables {
		for kind, m := range misplaced {
			settings := map[string]string{"LICENSEWATCH_STATE_URL": store, "LICENSEWATCH_LOG_LEVEL": "debug"}
			maps.Copy(settings, usual)
			settings[variable] = m.text
			name := "LICENSEWATCH_" + strings.ReplaceAll(m.text, "=", "_") // a secret where a name belongs
			settings[name] = "x"
			if err := os.WriteFile(env, []byte(variable+"='"+m.text+"'\n"+m.text+"\nLICENSEWATCH_SITE="+m.text+"\n"+name+"=x\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			tried := lines
			if strings.Contains(m.text, "://") && (strings.HasSuffix(variable, "_URL") || strings.HasSuffix(variable, "_ENDPOINT")) {
				tried = slices.Concat(lines, online)
			}
			for _, line := range tried {
				_, out, errs := command(t, settings, strings.Fields(line)...)
				said += len(out)
				if found := leaked(out+errs, m.secrets); found != nil {
					t.Errorf("%s in %s, %s: %v in\n%s%s", kind, variable, line, found, out, errs)
				}
			}
		}
	}
	if said < 100_000 {
		t.Errorf("the commands said %d bytes only", said)
	}
}

// TestForeignRulesFile: a file that is no rules file is quoted by check, and by no
// run.
func TestForeignRulesFile(t *testing.T) {
	_, settings := frozen(t, "healthy")
	file := rulesFile(t, "secret_key: "+secretKey+"\n")
	settings["LICENSEWATCH_RULES_FILE"] = file
	code, out, errs := command(t, settings, "run", "--dry-run", "--log")
	if found := leaked(out+errs, []string{secretKey}); code != exitFound || found != nil {
		t.Errorf("exit %d, %v:\n%s%s", code, found, out, errs)
	}
	wantIn(t, "error", errs, "LICENSEWATCH_RULES_FILE: the file is no rules file")
	code, out, _ = command(t, settings, "check", "--offline")
	if code != exitFound {
		t.Errorf("exit %d", code)
	}
	wantIn(t, "check", out, file+":1:1: a rules file has no key \"secret_key\"")
}

func TestLeakedIsFound(t *testing.T) {
	t.Parallel()
	for _, text := range []string{secretKey, "a" + secretKey[3:15] + "b", url.QueryEscape(password), base64.StdEncoding.EncodeToString([]byte(robotKey))} {
		if len(leaked(text, []string{secretKey, password, robotKey})) != 1 {
			t.Errorf("the leak in %q is not found", text)
		}
	}
}
