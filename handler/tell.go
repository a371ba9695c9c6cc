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
	"licensewatch/notify"
)

// verdict is what became of a message in one channel.
type verdict struct {
	channel Channel
	refusal *notify.Error // nil: accepted
}

// tell sends the messages, each channel's in their order and the channels side by
// side, then the follow-up about those that failed, and settles the outcome.
func (r *run) tell(ctx context.Context, messages []life.Message) error {
	verdicts := r.sendAll(ctx, r.channels, func(sending context.Context, c Channel) error {
		// What a channel answered is saved even when telling's time is up.
		return r.sendTo(sending, c, messages, func(m life.Message, v verdict) { r.memory.answered(ctx, m, v) })
	})
	var refusals []*notify.Error
	var living []Channel // those that did not refuse, whether or not there was a message for them
	for _, v := range verdicts {
		if isFor(messages, v.channel) {
			r.account(v)
		}
		if v.refusal != nil {
			refusals = append(refusals, v.refusal)
		} else {
			living = append(living, v.channel)
		}
	}
	switch {
	case len(refusals) == 0:
		r.outcome = OutcomeSent
		return nil
	case len(living) > 0:
		r.outcome = OutcomePartial
		r.reason += "; not delivered to " + strings.Join(r.undelivered, ", ")
		r.nameDeadChannels(ctx, living, refusals)
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
func (r *run) sendTo(ctx context.Context, channel Channel, messages []life.Message, answered func(life.Message, verdict)) error {
	var failed error
	for _, message := range messages {
		if !slices.Contains(message.Channels, channel.Name()) {
			continue
		}
		err := r.guarded(ctx, channel, func() error { return channel.Send(ctx, message.Report) })
		v := verdict{channel: channel, refusal: asRefusal(channel, err)}
		answered(message, v)
		if v.refusal != nil {
			failed = v.refusal
			if v.refusal.Passing {
				break
			}
		}
	}
	return failed
}

// account notes who was told.
func (r *run) account(v verdict) {
	if v.refusal == nil {
		r.delivered = append(r.delivered, v.channel.Name())
	} else {
		r.undelivered = append(r.undelivered, v.channel.Name())
	}
}

// nobodyTold ends a run whose message no channel accepted. An error makes the
// platform run the event again, so there is one only where that may help.
func (r *run) nobodyTold(refusals []*notify.Error) error {
	r.outcome, r.reason = OutcomeFailed, "nobody accepted the message"
	passing := false
	reasons := make([]string, 0, len(refusals))
	for _, refusal := range refusals {
		passing = passing || refusal.Passing
		reasons = append(reasons, refusal.Error())
	}
	if !passing {
		r.reason += ": " + strings.Join(reasons, "; ")
		return nil
	}
	return &UndeliveredError{Reasons: reasons}
}

// nameDeadChannels tells the channels that work about those that do not. What
// may pass is not worth a message where the memory will see to it.
func (r *run) nameDeadChannels(ctx context.Context, living []Channel, refusals []*notify.Error) {
	if r.memory.works() {
		refusals = slices.DeleteFunc(slices.Clone(refusals), func(e *notify.Error) bool { return e.Passing })
	}
	if len(refusals) > 0 {
		r.noteOnce(ctx, living, notify.DeadChannelNote(r.config.Language, refusals, r.id), r.now(), "")
	}
}

// noteOnce sends a note to the channels; where there is a memory, once for the
// day, which is today or one of the last two. The key tells notes apart that read
// the same.
func (r *run) noteOnce(ctx context.Context, channels []Channel, note license.Note, day time.Time, key string) []verdict {
	text := note.Title + "\n" + strings.Join(note.Lines, "\n") + key
	if r.memory.works() {
		channels = slices.DeleteFunc(slices.Clone(channels), func(c Channel) bool {
			return r.memory.ledger.WasToldToday(c.Name(), text, day)
		})
	}
	verdicts := r.sendAll(ctx, channels, func(ctx context.Context, c Channel) error { return c.Note(ctx, note) })
	if r.memory.works() {
		r.noteHead(note, verdicts)
		for _, v := range verdicts {
			if v.refusal == nil || v.refusal.Ambiguous { // a note that may have arrived is not repeated
				r.memory.ledger.MarkToldToday(v.channel.Name(), text, day)
			}
		}
	}
	return verdicts
}

// sendAll sends to the channels side by side, within telling's time. A channel
// that panics has failed; the others do not notice.
func (r *run) sendAll(ctx context.Context, channels []Channel, send func(context.Context, Channel) error) []verdict {
	ctx, cancel := context.WithDeadline(ctx, r.budget.tell)
	defer cancel()
	verdicts := make([]verdict, len(channels))
	var sending sync.WaitGroup
	for i, channel := range channels {
		sending.Go(func() {
			err := r.guarded(ctx, channel, func() error { return send(ctx, channel) })
			verdicts[i] = verdict{channel: channel, refusal: r.refusal(ctx, channel, err)}
		})
	}
	sending.Wait()
	return verdicts
}

// guarded makes a panic in a channel that channel's failure.
func (r *run) guarded(ctx context.Context, channel Channel, send func() error) (err error) {
	if !r.guard(ctx, channel.Name(), func() { err = send() }) {
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

// refusal is a channel's last word when it is an error, which is logged.
func (r *run) refusal(ctx context.Context, channel Channel, err error) *notify.Error {
	refusal := asRefusal(channel, err)
	if refusal == nil {
		return nil
	}
	r.logger.LogAttrs(ctx, slog.LevelWarn, "a channel did not take the message", slog.String("channel", channel.Name()),
		slog.String("error", refusal.Error()), slog.Bool("passing", refusal.Passing), slog.Bool("ambiguous", refusal.Ambiguous))
	return refusal
}
