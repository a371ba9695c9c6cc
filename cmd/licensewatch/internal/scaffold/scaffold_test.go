package scaffold_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/cmd/licensewatch/internal/scaffold"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/license"
	"licensewatch/rules"
)

func written(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	if _, err := scaffold.Write(dir, false); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // a file of the tests
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestServerless: the file is the repository's own.
func TestServerless(t *testing.T) {
	t.Parallel()
	own, err := os.ReadFile("../../../../serverless.yml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(own), written(t, "serverless.yml")); diff != "" {
		t.Errorf("files/serverless.yml (-want +got):\n%s", diff)
	}
}

// TestSettings: every setting stands in the file once; only the webhooks of two
// chats have no # before them.
func TestSettings(t *testing.T) {
	t.Parallel()
	var want []string
	for _, s := range config.Settings() {
		line := "# " + s.Name
		if s.Name == "LICENSEWATCH_SLACK_WEBHOOK_URL" || s.Name == "LICENSEWATCH_WECOM_WEBHOOK_URL" {
			line = s.Name
		}
		want = append(want, line)
	}
	var got []string
	for _, match := range regexp.MustCompile(`(?m)^((?:# )?LICENSEWATCH_\w+)=\S`).FindAllStringSubmatch(written(t, scaffold.EnvFile), -1) {
		got = append(got, match[1])
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-want +got):\n%s", diff)
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	text := written(t, "rules.yaml")
	set, err := rules.Load("rules.yaml", []byte(text))
	if err != nil || set.Len() != rules.Default().Len() {
		t.Fatalf("as it is: %v", err)
	}
	head, examples, _ := strings.Cut(text, "# Take the # away from what you want.\n#\n")
	uncommented := regexp.MustCompile(`(?m)^# ?`).ReplaceAllString(examples, "")
	set, err = rules.Load("rules.yaml", []byte(head+uncommented))
	if err != nil {
		t.Fatalf("with the examples: %v", err)
	}
	if ids := set.IDs(); !slices.Contains(ids, "cwp-few-licenses-left") || slices.Contains(ids, "tcss-renewal-not-set") {
		t.Errorf("with the examples: %v", ids)
	}
}

// TestFleet: with an accounts file no webhook of the settings is left, everything else is as
// it was, every variable that the accounts file names can be filled in and is passed on, and
// its tests pass.
func TestFleet(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := scaffold.Write(dir, true); err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		data, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // a file of the tests
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	text := read(scaffold.AccountsFile)
	for i, uin := range []string{"100000000000", "100000000001"} {
		text = strings.Replace(text, `"<uin>"`, `"`+uin+`"`, 1)
		if i == 0 && strings.Count(text, `"<uin>"`) != 2 {
			t.Error("each account lacks its uin")
		}
	}
	for _, name := range []string{"sites:", "  intl:", "organization:", "  - {uin: \"<uin>\", name: Singapore"} { // with the examples
		text = strings.Replace(text, "# "+name, name, 1)
	}
	text = strings.Replace(strings.Replace(text, "  # - {uin: \"<uin>\"", "  - {uin: \"200000000007\"", 1), "#   intl:", "  intl:", 1)
	f, err := fleet.Load(scaffold.AccountsFile, []byte(text), fleet.Options{Site: license.SiteCN})
	if err != nil || len(f.LeftOut) > 0 || len(f.Accounts) != 3 || f.Organization == nil || len(f.Warnings) > 0 {
		t.Fatalf("%v, %+v", err, f)
	}
	settings, deployed := read(scaffold.EnvFile), read("serverless.yml")
	for _, variable := range append(f.Variables, "LICENSEWATCH_ACCOUNTS_FILE") {
		if !strings.Contains(settings, variable+"=") || !strings.Contains(deployed, "      "+variable+": ${env:"+variable+"}\n") &&
			!strings.Contains(deployed, "      # "+variable+": ${env:"+variable+"}\n") {
			t.Errorf("%s cannot be filled in, or is not passed on", variable)
		}
	}
	for name, text := range map[string]string{scaffold.EnvFile: settings, "serverless.yml": deployed} {
		if n := strings.Count(text, "LICENSEWATCH_ACCOUNTS_FILE=") + strings.Count(text, "LICENSEWATCH_ACCOUNTS_FILE:"); n != 1 {
			t.Errorf("%s has the accounts file %d times", name, n)
		}
	}
	for _, setting := range config.Settings() {
		isChannel := strings.HasSuffix(setting.Name, "WEBHOOK_URL") || strings.HasSuffix(setting.Name, "_MENTION")
		if isThere := strings.Contains(settings, setting.Name+"="); isThere == isChannel {
			t.Errorf("%s is there: %t", setting.Name, isThere)
		}
		if isThere := strings.Contains(deployed, setting.Name+":"); isThere == isChannel {
			t.Errorf("serverless.yml: %s is there: %t", setting.Name, isThere)
		}
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "deep", "er")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(dir, "rules.yaml")
	if err := os.WriteFile(mine, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	files, err := scaffold.Write(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.Written != (f.Name != "rules.yaml") {
			t.Errorf("%+v", f)
		}
	}
	if data, _ := os.ReadFile(mine); string(data) != "mine" { //nolint:gosec // a file of the tests
		t.Error("a file was overwritten")
	}
	info, err := os.Stat(filepath.Join(dir, scaffold.EnvFile))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v: %v", info.Mode(), err)
	}
	if _, err := scaffold.Write(filepath.Join(mine, "x"), false); err == nil || !strings.Contains(err.Error(), "cannot be made: not a directory") {
		t.Errorf("below a file: %v", err)
	}
}
