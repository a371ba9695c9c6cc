package handler_test

// The text that calls everybody in WeCom, where markdown cannot.

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
)

const (
	textRefused = `{"errcode":40008,"errmsg":"invalid message type, from ip: 203.0.113.9"}`
	textBusy    = `{"errcode":45009,"errmsg":"api freq out of limit"}`
)

// takesNoText lets the group accept markdown and answer a text as told.
func (g *group) takesNoText(answer string) {
	g.set(func(rw http.ResponseWriter, _ *http.Request) {
		posts := g.since(0)
		if strings.Contains(posts[len(posts)-1], `"msgtype":"text"`) {
			_, _ = io.WriteString(rw, answer)
			return
		}
		_, _ = io.WriteString(rw, `{"errcode":0,"errmsg":"ok"}`)
	})
}

const (
	callRefused = "WeCom took the report, but not the call to everybody: 40008"
	callLost    = "WeCom took the report, but not the call to everybody: "
)

// TestCallRefusedForGood: that nobody is called is said in the other chat, once a day, in
// the log and in the Summary, which is not "sent". The report counts as told.
func TestCallRefusedForGood(t *testing.T) {
	w := newGroups(t, "healthy", "LICENSEWATCH_WECOM_MENTION", "@all")
	w.Override("DescribePurchaseStateInfo", simulator.Answer(trialIsOver))
	w.wecom.takesNoText(textRefused)
	w.wantRun("refused", "alert", handler.OutcomePartial, 2, 2)
	w.wantContains("the note", w.slack.since(1)[0], callRefused)
	w.wantContains("the log", w.log.String(), "; the call to everybody was not accepted: wecom: 40008: invalid message type", `"level":"WARN","msg":"a channel took the report, but not the call to everybody"`)
	if strings.Contains(w.log.String(), "203.0.113.9") {
		t.Error("our own address is in the log")
	}
	if w.Heartbeats() != 0 {
		t.Error("the heartbeat is called")
	}
	w.wantRun("no try helps", "alert", handler.OutcomeQuiet, 0, 0)
	w.Override("DescribeLicenseList", orderEnding(now.Add(30*time.Hour)))
	w.wantRun("another one on that day", "alert", handler.OutcomePartial, 1, 2)
	w.clock = w.clock.AddDate(0, 0, 1)
	w.wantRun("the next day", "alert", handler.OutcomePartial, 2, 2)
	w.wantContains("the note", w.slack.since(4)[0], callRefused)
	w.wecom.set(nil)
	w.clock = w.clock.AddDate(0, 0, 1)
	w.wantRun("it works again", "alert", handler.OutcomeSent, 1, 2)
}

// TestCallRefusedLater: the retry of a call that was refused in passing is refused for
// good, or never answered.
func TestCallRefusedLater(t *testing.T) {
	for name, test := range map[string]struct {
		then http.HandlerFunc
		runs []handler.Outcome // the last one gives it up
	}{
		"for good":  {status(200, textRefused), []handler.Outcome{handler.OutcomePartial}},
		"no answer": {unanswered["504"], []handler.Outcome{handler.OutcomePartial, handler.OutcomePartial, handler.OutcomePartial}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newGroups(t, "healthy", "LICENSEWATCH_WECOM_MENTION", "@all")
			w.Override("DescribePurchaseStateInfo", simulator.Answer(trialIsOver))
			w.wecom.takesNoText(textBusy)
			w.wantRun("busy", "alert", handler.OutcomePartial, 1, 2)
			w.wecom.set(test.then)
			for n, outcome := range test.runs {
				notes := 0
				if n == len(test.runs)-1 {
					notes = 1
				}
				w.wantRun("then", "alert", outcome, notes, 1)
			}
			w.wantContains("the note", w.slack.since(1)[0], callLost)
			w.wantRun("at last", "alert", handler.OutcomeQuiet, 0, 0)
		})
	}
}

// TestCallRefusedInTheOnlyChat: the outcome says it, and the chat itself, which is read
// without being called.
func TestCallRefusedInTheOnlyChat(t *testing.T) {
	for name, store := range map[string]bool{"with a store": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			w := newGroups(t, "healthy", "LICENSEWATCH_WECOM_MENTION", "@all", "LICENSEWATCH_SLACK_WEBHOOK_URL", "")
			if !store {
				w.set("LICENSEWATCH_STATE_URL", "")
			}
			w.Override("DescribePurchaseStateInfo", simulator.Answer(trialIsOver))
			w.wecom.takesNoText(textRefused)
			w.wantRun("refused", "alert", handler.OutcomePartial, 0, 3)
			w.wantContains("the note", w.wecom.since(2)[0], callRefused)
			w.wantContains("the log", w.log.String(), `"delivered":["wecom"],"undelivered":[]`, "the call to everybody was not accepted: wecom: 40008")
		})
	}
}

// TestCallWithoutAStore: nobody will make it any more, so the other chat hears of it,
// whatever the reason was.
func TestCallWithoutAStore(t *testing.T) {
	w := newGroups(t, "healthy", "LICENSEWATCH_WECOM_MENTION", "@all", "LICENSEWATCH_STATE_URL", "")
	w.Override("DescribePurchaseStateInfo", simulator.Answer(trialIsOver))
	w.wecom.takesNoText(textBusy)
	w.wantRun("busy", "alert", handler.OutcomePartial, 2, 2)
	w.wantContains("the note", w.slack.since(1)[0], callLost+"45009")
}
