package rules

import (
	"fmt"
	"net/url"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/license"
)

// locatedValue is a value and the file it stands in.
type locatedValue struct {
	doc  *ruleFile
	node *yaml.Node
}

// scalarValue is the text of a value; empty when there is none.
func (v locatedValue) scalarValue() string {
	if v.node == nil {
		return ""
	}
	return v.node.Value
}

// fileLine is where a value stands.
func (v locatedValue) fileLine() string {
	name := v.doc.name
	if v.doc.builtin {
		name = "built-in " + name
	}
	return fmt.Sprintf("%s:%d", name, v.node.Line)
}

// readGroup reads what is said of several of the rule's findings, behind their number.
func (v locatedValue) readGroup(each bool) license.Text {
	if !each {
		v.doc.failAtNode(v.node, "group is said of many orders at once; it needs `each: order`")
		return license.Text{}
	}
	if v.node.Kind != yaml.MappingNode || unquotedHint(v.node) != "" {
		text := v.doc.readPlainText(v.node, "group")
		return license.Text{En: text, Zh: text}
	}
	var group license.Text
	languages := v.doc.readMapping(v.node, "group", languageKeys)
	if n := languages["en"]; n != nil {
		group.En = v.doc.readPlainText(n, "group.en")
	}
	if n := languages["zh"]; n != nil {
		group.Zh = v.doc.readPlainText(n, "group.zh")
	}
	if len(v.node.Content) == 0 {
		v.doc.failAtNode(v.node, "group needs en, zh, or both")
	}
	return group
}

// languageKeys are the keys of a text that is written in each language.
var languageKeys = []string{"en", "zh"}

// maxRunbook bounds a link in bytes.
const maxRunbook = 500

// pageLetters are what a path of the console is made of.
const pageLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/"

// readConsolePath gives a path of the console's, the same on both sites.
func (v locatedValue) readConsolePath(what string) string {
	value, ok := v.doc.readScalar(v.node, what)
	if ok && (strings.Trim(value, pageLetters) != "" || strings.HasPrefix(value, "/") || len(value) > maxRunbook) {
		v.doc.failAtNode(v.node, "%s must be a path of the console, like account/renewal; for another address there is runbook", what)
		return ""
	}
	return value
}

// readLink gives an https link.
func (v locatedValue) readLink(what string) string {
	value, ok := v.doc.readScalar(v.node, what)
	if !ok {
		return ""
	}
	address, err := url.Parse(value)
	isPlain := !strings.ContainsAny(value, " \t\r\n<>|\"'`\\") && len(value) <= maxRunbook
	if err != nil || address.Scheme != "https" || address.Host == "" || address.User != nil || !isPlain {
		v.doc.failAtNode(v.node, "%s must be an https link, like https://wiki.example.com/licenses", what)
		return ""
	}
	return value
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
			v.doc.warnAtLine(line, column+len([]rune(rest))-len([]rune(behind)),
				"behind a space, # begins a comment, so that the %s ends before it; quote the %s if this belongs to it",
				key, key)
		}
	}
}
