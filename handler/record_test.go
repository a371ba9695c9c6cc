package handler_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"licensewatch/config"
	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/life"
	"licensewatch/session"
)

// ledger is what the store holds.
func (w *remembering) ledger() *life.Ledger {
	w.t.Helper()
	settings, err := config.Load(w.environment)
	must(w.t, err)
	options := session.OptionsOf(settings)
	options.Store.Transport = w.transport
	ledger, err := session.Read(w.t.Context(), options)
	must(w.t, err)
	return ledger
}

// heads are the messages that the store remembers, a line each.
func (w *remembering) heads() []string {
	w.t.Helper()
	var lines []string
	for _, h := range w.ledger().NotificationLog().Heads(time.UTC) {
		var line strings.Builder
		fmt.Fprintf(&line, "%s %s %d:", h.Kind, h.Headline, h.Findings)
		for _, channel := range []string{"slack", "wecom"} {
			if answer, ok := h.To[channel]; ok {
				fmt.Fprintf(&line, " %s %s", channel, answer.Status)
			}
		}
		lines = append(lines, line.String())
	}
	return lines
}

// TestRecordCostsNoWrite: a run writes the ledger before it sends and after each
// answer, and once when it has nothing to say.
func TestRecordCostsNoWrite(t *testing.T) {
	w, bucket := newBucket(t, "near-expiry", nil)
	writes := func() (n int) {
		for _, r := range bucket.Requests() {
			if r.Method == http.MethodPut && strings.HasSuffix(r.Key, "ledger.json") {
				n++
			}
		}
		return n
	}
	for i, step := range []struct {
		mode    string
		outcome handler.Outcome
		posts   int
		least   int // of the writes of the ledger in this run: two answers that come together are one
		most    int
	}{{"alert", handler.OutcomeSent, 1, 2, 3}, {"alert", handler.OutcomeQuiet, 1, 1, 1}, {"alert", handler.OutcomeQuiet, 1, 1, 1}} {
		before := writes()
		w.wantTick(step.mode, step.outcome, step.posts, step.posts)
		if got := writes() - before; got < step.least || got > step.most {
			t.Errorf("run %d wrote the ledger %d times, want %d to %d", i, got, step.least, step.most)
		}
		if last := w.ledger().Runs().Last(); last.Outcome != string(step.outcome) || last.Reason == "" || !last.At.Equal(w.clock.Add(-time.Hour)) {
			t.Errorf("run %d: %+v", i, last)
		}
	}
}

// TestHowRunsEnd: the ledger has the outcome that the Summary has.
func TestHowRunsEnd(t *testing.T) {
	w := newRemembering(t, "near-expiry", "LICENSEWATCH_EXPORT", "off")
	check := func(mode string, outcome handler.Outcome, heads ...string) {
		t.Helper()
		summary, _ := w.tick(mode)
		if last := w.ledger().Runs().Last(); summary.Outcome != outcome || last.Outcome != string(outcome) || last.Reason != summary.Reason || string(last.Mode) != mode {
			t.Errorf("outcome %s (%s), remembered as %+v", summary.Outcome, summary.Reason, last)
		}
		got := w.heads()
		for _, want := range heads {
			begin, end, _ := strings.Cut(want, "|")
			if !slices.ContainsFunc(got, func(h string) bool { return strings.HasPrefix(h, begin) && strings.HasSuffix(h, end) }) {
				t.Errorf("heads %q, want one like %s", got, want)
			}
		}
	}
	w.OverrideChat("wecom", status(500, "x"))
	check("alert", handler.OutcomePartial, "alert 🟡|: slack accepted wecom for-now")
	w.OverrideChat("wecom", simulator.Answer(`{"errcode":93000,"errmsg":"invalid webhook url"}`))
	check("digest", handler.OutcomePartial, "digest 🟡|: slack accepted", "digest 🟡|: wecom for-good", "note |: slack accepted")
	w.OverrideChat("wecom", nil)
	w.clock = w.clock.Add(time.Hour)
	check("alert", handler.OutcomeSent, "alert 🟡|: slack accepted wecom accepted")
	check("alert", handler.OutcomeQuiet)
	w.Override("DescribePurchaseStateInfo", simulator.APIError("InternalError", "x"))
	check("alert", handler.OutcomeUnknown)
	w.set("LICENSEWATCH_SITE", "us")
	summary, err := w.tick("alert")
	if err == nil || summary.Outcome != handler.OutcomeFailed {
		t.Errorf("%v, %+v", err, summary)
	}
	w.set("LICENSEWATCH_SITE", "cn")
	if last := w.ledger().Runs().Last(); last.Outcome != "failed" || last.Reason != "1 mistake in settings, rules or event" {
		t.Errorf("of a run with mistakes: %+v", last)
	}
}

// TestARunThatDies: it has begun, and nobody knows how it ended.
func TestARunThatDies(t *testing.T) {
	w := newRemembering(t, "near-expiry")
	var kept []byte
	w.OverrideChat("slack", func(rw http.ResponseWriter, _ *http.Request) {
		kept, _ = os.ReadFile(filepath.Join(w.dir, "ledger.json"))
		_, _ = rw.Write([]byte("ok"))
	})
	w.set("LICENSEWATCH_WECOM_WEBHOOK_URL", "")
	delete(w.settings, "LICENSEWATCH_WECOM_WEBHOOK_URL")
	_, err := w.tick("alert")
	must(t, err)
	if last := w.ledger().Runs().Last(); last.Outcome != "sent" {
		t.Errorf("%+v", last)
	}
	must(t, os.WriteFile(filepath.Join(w.dir, "ledger.json"), kept, 0o600)) // as if it had died after the post
	if last := w.ledger().Runs().Last(); last.Outcome != "" || !last.At.Equal(now) {
		t.Errorf("%+v", last)
	}
	if heads := w.heads(); len(heads) != 1 || !strings.HasSuffix(heads[0], ": slack waits") {
		t.Errorf("%q", heads)
	}
}

// TestAcknowledgingIsNoRun: what a person writes into the ledger is not taken for
// a run.
func TestAcknowledgingIsNoRun(t *testing.T) {
	w := newRemembering(t, "near-expiry")
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	settings, err := config.Load(w.environment)
	must(t, err)
	must(t, session.Edit(t.Context(), session.OptionsOf(settings), func(*life.Ledger) error { return nil }))
	if last := w.ledger().Runs().Last(); last.Outcome != "sent" || !last.At.Equal(now) {
		t.Errorf("%+v", last)
	}
}

// TestDigestsThatChangeNothing: with LICENSEWATCH_DIGEST=changes they are left out,
// for a week at most, and what is new is said the same day.
func TestDigestsThatChangeNothing(t *testing.T) {
	w := newRemembering(t, "healthy", "LICENSEWATCH_DIGEST", "changes")
	posts := 0
	next := func(what string, speaks bool, reason string) {
		t.Helper()
		want := handler.OutcomeQuiet
		if speaks {
			want = handler.OutcomeSent
			posts++
		}
		summary := w.wantTick("digest", want, posts, posts)
		if summary.Reason != reason {
			t.Errorf("%s: %q, want %q", what, summary.Reason, reason)
		}
		w.clock = w.clock.Add(23 * time.Hour)
	}
	next("the first", true, "daily digest")
	for range 6 {
		next("in the week", false, "unchanged since 2026-11-22")
	}
	next("after a week", true, "daily digest")
	next("the day after", false, "unchanged since 2026-11-22")
	w.Override("DescribePurchaseStateInfo", simulator.Answer(`{"Response":{"State":2,"ExpirationTime":"2027-03-30 00:00:00","RequestId":"r"}}`))
	next("something has changed", true, "daily digest")
	next("and it stays so", false, "unchanged since 2026-12-01")
	w.Override("DescribePurchaseStateInfo", simulator.APIError("InternalError", "x"))
	next("a source is down", true, "daily digest")
	summary, err := w.tick("digest")
	if err != nil || summary.Outcome != handler.OutcomeUnknown || !strings.HasPrefix(summary.Reason, "unchanged since 2026-12-03, but could not read tcss") {
		t.Errorf("%v, %s: %s", err, summary.Outcome, summary.Reason)
	}
	w.wantPosts(posts, posts)
}

// TestSourceTakenOut: it is said once, by the next message of either kind.
func TestSourceTakenOut(t *testing.T) {
	w := newRemembering(t, "healthy")
	w.wantTick("alert", handler.OutcomeQuiet, 0, 0)
	w.set("LICENSEWATCH_SOURCES", "cwp")
	summary := w.wantTick("alert", handler.OutcomeSent, 1, 1)
	if summary.Reason != "no longer watched: tcss" {
		t.Error(summary.Reason)
	}
	w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
}

// TestRuleTakenOut: the same of a rule that fires.
func TestRuleTakenOut(t *testing.T) {
	w := newRemembering(t, "trial-expired")
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	file := filepath.Join(t.TempDir(), "rules.yaml")
	must(t, os.WriteFile(file, []byte("version: 1\nextends: default\nrules:\n  - {id: tcss-trial-over, enabled: false}\n"), 0o600))
	w.set("LICENSEWATCH_RULES_FILE", file)
	summary := w.wantTick("alert", handler.OutcomeSent, 2, 2)
	if summary.Reason != "no longer watched: tcss-trial-over" {
		t.Error(summary.Reason)
	}
	w.wantTick("alert", handler.OutcomeQuiet, 2, 2)
}

// TestHeadsAreBounded: the last 200 messages are remembered, and no secret of
// theirs.
func TestHeadsAreBounded(t *testing.T) {
	l := life.New()
	for i := range 250 {
		l.NotificationLog().AddNote(fmt.Sprintf("%06d", i), "note", now, map[string]life.Delivery{"slack": {Status: life.Accepted, At: now}})
	}
	heads := l.NotificationLog().Heads(time.UTC)
	if len(heads) != 200 || heads[0].ID != "000050" || heads[199].ID != "000249" {
		t.Errorf("%d heads, from %s to %s", len(heads), heads[0].ID, heads[len(heads)-1].ID)
	}
	if !slices.IsSortedFunc(heads, func(a, b life.Head) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("they are not in their order")
	}
}

// TestWhatMessagesSayOfTheRecord: in words, in both chats: a time without runs,
// what is not watched any more, a digest that repeats the last one, a message
// that comes late.
func TestWhatMessagesSayOfTheRecord(t *testing.T) {
	w := newRemembering(t, "near-expiry", "LICENSEWATCH_EXPORT", "off")
	last := func(parts ...string) {
		t.Helper()
		for _, channel := range []string{"slack", "wecom"} {
			posts := w.posted(channel)
			w.wantContains("the last post to "+channel, posts[len(posts)-1], parts...)
		}
	}
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.clock = now.AddDate(0, 0, 1)
	w.wantTick("digest", handler.OutcomeSent, 2, 2)
	last("Unchanged since Nov 22: order")
	w.clock = now.AddDate(0, 0, 5)
	w.wantTick("digest", handler.OutcomeSent, 3, 3)
	last("No run between Nov 23", "and Nov 27")
	w.set("LICENSEWATCH_SOURCES", "cwp")
	w.wantTick("alert", handler.OutcomeSent, 4, 4)
	last("o longer watched: Container Security")

	w.OverrideChat("slack", status(500, "x"))
	w.OverrideChat("wecom", status(500, "x"))
	w.Override("DescribeLicenseList", orderEnding(w.clock.AddDate(0, 0, 2)))
	if _, err := w.tick("alert"); err == nil {
		t.Error("nobody took it, and there is no error")
	}
	written := w.clock.Add(-time.Hour)
	w.OverrideChat("slack", nil)
	w.OverrideChat("wecom", nil)
	w.clock = w.clock.AddDate(0, 0, 1)
	_, err := w.tick("alert")
	must(t, err)
	for _, channel := range []string{"slack", "wecom"} {
		posts := strings.Join(w.posted(channel), "\n")
		w.wantContains("the posts to "+channel, posts, "(written "+written.In(time.FixedZone("", 8*3600)).Format("Jan 2")+", delivered now)")
	}
	if heads := w.heads(); !strings.HasSuffix(heads[len(heads)-1], ": slack accepted wecom accepted") {
		t.Errorf("%q", heads)
	}
}
