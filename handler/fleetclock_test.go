package handler_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
)

// TestFleetWithWrongClock: where the cloud refuses the time of the requests and says what time
// it is, a run of many accounts goes by that: it ages nothing, forgets no account, and counts no
// account as unread since a time that has not come.
func TestFleetWithWrongClock(t *testing.T) {
	for name, off := range map[string]time.Duration{"ahead": 21 * 24 * time.Hour, "behind": -21 * 24 * time.Hour} {
		t.Run(name, func(t *testing.T) {
			w := newFleetWorld(t, smallFleet, nil)
			w.wantTick("digest", handler.OutcomeSent, 1, 1)
			w.untilQuiet("alert")
			w.changeFile("  - {uin: \"100000000103\", name: sea-prod, labels: {team: sea}}\n", "")
			w.clock = w.clock.Add(time.Hour)
			_, err := w.tick("alert")
			must(t, err)
			refuse := func(rw http.ResponseWriter, r *http.Request) {
				rw.Header().Set("Date", time.Now().Add(-off).UTC().Format(http.TimeFormat))
				simulator.APIError("AuthFailure.SignatureExpire", "x")(rw, r)
			}
			w.Override("AssumeRole", refuse)
			right, posts := w.clock.Add(time.Hour), len(w.posted("slack"))
			w.clock = right.Add(off)
			_, _ = w.tick("alert")
			text := strings.Join(w.posted("slack")[posts:], "\n")
			w.wantContains("the run", text, "3 of 3 accounts could not be read", right.Format("Jan 2"))
			if strings.Contains(text, "for a day") || strings.Contains(text, "No run between") {
				t.Errorf("the wrong clock counts: %s", text)
			}
			w.Override("AssumeRole", nil)
			w.changeFile("accounts:\n", "accounts:\n  - {uin: \"100000000103\", name: sea-prod, labels: {team: sea}}\n")
			w.clock, posts = right.Add(time.Hour), len(w.posted("slack"))
			w.untilQuiet("alert")
			text = strings.Join(w.posted("slack")[posts:], "\n")
			for _, wrong := range []string{"sea-prod", "got worse", "renewed", "No run between"} {
				if strings.Contains(text, wrong) {
					t.Errorf("afterwards somebody hears of %q: %s", wrong, text)
				}
			}
		})
	}
}
