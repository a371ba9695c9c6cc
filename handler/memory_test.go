package handler_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
)

// remembering is a world with a store in a directory, and a clock that goes on.
type remembering struct {
	*world
	dir   string
	clock time.Time
	ticks int
}

func newRemembering(t *testing.T, scenario string, settings ...string) *remembering {
	t.Helper()
	dir := t.TempDir()
	w := newWorld(t, scenario, append([]string{"LICENSEWATCH_STATE_URL", "file://" + dir}, settings...)...)
	return &remembering{world: w, dir: dir, clock: now}
}

// tick runs the handler at its clock's time and lets an hour pass.
func (w *remembering) tick(mode string) (handler.Summary, error) {
	w.t.Helper()
	w.ticks++
	event := fmt.Sprintf(`{"Type":"Timer","TriggerName":%q,"Time":%q,"Message":%q}`, mode, w.clock.UTC().Format(time.RFC3339), mode)
	summary, err := w.runAt(event)
	w.clock = w.clock.Add(time.Hour)
	return summary, err
}

func (w *remembering) runAt(event string) (handler.Summary, error) {
	w.t.Helper()
	at := w.clock
	return w.run(event, func(o *handler.Options) { o.Now = func() time.Time { return at } })
}

// wantTick runs an alert and checks its outcome and how many messages each chat
// has by then.
func (w *remembering) wantTick(mode string, outcome handler.Outcome, slack, wecom int) handler.Summary {
	w.t.Helper()
	summary, err := w.tick(mode)
	if err != nil || summary.Outcome != outcome {
		w.t.Errorf("%s %d: %v, outcome %s (%s), want %s", mode, w.ticks, err, summary.Outcome, summary.Reason, outcome)
	}
	w.wantPosts(slack, wecom)
	return summary
}

func orderEnding(deadline time.Time) http.HandlerFunc {
	return simulator.Answer(fmt.Sprintf(`{"Response":{"TotalCount":1,"RequestId":"r","List":[{"LicenseId":1,"LicenseType":2,"LicenseStatus":1,
		"LicenseCnt":40,"UsedLicenseCnt":33,"OrderStatus":1,"ResourceId":"cwp-aaaa","AutoRenewFlag":2,"Alias":"","Deadline":%q}]}}`,
		deadline.In(time.FixedZone("", 8*3600)).Format(time.DateTime)))
}

func TestSecondAlertIsQuiet(t *testing.T) {
	w := newRemembering(t, "near-expiry")
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
	w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
}

// TestCountsWhatGoesOn: what lingers at its threshold is counted as what it is to the memory, in a
// rerun as well.
func TestCountsWhatGoesOn(t *testing.T) {
	w := newRemembering(t, "healthy")
	use := func(used int) {
		w.Override("DescribeLicenseGeneral", simulator.Answer(fmt.Sprintf(`{"Response":{"RequestId":"r","LicenseCnt":317,
			"NotExpiredLicenseCnt":317,"UsedLicenseCnt":%d,"ExpireLicenseCnt":0,"NearExpiryLicenseCnt":0}}`, used)))
	}
	counted := func(what, mode string, want int) {
		summary, err := w.tick(mode)
		if err != nil || summary.Findings.Warning != want {
			t.Errorf("%s: %v, %+v", what, err, summary.Findings)
		}
	}
	use(281)
	counted("below it", "alert", 0)
	use(290)
	counted("above it", "alert", 1)
	use(281)
	counted("below it again", "alert", 1)
	counted("in a digest", "digest", 1)
	w.clock = w.clock.Add(-time.Hour)
	counted("in its rerun", "digest", 1)
	use(100)
	counted("far below it", "alert", 0)
}

// TestRungsSpeakOnce: 29, 28, 13, 12, 6, 2, 1 and 0 days left speak at 29, 13, 6,
// 2, 1 and 0.
func TestRungsSpeakOnce(t *testing.T) {
	w := newRemembering(t, "healthy")
	deadline := now.AddDate(0, 0, 29)
	w.Override("DescribeLicenseList", orderEnding(deadline))
	posts := 0
	for _, step := range []struct {
		daysLeft int
		speaks   bool
	}{{29, true}, {28, false}, {13, true}, {12, false}, {6, true}, {2, true}, {1, true}, {1, false}, {0, true}} {
		w.clock = deadline.AddDate(0, 0, -step.daysLeft)
		want := handler.OutcomeQuiet
		if step.speaks {
			want = handler.OutcomeSent
			posts++
		}
		w.wantTick("alert", want, posts, posts)
	}
}

func TestDigestCountsAsSaid(t *testing.T) {
	w := newRemembering(t, "near-expiry")
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
	w.wantTick("digest", handler.OutcomeSent, 2, 2)
}

func TestRerunOfADigestIsQuiet(t *testing.T) {
	w := newRemembering(t, "near-expiry")
	for want := range 3 {
		summary, err := w.runAt(digestEvent)
		if err != nil || want > 0 && summary.Outcome != handler.OutcomeQuiet {
			t.Errorf("%v, %+v", err, summary)
		}
		w.wantPosts(1, 1)
	}
}

// TestOneChannelDownHearsItLater: WeCom hears in the second run what it missed in
// the first; Slack does not hear it twice, and the id is the same.
func TestOneChannelDownHearsItLater(t *testing.T) {
	for _, mode := range []string{"alert", "digest"} {
		t.Run(mode, func(t *testing.T) {
			w := newRemembering(t, "near-expiry")
			w.OverrideChat("wecom", simulator.Sequence(status(500, "<html>"), status(500, "<html>"), status(500, "<html>"), simulator.Usual()))
			event := strings.Replace(alertEvent, "alert", mode, 2)
			summary, err := w.runAt(event)
			if _, ok := errors.AsType[*handler.OwedError](err); !ok || summary.Outcome != handler.OutcomePartial {
				t.Fatalf("%v, %+v, want an OwedError", err, summary)
			}
			w.wantContains("error", err.Error(), "wecom")
			second, err := w.runAt(event)
			if err != nil || second.Outcome != handler.OutcomeSent {
				t.Errorf("rerun: %v, %+v", err, second)
			}
			w.wantPosts(1, 4)
			w.wantContains("repeat", w.posted("wecom")[3], summary.RunID)
		})
	}
}

// TestSourceDownBetweenTwoRuns neither resolves nor repeats.
func TestSourceDownBetweenTwoRuns(t *testing.T) {
	w := newRemembering(t, "trial-expired")
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	w.Override("DescribePurchaseStateInfo", simulator.APIError("InternalError", "x"))
	w.wantTick("alert", handler.OutcomeUnknown, 1, 1)
	w.Override("DescribePurchaseStateInfo", nil)
	w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
}

func TestResolvedIsSaidOnce(t *testing.T) {
	w := newRemembering(t, "healthy")
	w.Override("DescribePurchaseStateInfo", simulator.Answer(`{"Response":{"State":1,"RequestId":"r"}}`))
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	w.Override("DescribePurchaseStateInfo", simulator.Answer(`{"Response":{"State":3,"SubState":"NORMAL","AutomaticRenewal":1,"ExpirationTime":"2027-09-18 00:00:00","RequestId":"r"}}`))
	w.wantTick("alert", handler.OutcomeSent, 2, 2)
	w.wantContains("message", w.posted("slack")[1], "Resolved: ")
	w.wantTick("alert", handler.OutcomeQuiet, 2, 2)
}

func TestSourceThatStaysUnread(t *testing.T) {
	w := newRemembering(t, "healthy")
	w.Override("DescribePurchaseStateInfo", simulator.APIError("AuthFailure.UnauthorizedOperation", "x"))
	w.wantTick("alert", handler.OutcomeUnknown, 0, 0)
	w.wantTick("alert", handler.OutcomeUnknown, 0, 0)
	w.wantTick("alert", handler.OutcomeSent, 1, 1)
	w.wantContains("message", w.posted("slack")[0], "tcss:DescribePurchaseStateInfo")
	w.wantTick("alert", handler.OutcomeUnknown, 1, 1)
	w.Override("DescribePurchaseStateInfo", nil)
	w.wantTick("alert", handler.OutcomeSent, 2, 2)
}

// TestStoreThatFails: whatever is wrong with the store, the alert is posted, and
// says that nothing will be remembered.
func TestStoreThatFails(t *testing.T) {
	tests := map[string]func(t *testing.T, dir string){
		"no directory": func(t *testing.T, dir string) {
			t.Helper()
			must(t, os.RemoveAll(dir))
			must(t, os.WriteFile(dir, nil, 0o600))
		},
		"a directory that is a link to itself": func(t *testing.T, dir string) {
			t.Helper()
			must(t, os.RemoveAll(dir))
			must(t, os.Symlink(filepath.Base(dir), dir))
		},
	}
	for name, breakIt := range tests {
		t.Run(name, func(t *testing.T) {
			w := newRemembering(t, "near-expiry")
			breakIt(t, w.dir)
			for n := 1; n <= 2; n++ { // without memory it is said again
				w.wantTick("alert", handler.OutcomeSent, n, n)
			}
			body := w.posted("slack")[0]
			w.wantContains("message", body, "without memory", "cwp-aaaa")
			if strings.Index(body, "without memory") < strings.Index(body, "cwp-aaaa") {
				t.Error("the finding does not come first")
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestCorruptLedgerIsKeptAside: it counts as none, its bytes stay, and the reader
// is told.
func TestCorruptLedgerIsKeptAside(t *testing.T) {
	for name, content := range map[string]string{"no JSON": "{half", "another version": `{"version":99}`, "empty": ""} {
		t.Run(name, func(t *testing.T) {
			w := newRemembering(t, "near-expiry")
			must(t, os.WriteFile(filepath.Join(w.dir, "ledger.json"), []byte(content), 0o600))
			w.wantTick("alert", handler.OutcomeSent, 1, 1)
			aside, err := filepath.Glob(filepath.Join(w.dir, "aside", "ledger-*"))
			if err != nil || len(aside) != 1 {
				t.Fatalf("kept aside: %v, %v", aside, err)
			}
			if kept, err := os.ReadFile(aside[0]); err != nil || string(kept) != content {
				t.Errorf("kept %q, %v", kept, err)
			}
			w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
		})
	}
}

// TestLostLedgerIsToldLater: when nothing is due, the next message tells it, once.
func TestLostLedgerIsToldLater(t *testing.T) {
	w := newRemembering(t, "healthy")
	must(t, os.WriteFile(filepath.Join(w.dir, "ledger.json"), []byte("{half"), 0o600))
	w.wantTick("alert", handler.OutcomeQuiet, 0, 0)
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.wantContains("the digest", w.posted("slack")[0], "acknowledgements are lost", "aside/ledger-")
	w.wantTick("digest", handler.OutcomeSent, 2, 2)
	if strings.Contains(w.posted("slack")[1], "acknowledgements are lost") {
		t.Error("it is told twice")
	}
}

// TestMistakesAreToldOnceADay: with a memory they are no nag.
func TestMistakesAreToldOnceADay(t *testing.T) {
	w := newRemembering(t, "healthy", "LICENSEWATCH_SITE", "us")
	for range 3 {
		if _, err := w.tick("alert"); err == nil {
			t.Error("no error")
		}
		w.wantPosts(1, 1)
	}
	w.clock = w.clock.AddDate(0, 0, 1)
	if _, err := w.tick("alert"); err == nil {
		t.Error("no error")
	}
	w.wantPosts(2, 2)
}

// TestDeadChannelIsNamedOnceADay: and not with every digest.
func TestDeadChannelIsNamedOnceADay(t *testing.T) {
	w := newRemembering(t, "near-expiry")
	w.OverrideChat("wecom", simulator.Answer(`{"errcode":93000,"errmsg":"invalid webhook url"}`))
	for range 2 {
		if summary, err := w.tick("digest"); err != nil || summary.Outcome != handler.OutcomePartial {
			t.Errorf("%v, %+v", err, summary)
		}
	}
	if posts := w.posted("slack"); len(posts) != 3 || !strings.Contains(posts[1], "93000") || strings.Contains(posts[2], "93000") {
		t.Errorf("%d posts to Slack, want a report, a follow-up and a report:\n%s", len(posts), strings.Join(posts, "\n"))
	}
}

// TestExportAcrossRuns: a pending export is picked up by the next run, and its
// link posted once.
func TestExportAcrossRuns(t *testing.T) {
	pending := simulator.Answer(`{"Response":{"Status":"PENDING","RequestId":"r"}}`)
	w := newRemembering(t, "healthy")
	w.Override("ExportTasks", pending)
	if summary := w.wantTick("digest", handler.OutcomeSent, 1, 1); summary.Export.Status != "pending" {
		t.Errorf("export %+v", summary.Export)
	}
	w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
	w.Override("ExportTasks", nil)
	w.wantTick("alert", handler.OutcomeQuiet, 2, 2)
	w.wantContains("follow-up", w.posted("wecom")[1], "q-sign")
	w.wantTick("alert", handler.OutcomeQuiet, 2, 2)
	starts := 0
	for _, call := range w.Calls() {
		if call.Action == "ExportLicenseDetail" {
			starts++
		}
	}
	if starts != 1 {
		t.Errorf("%d exports were started", starts)
	}
}

// TestLateExportReachesEveryChannel: a chat that was down gets the link later, the
// other does not get it twice.
func TestLateExportReachesEveryChannel(t *testing.T) {
	w := newRemembering(t, "healthy")
	w.Override("ExportTasks", simulator.Answer(`{"Response":{"Status":"PENDING","RequestId":"r"}}`))
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.Override("ExportTasks", nil)
	w.OverrideChat("wecom", simulator.Answer(`{"errcode":45009,"errmsg":"api freq out of limit"}`))
	w.wantTick("alert", handler.OutcomeQuiet, 2, 2)
	w.OverrideChat("wecom", nil)
	w.wantTick("alert", handler.OutcomeQuiet, 2, 3)
	w.wantTick("alert", handler.OutcomeQuiet, 2, 3)
}

// TestDeadClaimIsTakenOverOnce: overlapping runs that all find the claim of a
// dead owner speak once.
func TestDeadClaimIsTakenOverOnce(t *testing.T) {
	for range 15 {
		w := newRemembering(t, "near-expiry")
		must(t, os.WriteFile(filepath.Join(w.dir, "claim.json"), []byte(deadLock), 0o600))
		w.withoutWaiting(func() {
			var all sync.WaitGroup
			for range 4 {
				all.Go(func() { _ = w.runWaiting(alertEvent) })
			}
			all.Wait()
		})
		w.wantPosts(1, 1)
	}
}

func TestExportIsGivenUp(t *testing.T) {
	w := newRemembering(t, "healthy")
	w.Override("ExportTasks", simulator.Answer(`{"Response":{"Status":"PENDING","RequestId":"r"}}`))
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.clock = w.clock.Add(25 * time.Hour)
	w.wantTick("alert", handler.OutcomeQuiet, 2, 2)
	w.wantTick("alert", handler.OutcomeQuiet, 2, 2)
}

// TestStoreHoldsNoSecret: neither the link nor a webhook is written down.
func TestStoreHoldsNoSecret(t *testing.T) {
	w := newRemembering(t, "everything-wrong")
	w.OverrideChat("wecom", status(502, "<html>"))
	_, _ = w.tick("digest")
	_, _ = w.tick("alert")
	kept, err := os.ReadFile(filepath.Join(w.dir, "ledger.json"))
	must(t, err)
	w.wantContains("ledger", string(kept), "cwp-aaaa")
	for _, secret := range []string{"q-sign", w.WebhookURL("slack"), "services/", "webhook/send"} {
		if strings.Contains(string(kept), secret) {
			t.Errorf("the ledger holds %q", secret)
		}
	}
}
