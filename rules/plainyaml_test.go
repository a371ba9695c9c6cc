package rules_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"licensewatch/rules"
)

// nodes reads a file with all of YAML, without the comments.
func nodes(t *testing.T, text string) *yaml.Node {
	t.Helper()
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var strip func(n *yaml.Node)
	strip = func(n *yaml.Node) {
		n.HeadComment, n.LineComment, n.FootComment = "", "", ""
		for _, child := range n.Content {
			strip(child)
		}
	}
	strip(&document)
	return document.Content[0]
}

// The built-in files are read as YAML reads them, and quickly.
func TestBuiltInFilesArePlain(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"default.yaml", "changes.yaml"} {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := rules.ReadPlain(string(data))
		if !ok {
			t.Errorf("%s is written in more of YAML than readPlain knows: it loads slowly", name)
			continue
		}
		if diff := cmp.Diff(nodes(t, string(data)), got); diff != "" {
			t.Errorf("%s (-YAML +read):\n%s", name, diff)
		}
	}
}

// What it reads, it reads as YAML does, and the rest it leaves to YAML.
func TestReadPlain(t *testing.T) {
	t.Parallel()
	plain := []string{
		"a: 1\nb: x y # z\n", "a: x#y\n", "# c\n\na: 'it''s # no: comment'   # c\nb: ''\n", "a:\n  - b: 1\n    c: 'x'\n\n  # c\n  - b: [1, 2, x y]\n",
		"a: 中文 文字\nb: {en: x, zh: '中 文', fr: 中}\nc: []\nd: {}\n", "a: true\nb: null\nc: ~\nd: 1.5\nf: +4\ng: 1.2.3\nh: .5\n",
		"a:\n  b: x == \"y\" && z <= 30\n", "a: [x, 'y, z', 3 ]\n", "a: x y:z\n",
	}
	for _, text := range plain {
		got, ok := rules.ReadPlain(text)
		if !ok {
			t.Errorf("%q is not read", text)
			continue
		}
		if diff := cmp.Diff(nodes(t, text), got); diff != "" {
			t.Errorf("%q (-YAML +read):\n%s", text, diff)
		}
	}
	for _, text := range []string{
		"a: |\n  x\n", "a: >-\n  x\n", "a: \"x\"\n", "a: &b x\n", "a: *b\n", "a: !!str x\n", "- a\n", "a: x\n  y\n", "a: 'x\n  y'\n", "a: b: c\n",
		"a: [x,\n  y]\n", "a: [[x]]\n", "a: {b: [x]}\n", "a:\n", "a\n", "'a': x\n", "a: 'x' y\n", "a: - x\n", "  b: x\na: x\n", "a: -3\n", "a: b ? c : d\n",
	} {
		if _, ok := rules.ReadPlain(text); ok {
			t.Errorf("%q is read", text)
		}
	}
}
