package yamlnode_test

import (
	"strings"
	"testing"

	"licensewatch/internal/yamlnode"
)

func TestLoad(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		first, second bool
		line, column  int // of the fault
	}{
		"":                 {},
		"# nothing\n":      {},
		"null":             {},
		"a: 1":             {first: true},
		"a: 1\n---\nb: 2":  {first: true, second: true},
		"a: 1\n---\nb: [2": {first: true, line: 4, column: 1},
		"a: [1":            {line: 2, column: 1},
		"a: *x":            {line: 1, column: 4},
	} {
		first, second, fault := yamlnode.Load(text)
		if (first != nil) != want.first || (second != nil) != want.second || (fault != nil) != (want.line > 0) {
			t.Errorf("%q: %v, %v, %v", text, first, second, fault)
			continue
		}
		if fault != nil && (fault.Line != want.line || fault.Column != want.column || fault.Message == "") {
			t.Errorf("%q: %#v, want line %d, column %d", text, fault, want.line, want.column)
		}
	}
}

// TestSorted: those of the file itself come first, each place once, and what is
// said of another file stays together.
func TestSorted(t *testing.T) {
	t.Parallel()
	problems := yamlnode.In("own.yaml")
	problems.Add(yamlnode.Problem{File: "b.yaml", Line: 2, Column: 1, Text: "x"}, yamlnode.Problem{File: "a.yaml", Line: 9, Column: 1, Text: "x"})
	problems.FailAt(3, 4, "no %s", "key")
	problems.Add(yamlnode.Problem{File: "b.yaml", Line: 1, Column: 1, Text: "x"})
	problems.FailAt(3, 4, "no %s", "key")
	problems.FailAt(0, 0, "empty")
	var got strings.Builder
	for _, p := range problems.Sorted() {
		got.WriteString(p.String() + "\n")
	}
	const want = "own.yaml:1:1: empty\nown.yaml:3:4: no key\nb.yaml:1:1: x\nb.yaml:2:1: x\na.yaml:9:1: x\n"
	if got.String() != want {
		t.Errorf("%s, want\n%s", got.String(), want)
	}
}
