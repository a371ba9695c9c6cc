package rules

import (
	"maps"
	"slices"

	"licensewatch/internal/suggest"
)

// extendRules puts a file's own entries over the built-in ones: what an own entry
// says about a built-in rule replaces that, the others are added behind.
func (l *loader) extendRules(builtin, own []*ruleEntry) []*ruleEntry {
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
	if changed.hasBoth("remind_at", "remind_every") && !e.hasBoth("remind_at", "remind_every") && !other.hasBoth("remind_at", "remind_every") {
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

// scalarValue is the text of a value; empty when there is none.
func (v locatedValue) scalarValue() string {
	if v.node == nil {
		return ""
	}
	return v.node.Value
}

// suggestInstead says what to write when an id is no default rule's.
func suggestInstead(id string, ids []string) string {
	if meant := suggest.DidYouMean(id, ids); meant != "" {
		return meant
	}
	return "; a rule of your own needs when, severity and title"
}
