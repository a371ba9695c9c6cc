package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"licensewatch/license"
)

const (
	// accountRows is how many accounts the table has unless all are asked for.
	accountRows = 40
	// causeNames is how many accounts of a cause are named.
	causeNames = 8
)

// print writes the accounts for people; isPart says that not all were asked for.
func (l *accountsJSON) print(c console, all, isPart bool) {
	s := styleFor(c.out)
	c.print("%s\n", s.paint(ansiBold, countOf(l.Totals.Accounts, "account")+" of "+l.File+" · "+l.Totals.describe()))
	if l.LastRun == nil {
		c.print("No run is remembered: states are known after the first one.\n")
	} else {
		c.print("By the last run, %s, %s: %s.\n", formatZonedTime(l.LastRun.At), l.LastRun.Mode,
			l.LastRun.describeEnding())
	}
	lines := newCheckList(c.out)
	for _, remark := range l.Remarks {
		lines.warn(remark)
	}
	l.printTable(c, s, all)
	if len(l.Accounts) == 0 && isPart {
		c.print("\nNo account is like that.\n")
	}
	l.printCauses(c, s)
	if len(l.Mistakes)+len(l.Warnings) > 0 {
		c.print("\nIn the file\n")
	}
	for _, mistake := range l.Mistakes {
		lines.bad(mistake)
	}
	for _, warning := range l.Warnings {
		lines.warn(warning)
	}
}

// describe sums the accounts up.
func (t accountTotals) describe() string {
	var parts []string
	for _, part := range []struct {
		n    int
		text string
	}{
		{t.NeedAction, "%d need action"}, {t.Well, "%d well"}, {t.Failed, "%d could not be read"},
		{t.Partly, "%d read in part"},
		{t.NotReached, "%d not reached"}, {t.New, "%d new"}, {t.Unknown, "%d not known"}, {t.Left, "%d not watched any more"},
		{t.LeftOut, "%d left out, by a mistake in the file"},
	} {
		if part.n > 0 {
			text := fmt.Sprintf(part.text, part.n)
			if part.n == 1 {
				text = strings.Replace(text, "1 need action", "1 needs action", 1)
			}
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " · ")
}

// printTable writes a line for each account, the worst first.
func (l *accountsJSON) printTable(c console, s style, all bool) {
	shown := l.Accounts
	if len(shown) > accountRows && !all {
		shown = shown[:accountRows]
	}
	if len(shown) == 0 {
		return
	}
	rows := [][]string{{"ACCOUNT", "UIN", "SITE", "READ BY", "STATE", "LAST READ", "FIRES", "HEARS OF IT", "LABELS"}}
	for i := range shown {
		rows = append(rows, shown[i].cells())
	}
	widths := make([]int, len(rows[0])-1)
	for _, row := range rows {
		for i := range widths {
			widths[i] = max(widths[i], utf8.RuneCountInString(row[i]))
		}
	}
	c.print("\n")
	for i, row := range rows {
		var line strings.Builder
		for j, width := range widths {
			line.WriteString(row[j] + strings.Repeat(" ", width-utf8.RuneCountInString(row[j])) + "  ")
		}
		color := ansiDim
		if i > 0 {
			color = shown[i-1].color()
		}
		c.print("%s\n", s.paint(color, strings.TrimRight(line.String()+row[len(widths)], " ")))
	}
	if rest := l.Accounts[len(shown):]; len(rest) > 0 {
		text := fmt.Sprintf("and %d more", len(rest))
		if !slices.ContainsFunc(rest, func(a accountJSON) bool { return a.rank() > 1 }) {
			text += ", none of which needs anybody"
		}
		c.print("%s\n", s.paint(ansiDim, text+"; --all lists them"))
	}
}

// cells are what the table has of an account.
func (a *accountJSON) cells() []string {
	read := "never"
	if a.ReadAt != nil {
		read = formatTime(*a.ReadAt)
	}
	hears := strings.Join(a.Channels, ", ")
	for _, channel := range a.Owed {
		hears += "; " + channel + " is owed a message"
	}
	by := a.Access
	if a.Access == "keys" {
		by += " " + a.Keys
	}
	if by == "" {
		by = "–"
	}
	if a.Export {
		by += " · export"
	}
	if hears == "" {
		hears = "–"
	}
	name, uin := a.Name, a.Uin
	if name == uin {
		name = "–"
	}
	return []string{name, uin, string(a.Site), by, a.stateText(), read, a.Firing.describe(), hears, a.labelText()}
}

// stateText is the state in words.
func (a *accountJSON) stateText() string {
	switch a.State {
	case accountPartly:
		return "read in part"
	case accountNotReached:
		return "not reached"
	case accountLeft:
		return "not watched"
	case accountLeftOut:
		return "left out"
	default:
		return string(a.State)
	}
}

// describe counts what fires.
func (f *firingCounts) describe() string {
	var parts []string
	for _, part := range []struct {
		n    int
		text string
	}{{f.Critical, "critical"}, {f.Warning, "warning"}, {f.Info, "info"}, {f.Acknowledged, "acknowledged"}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.text))
		}
	}
	if len(parts) == 0 {
		return "–"
	}
	return strings.Join(parts, ", ")
}

// color is that of the account's line.
func (a *accountJSON) color() string {
	switch rank := a.rank(); {
	case rank >= 6:
		return ansiRed
	case rank >= 3:
		return ansiYellow
	case rank == 0:
		return ansiDim
	}
	return ""
}

// labelText lists the labels.
func (a *accountJSON) labelText() string {
	var texts []string
	for name, value := range a.Labels {
		texts = append(texts, name+"="+value)
	}
	slices.Sort(texts)
	return strings.Join(texts, ", ")
}

// printCauses says why accounts were not read, each cause once.
func (l *accountsJSON) printCauses(c console, s style) {
	if len(l.Causes) == 0 {
		return
	}
	c.print("\nNot read\n")
	for _, cause := range l.Causes {
		text := causeText(&license.Failure{Code: cause.Code, Action: cause.Action})
		c.print("  %s\n", s.paint(ansiYellow, text+": "+countOf(len(cause.Accounts), "account")))
		c.print("    %s\n", namesOf(cause.Accounts, causeNames))
		c.print("    → %s\n", cause.Fix)
	}
}
