package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// capturedFolder captures the accounts of a story into a folder.
func capturedFolder(t *testing.T, s *story, args ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "snapshots")
	if code, _, errs := command(t, s.settings, append([]string{"capture", "--fleet", dir}, args...)...); code == exitUsage {
		t.Fatal(errs)
	}
	return dir
}

// TestPreviewFolder: each channel's one message, by the accounts file and without one, of all
// accounts and of some, and of masked ones.
func TestPreviewFolder(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	dir := capturedFolder(t, s)
	settings := s.fleetMemoryOnly()
	delete(settings, "LICENSEWATCH_STATE_URL")
	accounts := settings["LICENSEWATCH_ACCOUNTS_FILE"]
	text := ""
	tell := func(settings map[string]string, line ...string) {
		t.Helper()
		code, out, errs := command(t, settings, line...)
		text += strings.NewReplacer(dir, "snapshots", accounts, "accounts.yaml").Replace("$ licensewatch " + strings.Join(line, " ") + "\n" + out + errs)
		if code != exitFine {
			t.Errorf("%v: exit %d: %s", line, code, errs)
		}
		text += "\n"
	}
	tell(settings, "preview", dir)
	tell(settings, "preview", dir, "--mode", "alert", "--account", "sea-*")
	tell(settings, "preview", dir, "--account", "pay-test", "--to", "slack")
	tell(settings, "preview", dir, "--account", "lab-1") // which cannot be read: one account is no fleet
	tell(map[string]string{"LICENSEWATCH_LANGUAGE": "en"}, "preview", dir, "--account", "pay-prod")
	tell(map[string]string{"LICENSEWATCH_LANGUAGE": "zh"}, "preview", dir, "--accounts", accounts, "--language", "zh", "--mode", "alert")
	golden(t, "preview-fleet.txt", text)
	code, page, errs := command(t, settings, "preview", dir, "--to", "html")
	if code != exitFine || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantIn(t, "page", page, "<h2>security · Slack</h2>", "<h2>pay-oncall · WeCom</h2>", "<li>7 accounts</li>", "not posted")
}

// TestPreviewOfMasked: what is masked can be shown, and says nothing of the original.
func TestPreviewOfMasked(t *testing.T) {
	s := newFleetStory(t, canaryAccounts)
	dir := capturedFolder(t, s, "--mask")
	code, out, errs := command(t, map[string]string{"LICENSEWATCH_LANGUAGE": "en"}, "preview", dir)
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantIn(t, "preview", out, "account-0002: ", "2 of 4 accounts need action")
	for _, canary := range []string{"7349", "canary", "支付"} {
		if strings.Contains(out, canary) {
			t.Errorf("the preview has %q:\n%s", canary, out)
		}
	}
}

// TestPreviewFolderMistakes: a folder and flags that do not go, and files that are wrong.
func TestPreviewFolderMistakes(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	dir := capturedFolder(t, s, "--account", "pay-*")
	file := filepath.Join(dir, "100000000101.json")
	broken, hostile, empty := t.TempDir(), t.TempDir(), t.TempDir()
	for name, text := range map[string]string{
		broken + "/index.json":         `{"version":1,"read_at":"2026-11-22T09:07:00+08:00","accounts":[{"uin":"1","name":"a","site":"cn"},{"uin":"2","name":"b","site":"cn"},{"uin":"3","name":"c","site":"cn"}]}`,
		broken + "/1.json":             `{"version":1,"site":"cn","cwp":{"LicenseCnt":"many"}}`,
		broken + "/2.json":             `{`,
		hostile + "/index.json":        `{"version":1,"read_at":"2026-11-22T09:07:00+08:00","accounts":[{"uin":"../../etc/passwd","name":"a","site":"cn"}]}`,
		filepath.Join(empty, "x.json"): `{}`,
	} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		code int
		args []string
		want []string
	}{
		"mention":         {exitUsage, []string{dir, "--mention", "here"}, []string{"--mention is of one snapshot"}},
		"site":            {exitUsage, []string{dir, "--site", "cn"}, []string{"--site is of one snapshot"}},
		"account of one":  {exitUsage, []string{file, "--account", "pay-prod"}, []string{"--account goes with a folder"}},
		"accounts of one": {exitUsage, []string{file, "--accounts", "x.yaml"}, []string{"--accounts goes with a folder"}},
		"no such account": {exitUsage, []string{dir, "--account", "sea-prod"}, []string{`--account "sea-prod" is none of the accounts`}},
		"no index":        {exitUsage, []string{empty}, []string{"is a folder without index.json", "capture --fleet"}},
		"broken":          {exitFound, []string{broken}, []string{"1.json:1:", "2.json", "3.json"}},
		"hostile":         {exitFound, []string{hostile}, []string{`the account "../../etc/passwd": its uin must be a number`}},
		"no such kind":    {exitFound, []string{dir, "--to", "feishu"}, []string{"no channel of the kind feishu gets a message: slack (slack), wecom (wecom)"}},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := command(t, map[string]string{"LICENSEWATCH_LANGUAGE": "en"}, append([]string{"preview"}, test.args...)...)
			if code != test.code || out != "" {
				t.Errorf("exit %d: %s", code, out)
			}
			wantIn(t, "error", errs, test.want...)
		})
	}
}

// TestFolderAndAccountsFile: what the file and the folder do not have in common is told.
func TestFolderAndAccountsFile(t *testing.T) {
	s := newFleetStory(t, storyAccounts)
	dir := capturedFolder(t, s, "--account", "pay-prod", "--account", "sea-prod")
	path := s.settings["LICENSEWATCH_ACCOUNTS_FILE"]
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	fewer := strings.Replace(string(text), "  - {uin: \"100000000103\", name: sea-prod, site: intl, labels: {team: sea}}\n", "", 1)
	if fewer == string(text) {
		t.Fatal(fewer)
	}
	if err := os.WriteFile(path, []byte(fewer), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, errs := command(t, s.fleetMemoryOnly(), "preview", dir)
	if code != exitFine {
		t.Errorf("exit %d", code)
	}
	wantIn(t, "remarks", errs, "! not in the accounts file, taken as the folder has them: sea-prod",
		"! in the accounts file and not in "+dir+", left out: pay-test, sea-test, lab-1")
}

// TestHostileIndex: whatever an index calls an account, it steers no terminal.
func TestHostileIndex(t *testing.T) {
	s := newFleetStory(t, storyAccounts[:2])
	dir := capturedFolder(t, s)
	index := filepath.Join(dir, folderIndex)
	text, err := os.ReadFile(index)
	if err != nil {
		t.Fatal(err)
	}
	hostile := strings.NewReplacer(`"pay-prod"`, `"\u001b[31mred\u202e <b>*x*</b>"`, `"pay-test"`, `"a\nb"`).Replace(string(text))
	if err := os.WriteFile(index, []byte(hostile), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"preview", dir}, {"preview", dir, "--to", "slack"}, {"preview", dir, "--to", "html"},
		{"simulate", "--snapshot", dir, "--days", "3"}, {"simulate", "--snapshot", dir, "--days", "3", "--output", "json"},
		{"simulate", "--snapshot", dir, "--days", "3", "--account", "100000000101"},
	} {
		code, out, errs := command(t, map[string]string{"LICENSEWATCH_LANGUAGE": "en"}, args...)
		if code != exitFine {
			t.Errorf("%v: exit %d: %s", args, code, errs)
		}
		if strings.ContainsAny(out+errs, "\x1b\u202e") || strings.Contains(out, "a\nb") || strings.Contains(out, "31mred <b>") && args[0] == "preview" && args[len(args)-1] == "html" {
			t.Errorf("%v prints\n%s%s", args, out, errs)
		}
	}
}
