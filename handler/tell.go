package handler

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
	"licensewatch/notify"
)

// deliveryVerdict is what became of a message in one channel.
type deliveryVerdict struct {
	channel Channel
	refusal *notify.Error // nil: accepted
	receipt notify.Receipt
}

// tellChannels sends the messages, each channel's in their order and the channels side by
// side, then the follow-up about those that failed, and settles the outcome.
func (r *run) tellChannels(ctx context.Context, messages []life.Message) error {
	var uncalled uncalledPeople
	verdicts := r.sendAll(ctx, r.channels, func(sending context.Context, c Channel) error {
		return r.sendTo(sending, c, messages, func(m life.Message, v deliveryVerdict) {
			uncalled.noteVerdict(v)
			r.noteDelivery(ctx, m, v) // is saved even when telling's time is up
		})
	})
	var refusals []*notify.Error
	var living []Channel // those that did not refuse, whether or not there was a message for them
	for _, v := range verdicts {
		if isFor(messages, v.channel) {
			r.countDelivery(v)
		}
		if v.refusal != nil && !v.refusal.Call {
			refusals = append(refusals, v.refusal)
			r.refused = append(r.refused, v.channel.Name())
		} else {
			living = append(living, v.channel)
		}
	}
	switch {
	case len(refusals) == 0 && len(uncalled.refused) > 0:
		r.outcome = OutcomePartial
		r.tellUncalled(ctx, living, uncalled.refused)
		return r.stillOwed()
	case len(refusals) == 0:
		r.outcome = OutcomeSent
		return nil
	case len(living) > 0:
		r.outcome = OutcomePartial
		r.reason += "; not delivered to " + strings.Join(r.undelivered, ", ")
		r.nameDeadChannels(ctx, living, refusals)
		r.tellUncalled(ctx, living, uncalled.refused)
		return r.stillOwed()
	default:
		return r.nobodyTold(refusals)
	}
}

// isFor says whether any of the messages is for the channel.
func isFor(messages []life.Message, channel Channel) bool {
	return slices.ContainsFunc(messages, func(m life.Message) bool { return slices.Contains(m.Channels, channel.Name()) })
}

// sendTo sends a channel its messages. After one that failed in passing the next
// would fail as well.
func (r *run) sendTo(ctx context.Context, channel Channel, messages []life.Message, answered func(life.Message, deliveryVerdict)) error {
	var failed *notify.Error
	for _, message := range messages {
		if !slices.Contains(message.Channels, channel.Name()) {
			continue
		}
		v := deliveryVerdict{channel: channel}
		r.memory.BeginMessage()
		err := r.guardChannel(ctx, channel, func() (err error) {
			v.receipt, err = channel.Send(ctx, message.Report)
			return err
		})
		v.refusal = asRefusal(channel, err)
		answered(message, v)
		if v.refusal != nil && (failed == nil || !v.refusal.Call) {
			failed = v.refusal
		}
		if v.receipt.OwesCall() || v.refusal != nil && v.refusal.Retryable {
			break
		}
	}
	if failed == nil {
		return nil
	}
	return failed
}

// countDelivery notes who was told.
func (r *run) countDelivery(v deliveryVerdict) {
	if v.refusal == nil {
		r.delivered = append(r.delivered, v.channel.Name())
	} else {
		r.undelivered = append(r.undelivered, v.channel.Name())
	}
}

// nobodyTold ends a run whose message no channel accepted. An error makes the
// platform run the event again, so there is one only where that may help: where a
// message may pass that was refused, and an alert also where it may have arrived.
func (r *run) nobodyTold(refusals []*notify.Error) error {
	r.outcome, r.reason = OutcomeFailed, "nobody accepted the message"
	helps := false
	reasons := make([]string, 0, len(refusals))
	for _, refusal := range refusals {
		helps = helps || refusal.Retryable && (!refusal.Ambiguous || r.mode == license.ModeAlert)
		reasons = append(reasons, refusal.Error())
	}
	if r.memory.Works() {
		helps = r.stillOwed() != nil
	}
	if !helps {
		r.reason += ": " + strings.Join(reasons, "; ")
		return nil
	}
	return &UndeliveredError{Reasons: reasons}
}

// nameDeadChannels tells the channels that work about those that do not. What
// may pass is worth a message where the memory will not see to it, and, once a day,
// where it has lasted for a day.
func (r *run) nameDeadChannels(ctx context.Context, living []Channel, refusals []*notify.Error) {
	if r.memory.Works() {
		for _, refusal := range refusals {
			r.nameFailing(ctx, living, refusal)
		}
		refusals = slices.DeleteFunc(slices.Clone(refusals), func(e *notify.Error) bool { return e.Retryable })
	}
	if len(refusals) > 0 {
		note := message.DeadChannelNote(r.config.Language, failuresOf(refusals), r.id)
		r.noteOnce(ctx, living, note, r.reportTime(), textOf(note))
	}
}

func failuresOf(refusals []*notify.Error) []message.DeliveryFailure {
	failures := make([]message.DeliveryFailure, len(refusals))
	for i, refusal := range refusals {
		failures[i] = refusal.Failure()
	}
	return failures
}

// nameFailing tells the channels that work about one whose passing refusals have
// lasted for a day, within the hours.
func (r *run) nameFailing(ctx context.Context, living []Channel, refusal *notify.Error) {
	now := r.reportTime()
	since, failing := r.memory.Ledger.FailingSince(refusal.Channel)
	isOpen := r.mode == license.ModeDigest || r.config.Hours.Contains(now)
	if failing && refusal.Retryable && isOpen && now.Sub(since) >= failingAfter {
		r.noteOnce(ctx, living, message.FailingNote(r.config.Language, refusal.Failure(), since.In(now.Location()), r.id), now, "failing "+refusal.Channel)
	}
}

// failingAfter is how long a channel accepts nothing until the others are told; a
// daily timer may be early.
const failingAfter = 24*time.Hour - 5*time.Minute

// tellUnheard tells the channels that work about alerts to which another one gave no
// answer, each of them once.
func (r *run) tellUnheard(ctx context.Context) {
	if !r.memory.Works() {
		return
	}
	now := r.reportTime()
	for _, u := range r.memory.Ledger.Unheard(now) {
		u.At = u.At.In(now.Location())
		others := slices.DeleteFunc(slices.Clone(r.channels), func(c Channel) bool {
			return c.Name() == u.Channel || slices.Contains(r.refused, c.Name())
		})
		r.noteOnce(ctx, others, message.UnheardNote(r.config.Language, u, r.id), u.GivenUp, "unheard "+u.Channel+" "+u.ID)
	}
}

// askSilent asks the channels that are left alone after an alert that no channel has
// accepted, once a day, whether they are there: then this run says what it said.
func (r *run) askSilent(ctx context.Context, now time.Time) {
	if !r.memory.Works() || r.mode == license.ModeDigest {
		return
	}
	ctx, cancel := context.WithDeadline(ctx, halfwayBetween(time.Now(), r.budget.tell))
	defer cancel()
	for _, u := range r.memory.Ledger.Unaccepted(r.channelNames(), now, r.config.Hours) {
		u.At = u.At.In(now.Location())
		silent := slices.DeleteFunc(slices.Clone(r.channels), func(c Channel) bool { return c.Name() != u.Channel })
		for _, v := range r.noteOnce(ctx, silent, message.UnacceptedNote(r.config.Language, u, r.id), now, "unaccepted") {
			if v.refusal == nil {
				r.memory.Ledger.Revive(u.Channel)
			}
		}
	}
}

// textOf is what a note says.
func textOf(note license.Note) string { return note.Title + "\n" + strings.Join(note.Lines, "\n") }

// noteOnce sends a note to the channels; where there is a memory, once for the
// day, which is today or one of the last two. The key tells notes apart. One that gets
// no answer is not repeated by a rerun of the event, but by two later runs.
func (r *run) noteOnce(ctx context.Context, channels []Channel, note license.Note, day time.Time, key string) []deliveryVerdict {
	event := r.event.digestSlot()
	if r.memory.Works() {
		channels = slices.DeleteFunc(slices.Clone(channels), func(c Channel) bool {
			return !r.memory.Ledger.MayTellToday(c.Name(), key, event, day)
		})
	}
	verdicts := r.sendAll(ctx, channels, func(ctx context.Context, c Channel) error { return c.Note(ctx, note) })
	if r.memory.Works() {
		r.noteHead(note, verdicts)
		for _, v := range verdicts {
			switch {
			case v.refusal == nil:
				r.memory.Ledger.MarkToldToday(v.channel.Name(), key, day)
			case v.refusal.Ambiguous:
				r.memory.Ledger.DoubtToldToday(v.channel.Name(), key, event, day)
			}
		}
	}
	return verdicts
}

// sendAll sends to the channels side by side, within telling's time. A channel
// that panics has failed; the others do not notice.
func (r *run) sendAll(ctx context.Context, channels []Channel, send func(context.Context, Channel) error) []deliveryVerdict {
	ctx, cancel := context.WithDeadline(ctx, r.budget.tell)
	defer cancel()
	verdicts := make([]deliveryVerdict, len(channels))
	var sending sync.WaitGroup
	for i, channel := range channels {
		sending.Go(func() {
			err := r.guardChannel(ctx, channel, func() error { return send(ctx, channel) })
			verdicts[i] = deliveryVerdict{channel: channel, refusal: r.lastRefusal(ctx, channel, err)}
		})
	}
	sending.Wait()
	return verdicts
}

// guardChannel makes a panic in a channel that channel's failure.
func (r *run) guardChannel(ctx context.Context, channel Channel, send func() error) (err error) {
	if !r.guardPart(ctx, channel.Name(), func() { err = send() }) {
		return &notify.Error{Channel: channel.Name(), Code: "Internal"}
	}
	return err
}

// asRefusal makes a channel's error a *notify.Error.
func asRefusal(channel Channel, err error) *notify.Error {
	if err == nil {
		return nil
	}
	var refusal *notify.Error
	if !errors.As(err, &refusal) {
		refusal = &notify.Error{Channel: channel.Name(), Code: "Internal"}
	}
	return refusal
}

// lastRefusal is a channel's last word when it is an error, which is logged.
func (r *run) lastRefusal(ctx context.Context, channel Channel, err error) *notify.Error {
	refusal := asRefusal(channel, err)
	if refusal == nil {
		return nil
	}
	r.logger.LogAttrs(ctx, slog.LevelWarn, "a channel did not take the message", slog.String("channel", channel.Name()),
		slog.String("error", refusal.Error()), slog.Bool("passing", refusal.Retryable), slog.Bool("ambiguous", refusal.Ambiguous))
	return refusal
}
