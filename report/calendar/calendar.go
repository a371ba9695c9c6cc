// Package calendar writes the ends of a report's orders as a calendar file (iCalendar), for
// whoever wants them beside their meetings.
//
// An order has one event, which keeps its UID for as long as the order is known: when the end
// moves, because somebody renewed it, the event moves with it, and its SEQUENCE grows. An
// order that is gone cancels its event. So a file that is imported anew, or a calendar that
// is subscribed to, shows what is true now.
package calendar

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"licensewatch/internal/text"
	"licensewatch/license"
	"licensewatch/report"
)

// Options say how the calendar is written.
type Options struct {
	Language license.Language
	// Reminders are the days before an end at which a calendar reminds of an order that does
	// not renew itself.
	Reminders []int64
}

// Write writes the calendar of a report, and says how many events it has.
func Write(w io.Writer, r *report.Report, o Options) (events int, err error) {
	c := &writer{to: w}
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//licensewatch//licensewatch//EN")
	c.line("METHOD", "PUBLISH")
	c.text("X-WR-CALNAME", pick(o.Language, "Licenses", "授权到期"))
	for i := range r.Orders { // one after the other, for there may be very many
		order := &r.Orders[i]
		if order.End.IsZero() || order.Key == "" {
			continue
		}
		c.event(r, order, o)
		if c.failed != nil {
			return events, c.failed
		}
		events++
	}
	c.line("END", "VCALENDAR")
	return events, c.failed
}

func pick(l license.Language, en, zh string) string {
	if l == license.Chinese {
		return zh
	}
	return en
}

// event writes an order's event.
func (c *writer) event(r *report.Report, o *report.Order, options Options) {
	words := r.WordsOf(o, options.Language)
	c.line("BEGIN", "VEVENT")
	c.line("UID", uid(o))
	c.time("DTSTAMP", r.Now)
	c.time("DTSTART", o.End)
	c.line("SEQUENCE", strconv.Itoa(sequence(o)))
	c.line("TRANSP", "TRANSPARENT")
	c.text("SUMMARY", words.Summary)
	c.text("DESCRIPTION", words.Description)
	if !o.LastMove.IsZero() {
		c.time("LAST-MODIFIED", o.LastMove)
	}
	if o.State == report.StateGone {
		c.line("STATUS", "CANCELLED")
	} else {
		c.line("STATUS", "CONFIRMED")
	}
	if o.State == report.StateRuns && o.Renewal != report.RenewsItself {
		for _, days := range slices.Compact(slices.Clone(options.Reminders)) {
			c.alarm(days, words.Summary)
		}
	}
	c.line("END", "VEVENT")
}

// alarm writes a reminder so many days before the end.
func (c *writer) alarm(days int64, summary string) {
	trigger := "-P" + strconv.FormatInt(days, 10) + "D"
	if days == 0 {
		trigger = "PT0S"
	}
	c.line("BEGIN", "VALARM")
	c.line("ACTION", "DISPLAY")
	c.text("DESCRIPTION", summary)
	c.line("TRIGGER", trigger)
	c.line("END", "VALARM")
}

// uid names an order's event, for ever: by the account and the order's ids, of which it tells
// nothing.
func uid(o *report.Order) string {
	sum := sha256.Sum256([]byte(o.ID + "\x00" + o.Key))
	const length = 16
	return hex.EncodeToString(sum[:length]) + "@licensewatch"
}

// sequenceEpoch is before any end.
var sequenceEpoch = time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC)

// sequence grows when the end moves, also where the records do not go back to its beginning:
// it counts the days to the latest end that is known. What moved back counts on top of it, and
// so does a cancellation.
func sequence(o *report.Order) int {
	const steps = 8 // within a day
	n := int(o.LatestEnd.Sub(sequenceEpoch).Hours()/24)*steps + min(steps-2, o.MovedBack)
	if o.State == report.StateGone {
		n++
	}
	return max(0, n)
}

// clean leaves out what cannot be seen.
func clean(words string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && text.IsHidden(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(words, "\uFFFD"))
}
