package handler_test

// What overlapping runs do, and what one that died leaves behind.

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"licensewatch/handler"
)

// TestClaims: a claim that stands is waited for; one that is over, or cannot be
// read, is taken.
func TestClaims(t *testing.T) {
	at := func(d time.Duration) string {
		return fmt.Sprintf(`{"owner":"somebody else","expires":%q}`, time.Now().Add(d).Format(time.RFC3339Nano))
	}
	tests := map[string]struct {
		claim string
		busy  bool
	}{
		"standing": {at(time.Hour), true},
		"over":     {at(-time.Second), false},
		"no JSON":  {"{half", false},
		"empty":    {"", false},
		"endless":  {at(1000 * 24 * time.Hour), false},
		"huge":     {strings.Repeat("x", 5<<20), false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newRemembering(t, "near-expiry")
			w.ahead = time.Minute
			claim := filepath.Join(w.dir, "claim.json")
			must(t, os.WriteFile(claim, []byte(test.claim), 0o600))
			summary, err := w.tick("alert")
			if _, ok := errors.AsType[*handler.OwedError](err); ok != test.busy || test.busy != (summary.Outcome == handler.OutcomeFailed) {
				t.Errorf("%v, %+v", err, summary)
			}
			if _, err := os.Stat(claim); test.busy == errors.Is(err, os.ErrNotExist) {
				t.Errorf("the claim afterwards: %v", err)
			}
			if test.busy {
				w.wantPosts(0, 0)
			} else {
				w.wantPosts(1, 1)
			}
		})
	}
}

// runWaiting runs the handler on an event where waiting takes no time, and a run waits
// as it does anywhere.
func (w *world) runWaiting(event string, options ...func(*handler.Options)) error {
	w.t.Helper()
	wait := func(o *handler.Options) { o.Sleep, o.Transport = nil, cmp.Or(w.transport, w.Transport()) }
	_, err := w.runIn(context.Background(), event, append([]func(*handler.Options){wait}, options...)...)
	return err
}

// TestOverlappingRunsSpeakOnce, in whatever order they get the claim.
func TestOverlappingRunsSpeakOnce(t *testing.T) {
	for _, event := range []string{digestEvent, alertEvent} {
		w := newRemembering(t, "near-expiry")
		w.withoutWaiting(func() {
			errs := make(chan error)
			for range 4 {
				go func() { errs <- w.runWaiting(event) }()
			}
			for range 4 {
				if err := <-errs; err != nil {
					t.Error(err)
				}
			}
		})
		w.wantPosts(1, 1)
	}
}

// TestBusyRunLeavesTheLedger: a run that waits for the claim in vain has read no
// ledger, and writes none.
func TestBusyRunLeavesTheLedger(t *testing.T) {
	for name, setting := range map[string]string{"run": "", "mistakes": "us"} {
		t.Run(name, func(t *testing.T) {
			w := newRemembering(t, "near-expiry")
			w.wantTick("alert", handler.OutcomeSent, 1, 1)
			ledger := filepath.Join(w.dir, "ledger.json")
			before, err := os.ReadFile(ledger)
			must(t, err)
			claim := filepath.Join(w.dir, "claim.json")
			must(t, os.WriteFile(claim, fmt.Appendf(nil, `{"owner":"another","expires":%q}`, time.Now().Add(time.Hour).Format(time.RFC3339Nano)), 0o600))
			if setting != "" {
				w.set("LICENSEWATCH_SITE", setting)
			}
			w.ahead = time.Minute
			_, err = w.tick("alert")
			owed, ok := errors.AsType[*handler.OwedError](err)
			if setting == "" && (!ok || !owed.Busy) {
				t.Fatalf("%v, want an OwedError", err)
			}
			if after, err := os.ReadFile(ledger); err != nil || !bytes.Equal(after, before) {
				t.Errorf("the ledger was %d bytes and is %q, %v", len(before), after, err)
			}
			must(t, os.Remove(claim))
			w.set("LICENSEWATCH_SITE", "cn")
			w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
		})
	}
}

// TestWaitingRunReadsAgain: of two overlapping runs the one that speaks last does
// not go by what it read before the other did.
func TestWaitingRunReadsAgain(t *testing.T) {
	w := newRemembering(t, "healthy")
	order := func(renews string) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) {
			_, _ = rw.Write([]byte(`{"Response":{"TotalCount":1,"RequestId":"r","List":[{"LicenseId":1,"LicenseType":2,"LicenseStatus":1,
				"LicenseCnt":40,"UsedLicenseCnt":33,"OrderStatus":1,"ResourceId":"cwp-aaaa","AutoRenewFlag":` + renews + `,"Alias":"","Deadline":"2026-12-04 00:00:00"}]}}`))
		}
	}
	w.Override("DescribeLicenseList", order("1"))
	w.wantTick("alert", handler.OutcomeQuiet, 0, 0)
	w.withoutWaiting(func() {
		var calls atomic.Int64
		second := make(chan struct{})
		w.Override("DescribeLicenseList", func(rw http.ResponseWriter, r *http.Request) {
			switch calls.Add(1) {
			case 1: // the first run's reading takes long, and sees that renewal was switched off
				<-second
				order("2")(rw, r)
			case 2: // the second run's begins later and sees it still on
				close(second)
				order("1")(rw, r)
			default:
				order("2")(rw, r)
			}
		})
		done := make(chan error)
		go func() { done <- w.runWaiting(alertEvent) }()
		synctest.Wait()
		if _, err := os.Stat(filepath.Join(w.dir, "claim.json")); err != nil || calls.Load() != 1 {
			t.Errorf("it does not read, or has no claim: %v, %d calls", err, calls.Load())
		}
		go func() { done <- w.runWaiting(strings.Replace(alertEvent, "01:37", "02:37", 1)) }()
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
	w.wantPosts(1, 1)
	w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
}

// TestWaitingRunWritesLater: what a run says that began before the run it waited
// for counts as said after that one's.
func TestWaitingRunWritesLater(t *testing.T) {
	w := newRemembering(t, "healthy")
	w.Override("DescribeLicenseList", orderEnding(now.AddDate(0, 0, 12)))
	claim := filepath.Join(w.dir, "claim.json")
	w.withoutWaiting(func() {
		must(t, os.WriteFile(claim, fmt.Appendf(nil, `{"owner":"another","expires":%q}`, time.Now().Add(time.Hour).Format(time.RFC3339Nano)), 0o600))
		clock := now
		itsTime := func(o *handler.Options) { o.Now = func() time.Time { return clock } }
		done, waits := make(chan error), make(chan struct{})
		go func() {
			done <- w.runWaiting(alertEvent, itsTime, func(o *handler.Options) {
				o.Sleep = func(context.Context, time.Duration) error { waits <- struct{}{}; <-waits; return nil }
			})
		}()
		<-waits // it began, and the claim is another's
		must(t, os.Remove(claim))
		clock = now.Add(time.Minute)
		if err := w.runWaiting(strings.Replace(alertEvent, "01:37", "01:38", 1), itsTime); err != nil {
			t.Error(err)
		}
		w.wantPosts(1, 1)
		w.Override("DescribeLicenseList", orderEnding(now.AddDate(0, 0, 6)))
		clock = now.Add(2 * time.Minute)
		waits <- struct{}{}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	w.wantPosts(2, 2)
	w.clock = now.Add(3 * time.Minute)
	w.wantTick("alert", handler.OutcomeQuiet, 2, 2)
}

// TestTakeOverOverwritesNoNewClaim: a run that was slow to take a dead claim over
// finds that another one did and is done, and that a third one may begin.
func TestTakeOverOverwritesNoNewClaim(t *testing.T) {
	w := newWorld(t, "healthy")
	w.set("LICENSEWATCH_STATE_URL", apartStore)
	w.withoutWaiting(func() {
		stalled, resume, puts, proceed := make(chan struct{}), make(chan struct{}), make(chan struct{}), make(chan struct{})
		var tokens, claims, lists atomic.Int64
		bucket := newBucketOf(w.Simulator)
		putClaim(bucket, -time.Second)
		w.transport = direct{w.Simulator, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			creates := r.Header.Get("X-Cos-Forbid-Overwrite") != ""
			switch {
			case r.Method == http.MethodPut && creates && strings.Contains(r.URL.Path, "takeover/") && tokens.Add(1) == 1:
				close(stalled)
				<-resume
			case r.Method == http.MethodPut && !creates && strings.HasSuffix(r.URL.Path, "claim.json") && claims.Add(1) == 2:
				close(puts)
				<-proceed
			}
			bucket.ServeHTTP(rw, r)
		})}
		w.Override("DescribeLicenseList", func(rw http.ResponseWriter, r *http.Request) {
			switch lists.Add(1) {
			case 2: // the run that is done sees less than the two others
				orderEnding(now.AddDate(0, 0, 12))(rw, r)
				return
			case 3:
				time.Sleep(700 * time.Millisecond)
			}
			orderEnding(now.AddDate(0, 0, 6))(rw, r)
		})
		done := make(chan error)
		run := func(minute string) { done <- w.runWaiting(strings.Replace(alertEvent, "01:37", minute, 1)) }
		go run("01:37")
		<-stalled
		synctest.Wait() // it has read
		go run("01:38")
		if err := <-done; err != nil {
			t.Error(err)
		}
		w.wantPosts(1, 1)
		close(resume)
		select {
		case <-puts:
		case <-time.After(300 * time.Millisecond): // it does not
		}
		go run("01:39")
		time.Sleep(200 * time.Millisecond)
		close(proceed)
		for range 2 {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
	w.wantPosts(2, 2)
}
