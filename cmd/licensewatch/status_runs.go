package main

import (
	"fmt"
	"slices"
	"time"

	"licensewatch/config"
	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/life"
)

// setRuns judges by its runs whether the function is alive.
func (s *runsJSON) setRuns(ledger *life.Ledger, now time.Time) {
	last := ledger.Runs().Last()
	digest, _ := ledger.Runs().LastOf(license.ModeDigest)
	alert, _ := ledger.Runs().LastOf(license.ModeAlert)
	s.LastRun, s.LastDigest, s.LastAlert = asRun(last, now), asRun(digest, now), asRun(alert, now)
	ago := now.Sub(last.At)
	switch outcome, read := handler.Outcome(last.Outcome), lastReading(ledger); {
	case last.At.IsZero() && !read.IsZero():
		s.Alive = now.Sub(read) <= quietTimer
		s.addRemark("An earlier version, which kept nothing of its runs, read the account at " +
			formatZonedTime(read.In(now.Location())))
	case last.At.IsZero():
		s.addRemark("The store knows of no run: look whether the function has the same LICENSEWATCH_STATE_URL, and whether its timers are on (enable: true)")
	case ledger.Runs().IsOverdue(now):
		s.addRemark("No run for " + daysOrHours(ago) +
			": look whether the timers are on (enable: true), and at the function's log")
	case outcome == "" && ago > longestRun:
		s.addRemark("The last run never ended: it died, or ran out of time; look at the function's log")
	case outcome == handler.OutcomeFailed:
		s.addRemark("The last run failed: " + last.Reason)
	default:
		s.Alive = true
	}
	for _, timer := range []struct {
		last life.Run
		what string
	}{{digest, "digest"}, {alert, "alert"}} {
		if quiet := now.Sub(timer.last.At); s.Alive && !timer.last.At.IsZero() && quiet > quietTimer &&
			ago < quietTimer {
			s.addRemark(fmt.Sprintf("No %s has run for %s, though the function runs: look whether its timer is on",
				timer.what, daysOrHours(quiet)))
		}
	}
}

// lastReading is when a run has read anything last.
func lastReading(ledger *life.Ledger) time.Time {
	p := ledger.Previous()
	return slices.MaxFunc([]time.Time{p.OverviewAt, p.OrdersAt, p.PurchaseStateAt}, time.Time.Compare)
}

// setChats remarks on the chats that may not have got what they were told, or take
// nothing.
func (s *runsJSON) setChats(ledger *life.Ledger, now time.Time) {
	channels := ledger.Channels()
	for _, channel := range ledger.Doubtful(channels) {
		s.addRemark(chatName(channel) + " gave no answer, and may not have got what it was told: look into the chat")
	}
	for _, channel := range channels {
		if since, failing := ledger.FailingSince(channel); failing && now.Sub(since) >= 24*time.Hour {
			s.addRemark(chatName(channel) + " has accepted nothing since " + formatZonedTime(since.In(now.Location())))
		}
	}
}

func (s *runsJSON) addRemark(text string) { s.Remarks = append(s.Remarks, text) }

func asRun(r life.Run, now time.Time) *runJSON {
	if r.At.IsZero() {
		return nil
	}
	return &runJSON{r.At.In(now.Location()), r.Mode, r.Outcome, r.Reason}
}

// setNext foretells when the function runs, and when an alert has something to
// say.
func (s *statusJSON) setNext(ledger *life.Ledger, settings config.Config, now time.Time) {
	_, digest := ledger.Runs().LastOf(license.ModeDigest)
	lastAlert, alert := ledger.Runs().LastOf(license.ModeAlert)
	s.Next = nextRunJSON{Digest: upcomingTime(digest, now), Alert: upcomingTime(alert, now),
		OnlyChanges: settings.Digest == config.DigestChanges}
	if lastAlert.At.IsZero() {
		return
	}
	for _, f := range s.Findings {
		for _, in := range f.Channels {
			if in.NextAt != nil && (s.Next.Speaks == nil || in.NextAt.Before(*s.Next.Speaks)) {
				s.Next.Speaks, s.Next.Finding = in.NextAt, f.key()
			}
		}
	}
}

// upcomingTime is a time that has not passed yet, with an hour's grace; nil for another
// one.
func upcomingTime(at, now time.Time) *time.Time {
	if at.Before(now.Add(-time.Hour)) {
		return nil
	}
	return timeInZone(at, now)
}

// daysOrHours is how long something lasted, roughly.
func daysOrHours(d time.Duration) string {
	if d >= 48*time.Hour {
		return countOf(int(d/(24*time.Hour)), "day")
	}
	return countOf(int(d/time.Hour), "hour")
}
