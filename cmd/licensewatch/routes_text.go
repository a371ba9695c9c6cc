package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"licensewatch/cmd/licensewatch/internal/routing"
	"licensewatch/internal/suggest"
	"licensewatch/license"
	"licensewatch/notify"
)

// routesPrinter writes who hears of what for people.
type routesPrinter struct {
	console console
	style   style
	all     int // accounts
}

// accountsShown is how many accounts of a group are named.
const accountsShown = 6

// printTable writes the groups of accounts and, below, the channels.
func (p routesPrinter) printTable(t routing.Table) {
	for _, group := range t.Groups {
		p.console.print("%s\n", p.style.paint(ansiBold, groupTitle(group)))
		severities, rules := 0, 0
		for _, row := range group.Rows {
			severities = max(severities, len(routing.SeverityWords(row.Severities)))
			rules = max(rules, utf8.RuneCountInString(rowSubject(row)))
		}
		for _, row := range group.Rows {
			p.console.print("  %-*s  %-*s  %s\n", severities, routing.SeverityWords(row.Severities), rules,
				rowSubject(row),
				strings.Join(row.Channels, ", "))
		}
		p.console.print("\n")
	}
	for _, channel := range t.Channels {
		title := notify.KindOf(channel.Kind).Title(license.English)
		p.console.print("%s\n", p.style.paint(ansiDim,
			fmt.Sprintf("%s (%s) may hear of %d of %s", channel.Name, title, channel.Accounts,
				countOf(p.all, "account"))))
	}
}

// groupTitle names the accounts of a group.
func groupTitle(g routing.Group) string {
	if g.Fleet {
		return "The fleet as a whole"
	}
	if g.Others {
		return "Members of the organization that the file does not list (by their labels; routes that name them come on top)"
	}
	var names []string
	for _, a := range g.Accounts {
		name := a.Name
		if a.Name != a.Uin && len(g.Accounts) <= accountsShown {
			name += " (" + a.Uin + ")"
		}
		names = append(names, name)
	}
	if len(names) == 1 {
		return names[0]
	}
	return countOf(len(names), "account") + ": " + namesOf(names, accountsShown)
}

// rowSubject says what a row is about.
func rowSubject(r routing.Row) string {
	text := r.RulesCalled
	if len(r.Tags) > 0 {
		var tags []string
		for _, name := range slices.Sorted(maps.Keys(r.Tags)) {
			tags = append(tags, name+"="+strings.Join(r.Tags[name], "|"))
		}
		text += ", orders tagged " + suggest.List(tags, "and")
	}
	return text
}

// printTests writes what became of the tests.
func (p routesPrinter) printTests(file string, r routesReport) {
	for _, m := range r.Mistakes {
		p.console.print("%s %s:%d:%d: %s\n", p.style.paint(ansiRed, "✗"), m.File, m.Line, m.Column, m.Text)
	}
	for _, test := range r.Tests {
		if test.Passed {
			p.console.print("%s %s\n", p.style.paint(ansiGreen, "✓"), test.About)
			continue
		}
		p.console.print("%s %s:%d:%d: %s\n", p.style.paint(ansiRed, "✗"), file, test.Line, test.Column, test.About)
		const most = 5
		for _, f := range test.Failures[:min(most, len(test.Failures))] {
			p.console.print("    %s\n", failureLine(f))
		}
		if more := len(test.Failures) - most; more > 0 {
			p.console.print("    and %d more\n", more)
		}
	}
	if r.Passed > 0 && r.Failed == 0 {
		p.console.print("%s passed\n", countOf(r.Passed, "test"))
	}
}

// failureLine says who would not hear of what, and who would instead.
func failureLine(f routing.Failure) string {
	const most = 3
	var parts []string
	if len(f.Missing) > 0 {
		parts = append(parts, suggest.List(f.Missing, "and")+" would not hear")
	}
	if len(f.Wrong) > 0 {
		parts = append(parts, suggest.List(f.Wrong, "and")+" would hear")
	}
	by := "default"
	if len(f.Routes) > 0 {
		var lines []string
		for _, line := range f.Routes {
			lines = append(lines, fmt.Sprint(line))
		}
		by = "the route in line " + lines[0]
		if len(lines) > 1 {
			by = "the routes in lines " + suggest.List(lines, "and")
		}
	}
	var accounts []string
	for _, a := range f.Accounts {
		accounts = append(accounts, a.Name)
	}
	return fmt.Sprintf("%s · %s · %s: %s; it goes to %s, by %s", namesOf(accounts, most), f.RulesCalled,
		routing.SeverityWords(f.Severities),
		strings.Join(parts, ", and "), suggest.List(f.Got, "and"), by)
}
