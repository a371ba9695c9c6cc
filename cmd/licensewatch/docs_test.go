package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryCommandIsDocumented: it has a page of its own, and a row in both
// READMEs; its help has an example.
func TestEveryCommandIsDocumented(t *testing.T) {
	const root = "../.."
	for _, c := range newRoot(console{}).Commands() {
		if c.Name() == "help" || c.Name() == "completion" {
			continue
		}
		page := "docs/commands/" + c.Name() + ".md"
		text, err := os.ReadFile(filepath.Join(root, page)) //nolint:gosec // a file of the repository
		if err != nil || !strings.HasPrefix(string(text), "# licensewatch "+c.Name()+"\n") {
			t.Errorf("%s: %v, or no such title", page, err)
		}
		for _, readme := range []string{"README.md", "README.zh-CN.md"} {
			text, err := os.ReadFile(filepath.Join(root, readme)) //nolint:gosec // a file of the repository
			if err != nil || !strings.Contains(string(text), "\n| ["+c.Name()+"]("+page+") | ") {
				t.Errorf("%s has no row for %s (%v)", readme, c.Name(), err)
			}
		}
		if c.Short == "" || c.Long == "" || c.Example == "" {
			t.Errorf("the help of %s is incomplete", c.Name())
		}
	}
}
