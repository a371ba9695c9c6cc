package main

import (
	"fmt"
	"slices"
	"strings"

	"licensewatch/cmd/licensewatch/internal/terminal"
	"licensewatch/fleet"
	"licensewatch/license"
	"licensewatch/notify"
)

// print prints what is due, a day after the other, and what it amounts to.
func (f *fleetSimulation) print(c console) {
	s := styleFor(c.out)
	f.printHead(c, s)
	day := ""
	for _, group := range f.groups() {
		if d := group[0].At.Format(dateForm); d != day {
			day = d
			c.print("\n%s\n", s.paint(ansiBold, d))
		}
		printDue(c, s, group)
	}
	f.printSummary(c, s)
}

// printHead says what is simulated, and what is assumed.
func (f *fleetSimulation) printHead(c console, s style) {
	unread := 0
	for _, a := range f.said {
		if len(a.unread) > 0 {
			unread++
		}
	}
	text := ""
	if unread > 0 {
		text = fmt.Sprintf(", %d of them not or not whole", unread)
	}
	c.print("The %s of %s, read by %s (%s)%s; %s.\n", countOf(len(f.said), "account"), shownFile(f.folder.dir),
		f.snapshot.ReadAt.In(f.settings.Zone).Format(dateForm+", "+timeForm), f.settings.Zone, text, f.accountsNote)
	f.writeAssumptions(c, s)
}

// groups are the things of a day that are of the same kind and for the same channels together.
// Reminders are left to the summary.
func (f *fleetSimulation) groups() [][]dueThing {
	var groups [][]dueThing
	begun := 0 // the groups of the day
	for _, d := range f.due {
		if d.Change == string(license.ChangeDue) {
			continue
		}
		if len(groups) > 0 && !sameDay(groups[len(groups)-1][0].At, d.At) {
			begun = len(groups)
		}
		at := slices.IndexFunc(groups[begun:], func(g []dueThing) bool {
			return g[0].Rule == d.Rule && g[0].Change == d.Change && g[0].Severity == d.Severity &&
				g[0].Called == d.Called &&
				slices.Equal(g[0].Channels, d.Channels)
		})
		if at < 0 {
			groups = append(groups, []dueThing{d})
		} else {
			groups[begun+at] = append(groups[begun+at], d)
		}
	}
	sortGroups(groups)
	return groups
}

// sortGroups puts the worst of each day first, and what is over last.
func sortGroups(groups [][]dueThing) {
	rank := func(d dueThing) int {
		if d.Change == changeResolved || d.Change == changeGone {
			return -1
		}
		return d.Severity.Rank()
	}
	slices.SortStableFunc(groups, func(a, b []dueThing) int {
		if !sameDay(a[0].At, b[0].At) {
			return a[0].At.Compare(b[0].At)
		}
		return rank(b[0]) - rank(a[0])
	})
}

// printDue prints things of one kind in a line: one by its title, several by their accounts.
func printDue(c console, s style, group []dueThing) {
	first := group[0]
	what := first.Account.Name + ": " + first.Title
	if accounts := accountsIn(group); len(group) > 1 && len(accounts) == 1 {
		what = fmt.Sprintf("%s: %s, and %d more of %s", first.Account.Name, first.Title, len(group)-1, first.Rule)
	} else if len(group) > 1 {
		what = fmt.Sprintf("%d accounts (%s): %s", len(accounts), namesOf(accounts, accountsShown), sameTitle(group))
	}
	called := ""
	if first.Called {
		called = " (people are called)"
	}
	c.print("  %-8s  %-8s  %s%s%s\n", first.Change, first.Severity, what,
		s.paint(ansiDim, " → "+strings.Join(first.Channels, ", ")), s.paint(ansiRed, called))
}

// sameTitle is what the things have in common, in words: the title, or the rule and an example.
func sameTitle(group []dueThing) string {
	title := group[0].Title
	if slices.ContainsFunc(group, func(d dueThing) bool { return d.Title != title }) {
		return group[0].Rule + ", as in " + group[0].Account.Name + ": " + title
	}
	return title
}

func accountsIn(group []dueThing) []string {
	var names []string
	for _, d := range group {
		if !slices.Contains(names, d.Account.Name) {
			names = append(names, d.Account.Name)
		}
	}
	return names
}

// printSummary says what it amounts to: by channel, and by account.
func (f *fleetSimulation) printSummary(c console, s style) {
	c.print("\n%s\n", s.paint(ansiBold, fmt.Sprintf("%s until %s: %d of %s have something to say.",
		f.from.Format(dateForm), f.until.Format(dateForm), f.accountsWithNews(), countOf(len(f.said), "account"))))
	for _, channel := range f.deployment.Channels {
		hears := func(d dueThing) bool { return slices.Contains(d.Channels, channel) }
		changes, called := f.countsOf(hears)
		text := countsText(changes)
		switch {
		case text == "":
			text = "nothing"
		case called > 0:
			text += "; people are called " + timesText(called)
			if calledNowhere(f.folder.fleet, []string{channel}) {
				text += ", but the channel mentions nobody"
			}
		}
		c.print("  %s hears %s.\n", s.paint(ansiBold, channel), text)
	}
	shown := f.worstAccounts()
	for _, a := range shown[:min(len(shown), accountsSummed)] {
		changes, _ := f.countsOf(func(d dueThing) bool { return d.Account == a.account })
		c.print("  %s: %s%s.\n", a.account.Name, countsText(changes), firingText(a.firing, f.until.Format(dateForm)))
	}
	if n := len(shown) - accountsSummed; n > 0 {
		c.print("  … and %s more; --output json has all.\n", countOf(n, "account"))
	}
	for _, a := range f.said {
		if len(a.unread) > 0 {
			c.print("  %s: %s\n", a.account.Name, s.paint(ansiDim, "not known: "+sourceNames(a.unread)))
		}
	}
}

// accountsSummed is how many accounts a summary names.
const accountsSummed = 20

// worstAccounts are those with anything due, the worst at the end first.
func (f *fleetSimulation) worstAccounts() []accountSimulation {
	var with []accountSimulation
	for _, a := range f.said {
		if slices.ContainsFunc(f.due, func(d dueThing) bool { return d.Account == a.account }) {
			with = append(with, a)
		}
	}
	worst := func(a accountSimulation) int {
		if len(a.firing) == 0 {
			return -1
		}
		return a.firing[0].Severity.Rank()
	}
	slices.SortStableFunc(with, func(a, b accountSimulation) int { return worst(b) - worst(a) })
	return with
}

// firingText says what of an account is firing at the end.
func firingText(firing []license.Finding, day string) terminal.Styled {
	counts := map[license.Severity]int{}
	for _, finding := range firing {
		counts[finding.Severity]++
	}
	var parts []string
	for _, severity := range []license.Severity{license.Critical, license.Warning, license.Info} {
		if n := counts[severity]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, severity))
		}
	}
	if len(parts) == 0 {
		return terminal.Styled("")
	}
	return terminal.Styled("; firing on " + day + ": " + strings.Join(parts, ", "))
}

func sourceNames(sources []license.Source) string {
	var names []string
	for _, source := range sources {
		names = append(names, string(source))
	}
	return strings.Join(names, ", ")
}

// calledNowhere says that nobody is called in any of the channels.
func calledNowhere(f *fleet.Fleet, names []string) bool {
	return !slices.ContainsFunc(f.Channels, func(c fleet.Channel) bool {
		return slices.Contains(names, c.Name) && (len(c.Mention) > 0 || c.Kind == notify.KindOf("webhook"))
	})
}

// accountsWithNews are how many accounts have anything due.
func (f *fleetSimulation) accountsWithNews() int {
	with := map[*fleet.Account]bool{}
	for _, d := range f.due {
		with[d.Account] = true
	}
	return len(with)
}

// countsOf sums up what is due, of those that fit.
func (f *fleetSimulation) countsOf(fits func(dueThing) bool) (changes map[string]int, called int) {
	changes = map[string]int{}
	for _, d := range f.due {
		if fits(d) {
			changes[d.Change]++
			if d.Called {
				called++
			}
		}
	}
	return changes, called
}

// countsText is "3 new, 1 worse, 12 reminders".
func countsText(changes map[string]int) string {
	var parts []string
	for _, c := range []struct{ change, word string }{
		{string(license.ChangeNew), "new"}, {string(license.ChangeWorse), "worse"}, {changeChanged, "changed"},
		{changeResolved, "resolved"}, {changeGone, "gone"},
	} {
		if n := changes[c.change]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, c.word))
		}
	}
	if n := changes[string(license.ChangeDue)]; n > 0 {
		parts = append(parts, countOf(n, "reminder"))
	}
	return strings.Join(parts, ", ")
}
