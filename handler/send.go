package handler

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"licensewatch/internal/guard"
	"licensewatch/life"
	"licensewatch/notify"
)

// sender sends to channels side by side.
type sender struct {
	end    time.Time // telling ends then, of the real clock
	logger *slog.Logger
}

// deliveryVerdict is what became of a message in one channel.
type deliveryVerdict struct {
	channel Channel
	refusal *notify.Error // nil: accepted
	receipt notify.Receipt
}

// isPassing says whether something failed that may work later, so that the next message would
// fail as well.
func (v deliveryVerdict) isPassing() bool {
	return v.receipt.OwesCall() || v.refusal != nil && v.refusal.Retryable
}

// sendAll sends to the channels side by side, within its time. A channel
// that panics has failed; the others do not notice.
func (s sender) sendAll(ctx context.Context, channels []Channel,
	send func(context.Context, Channel) error) []deliveryVerdict {
	ctx, cancel := context.WithDeadline(ctx, s.end)
	defer cancel()
	verdicts := make([]deliveryVerdict, len(channels))
	var sending sync.WaitGroup
	for i, channel := range channels {
		sending.Go(func() {
			err := s.guardChannel(ctx, channel, func() error { return send(ctx, channel) })
			verdicts[i] = deliveryVerdict{channel: channel, refusal: s.lastRefusal(ctx, channel, err)}
		})
	}
	sending.Wait()
	return verdicts
}

// guardChannel makes a panic in a channel that channel's failure.
func (s sender) guardChannel(ctx context.Context, channel Channel, send func() error) (err error) {
	if !guard.Run(ctx, s.logger, channel.Name(), func() { err = send() }) {
		return &notify.Error{Channel: channel.Name(), Code: "Internal"}
	}
	return err
}

// asRefusal makes a channel's error a *notify.Error.
func asRefusal(channel Channel, err error) *notify.Error {
	if err == nil {
		return nil
	}
	refusal, ok := errors.AsType[*notify.Error](err)
	if !ok {
		refusal = &notify.Error{Channel: channel.Name(), Code: "Internal"}
	}
	return refusal
}

// lastRefusal is a channel's last word when it is an error, which is logged.
func (s sender) lastRefusal(ctx context.Context, channel Channel, err error) *notify.Error {
	refusal := asRefusal(channel, err)
	if refusal == nil {
		return nil
	}
	s.logger.LogAttrs(ctx, slog.LevelWarn, "a channel did not take the message", slog.String("channel", channel.Name()),
		slog.String("error", refusal.Error()), slog.Bool("passing", refusal.Retryable),
		slog.Bool("ambiguous", refusal.Ambiguous))
	return refusal
}

// refusalOf puts a channel's refusal into the ledger's words.
func refusalOf(e *notify.Error) life.Refusal {
	switch {
	case e.Ambiguous:
		return life.NoAnswer
	case e.Retryable:
		return life.RefusedForNow
	default:
		return life.RefusedForGood
	}
}
