package notify_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"licensewatch/internal/scene"
	"licensewatch/license"
	"licensewatch/notify"
)

// manyRules is an alert of so many findings of as many rules.
func manyRules(n int) license.Report {
	r := scene.Alert(license.English)
	r.Firing = nil
	for i := range n {
		title := license.Text{En: fmt.Sprintf("finding-%02d is wrong, %s", i, strings.Repeat("and long ", 12))}
		r.Firing = append(r.Firing, license.Finding{
			Rule: fmt.Sprintf("rule%02d", i), State: license.Firing, Severity: license.Critical, Title: title,
			Story: &license.Story{Change: license.ChangeNew, Since: r.At},
		})
	}
	return r
}

// TestUnnamed: a receipt's facts are just those that the message does not name, whatever
// the chat, and in whatever form it took it.
func TestUnnamed(t *testing.T) {
	t.Parallel()
	forms := map[string]struct {
		kind   string
		answer []string // the first answers; then it accepts
	}{
		"slack": {"slack", nil}, "slack, plain": {"slack", []string{"invalid_blocks"}},
		"wecom": {"wecom", nil}, "wecom, short": {"wecom", []string{`{"errcode":40058,"errmsg":"too long"}`}},
	}
	for form, test := range forms {
		for _, n := range []int{1, 2, 11, 12, 13, 40} {
			t.Run(fmt.Sprint(form, " ", n), func(t *testing.T) {
				t.Parallel()
				answers := slices.Clone(test.answer)
				r := newRig(t, test.kind, ok[test.kind])
				if len(answers) > 0 {
					r = newRig(t, test.kind, says(map[string]int{"slack": 400, "wecom": 200}[test.kind], answers[0]), ok[test.kind])
				}
				report := manyRules(n)
				receipt, err := r.channel.Send(t.Context(), report)
				if err != nil {
					t.Fatal(err)
				}
				post := string(r.chat.posts()[len(answers)])
				for i, f := range report.Firing {
					isNamed := strings.Contains(post, fmt.Sprintf("finding-%02d", i))
					if isNamed == slices.Contains(receipt.Unnamed, f.Fact()) {
						t.Errorf("finding %d is named %t; unnamed are %v", i, isNamed, receipt.Unnamed)
					}
				}
				if len(answers) == 0 && !slices.Equal(notify.KindOf(test.kind).Report(report, nil).Unnamed, receipt.Unnamed) {
					t.Errorf("unnamed are %v, and would be %v", receipt.Unnamed, notify.KindOf(test.kind).Report(report, nil).Unnamed)
				}
			})
		}
	}
}

// TestRepeatInTheRun: what is posted again within a run, because there was no answer,
// says so.
func TestRepeatInTheRun(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"slack", "wecom"} {
		r := newRig(t, kind, says(504, ""), ok[kind])
		if _, err := r.channel.Send(t.Context(), scene.Alert(license.English)); err != nil {
			t.Fatal(err)
		}
		for i, post := range r.chat.posts()[:2] {
			if got := strings.Contains(string(post), "may be a repeat"); got != (i == 1) {
				t.Errorf("%s: post %d says that it may be a repeat: %t", kind, i+1, got)
			}
		}
	}
}

// TestOnlyCall: of a message that was accepted, only the call is made.
func TestOnlyCall(t *testing.T) {
	t.Parallel()
	report := scene.Alert(license.English)
	report.OnlyCall = true
	r := newRig(t, "wecom", ok["wecom"])
	if _, err := r.channel.Send(t.Context(), report); err != nil || len(r.chat.posts()) != 1 || !strings.Contains(string(r.chat.posts()[0]), `"mentioned_list":["@all"]`) {
		t.Errorf("%v, %s", err, r.chat.posts())
	}
}
