package rules

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/suggest"
)

// ruleEntry is one element of "rules", as it is written.
type ruleEntry struct {
	id     string // empty when it has none that is valid
	doc    *ruleFile
	node   *yaml.Node
	values map[string]locatedValue
	covers []*yaml.Node // of covered_by, once the entry is compiled
}

// entryKeys are the keys a rule can have.
var entryKeys = []string{
	"id", "enabled", "each", "severity", "when", "info_when", "critical_when", "clear_when", "covered_by",
	"covered_when",
	"measure", "worse_by", "worse_at", "machines", "title", "detail", "group", "over", "console", "runbook",
	"remind_at", "remind_every",
}

// readRules gives the file's own entries.
func (d *ruleFile) readRules(root *yaml.Node, top map[string]*yaml.Node) []*ruleEntry {
	n := top["rules"]
	if n == nil {
		if top["extends"] == nil {
			d.failAtNode(root, "rules is missing: nothing would be watched; list rules, or write `extends: default`")
		}
		return nil
	}
	elements, ok := d.readList(n, "rules")
	if !ok {
		return nil
	}
	var entries []*ruleEntry
	for _, element := range elements {
		if values := d.readMapping(element, "a rule", entryKeys); values != nil {
			entries = append(entries, d.readEntry(element, values, entries))
		}
	}
	return entries
}

// An id stands in messages and in commands.
const (
	idLetters = "abcdefghijklmnopqrstuvwxyz0123456789-"
	maxID     = 64
)

// readEntry gives an element with its id, which none of the earlier entries may
// have.
func (d *ruleFile) readEntry(n *yaml.Node, values map[string]*yaml.Node, earlier []*ruleEntry) *ruleEntry {
	e := &ruleEntry{doc: d, node: n, values: map[string]locatedValue{}}
	for key, value := range values {
		e.values[key] = locatedValue{d, value}
	}
	idNode := values["id"]
	if idNode == nil {
		d.failAtNode(n, "the rule has no id")
		return e
	}
	id, ok := d.readScalar(idNode, "id")
	if !ok {
		return e
	}
	if strings.Trim(id, idLetters) != "" || len(id) > maxID {
		d.failAtNode(idNode, "id %q must be made of a-z, 0-9 and -, at most %d of them", id, maxID)
		return e
	}
	twin := slices.IndexFunc(earlier, func(other *ruleEntry) bool { return other.id == id })
	if twin >= 0 {
		d.failAtNode(idNode, "id %s is taken by the rule in line %d; give one of the two another", id,
			earlier[twin].node.Line)
	}
	e.id = id
	return e
}

// requireKeys reports the keys that an entry lacks.
func (e *ruleEntry) requireKeys(keys ...string) {
	for _, key := range keys {
		if _, ok := e.values[key]; !ok {
			e.doc.failAtNode(e.node, "%s has no %s", e.displayName(), key)
		}
	}
}

// displayName is how a message calls the entry.
func (e *ruleEntry) displayName() string {
	if e.id == "" {
		return "the rule"
	}
	return "rule " + e.id
}

// failChange reports what does not go with a change. A file that makes a
// built-in rule one about a change is told where it does so.
func (e *ruleEntry) failChange(v locatedValue, key, belongs string) {
	at := v
	if v.doc.builtin {
		at = e.values["when"]
	}
	at.doc.failAtNode(at.node, "%s does not go with a condition that reads previous: a change is told once, when it happens; "+
		"%s in a rule about the state, with an id of its own", key, belongs)
}

// extendRules puts a file's own entries over the built-in ones: what an own entry
// says about a built-in rule replaces that, the others are added behind.
func extendRules(builtin, own []*ruleEntry) []*ruleEntry {
	ids := make([]string, len(builtin))
	for i, e := range builtin {
		ids[i] = e.id
	}
	merged := slices.Clone(builtin)
	for _, e := range own {
		switch i := slices.Index(ids, e.id); {
		case i >= 0:
			merged[i] = merged[i].overrideWith(e)
		case e.id != "" && e.values["when"].node == nil:
			e.doc.failAtNode(e.values["id"].node, "there is no default rule %s%s", e.id, suggestInstead(e.id, ids))
		default:
			e.requireKeys("when", "severity", "title")
			merged = append(merged, e)
		}
	}
	return merged
}

// overrideWith gives a copy of a built-in entry with what the other says.
func (e *ruleEntry) overrideWith(other *ruleEntry) *ruleEntry {
	changed := *e
	changed.values = maps.Clone(e.values)
	for key, value := range other.values {
		if key == "each" && value.node.Value != e.values["each"].scalarValue() {
			value.doc.failAtNode(value.node, "each of a default rule cannot be changed; switch the rule off and write one with another id")
			continue
		}
		changed.values[key] = value
	}
	// An own way to be reminded takes the place of the one that the built-in rule has.
	if changed.hasBoth("remind_at", "remind_every") && !e.hasBoth("remind_at", "remind_every") &&
		!other.hasBoth("remind_at", "remind_every") {
		for _, key := range []string{"remind_at", "remind_every"} {
			if _, own := other.values[key]; !own {
				delete(changed.values, key)
			}
		}
	}
	// Whoever says how bad it is, or when it fires, does not mean the exceptions that
	// belonged to what was there before.
	for key, exception := range map[string]string{"severity": "info_when", "when": "clear_when"} {
		if _, own := other.values[key]; own && other.values[exception].node == nil {
			delete(changed.values, exception)
		}
	}
	return &changed
}

func (e *ruleEntry) hasBoth(one, other string) bool {
	_, has := e.values[one]
	_, hasOther := e.values[other]
	return has && hasOther
}

// suggestInstead says what to write when an id is no default rule's.
func suggestInstead(id string, ids []string) string {
	if meant := suggest.DidYouMean(id, ids); meant != "" {
		return meant
	}
	return "; a rule of your own needs when, severity and title"
}

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
			v.doc.warnAtLine(v.node.Line, v.node.Column, "title has no %s: messages in %s hold the other language",
				language, languageNames[language])
		case other.node != nil && other.hasLanguage(language):
			v.doc.warnAtLine(v.node.Line, v.node.Column,
				"%s has no %s, and the title has: messages in %s hold the other language", key, language,
				languageNames[language])
		}
	}
}
