package ruletest_test

import (
	"os"
	"path/filepath"
	"testing"

	"licensewatch/cmd/licensewatch/internal/ruletest"
	"licensewatch/rules"
)

// TestBuiltInRules runs the tests of the built-in rules. Each of the rules must
// fire in one of them.
func TestBuiltInRules(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("../../../../rules/tests/*.yaml")
	if err != nil || len(names) != 2 {
		t.Fatal(err, names)
	}
	var covered ruletest.Coverage
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		suite, mistakes := ruletest.Load(t.Context(), name, data, read)
		if len(mistakes) > 0 {
			t.Fatal(mistakes)
		}
		for _, test := range suite.Run(all, &covered).Tests {
			if !test.Passed {
				t.Errorf("%s:%d: %s: %s", name, test.Line, test.Name, differences(test))
			}
		}
	}
	report := covered.Report()
	if len(report) != 1 || report[0].Count != rules.Default().Len() || len(report[0].NotTested) > 0 {
		t.Errorf("coverage is %+v, want all %d rules", report, rules.Default().Len())
	}
}

func all(string) bool { return true }
