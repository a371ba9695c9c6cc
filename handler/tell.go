package handler

import (
	"context"
	"slices"
	"strings"
	"time"

	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/notify"
	"licensewatch/session"
)

// telling sends the messages of a run to its channels, and says by what they answer how the
// run ends.
type telling struct {
	*ending

	channels  []Channel
	followUps *followUps
	memory    *session.Session
	answers   answerBook
	mode      license.Mode
	now       func() time.Time
}

// tell sends the messages, each channel's in their order and the channels side by side, then
// the follow-up about those that failed, and settles the outcome.
func (t *telling) tell(ctx context.Context, messages []life.Message) error {
	var uncalled uncalledPeople
	t.answers.await(messages)
	verdicts := t.followUps.sendAll(ctx, t.channels, func(sending context.Context, c Channel) error {
		return t.sendTo(sending, c, messages, func(m life.Message, v deliveryVerdict) {
			uncalled.noteVerdict(v)
			t.followUps.evidence.addReport(m, v, t.now())
			// is saved even when telling's time is up
			t.memory.Note(ctx, func(ledger *life.Ledger) { t.answers.enter(ledger, m, v) })
		})
	})
	t.answers.settle(ctx)
	var refusals []*notify.Error
	var living []Channel // those that did not refuse, whether or not there was a message for them
	for _, v := range verdicts {
		if isFor(messages, v.channel) {
			t.countDelivery(v)
		}
		if v.refusal != nil && !v.refusal.Call {
			refusals = append(refusals, v.refusal)
			t.followUps.noteRefused(v.refusal)
		} else {
			living = append(living, v.channel)
		}
	}
	switch {
	case len(refusals) == 0 && len(uncalled.refused) > 0:
		t.outcome = OutcomePartial
		t.reason += t.followUps.tellUncalled(ctx, living, uncalled.refused)
		return t.stillOwed()
	case len(refusals) == 0:
		t.outcome = OutcomeSent
		return nil
	case len(living) > 0:
		t.outcome = OutcomePartial
		t.reason += "; not delivered to " + strings.Join(t.undelivered, ", ")
		t.followUps.nameDeadChannels(ctx, living)
		t.reason += t.followUps.tellUncalled(ctx, living, uncalled.refused)
		return t.stillOwed()
	default:
		return t.nobodyTold(refusals)
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
func (t *telling) sendTo(ctx context.Context, channel Channel, messages []life.Message,
	answered func(life.Message, deliveryVerdict)) error {
	var failed *notify.Error
	isCalled := false
	for _, message := range messages {
		if !slices.Contains(message.Channels, channel.Name()) {
			continue
		}
		v := deliveryVerdict{channel: channel}
		if isCalled && message.Report.OnlyCall { // they were called with another message
			answered(message, v)
			continue
		}
		message.Report.Mention = message.Report.Mention && !isCalled // once a run is enough
		t.memory.BeginMessage()
		err := t.followUps.guardChannel(ctx, channel, func() (err error) {
			v.receipt, err = channel.Send(ctx, message.Report)
			return err
		})
		v.refusal = asRefusal(channel, err)
		answered(message, v)
		if v.refusal != nil && (failed == nil || !v.refusal.Call) {
			failed = v.refusal
		}
		isCalled = isCalled || message.Report.Mention && v.refusal == nil && v.receipt.Uncalled == nil
		if v.isPassing() {
			break
		}
	}
	if failed == nil {
		return nil
	}
	return failed
}

// nobodyTold ends a run whose message no channel accepted. An error makes the
// platform run the event again, so there is one only where that may help: where a
// message may pass that was refused, and an alert also where it may have arrived.
func (t *telling) nobodyTold(refusals []*notify.Error) error {
	t.outcome, t.reason = OutcomeFailed, "nobody accepted the message"
	helps := false
	reasons := make([]string, 0, len(refusals))
	for _, refusal := range refusals {
		helps = helps || refusal.Retryable && (!refusal.Ambiguous || t.mode == license.ModeAlert)
		reasons = append(reasons, refusal.Error())
	}
	if t.memory.Works() {
		helps = t.stillOwed() != nil
	}
	if !helps {
		t.reason += ": " + strings.Join(reasons, "; ")
		return nil
	}
	return &UndeliveredError{Reasons: reasons}
}

// stillOwed is the error that makes the platform run the event again, where the
// memory makes that safe and it may help.
func (t *telling) stillOwed() error {
	if !t.memory.Works() {
		return nil
	}
	var waiting []string
	for _, owed := range t.answers.owed() {
		if owed.Again {
			waiting = append(waiting, owed.Channel)
		}
	}
	if len(waiting) == 0 {
		return nil
	}
	return &OwedError{Channels: waiting}
}
