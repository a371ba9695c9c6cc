package explanation_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/cmd/licensewatch/internal/explanation"
	"licensewatch/cmd/licensewatch/internal/terminal"
	"licensewatch/license"
	"licensewatch/life"
)

const aaaa = "cwp-order-expiring/cwp-aaaa"

func TestWhatAChannelHears(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "near-expiry")
	w.wantHears(aaaa, 0, "never", "speaks", "it was not told yet", "2026-11-22 09:07", "it is due")
	w.run(license.ModeAlert, map[string]life.Refusal{"wecom": life.RefusedForGood}).wait(20 * time.Minute)
	w.wantHears(aaaa, 0, "2026-11-22", "quiet", "it was told, and nothing has changed since", "2026-11-27 00:00", "7 days left (remind_at)")
	w.wantHears("cwp-near-expiry", 0, "never", "quiet", "cwp-order-expiring/cwp-aaaa tells of it already", "never", "")
	w.wantHears("tcss-cores-uncovered", 0, "2026-11-22", "quiet", "it was told, and nothing has changed since", "2026-11-29 09:07", "remind_every 7d")
	owed := w.explain(aaaa).Owed
	if len(owed) != 1 || owed[0].PausedAt == nil {
		t.Fatalf("owed: %+v", owed)
	}
	w.wantHears(aaaa, 1, "never", "owed", "a message about it has not been accepted yet", "2026-11-22 10:07",
		"message "+owed[0].ID+" was refused for good, and is tried again an hour later")
	if others := w.explain("cwp-expired").Owed; len(others) != 0 {
		t.Errorf("owed about something else: %+v", others)
	}
	w.wait(5*day).wantHears(aaaa, 0, "2026-11-22", "speaks", "7 days left, and remind_at has reached 7", "2026-11-27 09:27", "it is due")
	w.wait(3*day).wantHears("tcss-cores-uncovered", 0, "2026-11-22", "speaks", "it was told 2026-11-22 09:07, and remind_every is 7d", "2026-11-30 09:27", "it is due")
	w.order("cwp-aaaa", func(o *license.Order) { o.Deadline = new("2026-12-20 00:00:00") })
	w.wantHears(aaaa, 0, "2026-11-22", "speaks", "the deadline has moved, it was 2026-12-04", "2026-11-30 09:27", "it is due")
	w.order("cwp-aaaa", func(o *license.Order) { o.AutoRenewFlag = new(int64(license.RenewalOn)) })
	w.wantHears(aaaa, 0, "2026-11-22", "speaks", "it is over, which was not told yet", "2026-11-30 09:27", "it is over")
}

func TestAcknowledged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "near-expiry").run(license.ModeAlert, nil)
	for _, a := range []license.Ack{
		{Rule: "cwp-order-expiring", Subject: "cwp-aaaa", Until: now.AddDate(0, 0, 7), Reason: "ordered", By: "zhangsan"},
		{Rule: "cwp-order-expiring", Until: now.AddDate(0, 0, 2), Reason: "known", By: "lisi"},
	} {
		if err := w.in.Ledger.Acknowledge(a, w.in.Now); err != nil {
			t.Fatal(err)
		}
	}
	w.wantHears(aaaa, 0, "2026-11-22", "acknowledged", "zhangsan acknowledged it until 2026-11-29 09:07", "2026-11-29 09:07", "the acknowledgement is over")
	w.wait(9 * day) // 3 days left: critical, and the acknowledgements' time is over
	if f := w.finding(aaaa); f.Ack != nil {
		t.Errorf("over since yesterday: %+v", f.Ack)
	}
	w = newWorld(t, "near-expiry").run(license.ModeAlert, nil)
	given := license.Ack{Rule: "cwp-order-expiring", Until: now.AddDate(0, 0, 20), Reason: "ordered", By: "zhangsan"}
	if err := w.in.Ledger.Acknowledge(given, w.in.Now); err != nil {
		t.Fatal(err)
	}
	w.wantHears(aaaa, 0, "2026-11-22", "acknowledged", "zhangsan acknowledged it until 2026-12-12 09:07", "2026-12-01 00:00",
		"it becomes critical, which ends the acknowledgement")
	w.wait(9 * day)
	if f := w.finding(aaaa); f.Ack == nil || !f.Ack.Over || f.Ack.Of != "cwp-order-expiring" {
		t.Errorf("worse than acknowledged: %+v", f.Ack)
	}
	w.wantHears(aaaa, 0, "2026-11-22", "speaks", "it is critical now, and was told as warning", "2026-12-01 09:07", "it is due")
}

// TestOrdersThatAreNotJudged: one that vanished, one that is new, and one that
// nothing can be said about.
func TestOrdersThatAreNotJudged(t *testing.T) {
	t.Parallel()
	const change = "cwp-order-renewal-switched-off/cwp-bbbb"
	w := newWorld(t, "near-expiry")
	all := *w.in.Snapshot.Orders
	w.order("cwp-bbbb", nil).run(license.ModeAlert, nil).wait(day)
	w.in.Snapshot.Orders = &all
	if f := w.finding(change); f.State != explanation.NotJudged || !strings.Contains(f.Problem, "not in the reading before") {
		t.Errorf("a new order: %+v", f)
	}
	w.order("cwp-aaaa", nil)
	if f := w.finding(aaaa); f.State != explanation.Firing {
		t.Errorf("an order that one list lacks: %+v", f) // the list may be wrong
	}
	w.run(license.ModeAlert, nil).wait(day)
	f := w.finding(aaaa)
	if f.State != explanation.Gone || f.Title != "Order cwp-aaaa ends in 11 days" || f.Since == nil || !strings.Contains(f.Problem, "until 2026-11-23 09:07") {
		t.Errorf("an order that vanished: %+v", f)
	}
	w.wantHears(aaaa, 0, "2026-11-22", "speaks", "it is over, which was not told yet", "2026-11-24 09:07", "it is over")
	w.in.Snapshot.Orders.Incomplete = true
	if f := w.finding(aaaa); f.State != explanation.Unknown || f.Channels[0].Alert != explanation.AlertQuiet {
		t.Errorf("a list that is not whole: %+v", f)
	}
	w.in.Snapshot.Orders.Incomplete = false
	for range 3 {
		w.run(license.ModeAlert, nil).wait(day)
	}
	w.in.Rule, w.in.Subject = "", "cwp-aaaa"
	_, err := explanation.Explain(w.in)
	if _, ok := errors.AsType[*explanation.SubjectError](err); !ok || !strings.Contains(err.Error(), "order cwp-aaaa is not listed any more") {
		t.Errorf("an order that is long gone: %v", err)
	}
}

func TestOrderThatIsNotThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "near-expiry")
	w.in.Rule, w.in.Subject = "cwp-order-expiring", "cwp-aaab"
	_, err := explanation.Explain(w.in)
	if _, ok := errors.AsType[*explanation.SubjectError](err); !ok || err.Error() != "there is no order cwp-aaab; did you mean cwp-aaaa? (there are cwp-aaaa, cwp-bbbb, cwp-cccc, cwp-dddd)" {
		t.Errorf("%v", err)
	}
	w.in.Snapshot.Orders, w.in.Snapshot.Failures = nil, map[license.Source]*license.Failure{license.SourceOrders: {Kind: license.FailureServer}}
	if e, err := explanation.Explain(w.in); err != nil || e.Rules[0].Findings[0].State != explanation.Unknown {
		t.Errorf("the orders unread: %v", err)
	}
}

func TestChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "near-expiry").run(license.ModeAlert, nil).wait(day)
	state := *w.in.Snapshot.PurchaseState
	state.State = new(int64(license.StatePro))
	w.in.Snapshot.PurchaseState = &state
	f := w.finding("tcss-state-changed")
	if !f.Event || f.Change != "State 2→3" || f.Ahead != nil {
		t.Errorf("%+v", f)
	}
	w.wantHears("tcss-state-changed", 0, "never", "quiet", "tcss-expiring tells of it already", "never", "")
	w.run(license.ModeAlert, nil).wait(time.Hour).wantHears("tcss-state-changed", 0, "never", "quiet",
		"nothing has changed since the last run; a change is told once, when it happens", "never", "")
}

// TestAhead: a rule that does not fire yet tells when it will.
func TestAhead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "near-expiry").rules(`version: 1
rules:
  - {id: soon, each: order, severity: info, when: order.DaysLeft <= 5, critical_when: order.DaysLeft <= 1, title: x}
`)
	w.wantHears("soon/cwp-aaaa", 0, "never", "quiet", "it does not fire", "2026-11-29 00:00", "it begins to fire")
	a := w.finding("soon/cwp-aaaa").Ahead
	if a == nil || a.Days != 366 || !a.CriticalAt.Equal(time.Date(2026, 12, 3, 0, 0, 0, 0, now.Location())) {
		t.Errorf("%+v", a)
	}
	if a := w.finding("soon/cwp-dddd").Ahead; a != nil {
		t.Errorf("unknown, and looks ahead: %+v", a)
	}
}

func TestConditions(t *testing.T) {
	t.Parallel()
	file := `version: 1
rules:
  - id: knotty
    severity: info
    when: '!(tcss.State == 3 || cwp.LicenseCnt > 1000) && (tcss.State == 2 ? tcss.SubState == "NORMAL" : tcss.DaysLeft < 3)'
    title: x
`
	f := newWorld(t, "near-expiry").rules(file).finding("knotty")
	if f.State != explanation.Unknown || f.When.Combined != "!(false || false) && (true ? unknown : false)" || f.When.Answer != "unknown" {
		t.Errorf("%+v", f.When)
	}
	want := explanation.Leaf{Condition: `tcss.SubState == "NORMAL"`, Answer: "unknown", Values: []explanation.Value{{Field: "tcss.SubState", Value: "unknown"}}}
	if diff := cmp.Diff(want, f.When.Leaves[3]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"tcss.SubState"}, f.Missing); diff != "" {
		t.Error(diff)
	}
}

func TestNotJudged(t *testing.T) {
	t.Parallel()
	reason := func(w *world, rule string) explanation.ReasonCode {
		t.Helper()
		r := w.explain(rule).Rules[0]
		if r.NotJudged == nil || len(r.Findings) > 0 {
			t.Fatalf("%s is judged: %+v", rule, r)
		}
		return r.NotJudged.Code
	}
	w := newWorld(t, "healthy")
	w.rules("version: 1\nextends: default\nrules:\n  - id: tcss-expired\n    enabled: false\n")
	got := []explanation.ReasonCode{reason(w, "tcss-expired"), reason(w, "tcss-state-changed")}
	w.in.Ledger = nil
	got = append(got, reason(w, "cwp-order-frozen"))
	w.in.Snapshot.Wanted = []license.Source{license.SourceOverview, license.SourceOrders}
	got = append(got, reason(w, "tcss-trial-over"))
	w.in.Snapshot.Orders = &license.Orders{}
	got = append(got, reason(w, "cwp-order-expiring"))
	want := []explanation.ReasonCode{
		explanation.ReasonDisabled, explanation.ReasonNoPrevious, explanation.ReasonNoPrevious, explanation.ReasonLeftOut, explanation.ReasonNoOrders,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	notes := func(w *world) string { return strings.Join(w.explain("").Notes, "\n") }
	has := func(what, text string, parts ...string) {
		t.Helper()
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("%s: %q lacks %q", what, text, part)
			}
		}
	}
	w := newWorld(t, "near-expiry")
	has("a new store", notes(w), "holds no reading yet")
	if text := notes(w.run(license.ModeAlert, nil).wait(25 * time.Hour)); text != "" {
		t.Errorf("a day later: %s", text)
	}
	has("two days later", notes(w.wait(day)), "No run has read anything since 2026-11-22 09:07")
	w.in.Channels = []string{"slack[0]", "slack[1]"}
	has("other webhooks", notes(w), "The ledger knows slack, wecom, to which")
	w.in.Channels = nil
	if got := w.explain(aaaa).Channels; !slices.Equal(got, []string{"slack", "wecom"}) {
		t.Errorf("channels of the ledger: %v", got)
	}
	w.rules("version: 1\nextends: default\nrules:\n  - id: tcss-cores-uncovered\n    enabled: false\n")
	has("a rule that is off", notes(w), "tcss-cores-uncovered fired until 2026-11-22 09:07")
	w.in.Ledger, w.in.Memory = nil, explanation.MemoryNone
	has("no store", notes(w), "Without a store", "No channel is known")
	w.in.Memory = explanation.MemoryIgnored
	has("--no-memory", notes(w), "--no-memory")
}

func TestSources(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "source-down")
	for range 3 {
		w.run(license.ModeAlert, nil).wait(time.Hour)
	}
	w.in.Snapshot.Orders.Incomplete = true
	w.in.Snapshot.Wanted = []license.Source{license.SourceOrders, license.SourcePurchaseState}
	got := w.explain("").Sources
	if got[0].Status != explanation.SourceLeftOut || got[1].Status != explanation.SourceIncomplete || got[3].Status != explanation.SourceFailed {
		t.Errorf("%+v", got)
	}
	if s := got[3]; s.UnreadRuns != 3 || !s.UnreadSince.Equal(now) || s.Fix != "allow DescribePurchaseStateInfo" || !strings.HasPrefix(s.Facts, "AuthFailure.UnauthorizedOperation, Desc") {
		t.Errorf("%+v", s)
	}
}

// TestPagesAreSafe: what steers a terminal is taken out of what the cloud says.
func TestPagesAreSafe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "near-expiry").order("cwp-aaaa", func(o *license.Order) { o.Alias = new("\x1b[31mred\u202e") })
	var out bytes.Buffer
	plain := func(_ explanation.Tone, text string) terminal.Styled { return terminal.Styled(terminal.Safe(text)) }
	one, all := w.explain(aaaa), w.explain("")
	one.Pages(&out, plain)
	all.Table(&out, plain, 0)
	if strings.ContainsAny(out.String(), "\x1b\u202e") || !strings.Contains(out.String(), "red") {
		t.Errorf("%q", out.String())
	}
}

// TestExplainOnlyLooks: the ledger stays as it is.
func TestExplainOnlyLooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "everything-wrong").run(license.ModeAlert, map[string]life.Refusal{"slack": life.RefusedForNow}).wait(day)
	before := encoded(t, w.in.Ledger)
	w.explain("")
	if !bytes.Equal(before, encoded(t, w.in.Ledger)) {
		t.Error("the ledger has changed")
	}
}
