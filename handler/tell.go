package handler

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"

	"licensewatch/license"
	"licensewatch/notify"
)

// verdict is what became of a message in one channel.
type verdict struct {
	channel Channel
	refusal *notify.Error // nil: accepted
}

// tell sends the report to every channel and the follow-up about those that
// failed to the others, and settles the run's outcome.
func (r *run) tell(ctx context.Context, report license.Report) error {
	verdicts := r.sendAll(ctx, func(ctx context.Context, c Channel) error { return c.Send(ctx, report) })
	var refusals []*notify.Error
	for _, v := range verdicts {
		r.account(v)
		if v.refusal != nil {
			refusals = append(refusals, v.refusal)
		}
	}
	switch {
	case len(refusals) == 0:
		r.outcome = OutcomeSent
		return nil
	case len(r.delivered) > 0:
		r.outcome = OutcomePartial
		r.reason += "; not delivered to " + strings.Join(r.undelivered, ", ")
		r.nameDeadChannels(ctx, verdicts, refusals)
		return nil
	default:
		return r.nobodyTold(refusals)
	}
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

// nameDeadChannels tells the channels that work about those that do not.
func (r *run) nameDeadChannels(ctx context.Context, verdicts []verdict, refusals []*notify.Error) {
	note := notify.DeadChannelNote(r.config.Language, refusals, r.id)
	var living []Channel
	for _, v := range verdicts {
		if v.refusal == nil {
			living = append(living, v.channel)
		}
	}
	r.send(ctx, living, func(ctx context.Context, c Channel) error { return c.Note(ctx, note) })
}

func (r *run) sendAll(ctx context.Context, send func(context.Context, Channel) error) []verdict {
	return r.send(ctx, r.channels, send)
}

// send sends to the channels side by side, within telling's time. A channel
// that panics has failed; the others do not notice.
func (r *run) send(ctx context.Context, channels []Channel, send func(context.Context, Channel) error) []verdict {
	ctx, cancel := context.WithDeadline(ctx, r.budget.tell)
	defer cancel()
	verdicts := make([]verdict, len(channels))
	var sending sync.WaitGroup
	for i, channel := range channels {
		sending.Go(func() {
			var err error
			if !r.guard(ctx, channel.Name(), func() { err = send(ctx, channel) }) {
				err = &notify.Error{Channel: channel.Name(), Code: "Internal"}
			}
			verdicts[i] = verdict{channel: channel, refusal: r.refusal(ctx, channel, err)}
		})
	}
	sending.Wait()
	return verdicts
}

// refusal makes a channel's error a *notify.Error and logs it.
func (r *run) refusal(ctx context.Context, channel Channel, err error) *notify.Error {
	if err == nil {
		return nil
	}
	var refusal *notify.Error
	if !errors.As(err, &refusal) {
		refusal = &notify.Error{Channel: channel.Name(), Code: "Internal"}
	}
	r.logger.LogAttrs(ctx, slog.LevelWarn, "a channel did not take the message", slog.String("channel", channel.Name()),
		slog.String("error", refusal.Error()), slog.Bool("passing", refusal.Passing), slog.Bool("ambiguous", refusal.Ambiguous))
	return refusal
}
