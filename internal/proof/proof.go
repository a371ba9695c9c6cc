// Package proof scales the tests that stand for a promise with figures: few trials in
// every test run, many with "make prove", which sets PROVE=1 and gathers what Report
// prints; docs/reliability.md shows it.
package proof

import (
	"fmt"
	"os"
	"testing"
)

// Trials is how many trials a test makes: few, or many with PROVE=1.
func Trials(few, many int) int {
	if os.Getenv("PROVE") != "" {
		return many
	}
	return few
}

// Seed is what trial i of a test draws its chances from, the same in every run; PROVE
// may be another number to draw others.
func Seed(i int) (uint64, uint64) {
	var other uint64
	_, _ = fmt.Sscan(os.Getenv("PROVE"), &other) // 0 where it is no number
	return other, uint64(i)                      //nolint:gosec // i counts trials
}

// Report says what a test measured, for the table of docs/reliability.md.
func Report(t *testing.T, format string, args ...any) {
	t.Helper()
	if !t.Failed() {
		t.Logf("proof: %s: %s", t.Name(), fmt.Sprintf(format, args...))
	}
}
