package rules_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/rules"
)

// shape writes a branch with a dot for every leaf.
func shape(b rules.Branch) string {
	var parts []string
	for _, part := range b.Parts {
		parts = append(parts, shape(part))
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
	d := all[4]
	if d.ID != "cwp-order-expiring" || !d.Each || d.Change || !d.Enabled || d.Severity != license.Warning || d.Critical == nil {
		t.Fatalf("%+v", d)
	}
	if d.When.Text != "order.OrderStatus == 1 && order.LicenseType != 0 && order.AutoRenewFlag != 1 && order.DaysLeft <= 30" ||
		shape(d.When.Tree) != "(((. && .) && .) && .)" || d.When.Tree.Leaves() != 4 || d.Critical.Text != "order.DaysLeft <= 3" {
		t.Errorf("%+v", d)
	}
	if !strings.HasPrefix(d.Place, "built-in default.yaml:") {
		t.Errorf("place %s", d.Place)
	}
	if diff := cmp.Diff([]int64{30, 14, 7, 3, 1}, d.RemindAt); diff != "" {
		t.Error(diff)
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
	for _, d := range all {
		if f := found[d.ID]; f.State != license.OK || len(f.Evidence) != d.When.Tree.Leaves() || d.Change != f.Event {
			t.Errorf("%s: %s, %d leaves, %d pieces of evidence, change %v", d.ID, f.State, d.When.Tree.Leaves(), len(f.Evidence), d.Change)
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
			got[d.ID] = fmt.Sprint(d.Enabled, " ", d.Place, " ", d.Change, " ", shape(d.When.Tree), " ", d.Sources, " ", d.RemindEvery)
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

func TestDescribeMistakes(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"version: 1\nrules:\n  - id: mine\n    severity: wraning\n    when: cwp.X > 0\n    title: x\n", "x", ""} {
		_, err := rules.Describe("rules.yaml", []byte(file))
		_, loading := rules.Load("rules.yaml", []byte(file))
		var described, loaded *rules.Errors
		if !errors.As(err, &described) || !errors.As(loading, &loaded) || described.Error() != loaded.Error() {
			t.Errorf("%q: %v, want %v", file, err, loading)
		}
	}
}

func TestSubjectsAreTheFindings(t *testing.T) {
	t.Parallel()
	snapshot := healthy()
	snapshot.Orders.List = append(snapshot.Orders.List, order("cwp-aaaa"), order("cwp-aaaa"))
	subjects := rules.Subjects(snapshot.Orders.List)
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
