package rules_test

import (
	"strings"
	"testing"
	"time"

	"licensewatch/rules"
)

// Files made to be slow are read in a moment.
func TestHostileFilesLoadQuickly(t *testing.T) {
	t.Parallel()
	const size = 64 << 10
	fill := func(head, part, tail string) string {
		return head + strings.Repeat(part, (size-len(head)-len(tail))/len(part)) + tail
	}
	rule := func(expression string) string {
		return "{id: a, severity: info, title: a, when: " + yamlQuote(expression) + "},"
	}
	files := map[string]string{
		"wrong fields in one line": fill("version: 1\nrules: [", rule("cwp.Licnse > 1"), "]"),
		"long wrong field":         fill("version: 1\nrules: [{when: cwp.", "a", "}]"),
		"large patterns":           fill("version: 1\nrules: [", rule(`cwp.ProtectType matches "(`+strings.Repeat("x", 99)+`){999}"`), "]"),
		"patterns that just fit":   fill("version: 1\nrules: [", rule(`cwp.ProtectType matches "(xxxx){99}"`), "]"),
		"chains":                   fill("version: 1\nrules: [", rule(strings.Repeat("1 < (2 < ", 20)+"3"+strings.Repeat(")", 20)), "]"),
		"unclosed brackets":        fill("version: 1\nrules: [", rule(strings.Repeat("(", 1900)), "]"),
		"unknown keys":             fill("version: 1\n", "a: 1\n", ""),
		"long unknown key":         fill("version: 1\n", "a", ": 1\n"),
		"deep nesting":             fill("version: 1\nrules: ", "[", ""),
		"deep mapping":             fill("version: 1\nrules: ", "{a: ", ""),
		"aliases":                  fill("version: 1\na: &a [x,x,x,x,x,x,x,x]\nrules: [", "*a,", "]"),
		"nested aliases":           "version: 1\na: &a [x,x]\n" + fill("b: &b [", "*a,", "]\nc: [*b,*b,*b]\n"),
		"many templates":           fill("version: 1\nrules: [", "{id: a, severity: info, when: 'true', title: '"+strings.Repeat("{{1}}", 300)+"'},", "]"),
		"wrong templates":          fill("version: 1\nrules: [", "{id: a, severity: info, when: 'true', title: '"+strings.Repeat("{{x}}", 300)+"'},", "]"),
		"many ids":                 fill("version: 1\nrules: [", "{id: a},", "]"),
	}
	for name, file := range files {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			_, err := rules.Load("rules.yaml", []byte(file[:min(len(file), size)]))
			const limit = 2 * time.Minute // it is a hang that is looked for
			if took := time.Since(begin); took > limit {
				t.Errorf("took %v", took)
			} else {
				t.Logf("%v", took)
			}
			if err == nil {
				t.Error("loaded, want mistakes")
			}
		})
	}
}
