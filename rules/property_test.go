package rules_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"licensewatch/license"
)

// maybe draws a value or nil.
func maybe[T any](t *rapid.T, label string, values *rapid.Generator[T]) *T {
	if rapid.Bool().Draw(t, label+" known") {
		return new(values.Draw(t, label))
	}
	return nil
}

func drawSnapshot(t *rapid.T) license.Snapshot {
	small := rapid.Int64Range(0, 4)
	s := license.Snapshot{Wanted: everything(), Overview: &license.Overview{
		LicenseCnt: maybe(t, "LicenseCnt", small), UsedLicenseCnt: maybe(t, "UsedLicenseCnt", small),
		AutoOpenStatus: maybe(t, "AutoOpenStatus", rapid.Bool()), AutoRepurchaseSwitch: maybe(t, "AutoRepurchaseSwitch", rapid.Bool()),
	}, Orders: &license.Orders{}}
	if rapid.IntRange(0, 3).Draw(t, "tcss") > 0 {
		s.PurchaseState = &license.PurchaseState{State: maybe(t, "State", small)}
	}
	return s
}

func stateOf(value any) license.State {
	switch value {
	case true:
		return license.Firing
	case false:
		return license.OK
	default:
		return license.Unknown
	}
}

// tooLarge says whether an expression is past the limits, which is no matter
// of logic.
func tooLarge(m model) bool {
	return len(m.text) > 1900 || strings.Count(m.text, " ")+strings.Count(m.text, ".")*2 > 450
}

// Random conditions give what the definition of the three answers says.
func TestConditionsAgreeWithTheirMeaning(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := generator{t: rt, nils: true}.truth(rapid.IntRange(1, 5).Draw(rt, "depth"))
		if tooLarge(m) {
			rt.Skip()
		}
		s := drawSnapshot(rt)
		set := load(t, ruleFile(false, m.text))
		f := set.Evaluate(s, now)[0]
		if brief := set.Judge(s, now)[0]; summary(brief) != summary(f) {
			rt.Fatalf("%s: %s, and without evidence %s", m.text, summary(f), summary(brief))
		}
		if want := stateOf(m.meaning(&s)); f.State != want {
			rt.Fatalf("%s: %s, want %s", m.text, summary(f), want)
		}
		if f.State == license.Unknown && len(f.Missing) == 0 && f.Problem == "" || strings.Contains(f.Problem, "internal") {
			rt.Fatalf("%s: unknown without a reason, or with a bad one: %q", m.text, f.Problem)
		}
	})
}

// To learn more never turns one definite answer into the other, unless the
// condition asks what is known.
func TestKnowingMoreKeepsDefiniteAnswers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		g := generator{t: rt}
		m := g.truth(rapid.IntRange(1, 5).Draw(rt, "depth"))
		if tooLarge(m) {
			rt.Skip()
		}
		set := load(t, ruleFile(false, m.text))
		less := drawSnapshot(rt)
		before := set.Evaluate(less, now)[0].State
		after := set.Evaluate(learn(rt, less), now)[0].State
		if before != license.Unknown && before != after {
			rt.Fatalf("%s: %s became %s", m.text, before, after)
		}
	})
}

// To learn what a failed source holds does so for every condition.
func TestReadingAFailedSourceKeepsDefiniteAnswers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := generator{t: rt, nils: true}.truth(rapid.IntRange(1, 5).Draw(rt, "depth"))
		if tooLarge(m) {
			rt.Skip()
		}
		set := load(t, ruleFile(false, m.text))
		read := drawSnapshot(rt)
		read.PurchaseState = &license.PurchaseState{State: maybe(rt, "read State", rapid.Int64Range(0, 4))}
		before := set.Evaluate(failing(read, license.SourcePurchaseState), now)[0].State
		if after := set.Evaluate(read, now)[0].State; before != license.Unknown && before != after {
			rt.Fatalf("%s: %s became %s", m.text, before, after)
		}
	})
}

// A value that nobody documented may mean any of the documented ones: what is
// definite with it is so with each of those.
func TestOddValuesDecideNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		m := generator{t: rt, simple: true}.truth(rapid.IntRange(1, 5).Draw(rt, "depth"))
		if tooLarge(m) {
			rt.Skip()
		}
		set := load(t, ruleFile(false, m.text))
		s := drawSnapshot(rt)
		s.PurchaseState = &license.PurchaseState{State: new(int64(-1_000_003))}
		before := set.Evaluate(s, now)[0].State
		s.PurchaseState = &license.PurchaseState{State: new(rapid.Int64Range(0, 4).Draw(rt, "State"))}
		if after := set.Evaluate(s, now)[0].State; before != license.Unknown && before != after {
			rt.Fatalf("%s: %s became %s", m.text, before, after)
		}
	})
}

// learn fills in everything that is not known.
func learn(t *rapid.T, s license.Snapshot) license.Snapshot {
	o := *s.Overview
	small := rapid.Int64Range(0, 4)
	fill(t, &o.LicenseCnt, small)
	fill(t, &o.UsedLicenseCnt, small)
	fill(t, &o.AutoOpenStatus, rapid.Bool())
	fill(t, &o.AutoRepurchaseSwitch, rapid.Bool())
	var p license.PurchaseState
	if s.PurchaseState != nil {
		p = *s.PurchaseState
	}
	fill(t, &p.State, small)
	s.Overview, s.PurchaseState = &o, &p
	return s
}

func fill[T any](t *rapid.T, p **T, values *rapid.Generator[T]) {
	if *p == nil {
		*p = new(values.Draw(t, "learnt"))
	}
}
