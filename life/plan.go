package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// Input is what a run knows when it decides what to say.
type Input struct {
	Now      time.Time // in the zone that days are counted in
	Mode     license.Mode
	Channels []string // the names of the channels to be told, in their order
	Findings []license.Finding
	Snapshot license.Snapshot // what the findings were judged from
	// RuleIDs are the rules that exist and are switched on; nil when that is not
	// known.
	RuleIDs []string
	// Base is what every message of the run says: ID, Language, Export, Notices.
	// The rest of it is set by Plan.
	Base license.Report
	// Slot names what woke the run, the same in a rerun of the event; empty when the
	// event has no such name. A digest of the same slot is written once.
	Slot string
	// Hours are when alerts say what is only due by the calendar.
	Hours license.Hours
	// OnlyChanges leaves out digests that say what the last one said, for a week
	// at most.
	OnlyChanges bool
	// Own are, by channel, its own Hours and OnlyChanges, where they are not those of all.
	Own map[string]ChannelInput
	// IsRouted says whether a channel is to hear of a finding; nil: each hears of all. What
	// a channel has heard of, it hears the end of in any case.
	IsRouted func(f *license.Finding, channel string) bool
	// OnlyEnds are those of the channels that are not to hear of the account any more, but
	// when it is over what they have heard of.
	OnlyEnds []string
	// IsOneOfMany: what is said is part of one message about many accounts. Its id is that of
	// Base, also where a rerun of the event says something else; see WholeID.
	IsOneOfMany bool
	// Headline gives the headline of a report, to be remembered; nil when nobody
	// knows how it is written.
	Headline func(license.Report) string
}

// Message is one message to be sent.
type Message struct {
	ID     string
	Mode   license.Mode
	Report license.Report
	// Channels are those that it is to be sent to now, in the input's order. There are
	// several messages with one ID where it calls people, or may be a repeat, in some of
	// them only.
	Channels []string
	// Owed is true when an earlier run wrote it. Its text is the first one, but
	// says that it is late where it is; its Report has no link, but Export.TaskID
	// to ask for it again.
	Owed bool
}

// Plan is what a run is to send, in this order: a channel that fails a message
// in passing should not be sent the next ones.
type Plan struct {
	Messages []Message
	Reason   string            // in a few words; "nothing new" when there is nothing to send
	Findings []license.Finding // the input's, as the ledger sees them; those that are OK may be left out
}

// Plan decides what is to be said now and enters it into the outbox. Save the
// ledger before anything is sent.
func (l *Ledger) Plan(in Input) Plan {
	in = in.normalized()
	l.channels = in.Channels
	l.stored.Event = in.Slot
	l.observeClock(in.Now)
	l.EnterRun(Run{At: in.Now, Mode: in.Mode}, in.Channels)
	l.prune(in.Now)
	l.pruneOneOffs(in.Now)
	if l.isRerun(in) {
		// What is new is seen by the next run. A rerun only ends what was begun.
		seen := l.newTransition(in)
		seen.settleFindings()
		return Plan{l.sendableMessages(in, nil), l.rerunReason(in), seen.in.Findings}
	}
	for _, channel := range in.OnlyEnds {
		l.keepEnds(channel)
	}
	for _, channel := range in.Channels {
		l.makeRoom(channel, in.Now)
	}
	l.enterUsage(in.Now, in.Snapshot)
	if in.isDigest() {
		in.Base.Usage = l.Usage(in.Now)
	}
	t := newTelling(l.observeRun(in))
	in.Findings = t.in.Findings
	l.endCalls(in)
	contents := t.dueMessages()
	written := map[*pendingMessage]license.Report{}
	for _, c := range contents {
		m, report := t.writeMessage(c)
		l.stored.Outbox = append(l.stored.Outbox, m)
		l.stored.NotificationLog.addMessageHead(m, in.headlineOf(report))
		written[m] = report
	}
	for _, channel := range in.Channels {
		if in.isDigest() {
			l.releaseLost(channel, true)
		}
		l.forgetLost(channel)
	}
	if in.isDigest() && in.Slot != "" {
		l.stored.Slots[in.Slot] = &digestSlot{At: in.Now}
	}
	messages := l.sendableMessages(in, written)
	return Plan{messages, l.planReason(t, contents, messages), t.in.Findings}
}

// Pending are the messages that an earlier run left and that are sent now, where this one
// learned nothing of the account.
func (l *Ledger) Pending(in Input) []Message {
	in = in.normalized()
	l.channels = in.Channels
	return l.sendableMessages(in, nil)
}

func (in Input) isDigest() bool { return in.Mode == license.ModeDigest }

// ChannelInput is what a channel has of its own; see Input.
type ChannelInput struct {
	Hours       license.Hours
	OnlyChanges bool
}

// of is what holds for a channel.
func (in Input) of(channel string) ChannelInput {
	if own, ok := in.Own[channel]; ok {
		return own
	}
	return ChannelInput{in.Hours, in.OnlyChanges}
}

// isRouted says whether the channel is to hear of the finding.
func (in Input) isRouted(f *license.Finding, channel string) bool {
	return in.IsRouted == nil || in.IsRouted(f, channel)
}

// normalized gives the input each channel once, and deadlines that can be written.
func (in Input) normalized() Input {
	var channels []string
	for _, channel := range in.Channels {
		if !slices.Contains(channels, channel) {
			channels = append(channels, channel)
		}
	}
	in.Channels = channels
	isOdd := func(f license.Finding) bool { return f.Story != nil || f.Deadline.After(latestTime) }
	if slices.ContainsFunc(in.Findings, isOdd) {
		in.Findings = slices.Clone(in.Findings)
		for i := range in.Findings {
			in.Findings[i].Deadline = writable(in.Findings[i].Deadline)
			in.Findings[i].Story = nil
		}
	}
	return in
}

// isRerun says whether the digest of this slot was written before.
func (l *Ledger) isRerun(in Input) bool { return in.isDigest() && l.IsRerun(in.Slot, in.Now) }

// IsRerun says whether a digest of this slot was written before.
func (l *Ledger) IsRerun(slot string, now time.Time) bool {
	written := l.stored.Slots[slot]
	return slot != "" && written != nil && age(now, written.At) < eventLife
}

// sendableMessages are those of the outbox that can be sent now. written are the full
// reports of the messages that this run wrote.
func (l *Ledger) sendableMessages(in Input, written map[*pendingMessage]license.Report) []Message {
	var messages []Message
	callers := map[string]*pendingMessage{} // by channel: the last message that calls people
	for _, m := range l.stored.Outbox {
		_, fresh := written[m]
		for _, channel := range in.Channels {
			if m.Report.Mention && (fresh || l.stillCalls(m, channel, in.Now)) && l.isNext(m, channel, in) {
				callers[channel] = m
			}
		}
	}
	for _, m := range l.stored.Outbox {
		report, fresh := written[m]
		if !fresh {
			report = reportSentAt(m.Report, in.Now)
		}
		for _, f := range deliveryForms {
			channels := slices.DeleteFunc(slices.Clone(in.Channels), func(channel string) bool {
				return l.formFor(m, channel, in, callers[channel]) != f
			})
			if len(channels) > 0 {
				report.Mention, report.Repeat, report.OnlyCall = f&formMention > 0, f&formRepeat > 0, f == formOnlyCall
				messages = append(messages, Message{ID: m.ID, Mode: m.Mode, Report: report, Channels: channels,
					Owed: !fresh})
			}
		}
	}
	return messages
}

// deliveryForm is how a message is sent to some of its channels; 0: not at all.
type deliveryForm uint8

const (
	formMessage  deliveryForm = 1 << iota
	formMention               // it calls people
	formRepeat                // and says that it may be a repeat
	formCall                  // it is only the call
	formOnlyCall = formCall | formMention
)

// deliveryForms are all there are, in the order in which they are sent.
var deliveryForms = []deliveryForm{formMessage | formMention, formMessage | formMention | formRepeat, formMessage,
	formMessage | formRepeat, formOnlyCall}

// formFor is how the message is sent to the channel now; caller is the message of the
// run that calls people there, if one does.
func (l *Ledger) formFor(m *pendingMessage, channel string, in Input, caller *pendingMessage) deliveryForm {
	switch {
	case l.isNext(m, channel, in):
		f := formMessage
		if caller == m {
			f |= formMention
		}
		if m.mayBeRepeat(channel) {
			f |= formRepeat
		}
		return f
	case caller == nil && slices.Contains(m.Calls, channel) && l.stillCalls(m, channel, in.Now):
		return formOnlyCall
	default:
		return 0
	}
}

// isNext says whether the message is sent to the channel now.
func (l *Ledger) isNext(m *pendingMessage, channel string, in Input) bool {
	return m.isOwed(channel) && l.isTried(m, channel, in) && !l.isHeld(m, channel, in)
}

// isTried says whether the run is one that may send the message. A digest says what an
// alert says that was refused for good, or got no answer.
func (l *Ledger) isTried(m *pendingMessage, channel string, in Input) bool {
	if m.isAlert() && (in.isDigest() && (l.isRefusedForGood(m, channel, in.Now) || m.mayBeRepeat(channel)) ||
		m.isTriedIn(in.Slot, channel)) {
		return false
	}
	return l.isSendable(m, channel, in.Now)
}
