package rules_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/rules"
)

// nodeShape writes a branch with a dot for every leaf.
func nodeShape(b rules.Branch) string {
	var parts []string
	for _, part := range b.Parts {
		parts = append(parts, nodeShape(part))
	}
	switch b.Operator {
	case "":
		return "."
	case "!":
		return "!" + parts[0]
	case "?:":
		return "(" + parts[0] + " ? " + parts[1] + " : " + parts[2] + ")"
	default:
		return "(" + strings.Join(parts, " "+b.Operator+" ") + ")"
	}
}

func TestDescribeBuiltin(t *testing.T) {
	t.Parallel()
	all, err := rules.Describe("", nil)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, d := range all {
		ids = append(ids, d.ID)
	}
	if diff := cmp.Diff(rules.Default().IDs(), ids); diff != "" {
		t.Errorf("ids (-want +got):\n%s", diff)
	}
	at := slices.Index(ids, "cwp-order-expiring")
	if d := all[max(at, 0)]; !d.Each || d.Change || !d.Enabled || d.Severity != license.Warning || d.Critical == nil || !strings.HasPrefix(d.Place, "built-in default.yaml:") {
		t.Errorf("%+v", d)
	}
}

// TestDescribeIsInTheEvidencesOrder: as many leaves as a finding has evidence.
func TestDescribeIsInTheEvidencesOrder(t *testing.T) {
	t.Parallel()
	all, err := rules.Describe("", nil)
	if err != nil {
		t.Fatal(err)
	}
	snapshot := healthy()
	before := healthy()
	snapshot.Previous = &before
	found := map[string]license.Finding{}
	for _, f := range rules.Default().Evaluate(snapshot, now) {
		found[f.Rule] = f
	}
	fleet := license.Snapshot{Fleet: new((&license.FleetCount{Accounts: 3, Read: 3}).Totals())}
	for _, f := range rules.Default().Evaluate(fleet, now) {
		found[f.Rule] = f
	}
	for _, d := range all {
		leaves := d.When.Tree.Leaves()
		if d.Clear != nil {
			leaves += d.Clear.Tree.Leaves()
		}
		if f := found[d.ID]; f.State != license.OK || f.Lingers || len(f.Evidence) != leaves || d.Change != f.Event {
			t.Errorf("%s: %s, %d leaves, %d pieces of evidence, change %v", d.ID, f.State, leaves, len(f.Evidence), d.Change)
		}
	}
}

// TestAnswer: leaves combine by Kleene's logic.
func TestAnswer(t *testing.T) {
	t.Parallel()
	leaf := rules.Branch{}
	const yes, no, unknown = license.Firing, license.OK, license.Unknown
	for _, test := range []struct {
		operator string
		leaves   []license.State
		want     license.State
	}{
		{"&&", []license.State{no, unknown}, no},
		{"&&", []license.State{yes, unknown}, unknown},
		{"||", []license.State{unknown, yes}, yes},
		{"||", []license.State{no, no}, no},
		{"!", []license.State{unknown}, unknown},
		{"!", []license.State{no}, yes},
		{"?:", []license.State{unknown, yes, yes}, yes},
		{"?:", []license.State{no, yes, unknown}, unknown},
		{"?:", []license.State{yes, no, yes}, no},
	} {
		b := rules.Branch{Operator: test.operator}
		for range test.leaves {
			b.Parts = append(b.Parts, leaf)
		}
		if got := b.Answer(test.leaves); got != test.want {
			t.Errorf("%s %v: %s, want %s", test.operator, test.leaves, got, test.want)
		}
	}
}

func TestDescribeFile(t *testing.T) {
	t.Parallel()
	file := `version: 1
extends: default
rules:
  - id: tcss-renewal-not-set
    enabled: false
  - id: mine
    severity: info
    when: '!(tcss.State == 3 || cwp.LicenseCnt > 0) && (tcss.State == 2 ? tcss.DaysLeft < 3 : previous.tcss.State != nil)'
    title: x
  - id: slow
    severity: info
    when: tcss.State == 3
    remind_every: 7d
    title: x
`
	all, err := rules.Describe("rules.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, d := range all {
		if d.ID == "mine" || d.ID == "slow" || !d.Enabled {
			got[d.ID] = fmt.Sprint(d.Enabled, " ", d.Place, " ", d.Change, " ", nodeShape(d.When.Tree), " ", d.Sources, " ", d.RemindEvery)
		}
	}
	want := map[string]string{
		"tcss-renewal-not-set": "false rules.yaml:5 false (. && .) [tcss] 0s",
		"mine":                 "true rules.yaml:8 true (!(. || .) && (. ? . : .)) [tcss cwp.overview] 0s",
		"slow":                 fmt.Sprint("true rules.yaml:12 false . [tcss] ", 7*24*time.Hour),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDescribeKeys(t *testing.T) {
	t.Parallel()
	file := `version: 1
rules:
  - id: other
    severity: info
    when: tcss.State == 3
    title: x
  - id: all
    severity: info
    when: cwp.LicenseCnt > 0
    info_when: cwp.LicenseCnt > 1
    critical_when: cwp.LicenseCnt > 2 || cwp.LicenseCnt > 22
    clear_when: cwp.LicenseCnt > 3
    covered_by: [other]
    covered_when: cwp.LicenseCnt > 4
    measure: cwp.LicenseCnt + 5
    worse_by: 6
    worse_at: [8, 7]
    machines: cwp.LicenseCnt + 9
    remind_every: [1d, 7d]
    title: x
`
	all, err := rules.Describe("rules.yaml", []byte(file))
	if err != nil {
		t.Fatal(err)
	}
	one := func(text string) *rules.Condition { return &rules.Condition{Text: text} }
	leaf := rules.Branch{}
	want := rules.Description{
		ID: "all", Severity: license.Info, Enabled: true, Place: "rules.yaml:9", When: *one("cwp.LicenseCnt > 0"), Info: one("cwp.LicenseCnt > 1"),
		Critical: &rules.Condition{Text: "cwp.LicenseCnt > 2 || cwp.LicenseCnt > 22", Tree: rules.Branch{Operator: "||", Parts: []rules.Branch{leaf, leaf}}},
		Clear:    one("cwp.LicenseCnt > 3"), Sources: []license.Source{license.SourceOverview}, CoveredBy: []string{"other"}, CoveredWhen: one("cwp.LicenseCnt > 4"),
		Measure: "cwp.LicenseCnt + 5", WorseBy: 6, WorseAt: []float64{7, 8}, Machines: "cwp.LicenseCnt + 9",
		RemindEvery: 24 * time.Hour, RemindLater: 7 * 24 * time.Hour,
	}
	if diff := cmp.Diff(want, all[1]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// The evidence is in the order that Branch promises.
	f := load(t, file).Evaluate(healthy(), now)[1]
	var conditions []string
	for _, e := range f.Evidence {
		conditions = append(conditions, e.Condition[strings.LastIndexByte(e.Condition, ' ')+1:])
	}
	if got := strings.Join(conditions, " "); got != "0 1 2 22 4" {
		t.Errorf("evidence %s", got)
	}
	s := healthy()
	s.Overview.LicenseCnt = new(int64(0))
	f = load(t, file).Evaluate(s, now)[1]
	if !f.Lingers || len(f.Evidence) != 6 || f.Evidence[1].Condition != "cwp.LicenseCnt > 3" {
		t.Errorf("evidence of one that lingers: %+v", f.Evidence)
	}
}

func TestDescribeMistakes(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"version: 1\nrules:\n  - id: mine\n    severity: wraning\n    when: cwp.X > 0\n    title: x\n", "x", ""} {
		_, err := rules.Describe("rules.yaml", []byte(file))
		_, loading := rules.Load("rules.yaml", []byte(file))
		described, ok := errors.AsType[*rules.Errors](err)
		loaded, isWrong := errors.AsType[*rules.Errors](loading)
		if !ok || !isWrong || described.Error() != loaded.Error() {
			t.Errorf("%q: %v, want %v", file, err, loading)
		}
	}
}

func TestSubjectsAreTheFindings(t *testing.T) {
	t.Parallel()
	snapshot := healthy()
	snapshot.Orders.List = append(snapshot.Orders.List, order("cwp-aaaa"), order("cwp-aaaa"))
	subjects := license.Subjects(snapshot.Orders.List)
	for _, f := range rules.Default().Evaluate(snapshot, now) {
		if f.Rule == "cwp-order-isolated" {
			if f.Subject != subjects[0] {
				t.Errorf("%s is judged as %s", subjects[0], f.Subject)
			}
			subjects = subjects[1:]
		}
	}
	if len(subjects) != 0 {
		t.Errorf("not judged: %v", subjects)
	}
}
