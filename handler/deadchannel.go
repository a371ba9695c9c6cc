package handler

import (
	"context"
	"slices"
	"time"

	"licensewatch/license"
	"licensewatch/message"
	"licensewatch/notify"
)

// Channels that take nothing are named in those that do. Where there is a memory, one that refuses
// for good is named from its first refusal on, one that refuses in passing after a day; then once a
// day, whatever it refuses with.

// failingAfter is how long a channel accepts nothing until the others are told of what may pass, and
// told again of the rest; a daily timer may be early.
const failingAfter = 24*time.Hour - 5*time.Minute

// deadChannel is a channel that did not accept what it was sent.
type deadChannel struct {
	failure message.DeliveryFailure
	since   time.Time // it has accepted nothing
	isLong  bool      // so for a day
}

// key tells its notes from others, and from those of an outage before this one.
func (d deadChannel) key() string {
	return "failing " + d.failure.Channel + " " + d.since.UTC().Format(time.RFC3339)
}

// noteRefused notes that a channel did not accept what it was sent.
func (f *followUps) noteRefused(refusal *notify.Error) {
	failure := refusal.Failure()
	if f.memory.Works() {
		failure.Before = f.memory.Ledger.NoteCode(failure.Channel, failure.CodeOrStatus())
	}
	f.refused, f.failures = append(f.refused, failure.Channel), append(f.failures, failure)
}

// nameDeadChannels tells the channels that work about those that do not. What may pass is worth a
// message where the memory will not see to it, or where it has lasted for a day.
func (f *followUps) nameDeadChannels(ctx context.Context, living []Channel) {
	if !f.memory.Works() {
		f.noteOnce(ctx, living, f.deadNote(f.failures), f.now(), "")
		return
	}
	var dead []deadChannel
	for _, failure := range f.failures {
		switch d := f.deadChannelOf(failure); {
		case d.isLong:
			f.nameFailing(ctx, living, d)
		case !failure.Retryable:
			dead = append(dead, d)
		}
	}
	for len(dead) > 0 && len(living) > 0 { // those that are to hear of the same, in one note
		due := f.dueDead(dead, living[0])
		var same, others []Channel
		for _, c := range living {
			if slices.Equal(f.dueDead(dead, c), due) {
				same = append(same, c)
			} else {
				others = append(others, c)
			}
		}
		f.nameDead(ctx, same, dead, due)
		living = others
	}
}

func (f *followUps) deadChannelOf(failure message.DeliveryFailure) deadChannel {
	now := f.now()
	since, isFailing := f.memory.Ledger.FailingSince(failure.Channel)
	if !isFailing {
		since = now
	}
	return deadChannel{failure, since.In(now.Location()), now.Sub(since) >= failingAfter}
}

// dueDead are the places of those of which the channel was not told since they fail.
func (f *followUps) dueDead(dead []deadChannel, c Channel) (due []int) {
	for i, d := range dead {
		if f.memory.Ledger.Notes().MayTell(c.Name(), d.key(), f.slot, d.since) {
			due = append(due, i)
		}
	}
	return due
}

// nameDead tells channels of those of the dead that have these places, in one note.
func (f *followUps) nameDead(ctx context.Context, channels []Channel, dead []deadChannel, places []int) {
	if len(places) == 0 {
		return
	}
	failures := make([]message.DeliveryFailure, len(places))
	for i, place := range places {
		failures[i] = dead[place].failure
	}
	note := f.deadNote(failures)
	verdicts := f.sendNote(ctx, channels, note)
	f.noteHead(note, verdicts)
	for _, place := range places {
		f.markNote(verdicts, dead[place].since, dead[place].key())
	}
	f.keepNote(note, verdicts)
}

func (f *followUps) deadNote(failures []message.DeliveryFailure) noteIn {
	return func(language license.Language) license.Note {
		return message.DeadChannelNote(language, failures, f.id)
	}
}

// nameFailing tells the channels that work about one that has accepted nothing for a day; of what
// may pass within the hours.
func (f *followUps) nameFailing(ctx context.Context, living []Channel, d deadChannel) {
	now := f.now()
	if !d.failure.Retryable || f.mode == license.ModeDigest || f.hours.Contains(now) {
		f.noteOnce(ctx, living, func(language license.Language) license.Note {
			return message.FailingNote(language, d.failure, d.since, f.id)
		}, now, d.key())
	}
}
