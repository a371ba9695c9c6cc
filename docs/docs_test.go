// Package docs_test keeps what the documents promise: both READMEs tell the
// same, and nothing that a user can set or meet is left out.
package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/license"
	"licensewatch/rules"
)

var readmes = []string{"../README.md", "../README.zh-CN.md"}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEverySettingIsDocumented(t *testing.T) {
	t.Parallel()
	for _, name := range readmes {
		text := read(t, name)
		for _, setting := range config.Settings() {
			row := regexp.MustCompile("(?m)^\\| `" + setting.Name + "` \\| (.*?) \\| .+ \\|$").FindStringSubmatch(text)
			if row == nil {
				t.Errorf("%s has no row for %s", name, setting.Name)
				continue
			}
			if plain := strings.Trim(row[1], "`"); !strings.Contains(setting.Default, " ") && plain != setting.Default {
				t.Errorf("%s: the default of %s is %q, not %q", name, setting.Name, setting.Default, plain)
			}
		}
		if rows := strings.Count(text, "\n| `LICENSEWATCH_"); rows != len(config.Settings()) {
			t.Errorf("%s lists %d settings, there are %d", name, rows, len(config.Settings()))
		}
	}
}

func TestEveryRuleIsDocumented(t *testing.T) {
	t.Parallel()
	ids := regexp.MustCompile(`(?m)^ *- id: ([a-z0-9-]+)`).FindAllStringSubmatch(read(t, "../rules/default.yaml")+read(t, "../rules/changes.yaml"), -1)
	if len(ids) != rules.Default().Len() {
		t.Fatalf("%d rules were found in the built-in files, there are %d", len(ids), rules.Default().Len())
	}
	for _, name := range readmes {
		text := read(t, name)
		for _, id := range ids {
			if !strings.Contains(text, "\n| `"+id[1]+"` | ") {
				t.Errorf("%s does not list the rule %s", name, id[1])
			}
		}
	}
}

// TestTheREADMEsAreEqual compares what does not depend on the language: the
// sections, the code, the links and the tables.
func TestTheREADMEsAreEqual(t *testing.T) {
	t.Parallel()
	wantTwins(t, read(t, readmes[0]), read(t, readmes[1]))
}

// TestTheEvidencePagesAreEqual, but for the scripts, which only the English page shows.
func TestTheEvidencePagesAreEqual(t *testing.T) {
	t.Parallel()
	english := read(t, "evidence.md")
	for _, name := range []string{"verify.sh", "verify.py"} {
		script := regexp.MustCompile("(?m)^\\[" + name + "\\].*\n\n```(sh|python3|python)\n" + regexp.QuoteMeta(read(t, name)) + "```$")
		if !script.MatchString(english) {
			t.Fatalf("the English page does not show %s", name)
		}
		english = script.ReplaceAllString(english, "- ["+name+"]("+name+")")
	}
	wantTwins(t, english, read(t, "evidence.zh-CN.md"))
}

// wantTwins compares a page and its Chinese twin. A link leads to the twin where there is one.
func wantTwins(t *testing.T, english, chinese string) {
	t.Helper()
	for what, pattern := range map[string]string{
		"sections":     `(?m)^##+ `,
		"code blocks":  "(?m)^```",
		"table rows":   `(?m)^\|`,
		"list entries": `(?m)^- `,
		"bold starts":  `(?m)^(- )?\*\*`,
		"JSON":         `(?m)^\s*[{}"\]].*[{}\],]$`,
	} {
		re := regexp.MustCompile(pattern)
		if e, c := len(re.FindAllString(english, -1)), len(re.FindAllString(chinese, -1)); e != c || e == 0 && what == "sections" {
			t.Errorf("%s: %d in English, %d in Chinese", what, e, c)
		}
	}
	link := regexp.MustCompile(`\]\(([^)]+)\)`)
	count := func(text string) map[string]int {
		links := map[string]int{}
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target := strings.Replace(m[1], ".zh-CN.md", ".md", 1)
			if target != "README.md" && target != "evidence.md" { // the page itself
				links[target]++
			}
		}
		return links
	}
	e, c := count(english), count(chinese)
	for target, n := range e {
		if c[target] != n {
			t.Errorf("the link %s is %d times in English, %d times in Chinese", target, n, c[target])
		}
	}
	if len(e) != len(c) {
		t.Errorf("%d links in English, %d in Chinese", len(e), len(c))
	}
}

// TestEvidenceShowsThePolicy: the pages about evidence show the policy that is deployed.
func TestEvidenceShowsThePolicy(t *testing.T) {
	t.Parallel()
	plain := strings.NewReplacer(" ", "", "\n", "")
	policy := plain.Replace(read(t, "../deploy/cam-policy-archive.json"))
	pages, err := filepath.Glob("evidence*.md")
	if err != nil || len(pages) == 0 {
		t.Fatal("there is no page about evidence")
	}
	for _, page := range pages {
		if !strings.Contains(plain.Replace(read(t, page)), policy) {
			t.Errorf("%s does not show deploy/cam-policy-archive.json", page)
		}
	}
}

// TestLocalLinksLeadSomewhere follows every relative link of the documents.
func TestLocalLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)#:]+)\)`)
	var names []string
	for _, pattern := range []string{"../*.md", "*.md", "commands/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no document is called %s (%v)", pattern, err)
		}
		names = append(names, found...)
	}
	for _, name := range names {
		for _, m := range link.FindAllStringSubmatch(read(t, name), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(name), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", name, m[1], err)
			}
		}
	}
}

// TestReliabilityNamesTests: every test that docs/reliability.md names exists.
func TestReliabilityNamesTests(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, _ os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		for _, name := range regexp.MustCompile(`(?m)^func (Test\w+)\(`).FindAllStringSubmatch(read(t, path), -1) {
			tests[name[1]] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(read(t, "reliability.md"), -1)
	if len(named) < 50 {
		t.Errorf("reliability.md names only %d tests", len(named))
	}
	for _, row := range regexp.MustCompile(`(?m)^\| (.*) \| .*\|$`).FindAllStringSubmatch(strings.SplitN(read(t, "reliability.md"), "## Row by row", 2)[1], -1) {
		if !strings.HasPrefix(row[1], "**") && row[1] != "what breaks" && !strings.Contains(row[0], "`Test") {
			t.Errorf("reliability.md names no test for %s", row[1])
		}
	}
	for _, name := range named {
		if !tests[name[1]] {
			t.Errorf("reliability.md names %s, which does not exist", name[1])
		}
	}
}

// TestFleetExample: the accounts file of docs/fleet.md is one.
func TestFleetExample(t *testing.T) {
	t.Parallel()
	_, text, _ := strings.Cut(read(t, "fleet.md"), "```yaml\n")
	text, _, _ = strings.Cut(text, "```")
	f, err := fleet.Load("fleet.md", []byte(text), fleet.Options{Site: license.SiteCN})
	if err != nil || len(f.LeftOut)+len(f.Warnings) > 0 || len(f.Accounts) != 3 || len(f.Routes) != 3 {
		t.Errorf("%v, %+v", err, f)
	}
}
