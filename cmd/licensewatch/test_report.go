package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"licensewatch/cmd/licensewatch/internal/ruletest"
)

// testReport is the result of all test files: what --output json writes.
type testReport struct {
	Passed     int                `json:"passed"`
	Failed     int                `json:"failed"`
	WrongFiles int                `json:"wrong_files"`
	Files      []ruletest.Result  `json:"files"`
	Coverage   []ruletest.Covered `json:"coverage,omitempty"`
}

// addFile counts what a file gave. A file of which no test was selected is left out.
func (r *testReport) addFile(result ruletest.Result) {
	if len(result.Mistakes) > 0 {
		r.WrongFiles++
	} else if len(result.Tests) == 0 {
		return
	}
	for _, t := range result.Tests {
		if t.Passed {
			r.Passed++
		} else {
			r.Failed++
		}
	}
	r.Files = append(r.Files, result)
}

// summaryLine is the result in a line.
func (r *testReport) summaryLine() string {
	var parts []string
	if r.Failed > 0 {
		parts = append(parts, fmt.Sprintf("%d of %s failed", r.Failed, countOf(r.Passed+r.Failed, "test")))
	} else if r.Passed > 0 {
		parts = append(parts, countOf(r.Passed, "test")+" passed")
	}
	if r.WrongFiles > 0 {
		parts = append(parts, countOf(r.WrongFiles, "file")+" with mistakes, of which no test was run")
	}
	return strings.Join(parts, "; ")
}

// testPrinter writes a report for people.
type testPrinter struct {
	out   io.Writer
	style style
}

func (p testPrinter) printReport(r testReport) {
	for _, file := range r.Files {
		p.printFile(file)
	}
	for _, covered := range r.Coverage {
		p.printCoverage(covered)
	}
	writeStyled(p.out, "%s\n", r.summaryLine())
}

func (p testPrinter) printFile(file ruletest.Result) {
	if len(file.Mistakes) > 0 {
		writeStyled(p.out, "%s: %s\n", p.style.paint(ansiBold, file.File), countOf(len(file.Mistakes), "mistake"))
		for _, m := range file.Mistakes {
			writeStyled(p.out, "  %s %s:%d:%d: %s\n", p.style.paint(ansiRed, "✗"), m.File, m.Line, m.Column, m.Text)
		}
		writeStyled(p.out, "\n")
		return
	}
	writeStyled(p.out, "%s: %s of %s\n", p.style.paint(ansiBold, file.File), countOf(len(file.Tests), "test"),
		rulesCalled(file.Rules))
	for _, t := range file.Tests {
		if t.Passed {
			writeStyled(p.out, "  %s %s\n", p.style.paint(ansiGreen, "✓"), t.Name)
			continue
		}
		writeStyled(p.out, "  %s %s\n", p.style.paint(ansiRed, "✗"), t.Name)
		for _, f := range t.Failures {
			p.printFailure(file.File, f)
		}
	}
	writeStyled(p.out, "\n")
}

func rulesCalled(name string) string {
	if name == ruletest.BuiltIn {
		return "the built-in rules"
	}
	return name
}

// printFailure writes what was expected, what came, and why.
func (p testPrinter) printFailure(file string, f ruletest.Failure) {
	writeStyled(p.out, "      %s:%d:%d: %s\n", file, f.Line, f.Column, p.style.paint(ansiBold, f.Finding()))
	for _, d := range f.Differences {
		p.printField(d.Field, "expected  "+d.Expected)
		p.printField("", "got       "+d.Got)
	}
	why := "because"
	width := 0
	for _, c := range f.Conditions {
		width = max(width, min(utf8.RuneCountInString(c.Text), widestCondition))
	}
	for _, c := range f.Conditions {
		p.printField(why, fmt.Sprintf("%-7s  %-*s  %s", c.Answer, width, c.Text, readValues(c.Values)))
		why = ""
	}
	if len(f.Missing) > 0 {
		p.printField("not known", strings.Join(f.Missing, ", "))
	}
	if f.Problem != "" {
		p.printField("problem", f.Problem)
	}
}

// widestCondition is how far the values are moved to the right to stand below
// each other.
const widestCondition = 60

// printField writes a line of a failure with the name of what it is about.
func (p testPrinter) printField(name, text string) {
	line := strings.TrimRight(fmt.Sprintf("        %-10s %s", name, text), " ")
	writeStyled(p.out, "%s\n", line)
}

func readValues(values []ruletest.Value) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = v.Field + " = " + v.Value
	}
	return strings.Join(slices.Compact(parts), ", ")
}

func (p testPrinter) printCoverage(c ruletest.Covered) {
	writeStyled(p.out, "coverage of %s: %d of %s fired in a test that expects it\n", rulesCalled(c.Rules),
		c.Count-len(c.NotTested), countOf(c.Count, "rule"))
	if len(c.NotTested) > 0 {
		writeStyled(p.out, "  not tested: %s\n", strings.Join(c.NotTested, ", "))
	}
}
