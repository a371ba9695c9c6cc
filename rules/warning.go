package rules

import (
	"fmt"
	"strings"
	"time"

	"github.com/expr-lang/expr/ast"
	"go.yaml.in/yaml/v4"
)

// Warnings are about what is allowed and hardly ever meant. A file that has some
// works as it says.

// doubtAt reports a part of the expression that looks wrong.
func (c *compiler) doubtAt(n ast.Node, format string, args ...any) {
	c.reporter.doubt(nodeStart(n), fmt.Sprintf(format, args...))
}

// doubtComparison looks at a comparison with each side first.
func (c *compiler) doubtComparison(n *ast.BinaryNode) {
	c.doubtPercent(n, n.Left, n.Right)
	c.doubtPercent(n, n.Right, n.Left)
	c.doubtDate(n, n.Left, n.Right)
	c.doubtDate(n, n.Right, n.Left)
}

// doubtPercent warns of a share where a percentage is compared.
func (c *compiler) doubtPercent(n, side, other ast.Node) {
	if _, name := memberName(side); name != "UsedPercent" {
		return
	}
	value := literalValue(other)
	if number := toFloat(value); number > 0 && number <= 1 {
		c.doubtAt(n, "UsedPercent goes from 0 to 100, so that %s is %g %%; for %g %% write %g", quoteNode(other), number, number*100, number*100)
	}
}

// doubtDate warns of a date that is compared as a text.
func (c *compiler) doubtDate(n *ast.BinaryNode, side, other ast.Node) {
	base, name := memberName(side)
	switch name {
	case "Deadline", "ExpirationTime", "BuyTime", "BeginTime":
	default:
		return
	}
	instead := "rules compare dates by the days left only, as in " + base + ".DaysLeft <= 30"
	switch n.Operator {
	case "<", "<=", ">", ">=":
		c.doubtAt(n, "%s is a text, which is compared letter by letter and not as a date; %s", quoteNode(side), instead)
	case "==", "!=":
		value := literalValue(other)
		text, _ := value.(string)
		if _, err := time.Parse(time.DateOnly, text); err == nil {
			c.doubtAt(n, "%s has a time of day as well, like %s 00:00:00, and never equals %s; %s", quoteNode(side), text, quoteNode(other), instead)
		}
	}
}

// memberName is the field that a part reads, also with a fallback behind it.
func memberName(n ast.Node) (base, name string) {
	switch n := unwrapChain(n).(type) {
	case *ast.MemberNode:
		if property, ok := n.Property.(*ast.StringNode); ok {
			return unwrapChain(n.Node).String(), property.Value
		}
	case *ast.BinaryNode:
		if n.Operator == "??" {
			return memberName(n.Left)
		}
	}
	return "", ""
}

// warnTexts reports what looks wrong in the entry's own texts.
func (e *ruleEntry) warnTexts() {
	for _, key := range []string{"title", "detail", "group", "over"} {
		if v, ok := e.values[key]; ok && !v.doc.builtin {
			e.warnLanguages(v, key)
			v.warnComments(key)
		}
	}
}

// languageNames are the languages by their keys.
var languageNames = map[string]string{"en": "English", "zh": "Chinese"}

// warnLanguages warns of a title that only some can read, and of another text in
// fewer languages than the title.
func (e *ruleEntry) warnLanguages(v locatedValue, key string) {
	for _, language := range languageKeys {
		switch other := e.values["title"]; {
		case v.hasLanguage(language):
		case key == "title":
			v.doc.warnAtLine(v.node.Line, v.node.Column, "title has no %s: messages in %s hold the other language", language, languageNames[language])
		case other.node != nil && other.hasLanguage(language):
			v.doc.warnAtLine(v.node.Line, v.node.Column, "%s has no %s, and the title has: messages in %s hold the other language", key, language, languageNames[language])
		}
	}
}

// hasLanguage says whether a text is there in a language.
func (v locatedValue) hasLanguage(language string) bool {
	if v.node.Kind != yaml.MappingNode {
		return true
	}
	for i := 0; i+1 < len(v.node.Content); i += 2 {
		if v.node.Content[i].Value == language {
			return true
		}
	}
	return false
}

// warnComments warns of an unquoted text that ends where YAML sees a comment.
func (v locatedValue) warnComments(key string) {
	nodes := []*yaml.Node{v.node}
	if v.node.Kind == yaml.MappingNode {
		nodes = nil
		for i := 0; i+1 < len(v.node.Content); i += 2 {
			nodes = append(nodes, v.node.Content[i+1])
		}
	}
	for _, n := range nodes {
		if n.Kind != yaml.ScalarNode || n.Style != 0 {
			continue
		}
		line, column := v.doc.positionOf(n, len([]rune(n.Value)))
		text := []rune(v.doc.lineText(line))
		rest := string(text[min(column-1, len(text)):])
		if behind := strings.TrimLeft(rest, " \t"); behind != rest && strings.HasPrefix(behind, "#") {
			v.doc.warnAtLine(line, column+len([]rune(rest))-len([]rune(behind)), "behind a space, # begins a comment, so that the %s ends before it; quote the %s if this belongs to it", key, key)
		}
	}
}
