package handler_test

// A memory has an owner: another one's is left alone, and that is said.

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tencentyun/scf-go-lib/functioncontext"

	"licensewatch/config"
	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/life"
	"licensewatch/session"
)

// tickAs is tick for an account; the empty one is not known, as on a laptop.
func (w *remembering) tickAs(account, mode string) (handler.Summary, error) {
	w.t.Helper()
	event := `{"Type":"Timer","TriggerName":"` + mode + `","Time":"` + w.clock.UTC().Format(time.RFC3339) + `","Message":"` + mode + `"}`
	at := w.clock
	w.clock = w.clock.Add(time.Hour)
	ctx := functioncontext.NewContext(w.t.Context(), &functioncontext.FunctionContext{TencentcloudUin: account})
	return w.runIn(ctx, event, func(o *handler.Options) { o.Now = func() time.Time { return at } })
}

// objects are what the store holds, by name.
func (w *remembering) objects() map[string]string {
	w.t.Helper()
	all := map[string]string{}
	must(w.t, filepath.WalkDir(w.dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all[strings.TrimPrefix(path, w.dir)] = string(data)
		return err
	}))
	return all
}

const (
	accountA = "100000000001"
	accountB = "100000000002"
)

// TestAnothersMemory: two accounts, or sites, on one prefix. Each goes on with what is
// its own; what the second one finds it neither uses nor changes.
func TestAnothersMemory(t *testing.T) {
	for name, test := range map[string]struct{ account, site, named string }{
		"account":          {accountB, "cn", "account " + accountA + ", site cn"},
		"site":             {accountA, "intl", "account " + accountA + ", site cn"},
		"site of a laptop": {"", "intl", "account " + accountA + ", site cn"},
	} {
		t.Run(name, func(t *testing.T) {
			w, g := newSettled(t, "LICENSEWATCH_LANGUAGE", "en"), newWebhooks(t)
			w.set("LICENSEWATCH_SLACK_WEBHOOK_URL", g.slack("a"))
			summary, err := w.tickAs(accountA, "alert")
			if err != nil || summary.Memory != "ok" {
				t.Fatalf("%v, %+v", err, summary)
			}
			before := w.objects()

			w.set("LICENSEWATCH_SITE", test.site)
			w.set("LICENSEWATCH_SLACK_WEBHOOK_URL", g.slack("b"))
			w.Override("DescribePurchaseStateInfo", nil) // nothing fires there
			if summary, err = w.tickAs(test.account, "alert"); err != nil || summary.Outcome != handler.OutcomeQuiet || summary.Memory != "OtherOwner" {
				t.Errorf("%v, %+v", err, summary)
			}
			if summary, err = w.tickAs(test.account, "digest"); err != nil || summary.Outcome != handler.OutcomeSent || summary.Memory != "OtherOwner" {
				t.Errorf("%v, %+v", err, summary)
			}
			w.Override("DescribePurchaseStateInfo", simulator.Answer(trialOver))
			for range 2 { // without memory it is said again
				if _, err = w.tickAs(test.account, "alert"); err != nil {
					t.Error(err)
				}
			}
			if got := g.counts("ab"); got != "a1 b3" {
				t.Fatalf("posts: %s, want a1 b3", got)
			}
			for _, body := range g.heard["b"] {
				w.wantContains("message", body, "that of another account (Account "+accountA+" · China site)")
				if strings.Contains(body, "Resolved") || strings.Contains(body, "the trial goes on") {
					t.Errorf("another's finding is resolved:\n%s", body)
				}
			}
			w.wantContains("log", w.log.String(), "running without memory", "leads to the memory of "+test.named)
			if after := w.objects(); asText(t, before) != asText(t, after) {
				t.Errorf("the store was changed from\n%v\nto\n%v", before, after)
			}

			w.set("LICENSEWATCH_SITE", "cn")
			w.set("LICENSEWATCH_SLACK_WEBHOOK_URL", g.slack("a"))
			if summary, err = w.tickAs(accountA, "alert"); err != nil || summary.Outcome != handler.OutcomeQuiet || summary.Memory != "ok" {
				t.Errorf("%v, %+v", err, summary)
			}
		})
	}
}

// TestSameOwner: what is not known on one side does not count, and is entered when it
// is known; a memory without an owner belongs to who finds it first.
func TestSameOwner(t *testing.T) {
	type run struct{ account, site, memory, owner string }
	for name, runs := range map[string][]run{
		"a laptop first":       {{"", "cn", "ok", "site cn"}, {accountA, "cn", "ok", "account " + accountA + ", site cn"}, {accountB, "cn", "OtherOwner", "account " + accountA + ", site cn"}},
		"a laptop later":       {{accountA, "cn", "ok", "account " + accountA + ", site cn"}, {"", "cn", "ok", "account " + accountA + ", site cn"}},
		"a mistake in between": {{accountA, "cn", "ok", "account " + accountA + ", site cn"}, {accountA, "us", "ok", "account " + accountA + ", site cn"}},
		"a mistake first":      {{accountA, "us", "ok", "account " + accountA + ", site unknown"}, {accountA, "intl", "ok", "account " + accountA + ", site intl"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newSettled(t)
			for i, run := range runs {
				w.set("LICENSEWATCH_SITE", run.site)
				summary, _ := w.tickAs(run.account, "alert")
				w.set("LICENSEWATCH_SITE", "cn")
				if owner := w.ledger().Owner().String(); summary.Memory != run.memory || owner != run.owner {
					t.Errorf("run %d: memory %s of %s, want %s of %s", i+1, summary.Memory, owner, run.memory, run.owner)
				}
			}
		})
	}
	t.Run("an earlier version's", func(t *testing.T) {
		w := newSettled(t)
		_, _ = w.tickAs(accountA, "alert")
		w.asEarlier()
		summary, err := w.tickAs(accountB, "alert")
		if owner := w.ledger().Owner(); err != nil || summary.Memory != "ok" || owner.Account != accountB {
			t.Errorf("%v, %+v, owner %s", err, summary, owner)
		}
		w.wantPosts(1, 0)
	})
}

// TestAnothersClaim: nobody waits for the run of another account.
func TestAnothersClaim(t *testing.T) {
	w := newSettled(t)
	_, _ = w.tickAs(accountA, "alert")
	claim := `{"owner":"a run of A","expires":"` + time.Now().Add(time.Hour).Format(time.RFC3339) + `"}`
	must(t, os.WriteFile(filepath.Join(w.dir, "claim.json"), []byte(claim), 0o600))
	before := w.objects()
	w.ahead = time.Minute
	summary, err := w.tickAs(accountB, "alert")
	if err != nil || summary.Outcome != handler.OutcomeSent || summary.Memory != "OtherOwner" {
		t.Errorf("%v, %+v", err, summary)
	}
	if after := w.objects(); asText(t, before) != asText(t, after) {
		t.Errorf("the store was changed from\n%v\nto\n%v", before, after)
	}
	if summary, err = w.tickAs(accountA, "alert"); err == nil || summary.Outcome != handler.OutcomeFailed {
		t.Errorf("A's own run: %v, %+v", err, summary)
	}
}

// TestWhoEditsIsNoOwner: an acknowledgement goes into the memory that it was pointed
// at, which stays whose it is and speaks of the same chats.
func TestWhoEditsIsNoOwner(t *testing.T) {
	w := newSettled(t)
	_, _ = w.tickAs(accountA, "alert")
	before := w.stored()
	w.set("LICENSEWATCH_SITE", "intl")
	w.set("LICENSEWATCH_SLACK_WEBHOOK_URL", "http://127.0.0.1:1/services/T/B/x")
	settings, err := config.Load(w.environment)
	must(t, err)
	must(t, session.Edit(t.Context(), session.OptionsOf(settings), func(l *life.Ledger) error {
		_ = l.RemoveAck("mine", "")
		l.KeepAside("x") // so that something changes
		return nil
	}))
	after := w.stored()
	if string(after["aside"]) != `"x"` {
		t.Error("nothing was written")
	}
	for _, name := range []string{"owner", "key", "channels", "stories"} {
		if string(before[name]) == "" || string(before[name]) != string(after[name]) {
			t.Errorf("%s: %s, was %s", name, after[name], before[name])
		}
	}
	var owner life.Owner
	must(t, json.Unmarshal(after["owner"], &owner))
	if owner != (life.Owner{Site: "cn", Account: accountA}) {
		t.Errorf("owner %+v", owner)
	}
}

// TestIDsOfAccounts: accounts have the same timers and may share a chat. What a
// rerun says has the id of the first run; what another account says has not.
func TestIDsOfAccounts(t *testing.T) {
	ids := map[string]string{}
	for _, account := range []string{"", accountA, accountB} {
		w := newRemembering(t, "near-expiry")
		first, err := w.tickAs(account, "digest")
		must(t, err)
		w.clock = w.clock.Add(-time.Hour)
		again, err := w.tickAs(account, "digest")
		must(t, err)
		if first.RunID == "" || first.RunID != again.RunID || ids[first.RunID] != "" {
			t.Errorf("account %q: ids %s and %s, of %v", account, first.RunID, again.RunID, ids)
		}
		ids[first.RunID] = "account " + account
	}
}
