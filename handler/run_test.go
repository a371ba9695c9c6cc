package handler_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/tencentyun/scf-go-lib/functioncontext"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/license"
)

// TestDigestOfEveryScenario: a digest always posts one message to each chat,
// whatever the account looks like, and the strict chats take it.
func TestDigestOfEveryScenario(t *testing.T) {
	for _, scenario := range simulator.Scenarios() {
		for _, language := range []string{"en", "zh"} {
			t.Run(scenario.Name+"/"+language, func(t *testing.T) {
				w := newWorld(t, scenario.Name, "LICENSEWATCH_LANGUAGE", language)
				summary, err := w.run(digestEvent)
				if err != nil || summary.Outcome != handler.OutcomeSent {
					t.Fatalf("%v, %+v", err, summary)
				}
				if diff := cmp.Diff([]string{"slack", "wecom"}, summary.Delivered); diff != "" {
					t.Error(diff)
				}
				w.wantPosts(1, 1)
			})
		}
	}
}

// TestOutcomes: the ending of a run, per scenario and mode.
func TestOutcomes(t *testing.T) {
	tests := map[string]struct {
		scenario string
		event    string
		settings []string
		outcome  handler.Outcome
		counts   handler.Counts
		posts    int
	}{
		"healthy digest":            {"healthy", digestEvent, nil, handler.OutcomeSent, handler.Counts{}, 1},
		"healthy alert":             {"healthy", alertEvent, nil, handler.OutcomeQuiet, handler.Counts{}, 0},
		"source down alert":         {"source-down", alertEvent, nil, handler.OutcomeUnknown, handler.Counts{Unknown: 9}, 0},
		"trial expired alert":       {"trial-expired", alertEvent, nil, handler.OutcomeSent, handler.Counts{Critical: 1}, 1},
		"source not asked for":      {"source-down", alertEvent, []string{"LICENSEWATCH_SOURCES", "cwp"}, handler.OutcomeQuiet, handler.Counts{}, 0},
		"mode from setting":         {"healthy", `{"Type":"Timer"}`, []string{"LICENSEWATCH_MODE", "alert"}, handler.OutcomeQuiet, handler.Counts{}, 0},
		"an array is a digest":      {"healthy", `[]`, []string{"LICENSEWATCH_MODE", "alert"}, handler.OutcomeSent, handler.Counts{}, 1},
		"the event beats a setting": {"healthy", digestEvent, []string{"LICENSEWATCH_MODE", "alert"}, handler.OutcomeSent, handler.Counts{}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, test.scenario, test.settings...)
			summary, err := w.run(test.event)
			if err != nil {
				t.Fatal(err)
			}
			if summary.Outcome != test.outcome || summary.Reason == "" {
				t.Errorf("outcome %s (%s), want %s with a reason", summary.Outcome, summary.Reason, test.outcome)
			}
			if diff := cmp.Diff(test.counts, summary.Findings); diff != "" {
				t.Error(diff)
			}
			w.wantPosts(test.posts, test.posts)
		})
	}
}

// TestSummaryShape: the JSON the platform gets is the documented one.
func TestSummaryShape(t *testing.T) {
	w := newWorld(t, "source-down")
	summary, err := w.run(digestEvent)
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(asJSON(t, summary)), &got); err != nil {
		t.Fatal(err)
	}
	delete(got, "elapsed_ms")
	delete(got, "run_id")
	want := map[string]any{
		"outcome": "sent", "reason": "daily digest", "mode": "digest",
		"findings":  map[string]any{"critical": 0.0, "warning": 0.0, "info": 0.0, "covered": 0.0, "unknown": 9.0},
		"sources":   map[string]any{"cwp.overview": "ok", "cwp.orders": "ok", "cwp.machines": "ok", "tcss": "AuthFailure.UnauthorizedOperation"},
		"archive":   map[string]any{"status": "off"},
		"delivered": []any{"slack", "wecom"}, "undelivered": []any{},
		"export": map[string]any{"status": "finished", "task_id": 1.0}, "memory": "off",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestRunIDIsTheSameOnARerun: what the platform runs again carries the same id.
func TestRunIDIsTheSameOnARerun(t *testing.T) {
	w := newWorld(t, "healthy")
	first, _ := w.run(digestEvent)
	second, _ := w.run(digestEvent)
	other, _ := w.run(strings.Replace(digestEvent, "11-22", "11-23", 1))
	if first.RunID == "" || first.RunID != second.RunID || first.RunID == other.RunID {
		t.Errorf("ids %q, %q and of another day %q", first.RunID, second.RunID, other.RunID)
	}
	for _, body := range append(w.posted("slack")[:2], w.posted("wecom")[:2]...) {
		w.wantContains("message", body, first.RunID)
	}
}

// TestMistakes: wrong settings, rules and arguments are one error with all of
// them, posted wherever that is possible.
func TestMistakes(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rules.yaml")
	if err := os.WriteFile(file, []byte("version: 1\nrules:\n  - id: mine\n    severity: warning\n    when: cwp.NearExpiryLicenseCn > 0\n    title: {en: x}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		event        string
		settings     []string
		slack, wecom int
		want         []string
	}{
		"a setting":         {digestEvent, []string{"LICENSEWATCH_SITE", "us"}, 1, 1, []string{"LICENSEWATCH_SITE", "cn", "intl"}},
		"one webhook":       {digestEvent, []string{"LICENSEWATCH_SLACK_WEBHOOK_URL", "http://example.com/services/T/B/x"}, 0, 1, []string{"LICENSEWATCH_SLACK_WEBHOOK_URL", "https"}},
		"no webhook":        {digestEvent, []string{"LICENSEWATCH_SLACK_WEBHOOK_URL", "", "LICENSEWATCH_WECOM_WEBHOOK_URL", ""}, 0, 0, []string{"LICENSEWATCH_SLACK_WEBHOOK_URL", "LICENSEWATCH_WECOM_WEBHOOK_URL"}},
		"a rule":            {digestEvent, []string{"LICENSEWATCH_RULES_FILE", file}, 1, 1, []string{"rules.yaml:5:", "NearExpiryLicenseCnt"}},
		"no rules file":     {digestEvent, []string{"LICENSEWATCH_RULES_FILE", "missing.yaml"}, 1, 1, []string{"LICENSEWATCH_RULES_FILE", "missing.yaml"}},
		"an argument":       {`{"Message":"weekly"}`, nil, 1, 1, []string{"digest", "alert"}},
		"an odd argument":   {`{"Message":{"mode":"digest"}}`, nil, 1, 1, []string{"digest", "alert"}},
		"settings and rule": {digestEvent, []string{"LICENSEWATCH_SITE", "us", "LICENSEWATCH_RULES_FILE", file}, 1, 1, []string{"2 mistakes", "LICENSEWATCH_SITE", "rules.yaml:5:"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "healthy", test.settings...)
			summary, err := w.run(test.event)
			if _, ok := errors.AsType[*handler.ConfigError](err); !ok || summary.Outcome != handler.OutcomeFailed {
				t.Fatalf("error %v, outcome %s, want a ConfigError", err, summary.Outcome)
			}
			if len(err.Error()) > 500 {
				t.Errorf("the error has %d bytes", len(err.Error()))
			}
			w.wantContains("error", err.Error(), test.want...)
			w.wantContains("log", w.log.String(), test.want...)
			w.wantPosts(test.slack, test.wecom)
			for _, post := range w.Posts() {
				w.wantContains("notice", string(post.Body), test.want[0])
			}
			if calls := w.Calls(); len(calls) != 0 {
				t.Errorf("%d API calls were made", len(calls))
			}
		})
	}
}

// TestUnknownSettingWarns: a name that does not exist does not stop a run, but
// is said.
func TestUnknownSettingWarns(t *testing.T) {
	w := newWorld(t, "healthy", "LICENSEWATCH_SLACK_MENTIONS", "here")
	if summary, err := w.run(digestEvent); err != nil || summary.Outcome != handler.OutcomeSent {
		t.Fatalf("%v, %+v", err, summary)
	}
	w.wantContains("log", w.log.String(), "LICENSEWATCH_SLACK_MENTIONS")
	w.wantContains("message", w.posted("slack")[0], "LICENSEWATCH_SLACK_MENTIONS", "LICENSEWATCH_SLACK_MENTION")
}

// TestTimeBudget: too little time drops the export first, then everything.
func TestTimeBudget(t *testing.T) {
	tests := map[string]struct {
		left   time.Duration
		export license.ExportStatus
		err    bool
	}{
		"a minute":    {time.Minute, license.ExportFinished, false},
		"ten seconds": {10 * time.Second, license.ExportSkipped, false},
		"one second":  {time.Second, license.ExportOff, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "healthy")
			ctx, cancel := context.WithTimeout(t.Context(), test.left)
			defer cancel()
			summary, err := w.runIn(ctx, digestEvent)
			if _, ok := errors.AsType[*handler.DeadlineError](err); ok != test.err || summary.Export.Status != test.export {
				t.Errorf("error %v, export %s, want %s", err, summary.Export.Status, test.export)
			}
		})
	}
}

// TestDeadlineThatHasPassed: it says nothing; the platform's limit counts, else
// a default.
func TestDeadlineThatHasPassed(t *testing.T) {
	for name, limit := range map[string]int32{"no limit": 0, "a limit": 30_000} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "healthy")
			ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
			defer cancel()
			ctx = functioncontext.NewContext(ctx, &functioncontext.FunctionContext{TimeLimitInMs: limit})
			summary, err := w.runIn(ctx, digestEvent)
			if err != nil || summary.Outcome != handler.OutcomeSent || summary.Export.Status != license.ExportFinished {
				t.Errorf("%v, %+v", err, summary)
			}
		})
	}
}

// TestPanicEndsItsPart: a channel that panics is a channel that failed, and the
// process lives.
func TestPanicEndsItsPart(t *testing.T) {
	w := newWorld(t, "near-expiry")
	broken := channel{
		send: func(context.Context, license.Report) error { panic("secret in a panic") },
		note: func(context.Context, license.Note) error { return nil },
	}
	summary, err := w.run(digestEvent, func(o *handler.Options) { o.DryRun = func(string) handler.Channel { return broken } })
	if err != nil || summary.Outcome != handler.OutcomeFailed {
		t.Errorf("%v, %+v", err, summary)
	}
	w.wantContains("log", w.log.String(), "internal error")
	if strings.Contains(w.log.String(), "secret in a panic") {
		t.Error("the panic's message is in the log")
	}
}

// TestInvokeLeavesTheCertificateFolders: they are left out by the environment that came
// with the event.
func TestInvokeLeavesTheCertificateFolders(t *testing.T) {
	const bundle = "/etc/ssl/certs/ca-certificates.crt"
	if _, err := os.Stat(bundle); err != nil {
		t.Skip("this system has no " + bundle)
	}
	clearSettings(t) // the run ends before it calls anybody
	for file, want := range map[string]string{"": os.DevNull, bundle: ""} {
		for variable, value := range map[string]string{"SSL_CERT_DIR": "", "SSL_CERT_FILE": file} {
			t.Setenv(variable, value) // which also puts it back at the end
			if value == "" {
				must(t, os.Unsetenv(variable))
			}
		}
		_, _ = handler.New(handler.Options{Log: io.Discard}).Invoke(t.Context(), []byte(alertEvent))
		if got := os.Getenv("SSL_CERT_DIR"); got != want {
			t.Errorf("with SSL_CERT_FILE %q, SSL_CERT_DIR is %q, want %q", file, got, want)
		}
	}
}
