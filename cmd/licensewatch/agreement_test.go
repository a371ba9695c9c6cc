package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/tencentyun/scf-go-lib/functioncontext"

	"licensewatch/cmd/licensewatch/internal/calendar"
	"licensewatch/cmd/licensewatch/internal/future"
	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
	"licensewatch/license"
	"licensewatch/notify"
)

// agreement is a stretch of time that simulate and the real handler live
// through, each in its own way.
type agreement struct {
	name     string
	scenario string
	settings map[string]string // beside the simulator's
	flags    simulate
	every    int  // hours between alerts; 0 counts as 1
	exports  bool // digests tell of an export, which simulate leaves out
}

// agreements are the lives that are compared.
func agreements(t *testing.T) []agreement {
	t.Helper()
	rules := rulesFile(t, rulesOfAgreement)
	return []agreement{
		{name: "near expiry", scenario: "near-expiry", every: 3, flags: simulate{days: 90, mode: "both"}},
		{name: "hour by hour", scenario: "everything-wrong", flags: simulate{days: 12, mode: "both"}},
		{
			name: "everything wrong", scenario: "everything-wrong", every: 12, flags: simulate{days: 90, mode: "alert"},
			settings: map[string]string{"LICENSEWATCH_SLACK_MENTION": "here", "LICENSEWATCH_WECOM_MENTION": "oncall", "LICENSEWATCH_LANGUAGE": "zh"},
		},
		{
			name: "renewal off, then renewed", scenario: "renewal-off", every: 12,
			flags: simulate{days: 90, mode: "both", renew: []string{"cwp-bbbb=2028-01-31@2026-12-16", "tcss=2027-12-31@2026-12-14"}},
		},
		{
			name: "a zone of its own", scenario: "everything-wrong", every: 12, flags: simulate{days: 45, mode: "both"},
			settings: map[string]string{"LICENSEWATCH_TIMEZONE": "America/New_York"},
		},
		{name: "without memory", scenario: "near-expiry", every: 6, flags: simulate{days: 15, mode: "both", withoutMemory: true}},
		{name: "a source is down", scenario: "source-down", every: 6, flags: simulate{days: 15, mode: "alert"}},
		{
			name: "rules and sources of its own", scenario: "near-expiry", every: 12, flags: simulate{days: 30, mode: "alert"},
			settings: map[string]string{"LICENSEWATCH_RULES_FILE": rules, "LICENSEWATCH_SOURCES": "cwp"},
		},
		{
			name: "more than a message names", scenario: "near-expiry", flags: simulate{days: 3, mode: "both"},
			settings: map[string]string{"LICENSEWATCH_RULES_FILE": rulesFile(t, manyRules()), "LICENSEWATCH_SLACK_MENTION": "here"},
		},
		{
			name: "exports", scenario: "near-expiry", every: 12, flags: simulate{days: 20, mode: "both"}, exports: true,
			settings: map[string]string{"LICENSEWATCH_EXPORT": "digest"},
		},
	}
}

const rulesOfAgreement = `version: 1
extends: default
rules:
  - id: cwp-seats-low
    severity: info
    when: cwp.AvailableLicenseCnt < 250
    remind_every: 12h
    title: 'Only {{ cwp.AvailableLicenseCnt }} seats are left'
  - id: cwp-near-expiry
    enabled: false
`

// manyRules are a rules file with more rules than a message names.
func manyRules() string {
	var text strings.Builder
	text.WriteString("version: 1\nrules:\n")
	for i := range 30 {
		fmt.Fprintf(&text, "  - {id: r%02d, severity: warning, when: cwp.UsedLicenseCnt > 0, title: finding %02d, remind_every: 1d}\n", i, i)
	}
	return text.String()
}

// TestSimulationAgreesWithTheHandler lets the real handler live through the days
// that were simulated, hour by hour, with a simulated cloud, a store and
// posts, and compares every post to the byte.
func TestSimulationAgreesWithTheHandler(t *testing.T) {
	for _, a := range agreements(t) {
		t.Run(a.name, func(t *testing.T) {
			f := a.simulate(t)
			want, got := a.expected(t, f), a.replay(t, f)
			if len(want) == 0 {
				t.Fatal("nothing is said: there is nothing to compare")
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("simulated -, said by the handler +:\n%s", diff)
			}
			t.Logf("%d posts", len(got))
		})
	}
}

// posted is one post to one chat.
type posted struct {
	At      string
	Mode    license.Mode
	Channel string
	Body    string
}

// simulate is what the command makes of it. It sets the environment for both
// sides.
func (a agreement) simulate(t *testing.T) *simulation {
	t.Helper()
	a.flags.file = snapshotFile(t, a.scenario)
	a.setUp(t)
	f, err := a.flags.prepareSimulation(t.Context(), console{now: func() time.Time { return testNow }}, nil)
	if err != nil {
		t.Fatal(err)
	}
	a.thin(f.deployment.Timers)
	if err := f.forDays(t.Context(), a.flags.days); err != nil {
		t.Fatal(err)
	}
	return f
}

// outside is the simulated cloud with its chats; it is not listening, requests
// are handed to it.
func outside() *simulator.Simulator { return simulator.New(simulator.Options{}) }

func (a agreement) setUp(t *testing.T) {
	t.Helper()
	sim := outside()
	id, key, token := sim.Credentials()
	settings := map[string]string{
		"TENCENTCLOUD_SECRETID": id, "TENCENTCLOUD_SECRETKEY": key, "TENCENTCLOUD_SESSIONTOKEN": token,
		"LICENSEWATCH_API_ENDPOINT":      sim.CloudURL(),
		"LICENSEWATCH_SLACK_WEBHOOK_URL": sim.WebhookURL("slack"),
		"LICENSEWATCH_WECOM_WEBHOOK_URL": sim.WebhookURL("wecom"),
		"LICENSEWATCH_LANGUAGE":          "en",
		"LICENSEWATCH_EXPORT":            "off",
		"LICENSEWATCH_LOG_LEVEL":         "error",
	}
	if !a.flags.withoutMemory {
		settings["LICENSEWATCH_STATE_URL"] = "file://" + t.TempDir()
	}
	maps.Copy(settings, a.settings)
	setEnvironment(t, settings)
}

// thin leaves out alerts between.
func (a agreement) thin(timers []calendar.Timer) {
	for i, timer := range timers {
		if timer.Mode != license.ModeAlert || a.every == 0 {
			continue
		}
		timers[i].Next = func(after time.Time) time.Time {
			for after = timer.Next(after); !a.isAlert(after); {
				after = timer.Next(after)
			}
			return after
		}
	}
}

// isAlert and isDigest are when serverless.yml has the timers fire, by the look
// of the clock.
func (a agreement) isAlert(t time.Time) bool {
	t = t.In(testNow.Location())
	return t.Minute() == 37 && t.Hour()%max(1, a.every) == 0
}

func (a agreement) isDigest(t time.Time) bool {
	t = t.In(testNow.Location())
	return t.Minute() == 7 && t.Hour() == 9
}

// expected are the posts that the simulated messages are.
func (a agreement) expected(t *testing.T, f *simulation) []posted {
	t.Helper()
	var all []posted
	for _, m := range f.messages {
		for _, channel := range m.Channels {
			kind := notify.KindOf(channel)
			body, err := kind.Payload(m.Report, f.settings.Mentions[kind.Name])
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, a.posted(m.At, m.Mode, channel, body))
		}
	}
	return sorted(all)
}

func (a agreement) posted(at time.Time, mode license.Mode, channel string, body []byte) posted {
	p := posted{at.UTC().Format(time.RFC3339), mode, channel, string(body)}
	if a.exports && mode == license.ModeDigest {
		p.Body = "" // only the handler's tells of the export
	}
	return p
}

// withBucket is an outside with a bucket for the memory, which needs no disk.
type withBucket struct{ outside, bucket http.RoundTripper }

const bucketURL = "cos://bucket-1250000000/lw?region=ap-guangzhou&endpoint=http://127.0.0.1:1"

// RoundTrip implements http.RoundTripper.
func (o withBucket) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Port() == "1" {
		return o.bucket.RoundTrip(r)
	}
	return o.outside.RoundTrip(r)
}

// replay lets the handler live through it.
func (a agreement) replay(t *testing.T, f *simulation) []posted {
	t.Helper()
	sim := outside()
	id, key, token := sim.Credentials()
	bucket := cos.New(cos.Options{SecretID: id, SecretKey: key, Token: token})
	if !a.flags.withoutMemory {
		t.Setenv("LICENSEWATCH_STATE_URL", bucketURL)
	}
	clock := f.from
	h := handler.New(handler.Options{
		Transport: withBucket{sim.Transport(), simulator.InProcess(bucket)}, Now: func() time.Time { return clock }, Log: io.Discard,
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	ctx := functioncontext.NewContext(t.Context(), &functioncontext.FunctionContext{TencentcloudUin: f.snapshot.Account})
	var all []posted
	var served license.Snapshot
	for ; clock.Before(f.until); clock = clock.Add(time.Minute) {
		mode := license.ModeDigest
		switch {
		case a.isAlert(clock):
			mode = license.ModeAlert
		case !a.isDigest(clock):
			continue
		}
		if a.flags.mode != "both" && a.flags.mode != string(mode) {
			continue
		}
		then := future.At(f.snapshot, clock, f.deployment.Renewals)
		if then.ReadAt = served.ReadAt; !reflect.DeepEqual(then, served) {
			serve(t, sim, then)
			served = then
		}
		before := len(sim.Posts())
		event := fmt.Sprintf(`{"Type":"Timer","TriggerName":"licensewatch-%s","Time":%q,"Message":%q}`, mode, clock.UTC().Format(time.RFC3339), mode)
		if summary, err := h.Run(ctx, []byte(event)); err != nil || summary.Outcome == handler.OutcomeFailed || summary.Outcome == handler.OutcomePartial {
			t.Fatalf("%s: %v %+v", clock, err, summary)
		}
		for _, post := range sim.Posts()[before:] {
			all = append(all, a.posted(clock, mode, post.Channel, post.Body))
		}
	}
	return sorted(all)
}

func sorted(all []posted) []posted {
	slices.SortStableFunc(all, func(a, b posted) int {
		return cmp.Or(strings.Compare(a.At, b.At), strings.Compare(a.Channel, b.Channel))
	})
	return all
}

// serveBindings answers with the machines that the snapshot has of an order. What it does not
// know cannot be read.
func serveBindings(s license.Snapshot) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var of license.Order
		if err := json.NewDecoder(r.Body).Decode(&of); err != nil {
			panic(err)
		}
		binding := s.Bindings.Of(&of)
		if binding == nil {
			simulator.Answer(`{"Response":{"Error":{"Code":"InvalidParameter","Message":"x"},"RequestId":"r"}}`)(w, r)
			return
		}
		list, err := json.Marshal(binding.Machines)
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(w, `{"Response":{"TotalCount":%d,"List":%s,"RequestId":"r"}}`, binding.TotalCount, list)
	}
}

// serve has the simulated cloud answer with the account of a snapshot.
func serve(t *testing.T, sim *simulator.Simulator, s license.Snapshot) {
	t.Helper()
	answers := map[license.Source]struct {
		action string
		answer any
	}{
		license.SourceOverview:      {"DescribeLicenseGeneral", s.Overview},
		license.SourceOrders:        {"DescribeLicenseList", s.Orders},
		license.SourceMachines:      {"DescribeMachineGeneral", s.Machines},
		license.SourcePurchaseState: {"DescribePurchaseStateInfo", s.PurchaseState},
	}
	sim.Override("DescribeLicenseBindList", serveBindings(s))
	for source, a := range answers {
		fields := map[string]any{}
		if failure := s.Failures[source]; failure != nil {
			fields["Error"] = map[string]string{"Code": failure.Code, "Message": "refused"}
			fields["RequestId"] = failure.RequestID
		} else {
			data, err := json.Marshal(a.answer)
			if err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal(data, &fields); err != nil {
				t.Fatal(err)
			}
			if fields == nil { // not wanted: it must not be asked for
				continue
			}
			fields["RequestId"] = "11111111-2222-3333-4444-555555555555"
		}
		data, err := json.Marshal(map[string]any{"Response": fields})
		if err != nil {
			t.Fatal(err)
		}
		sim.Override(a.action, simulator.Answer(string(data)))
	}
}
