package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestGoldenInit: what is written, what is kept, and what is left to fill in.
func TestGoldenInit(t *testing.T) {
	back := here(t)
	for _, test := range []struct{ golden, line string }{
		{"init.txt", "init watch"},
		{"init-again.txt", "init watch"},
		{"init.json", "init other --output json"},
		{"init-here.txt", "init"},
		{"init-fleet.txt", "init --fleet watch"},
	} {
		if test.golden != "init-again.txt" {
			files(t, nil)
		}
		code, out, errs := command(t, nil, strings.Fields(test.line)...)
		if code != exitFine {
			t.Errorf("%s: exit %d", test.line, code)
		}
		dir := here(t)
		t.Chdir(back)
		golden(t, test.golden, out+errs)
		t.Chdir(dir)
	}
}

// TestInitThenCheck: the files say what to fill in, and once that is done there
// is nothing to correct.
func TestInitThenCheck(t *testing.T) {
	back := here(t)
	dir := files(t, nil)
	if code, _, errs := command(t, nil, "init"); code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	code, out, errs := command(t, nil, "check", "--env", "licensewatch.env")
	if code != exitFound {
		t.Errorf("untouched: exit %d", code)
	}
	t.Chdir(back)
	golden(t, "init-then-check.txt", strings.ReplaceAll(out+errs, os.Getenv("HOME"), "~"))
	t.Chdir(dir)
	_, out, _ = command(t, nil, "check")
	wantIn(t, "not loaded", out, "(check --env licensewatch.env, or: set -a; . ./licensewatch.env; set +a)")
	for name, change := range map[string][2]string{
		"licensewatch.env": {"https://hooks.slack.com/services/T…/B…/…", "https://hooks.slack.com/services/T00000001/B00000001/abcdefghijkl"},
		"serverless.yml":   {"      LICENSEWATCH_WECOM_WEBHOOK_URL", "      # LICENSEWATCH_WECOM_WEBHOOK_URL"},
	} {
		data, err := os.ReadFile(name) //nolint:gosec // a file of the tests
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Replace(string(data), change[0], change[1], 1)
		text = strings.Replace(text, "\nLICENSEWATCH_WECOM", "\n# LICENSEWATCH_WECOM", 1)
		if err := os.WriteFile(filepath.Clean(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if code, out, errs := command(t, nil, "check", "--env", "licensewatch.env"); code != exitFine {
		t.Errorf("filled in: exit %d\n%s%s", code, out, errs)
	}
}

func TestInitCannotWrite(t *testing.T) {
	files(t, map[string]string{"file": "x"})
	code, _, errs := command(t, nil, "init", "file")
	if code != exitUsage {
		t.Errorf("exit %d", code)
	}
	wantIn(t, "error", errs, "the directory file cannot be made: not a directory")
}

// TestInitFleet: the files say what to fill in, and once that is done there is nothing to
// correct, and everybody hears who has to.
func TestInitFleet(t *testing.T) {
	back := here(t)
	dir := files(t, map[string]string{"dist/function/main": "x"})
	if code, _, errs := command(t, nil, "init", "--fleet"); code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	code, out, errs := command(t, nil, "check", "--env", "licensewatch.env")
	if code != exitFound {
		t.Errorf("untouched: exit %d", code)
	}
	t.Chdir(back)
	golden(t, "init-fleet-then-check.txt", strings.ReplaceAll(out+errs, os.Getenv("HOME"), "~"))
	t.Chdir(dir)
	for name, changes := range map[string][]string{
		"licensewatch.env": {
			"https://hooks.slack.com/services/T…/B…/…", securityWebhook, "<the key>", "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",
			"<a long random text>", "0123456789abcdef0123456789abcdef",
		},
		"accounts.yaml": {`"<uin>", name: head`, `"100000000000", name: head`, `"<uin>", name: pay`, `"100000000001", name: pay`},
	} {
		data, err := os.ReadFile(name) //nolint:gosec // a file of the tests
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Clean(name), []byte(strings.NewReplacer(changes...).Replace(string(data))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, step := range []struct {
		line string
		want string
	}{
		{"check --env licensewatch.env", "✓ channels: security (Slack), pay-oncall (WeCom); 2 routes; what fits none goes to security"},
		{"routes --accounts accounts.yaml --test routes.test.yaml", "3 tests passed"},
		{"policy --fleet --accounts accounts.yaml", `"qcs::cam::uin/100000000001:roleName/licensewatch-reader"`},
	} {
		code, out, errs := command(t, nil, strings.Fields(step.line)...)
		if code != exitFine {
			t.Errorf("%s: exit %d\n%s%s", step.line, code, out, errs)
		}
		wantIn(t, step.line, out, step.want)
	}
}

// TestInitLeavesTheCheckoutClean: a file that git does not know is a change to a build, whose
// version says so.
func TestInitLeavesTheCheckoutClean(t *testing.T) {
	ignored, err := os.ReadFile("../../.gitignore")
	if err != nil {
		t.Fatal(err)
	}
	for flag, want := range map[string]int{"": 3, "--fleet": 5} {
		dir := t.TempDir()
		command(t, nil, append([]string{"init", dir}, strings.Fields(flag)...)...)
		files, err := os.ReadDir(dir)
		if err != nil || len(files) != want {
			t.Fatalf("%d files, %v", len(files), err)
		}
		for _, file := range files {
			_, err := os.Stat("../../" + file.Name()) // then it is kept as it is
			if isIgnored := strings.Contains(string(ignored), "\n/"+file.Name()+"\n"); !isIgnored && err != nil {
				t.Errorf("init leaves %s in a checkout, which .gitignore does not name", file.Name())
			}
		}
	}
}
