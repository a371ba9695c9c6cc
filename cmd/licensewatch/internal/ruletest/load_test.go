package ruletest_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/cmd/licensewatch/internal/ruletest"
)

// TestMistakes: every mistake of a file, with its place and what to write.
func TestMistakes(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/mistakes/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal(err, names)
	}
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			suite, mistakes := ruletest.Load(t.Context(), name, data, read)
			if suite != nil || len(mistakes) == 0 {
				t.Fatal("no mistake was found")
			}
			var got strings.Builder
			for _, m := range mistakes {
				got.WriteString(filepath.ToSlash(m.String()) + "\n")
			}
			golden(t, strings.TrimSuffix(name, ".yaml")+".golden", got.String())
		})
	}
}

// read reads the files that test files name.
func read(name string) ([]byte, error) {
	data, err := os.ReadFile(name) //nolint:gosec // a file of the tests
	if os.IsNotExist(err) {
		return nil, os.ErrNotExist // without the path, which differs from system to system
	}
	return data, err
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path) //nolint:gosec // a file of the tests
	if err != nil {
		t.Fatalf("%v; UPDATE_GOLDEN=1 writes it", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got; UPDATE_GOLDEN=1 rewrites it):\n%s", path, diff)
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	_, mistakes := ruletest.Load(t.Context(), "t.yaml", make([]byte, ruletest.MaxFile+1), read)
	if len(mistakes) != 1 || !strings.Contains(mistakes[0].Text, "at most") {
		t.Error(mistakes)
	}
}
