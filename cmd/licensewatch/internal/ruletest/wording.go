package ruletest

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/yamlnode"
	"licensewatch/license"
)

// languages are those of texts, in the order to report them.
var languages = []license.Language{license.English, license.Chinese}

// wording is what a text must be in each language; a language that is not there
// is not looked at.
type wording map[license.Language]phrase

// phrase is what a text must be in one language.
type phrase struct {
	exact    string
	contains []string // when there are any: instead of exact
}

// readWording reads a text, which is in English, or one for each language, or what
// it must contain.
func (d *document) readWording(n *yaml.Node, what string) wording {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.MappingNode || yamlnode.Value(n, "contains") != nil {
		if p, ok := d.readPhrase(n, what); ok {
			return wording{license.English: p}
		}
		return nil
	}
	values := d.Mapping(n, what, "en", "zh", "contains")
	if values != nil && len(n.Content) == 0 {
		d.Fail(n, "%s needs en, zh, or both", what)
	}
	w := wording{}
	for _, language := range languages {
		if v := values[string(language)]; v != nil {
			if p, ok := d.readPhrase(v, what+"."+string(language)); ok {
				w[language] = p
			}
		}
	}
	return w
}

// readPhrase reads an exact text, or {contains: …} with one part or several.
func (d *document) readPhrase(n *yaml.Node, what string) (phrase, bool) {
	if n.Kind != yaml.MappingNode {
		text, ok := d.readScalar(n, what)
		return phrase{exact: text}, ok
	}
	if yamlnode.Value(n, "contains") != nil && len(n.Content) > 2 {
		d.Fail(n, "contains stands alone; for both languages write {en: {contains: …}, zh: {contains: …}}")
		return phrase{}, false
	}
	values := d.Mapping(n, what, "contains")
	if values["contains"] == nil {
		if values != nil && len(n.Content) == 0 {
			d.Fail(n, "%s must be a text, or {contains: part of it}", what)
		}
		return phrase{}, false
	}
	parts := d.readWords(values["contains"], what+".contains")
	return phrase{contains: parts}, len(parts) > 0
}

// matches says whether a text is as expected.
func (p phrase) matches(text string) bool {
	if len(p.contains) == 0 {
		return text == p.exact
	}
	return !slices.ContainsFunc(p.contains, func(part string) bool { return !strings.Contains(text, part) })
}

// String is the text, or what it must contain.
func (p phrase) String() string {
	if len(p.contains) == 0 {
		return p.exact
	}
	return "… " + strings.Join(p.contains, " … ") + " …"
}
