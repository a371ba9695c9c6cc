package yamlnode

import (
	"slices"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/suggest"
)

// Member is a key of a mapping with its value.
type Member struct{ Key, Value *yaml.Node }

// Members gives what a mapping holds, in its order; false when it is none, which
// is reported as what. Keys that are no words or are given twice are reported and
// left out.
func (p *Problems) Members(n *yaml.Node, what string) ([]Member, bool) {
	if n.Kind != yaml.MappingNode {
		p.Fail(n, "%s must be a mapping (key: value), not %s", what, Shape(n))
		return nil, false
	}
	list := make([]Member, 0, len(n.Content)/2)
	hasKey := keysOf(&list, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind != yaml.ScalarNode:
			p.Fail(key, "a key must be a word, not %s", Shape(key))
		case hasKey(key.Value):
			p.Fail(key, "%s is given twice", p.quoted(key.Value))
		default:
			list = append(list, Member{key, n.Content[i+1]})
		}
	}
	return list, true
}

// keysOf says whether a list that grows has a key, which it is then given. A short list is
// looked through, as most are short.
func keysOf(list *[]Member, most int) func(key string) bool {
	const short = 16
	if most <= short {
		return func(key string) bool {
			return slices.ContainsFunc(*list, func(m Member) bool { return m.Key.Value == key })
		}
	}
	seen := make(map[string]bool, most)
	return func(key string) bool {
		has := seen[key]
		seen[key] = true
		return has
	}
}

// Mapping gives the values of a mapping by key, of the keys that it may have;
// nil when it is none. What else it holds is reported.
func (p *Problems) Mapping(n *yaml.Node, what string, keys ...string) map[string]*yaml.Node {
	list, ok := p.Members(n, what)
	if !ok {
		return nil
	}
	values := make(map[string]*yaml.Node, len(list))
	for _, m := range list {
		if slices.Contains(keys, m.Key.Value) {
			values[m.Key.Value] = m.Value
			continue
		}
		hint := suggest.DidYouMean(m.Key.Value, keys)
		if hint == "" {
			hint = "; it has " + suggest.List(keys, "and")
		}
		p.Fail(m.Key, "%s has no key %s%s", what, p.quoted(m.Key.Value), hint)
	}
	return values
}

// List gives the elements of a list; false when it is none.
func (p *Problems) List(n *yaml.Node, what string) ([]*yaml.Node, bool) {
	if n.Kind != yaml.SequenceNode {
		p.Fail(n, "%s must be a list, not %s", what, Shape(n))
		return nil, false
	}
	return n.Content, true
}

// OneOf says whether the value that was read at a node is one of the words.
func (p *Problems) OneOf(n *yaml.Node, what, value string, words ...string) bool {
	if slices.Contains(words, value) {
		return true
	}
	p.Fail(n, "%s must be %s, not %s%s", what, suggest.List(words, "or"), p.quoted(value),
		suggest.DidYouMean(value, words))
	return false
}
