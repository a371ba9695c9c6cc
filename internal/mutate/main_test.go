package main_test

import (
	"os/exec"
	"testing"
)

// TestMutationsApply: what a mistake is made in still stands where it is looked for.
// Whether the tests notice is for make mutate, which takes long.
func TestMutationsApply(t *testing.T) {
	t.Parallel()
	check := exec.CommandContext(t.Context(), "go", "run", "./internal/mutate", "check")
	check.Dir = "../.."
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
