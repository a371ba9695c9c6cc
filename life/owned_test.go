package life_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/life"
)

// TestOwnedFindings: findings that Plan may take are told as those are that it copies, and are all
// there afterwards, whether channels are told the same or not.
func TestOwnedFindings(t *testing.T) {
	t.Parallel()
	for _, mode := range []license.Mode{license.ModeDigest, license.ModeAlert} {
		for _, apart := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, told apart: %v", mode, apart), func(t *testing.T) {
				t.Parallel()
				copied, taken := planOf(mode, apart, false), planOf(mode, apart, true)
				if diff := cmp.Diff(copied.Messages, taken.Messages); diff != "" || len(copied.Messages) == 0 {
					t.Errorf("%d messages, by those that are copied (-) and taken (+):\n%s", len(copied.Messages), diff)
				}
				if copied.Reason != taken.Reason {
					t.Errorf("%q, want %q", taken.Reason, copied.Reason)
				}
				if diff := cmp.Diff(keysAndStates(copied.Findings), keysAndStates(taken.Findings)); diff != "" {
					t.Errorf("the findings:\n%s", diff)
				}
			})
		}
	}
}

// planOf plans for findings of which every third fires, one is an event and the worst is last.
func planOf(mode license.Mode, apart, owned bool) life.Plan {
	var findings []license.Finding
	for i := range int64(40) {
		f := license.Finding{Rule: "r", Subject: fmt.Sprintf("order-%02d", i), State: license.OK, Severity: license.Warning}
		if i%3 == 0 {
			f.State, f.Title = license.Firing, license.Text{En: f.Subject}
			f.Machines = new(i)
		}
		if i%9 == 0 {
			f.State = license.Unknown
		}
		findings = append(findings, f)
	}
	findings[12].Rule, findings[12].Event, findings[12].EventID = "changed", true, "e"
	findings[39].Severity = license.Critical
	in := life.Input{
		Now: start, Mode: mode, Channels: []string{"slack", "wecom", "feishu"}, Findings: findings,
		Snapshot: whole(), RuleIDs: []string{"r", "changed"}, Base: license.Report{ID: "a1b2c3"}, OwnsFindings: owned,
	}
	if apart {
		in.IsRouted = func(f *license.Finding, channel string) bool { return channel == "slack" || *f.Machines > 20 }
	}
	return life.New().Plan(in)
}

func keysAndStates(findings []license.Finding) []string {
	all := make([]string, len(findings))
	for i, f := range findings {
		all[i] = fmt.Sprintf("%s %s", f.Key(), f.State)
	}
	slices.Sort(all)
	return all
}
