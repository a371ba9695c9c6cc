package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"licensewatch/archive"
	"licensewatch/cmd/licensewatch/internal/terminal"
	"licensewatch/license"
)

// print writes the record for people.
func (r *shownRecord) print(c console, s style) {
	m := r.manifest
	c.print("%s\n", s.paint(ansiBold, fmt.Sprintf("%s  %s of account %s (%s)", r.name, m.Mode, m.Account, m.Site)))
	c.print("Sealed by licensewatch %s (%s). The manifest's hash: %s\n", m.Program.Version, m.Program.Commit, r.hash)
	if m.Previous == nil {
		c.print("The first record.\n")
	} else {
		c.print("It follows %s (%s).\n", m.Previous.Record, m.Previous.Short())
	}
	for _, problem := range r.problems {
		c.print("%s\n", s.paint(ansiRed, "✗ Not shown: "+problem))
	}
	r.printAccounts(c, s)
	r.printReading(c, s)
	r.printFindings(c, s)
	r.printMessages(c, s)
	r.printMachines(c, s)
	c.print("\n%s\n", s.titleLine("Files"))
	width := 28
	for _, f := range m.Files {
		width = max(width, len(f.Name))
	}
	for _, f := range m.Files {
		c.print("  %-*s  %10s  %s\n", width, f.Name, sizeText(f.Size), archive.Link{SHA256: f.SHA256}.Short())
	}
	for _, missing := range m.Missing {
		c.print("  %s\n", s.paint(ansiYellow, "without "+missing.Name+": "+missing.Reason))
	}
}

// printAccounts says which accounts a fleet's record names.
func (r *shownRecord) printAccounts(c console, s style) {
	var file struct{ Accounts []archive.AccountRecord }
	if r.texts[archive.AccountsName] == nil {
		return
	}
	decodeSealed(r.texts[archive.AccountsName], &file)
	without := slices.DeleteFunc(slices.Clone(file.Accounts),
		func(a archive.AccountRecord) bool { return a.Record != "" })
	c.print("\n%s\n", s.titleLine(fmt.Sprintf("Accounts: %d have a record, %d have none",
		len(file.Accounts)-len(without), len(without))))
	const most = 40
	shown := slices.Concat(without, slices.DeleteFunc(file.Accounts,
		func(a archive.AccountRecord) bool { return a.Record == "" }))
	for i, a := range shown {
		if i == most {
			c.print("  and %s; --output json has them all\n", countOf(len(shown)-most, "other"))
			break
		}
		what := terminal.Sprintf("%s  %s", a.Record, archive.Link{SHA256: a.SHA256}.Short())
		if a.Record == "" {
			what = s.paint(ansiYellow, "without a record: "+a.Missing)
		}
		c.print("  %-20s  %-20s  %-11s  %s\n", a.Account, a.Name, a.State, what)
	}
}

// printReading says what was read.
func (r *shownRecord) printReading(c console, s style) {
	reading := r.reading
	if reading == nil {
		return
	}
	c.print("\n%s\n", s.titleLine("Read at "+reading.ReadAt.UTC().Format(time.RFC3339)))
	for name, section := range sortedBy(reading.Sections) {
		if fields := fieldsOf(section); fields != nil {
			var known []string
			for field, value := range sortedBy(fields) {
				if text := string(value); text != "null" && text != `""` { // a zero is an answer
					known = append(known, field+" "+plainValue(value))
				}
			}
			for i, line := range wrapList(known, 88) {
				if i > 0 {
					name = ""
				}
				c.print("  %-8s  %s\n", name, line)
			}
		}
	}
	if reading.Orders != nil {
		c.print("  %-8s  %d\n", "orders", len(reading.Orders))
	}
	for source, why := range sortedBy(reading.Failed) {
		var failure struct{ Code string }
		_ = json.Unmarshal(why, &failure) // else it says no code
		if failure.Code == "" {
			failure.Code = plainValue(why)
		}
		c.print("  %s\n", s.paint(ansiYellow, "not read: "+source+": "+failure.Code))
	}
}

// wrapList joins words by commas, to lines of at most width bytes where a word is not longer.
// There is always a line.
func wrapList(words []string, width int) []string {
	if len(words) == 0 {
		return []string{"nothing was told"}
	}
	lines := []string{words[0]}
	for _, word := range words[1:] {
		last := &lines[len(lines)-1]
		if *last += ","; len(*last)+1+len(word) > width {
			lines = append(lines, word)
		} else {
			*last += " " + word
		}
	}
	return lines
}

// printFindings says what the rules found.
func (r *shownRecord) printFindings(c console, s style) {
	var file sealedFindings
	if r.texts[archive.FindingsName] == nil {
		return
	}
	decodeSealed(r.texts[archive.FindingsName], &file)
	judged := "Judged: " + countOf(len(file.Findings), "finding")
	if file.OK != nil {
		judged += fmt.Sprintf(", and %d are ok", *file.OK)
	}
	c.print("\n%s\n", s.titleLine(judged))
	for _, f := range file.Findings {
		name := strings.TrimSuffix(f.Rule+"/"+f.Subject, "/")
		c.print("  %-8s  %-8s  %s", f.State, f.Severity, s.paint(ansiBold, name))
		if f.Title != "" {
			c.print(": %s", f.Title)
		}
		c.print("\n")
		if f.Detail != "" {
			c.print("      %s\n", f.Detail)
		}
		if f.CoveredBy != "" {
			c.print("      told by %s\n", f.CoveredBy)
		}
		for _, e := range f.Evidence {
			var values []string
			for field, value := range sortedBy(e.Fields) {
				values = append(values, field+" = "+plainValue(value))
			}
			c.print("      %s\n", s.paint(ansiDim,
				fmt.Sprintf("%s: %s  (%s)", e.Expression, plainValue(e.Value), strings.Join(values, ", "))))
		}
	}
	for _, rules := range file.Rules {
		c.print("  %s\n", s.paint(ansiDim, "by "+rules.File+", SHA-256 "+rules.SHA256))
	}
}

// printMessages says what was said, to whom, and how it was taken.
func (r *shownRecord) printMessages(c console, s style) {
	var file sealedMessages
	if r.texts[archive.MessagesName] == nil {
		return
	}
	decodeSealed(r.texts[archive.MessagesName], &file)
	c.print("\n%s\n", s.titleLine("Said: "+countOf(len(file.Messages), "message")))
	for _, m := range file.Messages {
		color := ansiYellow
		if m.Verdict == "accepted" {
			color = ansiGreen
		}
		verdict := strings.TrimSpace(m.Verdict + " " + m.Code)
		c.print("  %s  %-6s  %-6s  %s  %s: %s\n", m.At.UTC().Format(time.RFC3339), m.Kind, m.Mode, m.ID,
			chatName(m.Channel), s.paint(color, verdict))
	}
	if file.Export.Status != "" {
		c.print("  export: %s", file.Export.Status)
		if file.Export.Record != "" {
			c.print(", begun by %s", file.Export.Record)
		}
		c.print("\n")
	}
}

// printMachines names the machines of orders.
func (r *shownRecord) printMachines(c console, s style) {
	var bindings []license.Binding
	if r.texts[archive.MachinesName] == nil {
		return
	}
	decodeSealed(r.texts[archive.MachinesName], &bindings)
	c.print("\n%s\n", s.titleLine("Machines of "+countOf(len(bindings), "order")))
	for _, b := range bindings {
		order := "an order without an id"
		if b.ResourceId != nil {
			order = *b.ResourceId
		}
		var names []string
		for _, machine := range b.Machines {
			names = append(names, cmp.Or(machine.Name(), "one without a name"))
		}
		c.print("  %s: %s", order, countOf(len(names), "machine"))
		if b.Incomplete {
			c.print("%s", s.paint(ansiYellow, fmt.Sprintf(" read, of %d announced", b.TotalCount)))
		}
		if len(names) > 0 {
			c.print(": %s", listSome(names, "and"))
		}
		c.print("\n")
	}
}
