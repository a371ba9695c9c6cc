package ruletest_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"licensewatch/cmd/licensewatch/internal/ruletest"
)

// FuzzLoad: whatever a file holds, there is a suite that runs or a mistake with
// a place and a text, and never both.
func FuzzLoad(f *testing.F) {
	for _, pattern := range []string{"testdata/mistakes/*.yaml", "../../../../rules/tests/*.yaml"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(data))
		}
	}
	f.Fuzz(func(t *testing.T, file string) {
		suite, mistakes := ruletest.Load(t.Context(), "t.yaml", []byte(file), func(string) ([]byte, error) { return nil, errors.New("there is no file") })
		if (suite == nil) == (len(mistakes) == 0) {
			t.Fatalf("suite %v, mistakes %v", suite, mistakes)
		}
		for _, m := range mistakes {
			if m.File != "t.yaml" || m.Line < 1 || m.Column < 1 || m.Text == "" || m.Line > strings.Count(file, "\n")+strings.Count(file, "\r")+2 {
				t.Fatalf("bad mistake %+v", m)
			}
		}
		if suite != nil {
			for _, test := range suite.Run(all, new(ruletest.Coverage)).Tests {
				if test.Passed != (len(test.Failures) == 0) {
					t.Fatalf("%+v", test)
				}
			}
		}
	})
}
