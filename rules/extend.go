package rules

import (
	"maps"
	"slices"

	"licensewatch/internal/suggest"
)

// extend puts a file's own entries over the built-in ones: what an own entry
// says about a built-in rule replaces that, the others are added behind.
func (l *loader) extend(builtin, own []*entry) []*entry {
	ids := make([]string, len(builtin))
	for i, e := range builtin {
		ids[i] = e.id
	}
	merged := slices.Clone(builtin)
	for _, e := range own {
		switch i := slices.Index(ids, e.id); {
		case i >= 0:
			merged[i] = merged[i].override(e)
		case e.id != "" && e.values["when"].node == nil:
			e.doc.fail(e.values["id"].node, "there is no default rule %s%s", e.id, instead(e.id, ids))
		default:
			e.require("when", "severity", "title")
			merged = append(merged, e)
		}
	}
	return merged
}

// override gives a copy of a built-in entry with what the other says.
func (e *entry) override(other *entry) *entry {
	changed := *e
	changed.values = maps.Clone(e.values)
	for key, value := range other.values {
		if key == "each" && value.node.Value != e.values["each"].value() {
			value.doc.fail(value.node, "each of a default rule cannot be changed; switch the rule off and write one with another id")
			continue
		}
		changed.values[key] = value
	}
	// The two exclude each other: the own one takes the place of the built-in one.
	if _, own := other.values["remind_every"]; own {
		changed.drop("remind_at", other)
	}
	if _, own := other.values["remind_at"]; own {
		changed.drop("remind_every", other)
	}
	return &changed
}

// drop takes a value away, unless it is the other entry's own.
func (e *entry) drop(key string, other *entry) {
	if _, own := other.values[key]; !own {
		delete(e.values, key)
	}
}

// value is the text of a value; empty when there is none.
func (v located) value() string {
	if v.node == nil {
		return ""
	}
	return v.node.Value
}

// instead says what to write when an id is no default rule's.
func instead(id string, ids []string) string {
	if meant := suggest.DidYouMean(id, ids); meant != "" {
		return meant
	}
	return "; a rule of your own needs when, severity and title"
}
