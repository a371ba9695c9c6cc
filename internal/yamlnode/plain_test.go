package yamlnode_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"licensewatch/internal/yamlnode"
)

// nodes reads a file with all of YAML, without the comments; nil when it is none.
func nodes(text string) *yaml.Node {
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(text), &document); err != nil || len(document.Content) == 0 {
		return nil
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
		data, err := os.ReadFile(filepath.Join("..", "..", "rules", name))
		if err != nil {
			t.Fatal(err)
		}
		got, ok := yamlnode.ReadPlain(string(data))
		if !ok {
			t.Errorf("%s is written in more of YAML than ReadPlain knows: it loads slowly", name)
			continue
		}
		if diff := cmp.Diff(nodes(string(data)), got); diff != "" {
			t.Errorf("%s (-YAML +read):\n%s", name, diff)
		}
	}
}

// plainTexts are read as YAML reads them.
var plainTexts = []string{
	"a: 1\nb: x y # z\n", "a: x#y\n", "# c\n\na: 'it''s # no: comment'   # c\nb: ''\n", "a:\n  - b: 1\n    c: 'x'\n\n  # c\n  - b: [1, 2, x y]\n",
	"a: 中文 文字\nb: {en: x, zh: '中 文', fr: 中}\nc: []\nd: {}\n", "a: true\nb: null\nd: 1.5\nf: +4\nh: .5\n",
	"a:\n  b: x == \"y\" && z <= 30\n", "a: [x, 'y, z', 3 ]\n", "a: x y:z\n", "a: \"x, 中\" # c\nb: \"\"", "a: [[x], {b: [y]}]\n", "a: {b: {c: d, 'e f': 1}, \"g\": \"h\"}\n",
	"a:\n- {b: c}\n- {b: d}\nc: 1\n", "a:\n- b\n- 'c'\n- [d]\n-   e: f\n    g: h\n", "a: # c\n  B-c.d_1: 1-prod\n", "a: [x, y,]\nb: {c: d, }\n",
	"a: 100000000001\nb: \"100000000001\"\n", "中: x\n", "a:  b\n", "a: y\nb: yes\nc: True\nd: 7d\ne: NULL\n",
	"b: x\nc: /x/y\nd: 12 machines\n", "a: notes\nb: nothing more\nc: falsey\nd: trues\n",
}

// otherTexts are left to YAML.
var otherTexts = []string{
	"a: |\n  x\n", "a: >-\n  x\n", "a: \"x\\n\"\n", "a: \"x\n  y\"\n", "a: &b x\n", "a: *b\n", "a: !!str x\n", "- a\n", "a: x\n  y\n", "a: 'x\n  y'\n", "a: b: c\n",
	"a: [x,\n  y]\n", "a:\n", "a\n", "'a': x\n", "a: 'x' y\n", "a: 'x'# y\n", "a: - x\n", "  b: x\na: x\n", "a: b ? c : d\n", "a:\n\tb: c\n", "a: x\r\nb: y\r\n",
	"a: {b:c}\n", "a: {b}\n", "a: {b: }\n", "a: [,]\n", "a: {b: c: d}\n", "a: {b: [c}\n", "a: [a, b: c]\n", "a: [x #y]\n", "a: {b: *c}\n",
	"a: 0x1F\n", "a: 1e3\n", "a: 1_000\n", "a: 012\n", "a: 2026-11-29\n", "a: ~\n", "a: .inf\n", "a: 1.2.3\n",
	"<<: {a: b}\n", "---\na: x\n", "a: x\n---\nb: y\n", "a: x\n...\n", "\ufeffa: x\n", "a: x\u0085b: y\n", "a: x\x00\n", "a: \xff\n", "", "# c\n",
	"a: " + strings.Repeat("[", 9) + strings.Repeat("]", 9) + "\n",
}

// What it reads, it reads as YAML does, and the rest it leaves to YAML.
func TestReadPlain(t *testing.T) {
	t.Parallel()
	for _, text := range plainTexts {
		got, ok := yamlnode.ReadPlain(text)
		if !ok {
			t.Errorf("%q is not read", text)
			continue
		}
		if diff := cmp.Diff(nodes(text), got); diff != "" {
			t.Errorf("%q (-YAML +read):\n%s", text, diff)
		}
	}
	for _, text := range otherTexts {
		if _, ok := yamlnode.ReadPlain(text); ok {
			t.Errorf("%q is read", text)
		}
	}
}

// FuzzReadPlain: whatever is read is what YAML reads.
func FuzzReadPlain(f *testing.F) {
	for _, text := range append(plainTexts, otherTexts...) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := yamlnode.ReadPlain(text)
		if !ok {
			return
		}
		if diff := cmp.Diff(nodes(text), got); diff != "" {
			t.Errorf("%q (-YAML +read):\n%s", text, diff)
		}
	})
}

// TestReadPlainIsQuick: what YAML takes 70 ms for takes a tenth of it, and a line as long
// as a file may be no longer than that.
func TestReadPlainIsQuick(t *testing.T) {
	t.Parallel()
	var list strings.Builder
	list.WriteString("accounts:\n")
	for i := range 5000 {
		fmt.Fprintf(&list, "  - {uin: \"1%011d\", name: 支付-生产-%d, labels: {team: pay, env: prod}}\n", i, i)
	}
	for name, text := range map[string]string{
		"5,000 accounts": list.String(),
		"a long line":    "a: [" + strings.Repeat("支, ", 100_000) + "x]\n",
	} {
		began := time.Now()
		if _, ok := yamlnode.ReadPlain(text); !ok {
			t.Errorf("%s: not read", name)
		}
		took := time.Since(began)
		t.Logf("%s: %v", name, took)
		if took > time.Second {
			t.Errorf("%s takes %v", name, took)
		}
	}
}
