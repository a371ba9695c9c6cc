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
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

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
	c := ics.NewCalendarFor("licensewatch")
	c.SetMethod(ics.MethodPublish)
	c.SetXWRCalName(pick(o.Language, "Licenses", "授权到期"))
	form := []any{ics.WithNewLineWindows}
	const end = "END:VCALENDAR\r\n"
	if _, err := io.WriteString(w, strings.TrimSuffix(c.Serialize(form...), end)); err != nil {
		return 0, err
	}
	lines := &ics.SerializationConfiguration{MaxLength: 75, NewLine: "\r\n", PropertyMaxLength: 75}
	for i := range r.Orders { // one after the other, for there may be very many
		order := &r.Orders[i]
		if order.End.IsZero() || order.Key == "" {
			continue
		}
		if err := newEvent(r, order, o).SerializeTo(w, lines); err != nil {
			return events, err
		}
		events++
	}
	_, err = io.WriteString(w, end)
	return events, err
}

func pick(l license.Language, en, zh string) string {
	if l == license.Chinese {
		return zh
	}
	return en
}

// newEvent is an order's event.
func newEvent(r *report.Report, o *report.Order, options Options) *ics.VEvent {
	words := r.WordsOf(o, options.Language)
	event := ics.NewEvent(uid(o))
	event.SetDtStampTime(r.Now)
	event.SetStartAt(o.End)
	event.SetSequence(sequence(o))
	event.SetTimeTransparency(ics.TransparencyTransparent)
	event.SetSummary(clean(words.Summary))
	event.SetDescription(clean(words.Description))
	if !o.LastMove.IsZero() {
		event.SetLastModifiedAt(o.LastMove)
	}
	if o.State == report.StateGone {
		event.SetStatus(ics.ObjectStatusCancelled)
		return event
	}
	event.SetStatus(ics.ObjectStatusConfirmed)
	if o.State != report.StateRuns || o.Renewal == report.RenewsItself {
		return event
	}
	for _, days := range slices.Compact(slices.Clone(options.Reminders)) {
		alarm := event.AddAlarm()
		alarm.SetAction(ics.ActionDisplay)
		alarm.SetDescription(clean(words.Summary))
		trigger := fmt.Sprintf("-P%dD", days)
		if days == 0 {
			trigger = "PT0S"
		}
		alarm.SetTrigger(trigger)
	}
	return event
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
