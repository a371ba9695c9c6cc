package handler

import (
	"context"
	"slices"
	"strings"
	"time"

	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/notify"
)

// tellChannels sends the messages, each channel's in their order and the channels side by
// side, then the follow-up about those that failed, and settles the outcome.
func (r *run) tellChannels(ctx context.Context, messages []life.Message) error {
	var uncalled uncalledPeople
	verdicts := r.followUps.sendAll(ctx, r.channels, func(sending context.Context, c Channel) error {
		return r.sendTo(sending, c, messages, func(m life.Message, v deliveryVerdict) {
			uncalled.noteVerdict(v)
			r.followUps.evidence.addReport(m, v, r.reportTime())
			r.noteDelivery(ctx, m, v) // is saved even when telling's time is up
		})
	})
	r.settleAnswers(ctx)
	var refusals []*notify.Error
	var living []Channel // those that did not refuse, whether or not there was a message for them
	for _, v := range verdicts {
		if isFor(messages, v.channel) {
			r.countDelivery(v)
		}
		if v.refusal != nil && !v.refusal.Call {
			refusals = append(refusals, v.refusal)
			r.followUps.refused = append(r.followUps.refused, v.channel.Name())
		} else {
			living = append(living, v.channel)
		}
	}
	switch {
	case len(refusals) == 0 && len(uncalled.refused) > 0:
		r.outcome = OutcomePartial
		r.reason += r.followUps.tellUncalled(ctx, living, uncalled.refused)
		return r.stillOwed()
	case len(refusals) == 0:
		r.outcome = OutcomeSent
		return nil
	case len(living) > 0:
		r.outcome = OutcomePartial
		r.reason += "; not delivered to " + strings.Join(r.undelivered, ", ")
		r.followUps.nameDeadChannels(ctx, living, refusals)
		r.reason += r.followUps.tellUncalled(ctx, living, uncalled.refused)
		return r.stillOwed()
	default:
		return r.nobodyTold(refusals)
	}
}

// isFor says whether any of the messages is for the channel.
func isFor(messages []life.Message, channel Channel) bool {
	return slices.ContainsFunc(messages, func(m life.Message) bool {
		return slices.Contains(m.Channels, channel.Name())
	})
}

// sendTo sends a channel its messages. After one that failed in passing the next
// would fail as well.
func (r *run) sendTo(ctx context.Context, channel Channel, messages []life.Message,
	answered func(life.Message, deliveryVerdict)) error {
	var failed *notify.Error
	for _, message := range messages {
		if !slices.Contains(message.Channels, channel.Name()) {
			continue
		}
		v := deliveryVerdict{channel: channel}
		r.memory.BeginMessage()
		err := r.followUps.guardChannel(ctx, channel, func() (err error) {
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

// stillOwed is the error that makes the platform run the event again, where the
// memory makes that safe and it may help.
func (r *run) stillOwed() error {
	if !r.memory.Works() {
		return nil
	}
	var waiting []string
	for _, owed := range r.owedNow() {
		if owed.Again {
			waiting = append(waiting, owed.Channel)
		}
	}
	if len(waiting) == 0 {
		return nil
	}
	return &OwedError{Channels: waiting}
}

// owesMessages says whether any channel is still owed a message, also one that has to
// wait until somebody has mended it, or may not have got one.
func (r *run) owesMessages() bool {
	if r.fleet != nil {
		return r.memory.Works() && len(r.fleet.owed)+len(r.fleet.doubtful) > 0
	}
	return r.memory.Works() && isOwing(r.memory.Ledger, namesOf(r.channels), r.reportTime(), r.config.Hours)
}

func isOwing(ledger *life.Ledger, channels []string, now time.Time, hours license.Hours) bool {
	return len(ledger.Owed(channels, now, hours))+len(ledger.Doubtful(channels)) > 0
}
