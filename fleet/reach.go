package fleet

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"licensewatch/internal/suggest"
	"licensewatch/internal/yamlnode"
	"licensewatch/license"
)

// checkReach looks for what no route leads to: routes that are never asked, or fit no
// account, and channels that hear nothing.
func (l *routeReader) checkReach() {
	for i := range l.fleet.Routes {
		route := &l.fleet.Routes[i]
		if lines := l.hiddenBy(i); len(lines) > 0 {
			l.FailAt(route.Line, route.column, "the route can never be reached: whatever fits it fits %s before it, without continue; put it first, or remove it",
				routesIn(lines))
			continue
		}
		l.warnNoAccount(route)
	}
	heard := map[string]bool{}
	for _, name := range l.fleet.Default {
		heard[name] = true
	}
	for _, route := range l.fleet.Routes {
		for _, name := range route.To {
			heard[name] = true
		}
	}
	for _, channel := range l.fleet.Channels {
		if !heard[channel.Name] && !l.Any() {
			l.warnings.Fail(l.known[channel.Name], "channel %s hears nothing: it is in no route, and not in default",
				channel.Name)
		}
	}
}

// hiddenBy are the lines of the earlier routes that take, severity by severity, whatever
// fits a route; none when something is left for it.
func (l *routeReader) hiddenBy(i int) []int {
	route := &l.fleet.Routes[i]
	wanted := route.Severities
	if len(wanted) == 0 {
		wanted = severities
	}
	var lines []int
	for _, severity := range wanted {
		first := slices.IndexFunc(l.fleet.Routes[:i], func(earlier Route) bool {
			return !earlier.Continue && earlier.hides(route, severity)
		})
		if first < 0 {
			return nil
		}
		if line := l.fleet.Routes[first].Line; !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	slices.Sort(lines)
	return lines
}

// hides says whether whatever fits the other route with a severity fits this one.
func (r *Route) hides(other *Route, severity license.Severity) bool {
	return (len(r.Severities) == 0 || slices.Contains(r.Severities, severity)) &&
		coversAll(r.Accounts, orAny(other.Accounts)) && coversAll(r.Rules, orAny(other.Rules)) &&
		coversEach(r.Labels, other.Labels) && coversEach(r.Tags, other.Tags)
}

// orAny is the pattern for everything where there is none.
func orAny(patterns []string) []string {
	if len(patterns) == 0 {
		return []string{string(anyRun)}
	}
	return patterns
}

// coversEach says whether values that fit the narrow patterns fit the wide ones.
func coversEach(wide, narrow map[string][]string) bool {
	for name, patterns := range wide {
		if !coversAll(patterns, narrow[name]) {
			return false
		}
	}
	return true
}

// routesIn names routes by their lines.
func routesIn(lines []int) string {
	if len(lines) == 1 {
		return fmt.Sprintf("the route in line %d", lines[0])
	}
	var numbers []string
	for _, line := range lines {
		numbers = append(numbers, fmt.Sprint(line))
	}
	return "the routes in lines " + suggest.List(numbers, "and")
}

// warnNoAccount warns of a route that fits no account of the file. With an organization
// nobody knows yet which there are.
func (l *routeReader) warnNoAccount(route *Route) {
	if l.fleet.Organization != nil || len(l.fleet.LeftOut) > 0 || len(l.fleet.Accounts) == 0 ||
		slices.ContainsFunc(l.fleet.Accounts, func(a Account) bool { return route.fitsAccount(&a) }) {
		return
	}
	hint := ""
	for _, pattern := range route.Accounts {
		if hint == "" && isExact(pattern) {
			hint = suggest.DidYouMean(pattern, l.accountNames())
		}
	}
	if len(route.Labels) > 0 && hint == "" {
		hint = l.labelHint(route)
	}
	l.warnings.FailAt(route.Line, route.column, "the route fits none of the accounts%s", hint)
}

func (l *routeReader) accountNames() []string {
	const most = 500 // names to compare with one that is misspelt
	var names []string
	for _, a := range l.fleet.Accounts[:min(len(l.fleet.Accounts), most)] {
		names = append(names, a.Name)
	}
	return names
}

// labelHint says which label of a route no account has.
func (l *routeReader) labelHint(route *Route) string {
	for _, name := range slices.Sorted(maps.Keys(route.Labels)) {
		values := map[string]bool{}
		for _, a := range l.fleet.Accounts {
			if value, has := a.Labels[name]; has {
				values[value] = true
			}
		}
		if len(values) == 0 {
			return "; none has a label " + strings.Trim(quoted(name), `"`)
		}
		for _, pattern := range route.Labels[name] {
			if nearest := suggest.Nearest(pattern, slices.Sorted(maps.Keys(values))); nearest != "" &&
				!values[pattern] {
				return "; did you mean " + name + ": " + nearest + "?"
			}
		}
	}
	return ""
}

// UnknownRules warns of patterns for rules that fit none of the ids.
func (f *Fleet) UnknownRules(ids []string) []yamlnode.Problem {
	var all []yamlnode.Problem
	for _, route := range f.Routes {
		for _, pattern := range route.Rules {
			if len(RulesFitting([]string{pattern}, ids)) == 0 {
				all = append(all, yamlnode.Problem{File: f.file, Line: route.Line, Column: route.column,
					Text: "the route is for rule " + quoted(pattern) + ", which does not exist" +
						suggest.DidYouMean(pattern, ids)})
			}
		}
	}
	return all
}
