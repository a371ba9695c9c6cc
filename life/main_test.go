package life_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain gives the random tests the same draws in every run, so that a change
// fails only for what it changes. A seed of one's own explores further:
//
//	go test ./life -run TestLife -rapid.seed=7 -rapid.checks=5000
func TestMain(m *testing.M) {
	if err := flag.Set("rapid.seed", "20261122"); err != nil {
		panic(err)
	}
	flag.Parse()
	os.Exit(m.Run())
}
