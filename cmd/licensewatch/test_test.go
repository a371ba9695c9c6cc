package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRuleTests holds what the tests of rules say, for people and for programs,
// and how they end.
func TestRuleTests(t *testing.T) {
	const dir = "testdata/ruletest/"
	for name, test := range map[string]struct {
		args []string
		code int
		errs string // of json; text says it all on standard output
	}{
		"passing":  {[]string{dir + "passing.yaml"}, exitFine, ""},
		"failing":  {[]string{dir + "failing.yaml"}, exitFound, "licensewatch: 2 of 3 tests failed\n"},
		"mistakes": {[]string{dir + "mistakes.yaml"}, exitFound, "licensewatch: 1 file with mistakes, of which no test was run\n"},
		"all": {
			[]string{dir + "passing.yaml", dir + "mistakes.yaml", dir + "failing.yaml", "--coverage", "--run", "Ultimate|wrong"},
			exitFound, "licensewatch: 1 of 4 tests failed; 1 file with mistakes, of which no test was run\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, format := range []string{"text", "json"} {
				code, out, errs := command(t, nil, append([]string{"test", "--output", format}, test.args...)...)
				if code != test.code {
					t.Errorf("%s: exit %d, want %d", format, code, test.code)
				}
				extension := map[string]string{"text": ".txt", "json": ".json"}[format]
				golden(t, filepath.Join("test", name+extension), out)
				want := ""
				if format == "json" {
					want = test.errs
					if !json.Valid([]byte(out)) {
						t.Error("this is not JSON")
					}
				}
				if errs != want {
					t.Errorf("%s: standard error is %q, want %q", format, errs, want)
				}
			}
		})
	}
}

// TestRuleTestsOfTheBuiltInRules: what the documents say can be run.
func TestRuleTestsOfTheBuiltInRules(t *testing.T) {
	names, err := filepath.Glob("../../rules/tests/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	code, out, errs := command(t, nil, append([]string{"test", "--coverage"}, names...)...)
	if code != exitFine || errs != "" {
		t.Errorf("exit %d: %s\n%s", code, errs, out)
	}
	wantIn(t, "output", out, "coverage of the built-in rules: 33 of 33 rules", " tests passed\n")
}

func TestRuleTestsUsedWrongly(t *testing.T) {
	empty := t.TempDir()
	for name, test := range map[string]struct {
		args []string
		want []string
	}{
		"no file":    {nil, []string{"Name one or more test files"}},
		"missing":    {[]string{"gone.yaml", "lost.yaml"}, []string{"licensewatch: gone.yaml cannot be read: there is no such file\n", "licensewatch: lost.yaml cannot be read: there is no such file\n"}},
		"directory":  {[]string{empty}, []string{" is a directory; name the files in it: ", "*.yaml"}},
		"no match":   {[]string{"rules/tests/*.yml"}, []string{"no file matches rules/tests/*.yml"}},
		"expression": {[]string{"testdata/ruletest/passing.yaml", "--run", "("}, []string{`--run "(" is no regular expression`}},
		"no test":    {[]string{"testdata/ruletest/passing.yaml", "--run", "nope"}, []string{`--run "nope" matches the name of no test`}},
		"output":     {[]string{"testdata/ruletest/passing.yaml", "--output", "xml"}, []string{"write text or json"}},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := command(t, nil, append([]string{"test"}, test.args...)...)
			if code != exitUsage || out != "" {
				t.Errorf("exit %d, want %d: %s", code, exitUsage, out)
			}
			wantIn(t, "error", errs, append(test.want, "--help")...)
		})
	}
}

// TestRuleTestsShowNoControlCharacters: names and texts come from files.
func TestRuleTestsShowNoControlCharacters(t *testing.T) {
	file := filepath.Join(t.TempDir(), "t.yaml")
	text := "version: 1\nat: 2026-11-22\ntests:\n- name: \"a\\e[2Jb\"\n  snapshot: {orders: {cwp-bbbb: {AutoRenewFlag: 2, Deadline: 2026-12-04, Alias: \"x\\e[2Jy\"}}}\n  expect: []\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, _ := command(t, nil, "test", file)
	if code != exitFound || strings.Contains(out, "\x1b") {
		t.Errorf("exit %d: %q", code, out)
	}
	wantIn(t, "output", out, "Order cwp-bbbb (x")
}

// TestRuleTestsPage: the example of docs/commands/test.md says what it says.
func TestRuleTestsPage(t *testing.T) {
	page, err := os.ReadFile("../../docs/commands/test.md")
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for i, part := range strings.Split(string(page), "```") {
		if i%2 == 1 {
			blocks = append(blocks, part)
		}
	}
	t.Chdir(t.TempDir())
	for i, name := range []string{"rules.yaml", "rules.test.yaml"} {
		text, ok := strings.CutPrefix(blocks[i], "yaml\n")
		if !ok {
			t.Fatalf("block %d is no YAML: %s", i, blocks[i])
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, out, _ := command(t, nil, "test", "rules.test.yaml")
	if want := "\n$ licensewatch test rules.test.yaml\n" + out; code != exitFound || blocks[2] != want {
		t.Errorf("exit %d; the page shows\n%s\nwant\n%s", code, blocks[2], want)
	}
}
