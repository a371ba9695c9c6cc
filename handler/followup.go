package handler

import (
	"context"
	"slices"
	"strings"
	"time"

	"licensewatch/internal/instant"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
	"licensewatch/session"
)

// followUps are the short messages besides the reports, each of which is told once.
type followUps struct {
	sender
	memory    *session.Session
	evidence  *evidence
	channels  []Channel                 // all of the run
	refused   []string                  // those that did not accept what they were sent
	failures  []message.DeliveryFailure // and why
	id        string                    // of the run
	slot      string                    // what woke it; empty where that has no name
	mode      license.Mode
	language  license.Language
	languages map[string]license.Language // of channels that have one of their own, by name
	hours     license.Hours
	now       func() time.Time // in the configured zone, right where the cloud has put the clock right
}

// textOf is what a note says.
func textOf(note license.Note) string { return note.Title + "\n" + strings.Join(note.Lines, "\n") }

// languageOf is the language of a channel.
func (f *followUps) languageOf(c Channel) license.Language {
	if own, ok := f.languages[c.Name()]; ok {
		return own
	}
	return f.language
}

// noteIn is a note in a language.
type noteIn func(license.Language) license.Note

// noteFor is the note in the channel's language.
func (f *followUps) noteFor(c Channel, note noteIn) license.Note { return note(f.languageOf(c)) }

// sendNote sends each channel the note in its language.
func (f *followUps) sendNote(ctx context.Context, channels []Channel, note noteIn) []deliveryVerdict {
	return f.sendAll(ctx, channels, func(ctx context.Context,
		c Channel) error {
		return c.Note(ctx, f.noteFor(c, note))
	})
}

// noteOnce sends a note to the channels; where there is a memory, once for the
// day, which is today or one of the last two. The key tells notes apart; empty: what the note
// says does. One that gets no answer is not repeated by a rerun of the event, but by two later
// runs.
func (f *followUps) noteOnce(ctx context.Context, channels []Channel, note noteIn, day time.Time,
	key string) []deliveryVerdict {
	if key == "" {
		key = textOf(note(f.language))
	}
	channels = f.dueChannels(channels, day, key)
	verdicts := f.sendNote(ctx, channels, note)
	f.enterNote(note, verdicts, day, key)
	f.keepNote(note, verdicts)
	return verdicts
}

// keepNote has the evidence hold a note that was sent.
func (f *followUps) keepNote(note noteIn, verdicts []deliveryVerdict) {
	for _, v := range verdicts {
		f.evidence.addNote(f.noteFor(v.channel, note), []deliveryVerdict{v}, f.now())
	}
}

// dueChannels are those of the channels that the note was not told on the day.
func (f *followUps) dueChannels(channels []Channel, day time.Time, key string) []Channel {
	if !f.memory.Works() {
		return channels
	}
	return slices.DeleteFunc(slices.Clone(channels), func(c Channel) bool {
		return !f.memory.Ledger.Notes().MayTell(c.Name(), key, f.slot, day)
	})
}

// enterNote has the ledger remember who was told the note.
func (f *followUps) enterNote(note noteIn, verdicts []deliveryVerdict, day time.Time, key string) {
	if !f.memory.Works() {
		return
	}
	f.noteHead(note, verdicts)
	f.markNote(verdicts, day, key)
}

// markNote marks by the key who was told a note.
func (f *followUps) markNote(verdicts []deliveryVerdict, day time.Time, key string) {
	for _, v := range verdicts {
		switch {
		case v.refusal == nil:
			f.memory.Ledger.Notes().MarkTold(v.channel.Name(), key, day)
		case v.refusal.Ambiguous:
			f.memory.Ledger.Notes().DoubtTold(v.channel.Name(), key, f.slot, day)
		}
	}
}

// noteHead has the ledger remember a note that was sent.
func (f *followUps) noteHead(note noteIn, verdicts []deliveryVerdict) {
	now := f.now()
	for _, v := range verdicts {
		answer := life.Delivery{Status: life.Accepted, At: now}
		if v.refusal != nil {
			answer.Status = life.DeliveryStatus(refusalOf(v.refusal))
		}
		said := f.noteFor(v.channel, note)
		f.memory.Ledger.NotificationLog().AddNote(said.ID, said.Title, now,
			map[string]life.Delivery{v.channel.Name(): answer})
	}
}

// waitsFor says whether any of the channels may still be told what the key names: it was not, and
// did not refuse for good.
func (f *followUps) waitsFor(channels []Channel, verdicts []deliveryVerdict, key string, since time.Time) bool {
	return f.memory.Works() && slices.ContainsFunc(channels, func(c Channel) bool {
		isDead := slices.ContainsFunc(verdicts, func(v deliveryVerdict) bool {
			return v.channel.Name() == c.Name() && v.refusal != nil && !v.refusal.Retryable
		})
		return !isDead && f.memory.Ledger.Notes().MayTell(c.Name(), key, "", since)
	})
}

// tellUnheard tells the channels that work about alerts to which another one gave no
// answer, each of them once.
func (f *followUps) tellUnheard(ctx context.Context) {
	if !f.memory.Works() {
		return
	}
	now := f.now()
	for _, u := range f.memory.Ledger.Unheard(now) {
		u.At = u.At.In(now.Location())
		others := slices.DeleteFunc(slices.Clone(f.channels), func(c Channel) bool {
			return c.Name() == u.Channel || slices.Contains(f.refused, c.Name())
		})
		f.noteOnce(ctx, others, func(language license.Language) license.Note {
			return message.UnheardNote(language, u, f.id)
		}, u.GivenUp, "unheard "+u.Channel+" "+u.ID)
	}
}

// askSilent asks the channels that are left alone after an alert that no channel has
// accepted, once a day, whether they are there: then this run says what it said.
func (f *followUps) askSilent(ctx context.Context, now time.Time) {
	if !f.memory.Works() || f.mode == license.ModeDigest {
		return
	}
	ctx, cancel := context.WithDeadline(ctx, instant.Halfway(time.Now(), f.end))
	defer cancel()
	for _, u := range f.memory.Ledger.Unaccepted(namesOf(f.channels), now, f.hours) {
		u.At = u.At.In(now.Location())
		silent := slices.DeleteFunc(slices.Clone(f.channels), func(c Channel) bool { return c.Name() != u.Channel })
		for _, v := range f.noteOnce(ctx, silent, func(language license.Language) license.Note {
			return message.UnacceptedNote(language, u, f.id)
		}, now, "unaccepted") {
			if v.refusal == nil {
				f.memory.Ledger.Revive(u.Channel)
			}
		}
	}
}
