package rules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"licensewatch/rules"
)

// Every file in testdata/warnings loads; beside it is what is said about it.
func TestWarnings(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/warnings/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, error %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var lines strings.Builder
			for _, p := range load(t, string(data)).Warnings() {
				lines.WriteString(p.String() + "\n")
			}
			golden(t, strings.TrimSuffix(file, ".yaml")+".golden", lines.String())
		})
	}
}

// A file that only extends the built-in rules has none.
func TestNoWarnings(t *testing.T) {
	t.Parallel()
	if w := load(t, "version: 1\nextends: default\n").Warnings(); len(w) > 0 {
		t.Errorf("warnings: %v", w)
	}
}

// The built-in rules are not checked at every start, but here.
func TestDefaultHasNoMistakes(t *testing.T) {
	t.Parallel()
	mistakes, warnings := rules.CheckDefault()
	for _, p := range mistakes {
		t.Errorf("mistake: %s", p)
	}
	for _, p := range warnings {
		t.Errorf("warning: %s", p)
	}
}
