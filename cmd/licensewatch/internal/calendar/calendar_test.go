package calendar_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/cmd/licensewatch/internal/calendar"
	"licensewatch/cmd/licensewatch/internal/deployment"
	"licensewatch/cmd/licensewatch/internal/future"
	"licensewatch/cmd/licensewatch/internal/snapshot"
	"licensewatch/license"
	"licensewatch/rules"
)

var (
	zone  = time.FixedZone("UTC+8", 8*60*60)
	start = time.Date(2026, 11, 22, 9, 7, 0, 0, zone)
)

// account has both timers and both chats, and reads a scenario's account.
func account(t *testing.T, scenario string) calendar.Deployment {
	t.Helper()
	s, err := snapshot.Sample(t.Context(), scenario, license.SiteCN, start)
	if err != nil {
		t.Fatal(err)
	}
	return calendar.Deployment{
		Snapshot: s, Rules: rules.Default(), Timers: calendar.Usual(), Channels: []string{"slack", "wecom"},
		Zone: zone, Language: license.English, Memory: true,
	}
}

// alertsOnly leaves the digests out.
func alertsOnly(d calendar.Deployment) calendar.Deployment {
	d.Timers = d.Timers[1:]
	return d
}

// containersOnly leaves host security out.
func containersOnly(d calendar.Deployment) calendar.Deployment {
	d.Snapshot.Overview, d.Snapshot.Orders, d.Snapshot.Wanted = nil, nil, []license.Source{license.SourcePurchaseState}
	return d
}

// TestUsualTimers: they are those of the deployment that tell of findings, both switched on.
func TestUsualTimers(t *testing.T) {
	t.Parallel()
	const name = "../../../../serverless.yml"
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	deployed := deployment.Parse(name, data, deployment.Environment{Lookup: func(string) (string, bool) { return "ap-guangzhou", true }})
	deployed.Timers = slices.DeleteFunc(deployed.Timers, func(timer deployment.Timer) bool { return timer.Argument == "report" })
	usual := calendar.Usual()
	if len(deployed.Timers) != len(usual) {
		t.Fatalf("%d timers: %v", len(deployed.Timers), deployed.Mistakes)
	}
	for i, want := range deployed.Timers {
		if usual[i].Name != want.Name || string(usual[i].Mode) != want.Argument {
			t.Errorf("%s, %s; want %s, %s", usual[i].Name, usual[i].Mode, want.Name, want.Argument)
		}
		for at, n := start.Add(-time.Second), 0; n < 30; n++ {
			next := want.Schedule.Next(at)
			if got := usual[i].Next(at); !got.Equal(next) {
				t.Fatalf("%s: %s after %s, want %s", want.Name, got, at, next)
			}
			at = next
		}
	}
}

// TestTimersEnd: a timer that never fires again starts no run.
func TestTimersEnd(t *testing.T) {
	t.Parallel()
	d := account(t, "near-expiry")
	once := start.Add(time.Hour)
	d.Timers[0].Next = func(after time.Time) time.Time {
		if after.Before(once) {
			return once
		}
		return time.Time{}
	}
	d.Timers = d.Timers[:1]
	messages := until(t, d.Start(start), start.AddDate(0, 0, 9))
	if len(messages) != 1 || !messages[0].At.Equal(once) {
		t.Errorf("%v", brief(messages))
	}
}

// until is what the account's course says until a time.
func until(t *testing.T, c *calendar.Course, end time.Time) []calendar.Message {
	t.Helper()
	messages, err := c.Until(t.Context(), end)
	if err != nil {
		t.Fatal(err)
	}
	return messages
}

// brief is what messages say, a line each.
func brief(messages []calendar.Message) []string {
	var lines []string
	for _, m := range messages {
		var said []string
		for _, f := range m.Report.Firing {
			said = append(said, fmt.Sprintf("%s %s", f.Story.Change, f.Key()))
		}
		for _, r := range m.Report.Resolved {
			said = append(said, "resolved "+r.Key)
		}
		lines = append(lines, m.At.Format("01-02 15:04 ")+string(m.Mode)+": "+strings.Join(said, ", "))
	}
	return lines
}

// TestRungs: each rung of a rule speaks once, on its day.
func TestRungs(t *testing.T) {
	t.Parallel()
	d := alertsOnly(account(t, "near-expiry"))
	d.Snapshot.PurchaseState, d.Snapshot.Wanted = nil, []license.Source{license.SourceOrders}
	d.Snapshot.Overview = nil
	d.Renewals = []future.Renewal{{ID: "cwp-aaaa", Deadline: start.AddDate(1, 0, 0), At: start.AddDate(0, 0, 10)}}
	want := []string{
		"11-22 09:37 alert: new cwp-order-expiring/cwp-aaaa",
		"11-27 00:37 alert: worse cwp-order-expiring/cwp-aaaa",
		"12-01 00:37 alert: worse cwp-order-expiring/cwp-aaaa",
		"12-02 09:37 alert: new cwp-order-will-not-renew/cwp-aaaa, resolved cwp-order-expiring/cwp-aaaa",
	}
	if diff := cmp.Diff(want, brief(until(t, d.Start(start), start.AddDate(0, 0, 30)))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestTheFirstRunMayBeAtOnce(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]time.Time{0: start, time.Second: start.Add(30 * time.Minute)} {
		messages := until(t, account(t, "near-expiry").Start(start.Add(after)), start.AddDate(0, 0, 1))
		if len(messages) == 0 || !messages[0].At.Equal(want) {
			t.Errorf("%s later: %v, want the first at %s", after, brief(messages), want)
		}
	}
}

func TestUntilSilent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		account func(t *testing.T) calendar.Deployment
		silent  bool
		settled bool
		going   []string
		last    string // the last alert
	}{
		"digests say the rest": {
			func(t *testing.T) calendar.Deployment { t.Helper(); return account(t, "near-expiry") },
			true, true, nil, "2027-01-03 15:37",
		},
		"reminders for ever": {
			func(t *testing.T) calendar.Deployment {
				t.Helper()
				return alertsOnly(containersOnly(account(t, "trial-expired")))
			},
			false, true, []string{"tcss-trial-over"}, "",
		},
		"unread for ever": {
			func(t *testing.T) calendar.Deployment {
				t.Helper()
				return alertsOnly(containersOnly(account(t, "source-down")))
			},
			false, true, []string{"tcss"}, "",
		},
		"reminders for a week": {
			func(t *testing.T) calendar.Deployment {
				t.Helper()
				d := alertsOnly(account(t, "near-expiry"))
				d.Snapshot.PurchaseState, d.Snapshot.Wanted = nil, []license.Source{license.SourceOverview, license.SourceOrders}
				return d
			},
			true, true, nil, "",
		},
		"nothing at all": {
			func(t *testing.T) calendar.Deployment { t.Helper(); return alertsOnly(account(t, "healthy")) },
			true, true, nil, "0001-01-01 00:00",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			messages, end, err := c.account(t).Start(start).UntilSilent(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if end.IsSilent() != c.silent || end.Settled != c.settled || !slices.Equal(end.Going, c.going) {
				t.Errorf("silent %t, settled %t, going on about %v: %+v", end.IsSilent(), end.Settled, end.Going, end)
			}
			if c.last != "" && end.Last.Format("2006-01-02 15:04") != c.last {
				t.Errorf("the last alert is at %s, want %s", end.Last, c.last)
			}
			if n := len(messages); c.silent && n > 0 && messages[n-1].Mode == license.ModeDigest && !strings.Contains(brief(messages)[n-1], "new ") && !strings.Contains(brief(messages)[n-1], "worse ") && !strings.Contains(brief(messages)[n-1], "resolved ") {
				t.Errorf("the last message is %s", brief(messages)[n-1])
			}
		})
	}
}

// TestFold: a life of 90 days fits on a page, and nothing is lost in it.
func TestFold(t *testing.T) {
	t.Parallel()
	messages := until(t, account(t, "near-expiry").Start(start), start.AddDate(0, 0, 90))
	groups := calendar.Fold(messages)
	count, alerts := 0, 0
	for i, g := range groups {
		count += len(g.Messages)
		for _, m := range g.Messages {
			if m.Mode != g.First().Mode {
				t.Errorf("group %d mixes modes", i)
			}
		}
		if g.First().Mode == license.ModeAlert {
			alerts++
			if len(g.Messages) > 1 {
				t.Errorf("alerts that say different things are folded: %v", brief(g.Messages))
			}
		}
		if i > 0 && g.First().At.Before(groups[i-1].First().At) {
			t.Errorf("group %d begins before the one before it", i)
		}
	}
	if count != len(messages) || alerts == 0 || len(groups) > 40 {
		t.Errorf("%d messages became %d groups of %d, %d of them alerts", len(messages), len(groups), count, alerts)
	}
}

// TestRemindersFold: what is repeated unchanged is one group, also between
// digests.
func TestRemindersFold(t *testing.T) {
	t.Parallel()
	d := account(t, "trial-expired")
	d.Memory = false
	groups := calendar.Fold(until(t, d.Start(start), start.AddDate(0, 0, 20)))
	var got []string
	for _, g := range groups {
		got = append(got, fmt.Sprintf("%s ×%d", g.First().Mode, len(g.Messages)))
	}
	if diff := cmp.Diff([]string{"digest ×20", "alert ×480"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestNobodyWatches: without rules that fire there are no alerts.
func TestNobodyWatches(t *testing.T) {
	t.Parallel()
	course := alertsOnly(account(t, "healthy")).Start(start)
	if messages := until(t, course, start.AddDate(0, 0, 30)); len(messages) > 0 || len(course.Firing()) > 0 {
		t.Errorf("%v, firing %v", brief(messages), course.Firing())
	}
}

// TestInterrupted: who has had enough need not wait.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	course := account(t, "near-expiry").Start(start)
	if _, err := course.Until(ctx, start.AddDate(0, 0, 1)); err == nil {
		t.Error("Until went on")
	}
	if _, _, err := course.UntilSilent(ctx); err == nil {
		t.Error("UntilSilent went on")
	}
}
