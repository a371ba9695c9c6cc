package handler_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"licensewatch/internal/simulator"
)

// TestAlertThatNobodyAccepted: what no chat has accepted is not left to the next digest. Each
// is told it once, as soon as it accepts anything, and no chat is told that another one did
// not get it, nor what it was "when last told". A rerun is none of the three runs.
func TestAlertThatNobodyAccepted(t *testing.T) {
	notesOnly := func(g *group) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			posts := g.since(0)
			if strings.Contains(posts[len(posts)-1], "trial is over") {
				status(502, "<html>")(w, nil)
				return
			}
			_, _ = w.Write([]byte("ok"))
		}
	}
	tests := map[string]struct {
		settings  []string
		notesOnly bool // Slack takes everything but what is about the trial
		down      int  // alerts without an answer, each run again where that may help
		posts     int  // to Slack until then
		next      int  // and by the next alert
	}{
		"both, for an hour":             {down: 2, posts: 6, next: 1}, // two tries, two of a rerun, two of the next run
		"both, for five hours":          {down: 5, posts: 10, next: 2},
		"one, for an hour":              {settings: []string{"LICENSEWATCH_WECOM_WEBHOOK_URL", ""}, down: 2, posts: 6, next: 1},
		"one, for five hours":           {settings: []string{"LICENSEWATCH_WECOM_WEBHOOK_URL", ""}, down: 5, posts: 10, next: 2},
		"one, longer than it is asked":  {settings: []string{"LICENSEWATCH_WECOM_WEBHOOK_URL", ""}, down: 9, posts: 11, next: 0},
		"one that takes notes, a while": {settings: []string{"LICENSEWATCH_WECOM_WEBHOOK_URL", ""}, notesOnly: true, down: 9, posts: 17, next: 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newGroups(t, "healthy", test.settings...)
			_, err := w.tick("digest")
			must(t, err)
			w.Override("DescribePurchaseStateInfo", simulator.Answer(trialIsOver))
			w.slack.set(status(502, "<html>"))
			w.wecom.set(status(502, "<html>"))
			if test.notesOnly {
				w.slack.set(notesOnly(w.slack))
			}
			before := w.slack.count()
			for range test.down {
				at := w.clock
				if _, err := w.tick("alert"); err != nil {
					w.clock = at.Add(time.Minute)
					_, _ = w.runAt(strings.Replace(alertEvent, "2026-11-22T01:37:00Z", at.UTC().Format(time.RFC3339), 1))
					w.clock = at.Add(time.Hour)
				}
			}
			if got := w.slack.count() - before; got != test.posts {
				t.Errorf("%d posts meanwhile, want %d: %s", got, test.posts, strings.Join(w.slack.since(before), "\n"))
			}
			w.slack.set(nil)
			w.wecom.set(nil)
			before = w.slack.count()
			for range 5 {
				_, err := w.tick("alert")
				must(t, err)
			}
			if got := w.slack.count() - before; got != test.next {
				t.Errorf("%d posts then, want %d: %s", got, test.next, strings.Join(w.slack.since(before), "\n"))
			}
			_, err = w.tick("digest")
			must(t, err)
			w.wantContains("all that Slack accepted", w.slack.accepted(), "trial is over")
			said := w.slack.accepted() + w.wecom.accepted()
			if strings.Contains(said, "when last told") || strings.Contains(w.slack.accepted(), "WeCom gave no answer") && test.down < 5 {
				t.Errorf("the chats accepted %s", said)
			}
		})
	}
}

// TestWorseThanWhatWasLost: what was never accepted is new when it is said, however bad it
// has become.
func TestWorseThanWhatWasLost(t *testing.T) {
	w := newGroups(t, "healthy", "LICENSEWATCH_WECOM_WEBHOOK_URL", "")
	w.Override("DescribeLicenseList", orderEnding(w.clock.AddDate(0, 0, 4)))
	w.slack.set(status(502, "<html>"))
	for range 8 {
		_, _ = w.tick("alert")
	}
	w.slack.set(nil)
	w.Override("DescribeLicenseList", orderEnding(w.clock.AddDate(0, 0, 1)))
	_, err := w.tick("alert")
	must(t, err)
	w.wantContains("what Slack accepted", w.slack.accepted(), "cwp-aaaa", "ends tomorrow (new)")
	if strings.Contains(w.slack.accepted(), "when last told") {
		t.Errorf("it was never told: %s", w.slack.accepted())
	}
}

// TestKnownToNobodyAnyMore: that a chat knows which the settings do not name any more does
// not leave an alert to the next digest.
func TestKnownToNobodyAnyMore(t *testing.T) {
	w := newGroups(t, "healthy")
	_, err := w.tick("digest")
	must(t, err)
	w.Override("DescribePurchaseStateInfo", simulator.Answer(trialIsOver))
	w.wecom.set(status(502, "<html>"))
	_, _ = w.tick("alert")
	w.wantContains("what Slack accepted", w.slack.accepted(), "trial is over")
	w.set("LICENSEWATCH_SLACK_WEBHOOK_URL", "")
	delete(w.settings, "LICENSEWATCH_SLACK_WEBHOOK_URL")
	for range 3 { // given up after two, and asked once
		_, _ = w.tick("alert")
	}
	w.wecom.set(nil)
	for range 2 { // one that asks whether it is there, and one that tells
		_, _ = w.tick("alert")
	}
	w.wantContains("what WeCom accepted", w.wecom.accepted(), "trial is over")
}
