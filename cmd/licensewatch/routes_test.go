package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const fleetFile = "testdata/fleet/accounts.yaml"

func TestGoldenRoutes(t *testing.T) {
	for name, test := range map[string]struct {
		args []string
		code int
	}{
		"routes.txt":           {[]string{"--accounts", "accounts.yaml"}, exitFine},
		"routes.json":          {[]string{"--accounts", "accounts.yaml", "--account", "支付-*", "--output", "json"}, exitFine},
		"routes-test.txt":      {[]string{"--accounts", "accounts.yaml", "--test", "routes.test.yaml"}, exitFine},
		"routes-failing.txt":   {[]string{"--accounts", "accounts.yaml", "--test", "failing.test.yaml"}, exitFound},
		"routes-failing.json":  {[]string{"--accounts", "accounts.yaml", "--account", "Singapore", "--test", "failing.test.yaml", "-o", "json"}, exitFound},
		"routes-mistakes.json": {[]string{"--accounts", "accounts.yaml", "--test", "accounts.yaml", "-o", "json"}, exitFound},
	} {
		t.Run(name, func(t *testing.T) {
			back := here(t)
			t.Chdir("testdata/fleet")
			code, out, errs := command(t, nil, append([]string{"routes"}, test.args...)...)
			t.Chdir(back)
			if code != test.code {
				t.Errorf("exit %d", code)
			}
			golden(t, name, out+errs)
		})
	}
}

// TestRoutesMistakes: what is wrong with the command line, the accounts file, or the tests.
func TestRoutesMistakes(t *testing.T) {
	data, err := os.ReadFile(fleetFile)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	dir := files(t, map[string]string{
		"accounts.yaml": text,
		"unheard.yaml":  strings.Replace(text, "to: [sea]", "to: [seaa]", 1),
		"partly.yaml":   strings.Replace(text, "self: true", "sefl: true", 1),
		"doubt.yaml":    strings.Replace(text, "to: [sea]", "to: [security]", 2),
		"t.yaml":        "- {account: Singapor, rule: cwp-expird, severity: critical, want: [securty], x: 1}\n- {rule: cwp-near-expiry, severity: critical, want: [security]}\n- {account: Singapore}\n- x\n",
		"empty.yaml":    "",
		"none.yaml":     "[]",

		"licensewatch.env": "LICENSEWATCH_ACCOUNTS_FILE=accounts.yaml",
		"pattern.yaml":     `- {account: "nobody-*", want: [security]}`,
	})
	withoutOrganization := strings.ReplaceAll(text, "organization: {role", "# {role")
	if err := os.WriteFile(filepath.Join(dir, "closed.yaml"), []byte(withoutOrganization), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		line     string
		settings map[string]string
		code     int
		want     []string
	}{
		{"routes", nil, exitFound, []string{"no accounts file: name one with --accounts FILE or in LICENSEWATCH_ACCOUNTS_FILE"}},
		{"routes", nil, exitFound, []string{"there is one here: load the settings (set -a; . ./licensewatch.env; set +a), or write --accounts accounts.yaml"}},
		{"run --dry-run", map[string]string{"LICENSEWATCH_SITE": "mars"}, exitFound, []string{"note: this is about one account, because LICENSEWATCH_ACCOUNTS_FILE is not set"}},
		{"routes", map[string]string{"LICENSEWATCH_ACCOUNTS_FILE": "accounts.yaml"}, exitFine, []string{"pay-oncall (WeCom) may hear of 2 of 4 accounts"}},
		{"routes", map[string]string{"LICENSEWATCH_ACCOUNTS_FILE": "gone.yaml"}, exitFound, []string{"LICENSEWATCH_ACCOUNTS_FILE: the accounts file gone.yaml cannot be read (no such file or directory)"}},
		{"routes", map[string]string{"LICENSEWATCH_ACCOUNTS_FILE": "cos://bucket/accounts.yaml"}, exitFound, []string{"LICENSEWATCH_ACCOUNTS_FILE: has a bucket without the APPID"}},
		{"routes accounts.yaml", nil, exitUsage, []string{"or write --accounts accounts.yaml"}},
		{"routes --accounts gone.yaml", nil, exitUsage, []string{"--accounts: gone.yaml cannot be read"}},
		{"routes --accounts unheard.yaml", nil, exitFound, []string{`unheard.yaml:17:49: there is no channel "seaa"; did you mean sea?`}},
		{"routes --accounts partly.yaml", nil, exitFound, []string{`partly.yaml:8:46: an account has no key "sefl"; did you mean self?`, "1 of 4 accounts would not be watched"}},
		{"routes --accounts doubt.yaml", nil, exitFine, []string{"! doubt.yaml:13:12: channel sea hears nothing"}},
		{"routes --accounts accounts.yaml --account Singapoor", nil, exitUsage, []string{`--account "Singapoor" is none of the accounts of accounts.yaml; did you mean Singapore?`}},
		{"routes --accounts closed.yaml --test t.yaml", nil, exitFound, []string{
			`t.yaml:1:13: account "Singapor" is none of the accounts file; did you mean Singapore?`, `t.yaml:1:29: there is no rule "cwp-expird"; did you mean cwp-expired?`,
			`want: there is no channel "securty"; did you mean security?`, `a test has no key "x"`, "t.yaml:3:3: the test wants nothing", "t.yaml:4:3: a test must be a mapping",
		}},
		{"routes --accounts closed.yaml --test pattern.yaml", nil, exitFound, []string{`account "nobody-*" fits none of the accounts file`}},
		{"routes --accounts accounts.yaml --test empty.yaml", nil, exitFound, []string{"empty.yaml:1:1: the file is empty; write a list"}},
		{"routes --accounts accounts.yaml --test none.yaml", nil, exitFound, []string{"none.yaml:1:1: the file has no test"}},
		{"routes --accounts accounts.yaml --test gone.yaml", nil, exitUsage, []string{"--test: gone.yaml cannot be read"}},
	} {
		code, out, errs := command(t, step.settings, strings.Fields(step.line)...)
		if code != step.code {
			t.Errorf("%s: exit %d, want %d:\n%s%s", step.line, code, step.code, out, errs)
		}
		wantIn(t, step.line, out+errs, step.want...)
	}
}
