package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"licensewatch/fleet"
	"licensewatch/internal/simulator/cos"
	"licensewatch/state"
)

const securityWebhook = "https://hooks.slack.com/services/T00000001/B00000001/abcdefghijklmnopqrstuvwx"

// fleetVariables are those that the accounts file of the tests names.
func fleetVariables() map[string]string {
	return map[string]string{
		"LICENSEWATCH_ACCOUNTS_FILE":  "accounts.yaml",
		"LICENSEWATCH_SLACK_SECURITY": securityWebhook,
		"LICENSEWATCH_SLACK_SEA":      strings.Replace(securityWebhook, "B00000001", "B00000002", 1),
		"LICENSEWATCH_WECOM_PAY":      "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",
		"LICENSEWATCH_EXTERNAL_ID":    "external-4711",
		"LICENSEWATCH_SG_SECRET_ID":   "AKIDx", "LICENSEWATCH_SG_SECRET_KEY": "k",
		"LICENSEWATCH_INTL_SECRET_ID": "AKIDy", "LICENSEWATCH_INTL_SECRET_KEY": "k",
		"TENCENTCLOUD_SECRET_ID": "x", "TENCENTCLOUD_SECRET_KEY": "y",
	}
}

func fleetText(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(fleetFile)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestGoldenCheckAccounts: an accounts file without a mistake and one with many, with what
// is set beside it.
func TestGoldenCheckAccounts(t *testing.T) {
	text := fleetText(t)
	good, bad := fleetVariables(), fleetVariables()
	delete(bad, "LICENSEWATCH_EXTERNAL_ID")
	delete(bad, "LICENSEWATCH_SG_SECRET_KEY")
	delete(bad, "LICENSEWATCH_WECOM_PAY")
	bad["LICENSEWATCH_WECOM_PAI"] = "x"
	bad["LICENSEWATCH_OTHER"] = "x"
	bad["LICENSEWATCH_SLACK_WEBHOOK_URL"] = "xoxb-1"
	bad["LICENSEWATCH_SLACK_MENTION"] = "somebody"
	bad["LICENSEWATCH_SLACK_SEA"] = securityWebhook
	broken := strings.NewReplacer("self: true", "self: true, role: reader", `"tcss-*"`, "tcss-expird", "default: [security]", "default: [secure]",
		"account: \"Singapore\", tags", "account: \"Singapur\", tags").Replace(text)
	for name, test := range map[string]struct {
		settings map[string]string
		text     string
		args     string
		code     int
	}{
		"check-accounts.txt":      {good, text, "check --offline --no-serverless", exitFine},
		"check-accounts-bad.txt":  {bad, broken, "check --offline --no-serverless", exitFound},
		"check-accounts-bad.json": {bad, broken, "check --offline --no-serverless -o json", exitFound},
		"check-accounts-only.txt": {nil, broken, "check --accounts accounts.yaml", exitFound},
	} {
		t.Run(name, func(t *testing.T) {
			back := here(t)
			files(t, map[string]string{"accounts.yaml": test.text})
			code, out, errs := command(t, test.settings, strings.Fields(test.args)...)
			if code != test.code {
				t.Errorf("exit %d", code)
			}
			if strings.Contains(out+errs, "abcdefghij") || strings.Contains(out+errs, "693a91f6") || strings.Contains(out+errs, "4711") {
				t.Error("a secret is shown")
			}
			t.Chdir(back)
			golden(t, name, out+errs)
		})
	}
}

// TestCheckAccountsDeployed: what the function gets is what counts, and where the file is.
func TestCheckAccountsDeployed(t *testing.T) {
	text := fleetText(t)
	passed := strings.Builder{}
	for name := range fleetVariables() {
		if strings.HasPrefix(name, "LICENSEWATCH_") && name != "LICENSEWATCH_WECOM_PAY" && name != "LICENSEWATCH_EXTERNAL_ID" {
			passed.WriteString("      " + name + ": ${env:" + name + "}\n")
		}
	}
	const webhook = "      LICENSEWATCH_SLACK_WEBHOOK_URL: ${env:LICENSEWATCH_SLACK_WEBHOOK_URL}\n"
	described := strings.Replace(checkServerless, webhook, passed.String()+"      LICENSEWATCH_EXTERNAL_ID: external-4712\n", 1)
	settings := fleetVariables()
	delete(settings, "LICENSEWATCH_EXTERNAL_ID") // serverless.yml has it
	settings["DEPLOY_REGION"], settings["DEPLOY_ROLE"] = "ap-guangzhou", "licensewatch"
	files(t, map[string]string{"accounts.yaml": text, "serverless.yml": described, "dist/function/main": "x"})
	code, out, errs := command(t, settings, "check", "--offline")
	if code != exitFine {
		t.Errorf("exit %d: %s%s", code, out, errs)
	}
	wantIn(t, "output", out, "! LICENSEWATCH_WECOM_PAY: is set, but serverless.yml does not pass it on",
		"src: dist/function does not hold the accounts file of LICENSEWATCH_ACCOUNTS_FILE: copy it there")
	if err := os.WriteFile("dist/function/accounts.yaml", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, out, _ := command(t, settings, "check", "--offline"); strings.Contains(out, "does not hold") {
		t.Errorf("the file is there:\n%s", out)
	}
}

// TestCheckAccountsInCOS: the file is read from its bucket, or its place is checked.
func TestCheckAccountsInCOS(t *testing.T) {
	bucket := cos.New(cos.Options{SecretID: "x", SecretKey: "y"})
	server := httptest.NewServer(bucket)
	t.Cleanup(server.Close)
	place := "cos://bucket-1250000000/?region=ap-guangzhou&endpoint=" + server.URL
	store, err := state.Open(place, state.Options{Credentials: func() (id, key, token string, err error) { return "x", "y", "", nil }})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Put(t.Context(), "accounts.yaml", []byte(fleetText(t))); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		file, args string
		code       int
		want       string
	}{
		{strings.Replace(place, "/?", "/accounts.yaml?", 1), "check --no-serverless", exitFine, "✓ accounts: 4 accounts (2 by a role, 1 by keys of their own, 1 the function's own) and the members of the organization from cos://bucket-1250000000/accounts.yaml"},
		{strings.Replace(place, "/?", "/gone.yaml?", 1), "check --no-serverless", exitFound, "LICENSEWATCH_ACCOUNTS_FILE: there is no such object in the bucket"},
		{place, "check --no-serverless", exitFound, "LICENSEWATCH_ACCOUNTS_FILE: names no object"},
		{"cos://bucket-1250000000/accounts.yaml", "check --no-serverless --offline", exitFound, "LICENSEWATCH_ACCOUNTS_FILE: names no region"},
		{"cos://bucket-1250000000/accounts.yaml?region=ap-guangzhou", "check --no-serverless --offline", exitFine, "✓ accounts: the form of the URL is right; not read (--offline)"},
		{"", "check --accounts accounts.yaml --offline --env x", exitUsage, "--accounts checks an accounts file and nothing else"},
		{"", "check --accounts gone.yaml", exitUsage, "--accounts: gone.yaml cannot be read"},
	} {
		settings := fleetVariables()
		settings["LICENSEWATCH_ACCOUNTS_FILE"] = step.file
		if step.file == "" {
			delete(settings, "LICENSEWATCH_ACCOUNTS_FILE")
		}
		code, out, errs := command(t, settings, strings.Fields(step.args)...)
		if code != step.code {
			t.Errorf("%s: exit %d, want %d\n%s%s", step.file, code, step.code, out, errs)
		}
		wantIn(t, step.file, out+errs, step.want)
	}
}

// TestCheckLargeAccounts: a file of 10,000 accounts is no other file.
func TestCheckLargeAccounts(t *testing.T) {
	var text strings.Builder
	text.WriteString("version: 1\ndefaults: {role: reader}\nchannels: [{name: a, kind: slack, url: LICENSEWATCH_A}]\ndefault: a\naccounts:\n")
	for i := range fleet.MaxAccounts {
		fmt.Fprintf(&text, "  - {uin: \"1%011d\", name: a name of many letters %d, labels: {team: team%d, environment: production, region: guangzhou}}\n", i, i, i%7)
	}
	if text.Len() <= maxFile {
		t.Fatal("the file is small")
	}
	files(t, map[string]string{"accounts.yaml": text.String()})
	for _, line := range []string{"check --accounts accounts.yaml", "routes --accounts accounts.yaml"} {
		code, out, errs := command(t, nil, strings.Fields(line)...)
		if code != exitFine {
			t.Errorf("%s: exit %d: %s", line, code, errs)
		}
		wantIn(t, line, out, "10000 accounts")
	}
}
