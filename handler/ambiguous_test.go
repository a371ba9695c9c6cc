package handler_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
)

// group is a chat as its vendor describes it, behind whatever stands before it: it
// reads a message whole, and answers as the test wants.
type group struct {
	kind string // slack, wecom
	url  string

	mutex  sync.Mutex
	answer http.HandlerFunc // nil: it accepts
	posts  []string         // everything that arrived
	taken  []string         // what it accepted
}

func newGroup(t *testing.T, kind string) *group {
	t.Helper()
	g := &group{kind: kind}
	server := httptest.NewServer(g)
	t.Cleanup(server.Close)
	g.url = server.URL + map[string]string{"slack": "/services/T0/B0/standin", "wecom": "/cgi-bin/webhook/send?key=standin"}[kind]
	return g
}

func (g *group) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	g.mutex.Lock()
	g.posts = append(g.posts, string(body))
	answer := g.answer
	if answer == nil {
		g.taken = append(g.taken, string(body))
	}
	g.mutex.Unlock()
	switch {
	case answer != nil:
		answer(w, r)
	case g.kind == "slack" && json.Valid(body):
		_, _ = io.WriteString(w, "ok")
	case g.kind == "wecom" && isWeCom(body):
		_, _ = io.WriteString(w, `{"errcode":0,"errmsg":"ok"}`)
	default:
		panic("a message that the chat would refuse: " + string(body))
	}
}

// isWeCom says whether the robot takes the message.
func isWeCom(body []byte) bool {
	var m struct {
		Type     string `json:"msgtype"`
		Markdown struct {
			Content string `json:"content"`
		} `json:"markdown"`
		Text struct {
			Content string `json:"content"`
		} `json:"text"`
	}
	return json.Unmarshal(body, &m) == nil && utf8.Valid(body) && len(m.Markdown.Content) <= 4096 && len(m.Text.Content) <= 2048 &&
		(m.Type == "markdown" && m.Markdown.Content != "" || m.Type == "text" && m.Text.Content != "")
}

// set changes what the chat answers; nil: it accepts.
func (g *group) set(answer http.HandlerFunc) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.answer = answer
}

// since gives what arrived from a number of posts on.
func (g *group) since(n int) []string {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return g.posts[n:]
}

func (g *group) count() int { return len(g.since(0)) }

// accepted is all that the chat accepted, as one text.
func (g *group) accepted() string {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return strings.Join(g.taken, "\n")
}

// unanswered are the answers after which nobody knows whether a message arrived.
var unanswered = map[string]http.HandlerFunc{
	"nothing":         func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
	"502":             status(502, "<html><h1>502 Bad Gateway</h1></html>"),
	"503":             status(503, "no healthy upstream"),
	"504":             status(504, ""),
	"200 and nothing": status(200, ""),
	"200 and a page":  status(200, "<!doctype html><title>Sign in</title>"),
	"200 and JSON":    status(200, `{"status":"accepted"}`),
	"200, half": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"errcode":0`)
	},
}

// groups is a world with a store, in which both chats are stand-ins.
type groups struct {
	*remembering
	slack, wecom *group
}

func newGroups(t *testing.T, scenario string, settings ...string) *groups {
	t.Helper()
	slack, wecom := newGroup(t, "slack"), newGroup(t, "wecom")
	w := newRemembering(t, scenario, append([]string{
		"LICENSEWATCH_SLACK_WEBHOOK_URL", slack.url, "LICENSEWATCH_WECOM_WEBHOOK_URL", wecom.url, "LICENSEWATCH_EXPORT", "off",
	}, settings...)...)
	w.set("LICENSEWATCH_HEARTBEAT_URL", w.HeartbeatURL())
	return &groups{w, slack, wecom}
}

// of gives a chat by its name, and the other one.
func (w *groups) of(kind string) (g, other *group) {
	if kind == "slack" {
		return w.slack, w.wecom
	}
	return w.wecom, w.slack
}

// wantRun runs the handler and checks how many posts that makes to the two chats, and
// how it ends.
func (w *groups) wantRun(what, mode string, outcome handler.Outcome, slack, wecom int) {
	w.t.Helper()
	s, c := w.slack.count(), w.wecom.count()
	summary, err := w.tick(mode)
	if summary.Outcome != outcome {
		w.t.Errorf("%s: outcome %s (%s), want %s; %v", what, summary.Outcome, summary.Reason, outcome, err)
	}
	if s, c = w.slack.count()-s, w.wecom.count()-c; s != slack || c != wecom {
		w.t.Errorf("%s: %d posts to Slack and %d to WeCom, want %d and %d", what, s, c, slack, wecom)
	}
}

const trialIsOver = `{"Response":{"State":1,"AllCoresCnt":8,"CoresCnt":0,"UndefendCoresCnt":8,"RequestId":"r"}}`

var messageID = regexp.MustCompile(`\b[0-9a-f]{6}\b`)

// TestAlertWithoutAnAnswer: a new critical finding that a chat never confirms is posted
// twice in each of three runs, with one id; then the other chat hears of that, and the
// next digest says it again. The heartbeat stays away until then.
func TestAlertWithoutAnAnswer(t *testing.T) {
	for kind := range map[string]bool{"slack": true, "wecom": true} {
		for name, answer := range unanswered {
			t.Run(kind+" "+name, func(t *testing.T) {
				w := newGroups(t, "healthy")
				g, other := w.of(kind)
				w.Override("DescribePurchaseStateInfo", simulator.Answer(trialIsOver))
				g.set(answer)
				for run, posts := range []int{2, 2, 2, 0, 0} {
					before := g.count()
					summary, err := w.tick("alert")
					if (err != nil) != (run == 0) { // one more try at once helps; the last is left to a later run
						t.Errorf("run %d: %v", run+1, err)
					}
					if got := g.count() - before; got != posts || summary.Outcome == handler.OutcomeQuiet || summary.Outcome == handler.OutcomeSent {
						t.Errorf("run %d: %d posts, want %d; outcome %s (%s)", run+1, got, posts, summary.Outcome, summary.Reason)
					}
				}
				id := ""
				for i, post := range g.since(0) {
					ids := messageID.FindAllString(post, -1)
					if id == "" {
						id = ids[len(ids)-1]
					}
					if !strings.Contains(post, id) || strings.Contains(post, "may be a repeat") != (i > 0) || !strings.Contains(post, "trial is over") {
						t.Errorf("post %d, of alert %s: %s", i+1, id, post)
					}
				}
				if posts := other.since(0); len(posts) != 2 || !strings.Contains(posts[1], "did not confirm the alert "+id) {
					t.Errorf("the other chat heard %q", posts)
				}
				g.set(nil)
				w.wantRun("it is well again", "alert", handler.OutcomePartial, 0, 0)
				if n := w.Heartbeats(); n != 0 {
					t.Errorf("%d heartbeats while nobody knows", n)
				}
				w.wantRun("the next digest", "digest", handler.OutcomeSent, 1, 1)
				for _, chat := range []*group{g, other} {
					last := chat.since(0)[chat.count()-1]
					w.wantContains("the digest", last, "trial is over", "did not confirm the alert", id)
				}
				w.wantRun("then", "alert", handler.OutcomeQuiet, 0, 0)
				if n := w.Heartbeats(); n != 2 {
					t.Errorf("%d heartbeats in the end", n)
				}
			})
		}
	}
}

// TestDigestWithoutAnAnswer is posted once, also by the reruns of its event; what it said
// is said by the next run.
func TestDigestWithoutAnAnswer(t *testing.T) {
	for kind := range map[string]bool{"slack": true, "wecom": true} {
		for name, answer := range unanswered {
			t.Run(kind+" "+name, func(t *testing.T) {
				w := newGroups(t, "healthy")
				g, _ := w.of(kind)
				w.Override("DescribePurchaseStateInfo", simulator.Answer(trialIsOver))
				g.set(answer)
				for rerun, posts := range []int{1, 0, 0} {
					before := g.count()
					summary, err := w.runAt(digestEvent)
					if got := g.count() - before; got != posts || summary.Outcome != handler.OutcomePartial || err != nil {
						t.Errorf("rerun %d: %d posts, want %d; outcome %s (%s), %v", rerun, got, posts, summary.Outcome, summary.Reason, err)
					}
				}
				w.clock = w.clock.Add(30 * time.Minute)
				g.set(nil)
				if n := w.Heartbeats(); n != 0 {
					t.Errorf("%d heartbeats while nobody knows", n)
				}
				if _, err := w.tick("alert"); err != nil || !strings.Contains(g.accepted(), "trial is over") {
					t.Errorf("the next alert: %v, %s", err, g.accepted())
				}
				w.wantRun("then", "alert", handler.OutcomeQuiet, 0, 0)
				if n := w.Heartbeats(); n != 2 {
					t.Errorf("%d heartbeats in the end", n)
				}
			})
		}
	}
}

// TestWhatAnUnansweredDigestSaid: everything that is told once, and was told first in a
// digest that got no answer, is told by the next run that speaks.
func TestWhatAnUnansweredDigestSaid(t *testing.T) {
	readable := func(w *groups) { w.Override("DescribePurchaseStateInfo", nil) }
	tests := map[string]struct {
		before, change, after func(w *groups)
		mode                  string // of the run that tells
		runs                  int    // how many it takes
		want                  string
	}{
		"a resolution": {
			before: func(w *groups) { w.Override("DescribePurchaseStateInfo", simulator.Answer(trialIsOver)) }, change: readable,
			mode: "alert", runs: 1, want: "Resolved: ",
		},
		"a change": {
			change: func(w *groups) {
				w.Override("DescribePurchaseStateInfo", simulator.Answer(`{"Response":{"State":3,"SubState":"NORMAL","AutomaticRenewal":0,"ExpirationTime":"2027-09-18 00:00:00","RequestId":"r"}}`))
			},
			mode: "alert", runs: 1, want: "switched off",
		},
		"an outage": {
			change: func(w *groups) { w.Override("DescribePurchaseStateInfo", simulator.APIError("InternalError", "x")) },
			mode:   "alert", runs: 2, want: "not be read",
		},
		"the end of an outage that may have been told": {
			change: func(w *groups) { w.Override("DescribePurchaseStateInfo", simulator.APIError("InternalError", "x")) }, after: readable,
			mode: "alert", runs: 1, want: "can be read again",
		},
		"what is not watched": {
			before: func(w *groups) { w.Override("DescribePurchaseStateInfo", simulator.Answer(trialIsOver)) },
			change: func(w *groups) { w.set("LICENSEWATCH_SOURCES", "cwp") }, mode: "alert", runs: 1, want: "o longer watched",
		},
		"a time without runs": {
			change: func(w *groups) { w.clock = w.clock.Add(4 * 24 * time.Hour) }, mode: "digest", runs: 1, want: "No run between",
		},
	}
	for name, test := range tests {
		for kind := range map[string]bool{"slack": true, "wecom": true} {
			t.Run(name+" "+kind, func(t *testing.T) {
				w := newGroups(t, "healthy")
				g, _ := w.of(kind)
				if test.before != nil {
					test.before(w)
				}
				_, err := w.tick("digest")
				must(t, err)
				g.set(unanswered["nothing"])
				test.change(w)
				_, err = w.tick("digest")
				must(t, err)
				if unheard := g.accepted(); strings.Contains(unheard, test.want) {
					t.Fatalf("it was told before: %s", unheard)
				}
				g.set(nil)
				if test.after != nil {
					test.after(w)
				}
				for range test.runs {
					_, err = w.tick(test.mode)
					must(t, err)
				}
				w.wantContains("what the chat accepted", g.accepted(), test.want)
			})
		}
	}
}

// TestAlertIsAnsweredLater: one run without an answer is made up for by the next one,
// with the same id, and said to be a repeat.
func TestAlertIsAnsweredLater(t *testing.T) {
	w := newGroups(t, "healthy")
	w.Override("DescribePurchaseStateInfo", simulator.Answer(trialIsOver))
	w.wecom.set(unanswered["504"])
	w.wantRun("no answer", "alert", handler.OutcomePartial, 1, 2)
	w.wecom.set(nil)
	w.wantRun("an answer", "alert", handler.OutcomeSent, 0, 1)
	w.wantContains("the repeat", w.wecom.accepted(), "may be a repeat")
	w.wantRun("then", "alert", handler.OutcomeQuiet, 0, 0)
	if strings.Contains(w.slack.accepted(), "repeat") {
		t.Error("the other chat reads of a repeat")
	}
}

// TestDigestAfterAnAlertWithoutAnAnswer says what the alert said, which is not sent any
// more.
func TestDigestAfterAnAlertWithoutAnAnswer(t *testing.T) {
	w := newGroups(t, "healthy", "LICENSEWATCH_SLACK_MENTION", "here")
	w.Override("DescribePurchaseStateInfo", simulator.Answer(trialIsOver))
	w.slack.set(unanswered["nothing"])
	w.wantRun("no answer", "alert", handler.OutcomePartial, 2, 1)
	w.wantRun("nor to the digest", "digest", handler.OutcomePartial, 1, 1)
	w.slack.set(nil)
	w.wantRun("the next digest", "digest", handler.OutcomeSent, 1, 1)
	w.wantContains("the digest", w.slack.accepted(), "trial is over", "· new", "<!here>")
	w.wantRun("then", "alert", handler.OutcomeQuiet, 0, 0)
}

// TestNoDigestComes: without a digest, what an alert said is said again a day later.
func TestNoDigestComes(t *testing.T) {
	w := newGroups(t, "healthy")
	w.Override("DescribePurchaseStateInfo", simulator.Answer(trialIsOver))
	w.wecom.set(unanswered["200 and nothing"])
	for range 3 {
		_, _ = w.tick("alert")
	}
	w.wecom.set(nil)
	for range 23 {
		_, err := w.tick("alert")
		must(t, err)
	}
	if posts := w.wecom.since(6); len(posts) > 0 {
		t.Fatalf("posts within the day: %q", posts)
	}
	_, err := w.tick("alert")
	must(t, err)
	w.wantContains("a day later", w.wecom.accepted(), "trial is over")
}

// TestCallIsOwed: the message is accepted, and the text that calls everybody is refused
// in passing: the next run makes the call, and nothing but that.
func TestCallIsOwed(t *testing.T) {
	w := newGroups(t, "healthy", "LICENSEWATCH_WECOM_MENTION", "@all")
	w.Override("DescribePurchaseStateInfo", simulator.Answer(trialIsOver))
	w.wecom.set(func(rw http.ResponseWriter, _ *http.Request) {
		if w.wecom.count()%2 == 1 {
			_, _ = io.WriteString(rw, `{"errcode":0,"errmsg":"ok"}`)
			return
		}
		_, _ = io.WriteString(rw, `{"errcode":45009,"errmsg":"api freq out of limit"}`)
	})
	w.wantRun("the call is refused", "alert", handler.OutcomePartial, 1, 2)
	w.wecom.set(nil)
	w.wantRun("the call", "alert", handler.OutcomeSent, 0, 1)
	if call := w.wecom.since(2)[0]; !strings.Contains(call, `"msgtype":"text"`) || !strings.Contains(call, "@all") {
		t.Errorf("the call is %s", call)
	}
	w.wantRun("then", "alert", handler.OutcomeQuiet, 0, 0)
}

// TestCallIsNotNeeded: nobody is called about what is over, or acknowledged, by then.
func TestCallIsNotNeeded(t *testing.T) {
	w := newGroups(t, "healthy", "LICENSEWATCH_WECOM_MENTION", "@all")
	w.Override("DescribePurchaseStateInfo", simulator.Answer(trialIsOver))
	w.wecom.set(func(rw http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(rw, map[bool]string{true: `{"errcode":0,"errmsg":"ok"}`, false: `{"errcode":-1,"errmsg":"busy"}`}[w.wecom.count() == 1])
	})
	w.wantRun("the call is refused", "alert", handler.OutcomePartial, 1, 4)
	w.wecom.set(nil)
	w.Override("DescribePurchaseStateInfo", nil)
	w.wantRun("it is over", "alert", handler.OutcomeSent, 1, 1)
	if strings.Contains(w.wecom.accepted(), "@all") {
		t.Error("people are called about what is over")
	}
}

// TestGoneChatHearsWhatIsCritical: a 404 holds alerts back for an hour, but not what is
// critical and new.
func TestGoneChatHearsWhatIsCritical(t *testing.T) {
	tests := map[string]struct {
		scenario string
		answer   http.HandlerFunc // of Container Security
		want     int
	}{
		"critical": {"healthy", simulator.Answer(trialIsOver), 1},
		"warning":  {"near-expiry", nil, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := newGroups(t, test.scenario)
			w.Override("DescribePurchaseStateInfo", test.answer)
			w.slack.set(status(404, "no_service"))
			_, _ = w.tick("alert")
			w.clock = w.clock.Add(10*time.Minute - time.Hour)
			w.slack.set(nil)
			before := w.slack.count()
			_, _ = w.tick("alert")
			if got := w.slack.count() - before; got != test.want {
				t.Errorf("%d posts ten minutes later, want %d", got, test.want)
			}
		})
	}
}

// TestChatThatFailsForDays is named in the other one once a day, with since when.
func TestChatThatFailsForDays(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"of a gateway": status(503, "<html>Service Unavailable</html>"), "its own": status(503, "service_unavailable"), "500": status(500, ""),
		"reset": unanswered["nothing"], "nothing": status(200, ""),
	} {
		t.Run(name, func(t *testing.T) {
			w := newGroups(t, "near-expiry", "LICENSEWATCH_SLACK_MENTION", "here")
			w.slack.set(answer)
			for hour := range 4 * 24 {
				mode := "alert"
				if hour%24 == 0 {
					mode = "digest"
				}
				_, _ = w.tick(mode)
			}
			named := map[string]int{}
			for _, post := range w.wecom.since(0) {
				if strings.Contains(post, "Slack has accepted nothing since Nov 22, 09:07") {
					named["slack"]++
				}
			}
			if named["slack"] != 3 {
				t.Errorf("Slack is named %d times in four days, want once on each after the first: %s", named["slack"], strings.Join(w.wecom.since(0), "\n"))
			}
			if n := w.slack.count(); n > 200 {
				t.Errorf("%d posts to a chat that takes none", n)
			}
			w.slack.set(nil)
			for range 30 {
				_, _ = w.tick("alert")
			}
			w.wantContains("once it is back", w.slack.accepted(), "cwp-aaaa")
		})
	}
}

// TestChatWhoseRefusalChanges is named once a day as well, from its first refusal on, by the next
// notes with what else it refused with.
func TestChatWhoseRefusalChanges(t *testing.T) {
	answers := []http.HandlerFunc{
		status(503, "service_unavailable"), status(403, "action_prohibited"), status(500, ""), status(404, "no_service"),
		status(410, "channel_is_archived"), status(403, "invalid_token"),
	}
	w := newGroups(t, "near-expiry")
	for hour := range 4 * 24 {
		mode := "alert"
		if hour%24 == 0 {
			mode = "digest"
		}
		w.slack.set(answers[hour%len(answers)])
		_, _ = w.tick(mode)
	}
	var fresh, long []string
	for _, post := range w.wecom.since(0) {
		if strings.Contains(post, "Slack did not take this report") {
			fresh = append(fresh, post)
		}
		if strings.Contains(post, "Slack has accepted nothing since Nov 22, 09:07") {
			long = append(long, post)
		}
	}
	if len(fresh) != 1 || len(long) != 3 {
		t.Fatalf("Slack is named %d times on the first day and %d times after that, want once a day: %s", len(fresh), len(long),
			strings.Join(w.wecom.since(0), "\n"))
	}
	for _, code := range []string{"HTTP 500", "no_service", "channel_is_archived"} {
		w.wantContains("a day later", long[0], code)
	}
}

// TestChatThatRefusesAgain: a chat that has accepted something in between is named anew, also on
// the same day.
func TestChatThatRefusesAgain(t *testing.T) {
	w := newGroups(t, "near-expiry")
	for _, test := range []struct {
		answer http.HandlerFunc
		named  int
	}{{status(403, "invalid_token"), 1}, {status(403, "invalid_token"), 0}, {status(200, "ok"), 0}, {status(403, "invalid_token"), 1}} {
		w.slack.set(test.answer)
		before := len(w.wecom.since(0))
		_, _ = w.tick("digest")
		named := 0
		for _, post := range w.wecom.since(before) {
			if strings.Contains(post, "Slack did not take this report") {
				named++
			}
		}
		if named != test.named {
			t.Errorf("run %d: Slack is named %d times, want %d", w.ticks, named, test.named)
		}
	}
}

// TestAllAreNamed: what a message only counted is named by the next ones, each once.
func TestAllAreNamed(t *testing.T) {
	const n = 40
	var b strings.Builder
	b.WriteString("version: 1\nrules:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - {id: r%02d, severity: critical, when: cwp.UsedLicenseCnt > 0, title: \"finding-%02d of many, with %s\"}\n", i, i, strings.Repeat("words ", 9))
	}
	file := filepath.Join(t.TempDir(), "rules.yaml")
	must(t, os.WriteFile(file, []byte(b.String()), 0o600))
	for _, first := range []string{"alert", "digest"} {
		t.Run(first, func(t *testing.T) {
			w := newGroups(t, "healthy", "LICENSEWATCH_RULES_FILE", file)
			_, err := w.tick(first)
			must(t, err)
			for range 9 {
				_, err := w.tick("alert")
				must(t, err)
			}
			w.wantRun("in the end", "alert", handler.OutcomeQuiet, 0, 0)
			for _, g := range []*group{w.slack, w.wecom} {
				for i := range n {
					named := 0
					for _, post := range g.since(0) {
						if strings.Contains(post, fmt.Sprintf(". finding-%02d of many", i)) {
							named++
						}
					}
					if named != 1 {
						t.Errorf("%s: finding %d is named in %d messages", g.kind, i, named)
					}
				}
			}
		})
	}
}

// TestWithoutAStoreAndAnAnswer: a rerun would repeat a digest, so there is no error; an
// alert is better repeated than lost.
func TestWithoutAStoreAndAnAnswer(t *testing.T) {
	for mode, posts := range map[string]int{"digest": 1, "alert": 2} {
		t.Run(mode, func(t *testing.T) {
			w := newGroups(t, "trial-expired", "LICENSEWATCH_STATE_URL", "", "LICENSEWATCH_WECOM_WEBHOOK_URL", "")
			w.slack.set(unanswered["504"])
			summary, err := w.tick(mode)
			if (err != nil) != (mode == "alert") || summary.Outcome != handler.OutcomeFailed || w.slack.count() != posts {
				t.Errorf("%v, %+v, %d posts", err, summary, w.slack.count())
			}
		})
	}
}
