package main

import (
	"os"
	"strings"
	"testing"
)

// TestPagesShowWhatIsPrinted: the examples of docs/commands are what the commands
// print. Where a page leaves something out, there is a line with "…".
func TestPagesShowWhatIsPrinted(t *testing.T) {
	for _, c := range []struct {
		page, begins, golden string
	}{
		{"simulate", "```\n$ licensewatch simulate\n", "simulate.txt"},
		{"explain", "\n```\nsite cn", "explain-story-order.txt"},
		{"preview", "```\n$ licensewatch preview account.json --language en\n", "preview.txt"},
	} {
		t.Run(c.page, func(t *testing.T) {
			page, err := os.ReadFile("../../docs/commands/" + c.page + ".md")
			if err != nil {
				t.Fatal(err)
			}
			_, block, found := strings.Cut(string(page), c.begins)
			block, _, closed := strings.Cut(block, "```")
			printed, err := os.ReadFile("testdata/golden/" + c.golden)
			if err != nil || !found || !closed {
				t.Fatalf("%v, or no example", err)
			}
			for part := range strings.SplitSeq(block, "…\n") {
				if !strings.Contains(string(printed), part) {
					t.Errorf("this is not printed:\n%s", part)
				}
			}
		})
	}
}
