package main

import (
	"strings"
	"testing"
)

func TestCompletionScripts(t *testing.T) {
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		code, out, errs := command(t, nil, "completion", shell)
		if code != exitFine || errs != "" || !strings.Contains(out, "licensewatch") {
			t.Errorf("%s: exit %d: %s", shell, code, errs)
		}
	}
}

// TestCompletion: what the shell is offered for commands and for flags that take
// one of some words.
func TestCompletion(t *testing.T) {
	for line, want := range map[string]string{
		"ch":                  "check",
		"demo --scenario ":    "healthy near-expiry trial-expired renewal-off not-renewed everything-wrong undocumented source-down slow-export many-orders first-day quarter",
		"demo --language ":    "en zh",
		"demo --site ":        "cn intl",
		"demo --mode ":        "digest alert report",
		"run --mode ":         "digest alert report",
		"check --output ":     "text json",
		"check --serverless ": "yml yaml", // the files' extensions
		"init --output ":      "text json",
		"completion ba":       "bash",
		"check --no-":         "--no-serverless",
	} {
		_, out, _ := command(t, nil, append([]string{"__complete"}, strings.Split(line, " ")...)...)
		var words []string
		for offered := range strings.Lines(out) {
			word, _, _ := strings.Cut(strings.TrimSpace(offered), "\t")
			if !strings.HasPrefix(word, ":") {
				words = append(words, word)
			}
		}
		if got := strings.Join(words, " "); got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}
