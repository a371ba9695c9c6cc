package rules_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
)

// covering is a file with rules that each fire when their condition is true:
// "id covered-by[,covered-by] each|all condition".
func covering(rules ...string) string {
	var file strings.Builder
	file.WriteString("version: 1\nrules:\n")
	for _, r := range rules {
		parts := strings.SplitN(r, " ", 4)
		file.WriteString("  - id: " + parts[0] + "\n    severity: warning\n    title: it\n    when: " + yamlQuote(parts[3]) + "\n")
		if parts[1] != "-" {
			file.WriteString("    covered_by: [" + parts[1] + "]\n")
		}
		if parts[2] == "each" {
			file.WriteString("    each: order\n")
		}
	}
	return file.String()
}

// states are the findings with their states, and by what they are covered.
func states(findings []license.Finding) []string {
	var all []string
	for _, f := range findings {
		text := f.Key() + " " + string(f.State)
		if f.CoveredBy != "" {
			text += " by " + f.CoveredBy
		}
		all = append(all, text)
	}
	return all
}

func TestCovered(t *testing.T) {
	t.Parallel()
	s := healthy()
	s.Orders.List = []license.Order{order("cwp-a"), order("cwp-b")}
	s.Orders.List[1].LicenseId, s.Orders.List[1].LicenseCnt = new(int64(8)), new(int64(20))
	before := s
	before.Overview = new(*s.Overview)
	before.Overview.LicenseCnt = new(int64(400))
	s.Previous = &before
	tests := map[string]struct {
		file string
		want []string
	}{
		"by nothing that fires": {covering("a b all true", "b - all false"), []string{"a firing", "b ok"}},
		"by a rule that fires":  {covering("a b all true", "b - all true"), []string{"a covered by b", "b firing"}},
		"by one of several":     {covering("a b,c all true", "b - all false", "c - all true"), []string{"a covered by c", "b ok", "c firing"}},
		"a quiet one is not":    {covering("a b all false", "b - all true"), []string{"a ok", "b firing"}},
		"by what is unknown":    {covering("a b all true", "b - all cwp.AvailableLicenseCnt > 0"), []string{"a firing", "b unknown"}},
		"in a row":              {covering("a b all true", "b c all true", "c - all true"), []string{"a covered by c", "b covered by c", "c firing"}},
		"the same order": {covering("a b each true", "b - each order.LicenseCnt == 40"),
			[]string{"a/cwp-a covered by b/cwp-a", "a/cwp-b firing", "b/cwp-a firing", "b/cwp-b ok"}},
		"the account by an order": {covering("a b all true", "b - each order.LicenseCnt == 20"),
			[]string{"a covered by b/cwp-b", "b/cwp-a ok", "b/cwp-b firing"}},
		"an event":    {covering("a b all cwp.LicenseCnt < previous.cwp.LicenseCnt", "b - all true"), []string{"a covered by b", "b firing"}},
		"by an event": {covering("a b all true", "b - all cwp.LicenseCnt < previous.cwp.LicenseCnt"), []string{"a covered by b", "b firing"}},
		"counts": {covering("a b all true", "b - all true") +
			"  - {id: c, severity: info, title: it, when: 'true', covered_by: [b], covered_when: cwp.LicenseCnt == 317}\n" +
			"  - {id: d, severity: info, title: it, when: 'true', covered_by: [b], covered_when: cwp.LicenseCnt == 1}\n" +
			"  - {id: e, severity: info, title: it, when: 'true', covered_by: [b], covered_when: cwp.AvailableLicenseCnt == 1}\n",
			[]string{"a covered by b", "b firing", "c covered by b", "d firing", "e firing"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, states(load(t, test.file).Evaluate(s, now))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// The finding that covers is the worst of those that could.
func TestCoveredByTheWorst(t *testing.T) {
	t.Parallel()
	s := healthy()
	s.Orders.List = []license.Order{order("cwp-a"), order("cwp-b")}
	s.Orders.List[1].LicenseId = new(int64(8))
	file := covering("a b all true", "b - each true") + "    critical_when: order.ResourceId == \"cwp-b\"\n"
	f := load(t, file).Evaluate(s, now)[0]
	if f.CoveredBy != "b/cwp-b" {
		t.Errorf("covered by %s", f.CoveredBy)
	}
}

// Covers are the rules that count; a covered finding is described like any other.
func TestCoversOfAFinding(t *testing.T) {
	t.Parallel()
	file := covering("a b all true", "b - all true") +
		"  - {id: c, severity: info, title: it, when: 'true', covered_by: [b], covered_when: cwp.LicenseCnt == 1}\n"
	findings := load(t, file).Evaluate(healthy(), now)
	if a, c := findings[0], findings[2]; !cmp.Equal(a.Covers, []string{"b"}) || c.Covers != nil || a.Title.En != "it" {
		t.Errorf("a %v, c %v", a.Covers, c.Covers)
	}
}

// What lingers is told of as well, and does not cover.
func TestCoveredWhileItLingers(t *testing.T) {
	t.Parallel()
	file := covering("a b all true", "b c all false", "c - all true")
	file = strings.Replace(file, "covered_by: [c]\n", "covered_by: [c]\n    clear_when: \"false\"\n", 1)
	want := []string{"a firing", "b ok by c", "c firing"}
	if diff := cmp.Diff(want, states(load(t, file).Evaluate(healthy(), now))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// A file may make a built-in rule covered, or take that from it.
func TestCoveredByBuiltInRules(t *testing.T) {
	t.Parallel()
	s := healthy()
	s.PurchaseState.AutomaticRenewal = new(int64(license.RenewalOff))
	file := "version: 1\nextends: default\nrules:\n" +
		"  - {id: own, severity: info, title: it, when: tcss.AutomaticRenewal == 2, covered_by: [tcss-renewal-off]}\n" +
		"  - {id: other, severity: info, title: it, when: tcss.AutomaticRenewal == 2, covered_by: [tcss-expired]}\n" +
		"  - {id: tcss-expired, enabled: false}\n"
	findings := load(t, file).Evaluate(s, now)
	if own, other := byRule(findings, "own")[0], byRule(findings, "other")[0]; own.CoveredBy != "tcss-renewal-off" || other.State != license.Firing {
		t.Errorf("own %v, other %v", own.State, other.State)
	}
	load(t, "version: 1\nextends: default\nrules:\n  - {id: tcss-renewal-off, covered_by: []}\n")
}
