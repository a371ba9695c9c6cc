package rules

import (
	"strings"

	"go.yaml.in/yaml/v4"
)

// Warnings are about what is allowed and hardly ever meant. A file that has some
// works as it says.

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
