package handler_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tencentyun/scf-go-lib/functioncontext"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
)

const scatterEvent = `{"Type":"Timer","TriggerName":"digest","Time":"2026-11-22T01:07:00Z","Message":"digest scatter/4"}`

// function runs the handler as the platform does, which tells it its name.
func (w *fleetWorld) function(ctx context.Context, event string, options ...func(*handler.Options)) (handler.Summary, error) {
	at := w.clock
	host := &functioncontext.FunctionContext{FunctionName: "licensewatch", Namespace: "default", FunctionVersion: "$LATEST",
		TencentcloudRegion: "ap-shanghai", TimeLimitInMs: 60_000}
	return w.runIn(functioncontext.NewContext(ctx, host), event, append([]func(*handler.Options){func(o *handler.Options) {
		o.Now = func() time.Time { return at }
		o.Sleep = func(ctx context.Context, d time.Duration) error {
			time.Sleep(min(d, time.Millisecond)) // looking again at once would keep the others from reading
			return ctx.Err()
		}
	}}, options...)...)
}

// scattered runs an event, and every slice event that it sends, the latter times times.
func (w *fleetWorld) scattered(event string, times int, options ...func(*handler.Options)) (summary handler.Summary, read []handler.Summary, err error) {
	var runs sync.WaitGroup
	var mutex sync.Mutex
	w.invoked = func(i simulator.Invocation) {
		for range times {
			runs.Go(func() {
				s, err := w.function(context.WithoutCancel(w.t.Context()), string(i.Event), options...)
				if err != nil {
					w.t.Errorf("%s: %v", i.Event, err)
				}
				mutex.Lock()
				defer mutex.Unlock()
				read = append(read, s)
			})
		}
	}
	summary, err = w.function(w.t.Context(), event, options...)
	runs.Wait()
	return summary, read, err
}

// said are the posts of both chats so far.
func (w *fleetWorld) said() []string { return append(w.posted("slack"), w.posted("wecom")...) }

// callsOf counts the calls of an action.
func (w *fleetWorld) callsOf(action string) (n int) {
	for _, call := range w.Calls() {
		if call.Action == action {
			n++
		}
	}
	return n
}

// wantSame checks that two worlds were told the same.
func wantSame(t *testing.T, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("said is\n%s\nbut one run says\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestScatterSaysWhatOneRunSays, letter by letter, also in the alerts after it, each account is
// read once, and nothing stays in the store. Slice events that come twice do nothing twice.
func TestScatterSaysWhatOneRunSays(t *testing.T) {
	accounts := manyAccounts(18)
	one := newFleetWorld(t, accounts, nil)
	want, err := one.function(t.Context(), digestEvent)
	must(t, err)
	one.untilQuiet("alert")
	for _, times := range []int{1, 3} {
		w := newFleetWorld(t, accounts, nil)
		got, runs, err := w.scattered(scatterEvent, times)
		must(t, err)
		if got.Findings != want.Findings || *got.Accounts != *want.Accounts || got.Reason != want.Reason {
			t.Errorf("%+v, one run %+v", got, want)
		}
		if len(runs) != 4*times || w.callsOf("Invoke") != 4 {
			t.Errorf("%d slices ran, by %d calls", len(runs), w.callsOf("Invoke"))
		}
		read := 0
		for _, s := range runs {
			if s.Outcome != handler.OutcomeQuiet {
				t.Errorf("a slice ends with %s: %s", s.Outcome, s.Reason)
			}
			if s.Accounts != nil {
				read += s.Accounts.Read + s.Accounts.Failed
			}
		}
		if times == 1 && read != len(accounts) || w.callsOf("AssumeRole") > times*len(accounts) {
			t.Errorf("%d accounts are read, with %d roles", read, w.callsOf("AssumeRole"))
		}
		if left, _ := os.ReadDir(filepath.Join(w.dir, "parts")); len(left) > 0 {
			t.Errorf("%d parts stay", len(left))
		}
		w.untilQuiet("alert")
		wantSame(t, w.said(), one.said())
	}
}

// TestScatterSlicesReadOnly: a slice event comes with the run's id, tells nobody, and never
// scatters, whatever else stands in it.
func TestScatterSlicesReadOnly(t *testing.T) {
	w := newFleetWorld(t, manyAccounts(8), nil)
	var events []string
	w.invoked = func(i simulator.Invocation) {
		if i.Function != "licensewatch" || i.Namespace != "default" || i.Qualifier != "$LATEST" {
			t.Errorf("%+v is invoked", i)
		}
		events = append(events, string(i.Event))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	s, err := w.function(ctx, scatterEvent)
	must(t, err)
	want := fmt.Sprintf(`{"Type":"licensewatch.slice","Run":%q,"Slice":1,"Of":4,"Mode":"digest"}`, s.RunID)
	if len(events) != 4 || !slices.Contains(events, want) {
		t.Errorf("the events are %s, and lack %s", events, want)
	}
	if s.Accounts.NotReached != 8 || !strings.Contains(s.Reason, "slice-2-of-4 did not answer") {
		t.Errorf("no slice answers: %+v", s)
	}
	calls, posts := len(w.Calls()), len(w.said())
	for _, event := range append(events, strings.Replace(want, `"Mode"`, `"Message":"digest scatter/4","Mode"`, 1), strings.Replace(want, s.RunID, "abcdef", 1)) {
		late, err := w.function(t.Context(), event) // the run is over
		if err != nil || late.Outcome != handler.OutcomeFailed || !strings.Contains(late.Reason, "nobody waits for this slice: run") {
			t.Errorf("%s: %v, %+v", event, err, late)
		}
	}
	if len(w.Calls()) != calls || len(w.said()) != posts {
		t.Errorf("late slices make %d calls and %d posts", len(w.Calls())-calls, len(w.said())-posts)
	}
}

// TestOddSliceEvents are refused as a wrong argument is, and read nothing.
func TestOddSliceEvents(t *testing.T) {
	for _, change := range [][2]string{
		{`"a1b2c3"`, `"../../x"`}, {`"a1b2c3"`, `"A1B2C3"`}, {`"a1b2c3"`, `""`}, {`"a1b2c3"`, `7`}, {`"Slice":2`, `"Slice":0`}, {`"Slice":2`, `"Slice":-1`},
		{`"Slice":2`, `"Slice":9`}, {`"Of":8`, `"Of":65`}, {`"Of":8`, `"Of":0`}, {`"Of":8`, `"Of":8.5`}, {`"digest"`, `"scatter"`}, {`"digest"`, `null`},
	} {
		event := strings.Replace(`{"Type":"licensewatch.slice","Run":"a1b2c3","Slice":2,"Of":8,"Mode":"digest"}`, change[0], change[1], 1)
		w := newFleetWorld(t, smallFleet, nil)
		if _, err := w.function(t.Context(), event); err == nil || !strings.Contains(err.Error(), "licensewatch.slice is none that this function sends") {
			t.Errorf("%s: %v", event, err)
		}
		if len(w.Calls()) > 0 {
			t.Errorf("%s: %d calls", event, len(w.Calls()))
		}
	}
	w := newFleetWorld(t, smallFleet, nil)
	delete(w.settings, "LICENSEWATCH_STATE_URL")
	if _, err := w.function(t.Context(), scatterEvent); err == nil || !strings.Contains(err.Error(), "set LICENSEWATCH_STATE_URL") {
		t.Errorf("without a store: %v", err)
	}
}

// TestScatterRefused: slices that the run may not ask for it reads itself.
func TestScatterRefused(t *testing.T) {
	accounts := manyAccounts(12)
	one := newFleetWorld(t, accounts, nil)
	_, err := one.function(t.Context(), digestEvent)
	must(t, err)
	w := newFleetWorld(t, accounts, nil)
	w.Override("Invoke", simulator.APIError("UnauthorizedOperation", "no"))
	s, runs, err := w.scattered(scatterEvent, 1)
	must(t, err)
	if len(runs) != 0 || s.Accounts.NotReached != 0 || !strings.Contains(s.Reason, "slice-1-of-4 could not be asked for (UnauthorizedOperation)") {
		t.Errorf("%+v", s)
	}
	wantSame(t, w.said(), one.said())
}

// TestScatterUnanswered: where nobody answers who is asked to run slices, there is time left to
// read all accounts.
func TestScatterUnanswered(t *testing.T) {
	accounts := manyAccounts(12)
	one := newFleetWorld(t, accounts, nil)
	_, err := one.function(t.Context(), digestEvent)
	must(t, err)
	w := newFleetWorld(t, accounts, nil)
	w.Override("Invoke", simulator.Hang())
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Second)
	defer cancel()
	s, err := w.function(ctx, scatterEvent)
	must(t, err)
	if s.Accounts.NotReached != 0 || !strings.Contains(s.Reason, "slice-4-of-4 could not be asked for (Timeout)") {
		t.Errorf("%+v", s)
	}
	wantSame(t, w.said(), one.said())
}

// TestScatterWithoutOneSlice: accounts of a slice that never answers, or dies, are not
// reached, the others are told, and the next run, which reads them first, tells the rest.
func TestScatterWithoutOneSlice(t *testing.T) {
	w := newFleetWorld(t, manyAccounts(12), nil)
	var runs sync.WaitGroup
	w.invoked = func(i simulator.Invocation) {
		if !strings.Contains(string(i.Event), `"Slice":3`) {
			runs.Go(func() { _, _ = w.function(context.WithoutCancel(t.Context()), string(i.Event)) })
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	s, err := w.function(ctx, scatterEvent)
	runs.Wait()
	must(t, err)
	if s.Accounts.NotReached == 0 || s.Accounts.NotReached == 12 || !strings.HasSuffix(s.Reason, "; slice-3-of-4 did not answer") {
		t.Errorf("%+v", s)
	}
	w.wantContains("security", w.last("slack"), "There was no time for")
	w.soon("alert")
	w.untilQuiet("alert")
	if all := strings.Join(w.said(), ""); strings.Count(all, "account-") == 0 {
		t.Error("nothing is told")
	}
	for _, a := range manyAccounts(12) {
		if a.scenario == "everything-wrong" && !strings.Contains(strings.Join(w.said(), ""), a.name+": ") {
			t.Errorf("nobody hears of %s", a.name)
		}
	}
}

// TestDigestIsWrittenOnce: where the event of a digest comes again that had no time for some of the
// accounts, these are read, and no second digest is written for them: the next run tells.
func TestDigestIsWrittenOnce(t *testing.T) {
	w := newFleetWorld(t, manyAccounts(12), nil)
	var runs sync.WaitGroup
	isLost := true
	w.invoked = func(i simulator.Invocation) {
		if !isLost || !strings.Contains(string(i.Event), `"Slice":3`) {
			runs.Go(func() { _, _ = w.function(context.WithoutCancel(t.Context()), string(i.Event)) })
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	first, err := w.function(ctx, scatterEvent)
	runs.Wait()
	must(t, err)
	posts := len(w.said())
	isLost = false
	again, err := w.function(t.Context(), scatterEvent)
	runs.Wait()
	must(t, err)
	if first.Accounts.NotReached == 0 || again.Accounts.NotReached > 0 || again.RunID != first.RunID {
		t.Errorf("%+v, then %+v", first, again)
	}
	if all := w.said(); len(all) != posts {
		t.Errorf("a second digest:\n%s", strings.Join(all[posts:], "\n"))
	}
	w.soon("alert")
	w.untilQuiet("alert")
	for _, a := range manyAccounts(12) {
		if a.scenario == "everything-wrong" && !strings.Contains(strings.Join(w.said(), ""), a.name+": ") {
			t.Errorf("nobody hears of %s", a.name)
		}
	}
}

// TestTwoScatterAtOnce: of two runs of an event one speaks.
func TestTwoScatterAtOnce(t *testing.T) {
	w := newFleetWorld(t, manyAccounts(8), nil)
	var runs sync.WaitGroup
	w.invoked = func(i simulator.Invocation) {
		runs.Go(func() { _, _ = w.function(context.WithoutCancel(t.Context()), string(i.Event)) })
	}
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if _, err := w.function(t.Context(), scatterEvent); err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	runs.Wait()
	w.wantPosts(1, 1)
}

// TestScatterIsKilled has the platform run the event again after everything was killed at
// one of the pieces of work of the store: every chat hears what one run says, once; where the
// killed run had posted and not saved it, that message comes again with its id.
func TestScatterIsKilled(t *testing.T) {
	accounts := manyAccounts(8)
	one := newFleetWorld(t, accounts, nil)
	_, err := one.function(t.Context(), digestEvent)
	must(t, err)
	for at := 1; ; at += 1 + at/12 {
		w := newFleetWorld(t, accounts, nil)
		death := filepath.Join(t.TempDir(), "death")
		var mutex sync.Mutex
		works, heard := 0, []string(nil)
		_, _, err := w.scattered(scatterEvent, 1, func(o *handler.Options) {
			o.Disk = func(work func()) {
				mutex.Lock()
				defer mutex.Unlock()
				if works++; works == at {
					heard = w.said()
					_ = os.MkdirAll(death, 0o700)
					must(t, os.CopyFS(death, os.DirFS(w.dir)))
				}
				work()
			}
		})
		must(t, err)
		if works < at {
			t.Logf("killed at places of %d", works)
			return
		}
		before := len(w.said())
		must(t, os.RemoveAll(w.dir))
		must(t, os.Rename(death, w.dir))
		_ = os.Remove(filepath.Join(w.dir, "claim.json")) // its time is over by then
		slackBefore, wecomBefore := len(w.posted("slack")), len(w.posted("wecom"))
		if _, _, err := w.scattered(scatterEvent, 1); err != nil {
			t.Errorf("killed at %d: %v", at, err)
		}
		heard = slices.Concat(heard, w.posted("slack")[slackBefore:], w.posted("wecom")[wecomBefore:])
		for _, want := range one.said() {
			if n := count(heard, want); n == 0 || n > 2 {
				t.Errorf("killed at %d, a chat hears %d times %s", at, n, want)
			}
		}
		if len(heard) > 4 || before != 2 {
			t.Errorf("killed at %d: %d posts", at, len(heard))
		}
		w.untilQuiet("alert")
	}
}

func count(all []string, one string) (n int) {
	for _, each := range all {
		if each == one {
			n++
		}
	}
	return n
}

// TestRandomScatters: whatever the accounts are like, the division and the order in which slices
// answer, one run's words are what is said.
func TestRandomScatters(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 2026)) //nolint:gosec // repeatable
	for range 6 {
		accounts, sick := manyAccounts(1+random.IntN(20)), map[string]map[string]http.HandlerFunc{}
		for _, a := range accounts {
			switch random.IntN(8) {
			case 0:
				sick[a.name] = map[string]http.HandlerFunc{"AssumeRole": simulator.APIError("UnauthorizedOperation", "no")}
			case 1:
				sick[a.name] = map[string]http.HandlerFunc{"*": simulator.Answer("<html>")}
			case 2:
				sick[a.name] = map[string]http.HandlerFunc{"DescribeLicenseList": simulator.APIError("InternalError", "broken")}
			}
		}
		one := newFleetWorld(t, accounts, sick)
		want, err := one.function(t.Context(), digestEvent)
		must(t, err)
		one.untilQuiet("alert") // the settings are the process's: the other world is made afterwards
		w := newFleetWorld(t, accounts, sick)
		of := 1 + random.IntN(16)
		got, _, err := w.scattered(strings.Replace(scatterEvent, "/4", fmt.Sprintf("/%d", of), 1), 1)
		must(t, err)
		a, _ := json.Marshal(want.AccountSources)
		b, _ := json.Marshal(got.AccountSources)
		if got.Findings != want.Findings || *got.Accounts != *want.Accounts || !bytes.Equal(a, b) {
			t.Errorf("by %d slices %+v %s, by one run %+v %s", of, got, b, want, a)
		}
		w.untilQuiet("alert")
		wantSame(t, withoutRequestIDs(w.said()), withoutRequestIDs(one.said()))
	}
}

// requestID is the id of an answer of the simulated cloud, which counts its calls.
var requestID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}`)

func withoutRequestIDs(texts []string) []string {
	for i, text := range texts {
		texts[i] = requestID.ReplaceAllString(text, "<id>")
	}
	return texts
}
