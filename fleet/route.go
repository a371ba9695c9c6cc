package fleet

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/suggest"
	"licensewatch/license"
)

// severities are the words of a route, worst first.
var severities = []license.Severity{license.Critical, license.Warning, license.Info}

// routeReader reads the routes, and finds those that nothing reaches.
type routeReader struct{ *loader }

// readRoutes reads the routes, in their order.
func (l *routeReader) readRoutes(n *yaml.Node) {
	if n == nil {
		return
	}
	elements, ok := l.List(n, "routes")
	if !ok {
		return
	}
	if len(elements) > maxRoutes {
		l.Fail(n, "routes lists %d routes; one file has at most %d", len(elements), maxRoutes)
		return
	}
	whole := l.Problems
	for _, element := range elements {
		l.Problems = problemsIn(l.name)
		if route := l.readRoute(element); !l.Any() {
			l.fleet.Routes = append(l.fleet.Routes, route)
		}
		whole.Add(l.Sorted()...)
	}
	l.Problems = whole
}

// readRoute reads one route.
func (l *routeReader) readRoute(n *yaml.Node) Route {
	values := l.Mapping(n, "a route", "account", "labels", "tags", "rule", "severity", "to", "continue")
	if values == nil {
		return Route{}
	}
	r := Route{Line: n.Line, column: n.Column, Continue: l.flag(values["continue"], "continue", false)}
	if at := values["account"]; at != nil {
		r.Accounts = l.texts(at, "account")
	}
	if at := values["rule"]; at != nil {
		r.Rules = l.texts(at, "rule")
	}
	r.Labels = l.readPatterns(values["labels"], "labels")
	r.Tags = l.readPatterns(values["tags"], "tags")
	if at := values["severity"]; at != nil {
		for _, element := range l.oneOrMore(at, "severity") {
			if word := l.word(element, "severity", "critical", "warning", "info"); word != "" {
				r.Severities = append(r.Severities, license.Severity(word))
			}
		}
	}
	if at := values["to"]; at != nil {
		r.To = l.readTo(at, "to")
	} else {
		l.Fail(n, "the route has no to: write the names of the channels that hear of it")
	}
	return r
}

// readPatterns reads what labels or tags have to be: each a pattern, or a list of which
// one fits.
func (l *routeReader) readPatterns(n *yaml.Node, what string) map[string][]string {
	if n == nil {
		return nil
	}
	members, ok := l.Members(n, what)
	if !ok {
		return nil
	}
	if len(members) == 0 {
		l.Fail(n, "%s is empty: leave it out, or write what they have to be", what)
	}
	patterns := make(map[string][]string, len(members))
	for _, m := range members {
		if name, ok := l.text(m.Key, "a name in "+what); ok {
			patterns[name] = l.texts(m.Value, what)
		}
	}
	return patterns
}

// readTo reads names of channels that the file has.
func (l *routeReader) readTo(n *yaml.Node, what string) []string {
	names := l.texts(n, what)
	for _, element := range l.oneOrMore(n, what) {
		if name := element.Value; name != "" && slices.Contains(names, name) && l.known[name] == nil {
			l.Fail(element, "there is no channel %s%s", quoted(name), l.channelHint(name))
		}
	}
	return names
}

// channelHint says which channel was meant, or which there are.
func (l *routeReader) channelHint(name string) string {
	const most = 12
	channels := slices.DeleteFunc(slices.Sorted(maps.Keys(l.known)),
		func(name string) bool { return !isChannelName(name) })
	hint := suggest.DidYouMean(name, channels)
	switch {
	case hint != "" || len(channels) == 0 || len(channels) > most:
		return hint
	case len(channels) == 1:
		return "; there is only " + channels[0]
	default:
		return "; there are " + suggest.List(channels, "and")
	}
}

// readDefault reads the channels that hear of what fits no route.
func (l *routeReader) readDefault(root, n *yaml.Node) {
	if n == nil {
		l.Fail(root, "default is missing: nobody would hear of what fits no route; list the channels that do")
		return
	}
	l.fleet.Default = l.readTo(n, "default")
}

// fitsAccount says whether what the route asks of an account is so.
func (r *Route) fitsAccount(a *Account) bool {
	return (len(r.Accounts) == 0 || a.isNamed(r.Accounts)) && fitAll(r.Labels, a.Labels)
}

// fitsFinding says whether what the route asks of a finding is so.
func (r *Route) fitsFinding(f Finding) bool {
	return (len(r.Severities) == 0 || slices.Contains(r.Severities, f.Severity)) &&
		(len(r.Rules) == 0 || matchesAny(r.Rules, f.Rule)) && fitAll(r.Tags, f.Tags)
}

// fitAll says whether each name has a value that fits one of its patterns. What has no
// value fits none, not even *.
func fitAll(patterns map[string][]string, values map[string]string) bool {
	for name, any := range patterns {
		if value, has := values[name]; !has || !matchesAny(any, value) {
			return false
		}
	}
	return true
}

// RulesFitting are those of the ids that fit one of the patterns of a route; without
// patterns all do.
func RulesFitting(patterns, ids []string) []string {
	if len(patterns) == 0 {
		return ids
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return !matchesAny(patterns, id) })
}

// Matching are the accounts whose name or uin fits one of the patterns; without patterns all
// do.
func Matching(accounts []Account, patterns []string) []Account {
	if len(patterns) == 0 {
		return accounts
	}
	return slices.DeleteFunc(slices.Clone(accounts), func(a Account) bool { return !a.isNamed(patterns) })
}

// HasLabels says whether each of the labels is one of the account's, with a value that fits one
// of its patterns.
func (a *Account) HasLabels(labels map[string][]string) bool { return fitAll(labels, a.Labels) }

// isNamed says whether the name or the uin of an account fits one of the patterns.
func (a *Account) isNamed(patterns []string) bool {
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		return matches(pattern, a.Name) || matches(pattern, a.Uin)
	})
}
