package main

import (
	"os"
	"strings"
	"testing"
)

// TestPagesShowWhatIsPrinted: the examples of docs/commands are what the commands
// print. Where a page leaves something out, there is a line with "…"; others are
// rewritten by UPDATE_GOLDEN=1, once the golden files are.
func TestPagesShowWhatIsPrinted(t *testing.T) {
	for _, c := range []struct {
		page, begins, golden string
	}{
		{"simulate", "```\n$ licensewatch simulate\n", "simulate.txt"},
		{"explain", "\n```\nsite cn", "explain-story-order.txt"},
		{"routes", "```\n$ licensewatch routes --accounts accounts.yaml\n", "routes.txt"},
		{"routes", "```\n$ licensewatch routes --accounts accounts.yaml --test failing.test.yaml\n", "routes-failing.txt"},
		{"preview", "```\n$ licensewatch preview account.json --language en\n", "preview.txt"},
	} {
		t.Run(c.page, func(t *testing.T) {
			name := "../../docs/commands/" + c.page + ".md"
			page, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			_, block, found := strings.Cut(string(page), c.begins)
			block, _, closed := strings.Cut(block, "```")
			printed, err := os.ReadFile("testdata/golden/" + c.golden)
			if err != nil || !found || !closed {
				t.Fatalf("%v, or no example", err)
			}
			if os.Getenv("UPDATE_GOLDEN") != "" && !strings.Contains(block, "…") {
				_, first, _ := strings.Cut(c.begins, "```\n")
				if first = strings.TrimSuffix(first, "\n"); strings.HasPrefix(string(printed), first) { // the block begins with the output
					printed = printed[len(first):]
				}
				whole := strings.Replace(string(page), c.begins+block, c.begins+string(printed), 1)
				if err := os.WriteFile(name, []byte(whole), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			for part := range strings.SplitSeq(block, "…\n") {
				if !strings.Contains(string(printed), part) {
					t.Errorf("this is not printed:\n%s", part)
				}
			}
		})
	}
}
