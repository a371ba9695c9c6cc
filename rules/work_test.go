package rules_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"licensewatch/license"
	"licensewatch/rules"
)

// A rules file that would take for ever is cut off, and says so.
func TestWorkIsBounded(t *testing.T) {
	t.Parallel()
	heavy := strings.Repeat(`order.DaysLeft in 1..366 || `, 60) + "false"
	s := healthy()
	s.Orders.List = nil
	for i := range 2000 {
		o := order(fmt.Sprintf("cwp-%d", i))
		o.Deadline = new("2040-01-01 00:00:00")
		s.Orders.List = append(s.Orders.List, o)
	}
	file := ruleFile(true, heavy) + "  - {id: later, severity: info, title: a, when: (tcss.State ?? 1) == 7 || tcss.State == nil}\n"
	findings := load(t, file).Evaluate(s, now)
	first, last, later := findings[0], findings[len(findings)-2], findings[len(findings)-1]
	if first.State != license.OK || len(findings) >= 2000 {
		t.Errorf("%d findings, first %s; want some orders judged and the rest left out", len(findings), summary(first))
	}
	const problem = "the rules take too much work for this many orders; shorten their conditions"
	if want := "it unknown problem " + problem; summary(last) != want {
		t.Errorf("last finding %s, want %s", summary(last), want)
	}
	if want := "later unknown problem " + problem; summary(later) != want {
		t.Errorf("later rule %s, want %s", summary(later), want)
	}
}

// Long texts count for what they are.
func TestWorkOnLongTexts(t *testing.T) {
	t.Parallel()
	long := order("cwp-x")
	long.Alias = new(strings.Repeat("x", 100_000))
	s := healthy()
	s.Orders.List = slices.Repeat([]license.Order{long}, 100)
	findings := load(t, ruleFile(true, `order.Alias matches "(y{9}|z{9}){9}$"`)).Evaluate(s, now)
	if last := findings[len(findings)-1]; len(findings) > 20 || !strings.Contains(last.Problem, "too much work") {
		t.Errorf("%d findings, last %s; want few, and that it was too much work", len(findings), summary(last))
	}
}

// When the work runs out in the middle of a condition, that is no missing field
// that ?? could replace.
func TestRunningOutIsNotMissing(t *testing.T) {
	t.Parallel()
	s := healthy()
	s.Orders.List = slices.Repeat([]license.Order{order("cwp-x")}, 2000)
	for _, when := range []string{"!((order.DaysLeft in 1..366) ?? false)", "(order.DaysLeft in 1..366) == nil"} {
		for _, f := range load(t, ruleFile(true, strings.Repeat(when+" || ", 40)+"false")).Evaluate(s, now) {
			if f.State == license.Firing {
				t.Fatalf("%s: %s, want ok, and unknown in the end", when, summary(f))
			}
		}
	}
}

// The default rules are far from that bound.
func TestManyOrdersAreJudged(t *testing.T) {
	t.Parallel()
	s := healthy()
	s.Orders.List = nil
	for i := range 10_000 {
		s.Orders.List = append(s.Orders.List, order(fmt.Sprintf("cwp-%d", i)))
	}
	findings := rules.Default().Evaluate(compared(s), now)
	for _, f := range findings {
		if f.State != license.OK {
			t.Fatalf("%s, want all ok", summary(f))
		}
	}
	if len(findings) < 5*len(s.Orders.List) {
		t.Errorf("%d findings, want every order judged by all rules about orders", len(findings))
	}
}
