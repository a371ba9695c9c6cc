package life

import (
	"time"

	"licensewatch/license"
)

// HeldPage is a page that chats are still to be sent as a file; its record has it.
type HeldPage struct {
	ID   string       `json:"id"` // of its message
	At   time.Time    `json:"at"`
	Page license.Page `json:"page"`
	// To are the channels that were told that it follows.
	To []string `json:"to" by:"channel"`
}

// PlanPage is Plan for a run that tells of a page, in.Base.Page, and of nothing that was
// judged. A rerun of the event writes no second message, and in.Base.Page may be nil then: it
// ends what was begun.
func (l *Ledger) PlanPage(in Input) Plan {
	in = in.normalized()
	l.channels = in.Channels
	l.stored.Event = in.Slot
	l.observeClock(in.Now)
	l.EnterRun(Run{At: in.Now, Mode: in.Mode}, in.Channels)
	l.prune(in.Now)
	written := map[*pendingMessage]license.Report{}
	if !l.IsRerun(in.Slot, in.Now) && in.Base.Page != nil && len(in.Channels) > 0 {
		content := messageContent{channels: in.Channels}
		m, report := content.writeMessage(l.stored.newID(in, content), in, nil, nil)
		m.Slot = in.Slot
		l.stored.Outbox = append(l.stored.Outbox, m)
		written[m] = report
		if !in.IsOneOfMany {
			l.stored.NotificationLog.addMessageHead(m, in.headlineOf(report))
		}
		if in.Slot != "" {
			l.stored.Slots[in.Slot] = &digestSlot{At: in.Now}
		}
	}
	messages := l.sendableMessages(in, written)
	switch {
	case len(written) > 0:
		return Plan{Messages: messages, Reason: "report"}
	case len(messages) > 0:
		return Plan{Messages: messages, Reason: "this report was made already, and is still owed"}
	default:
		return Plan{Reason: "this report was sent already"}
	}
}

// HoldPage remembers that chats are to be sent the page of a message.
func (l *Ledger) HoldPage(p HeldPage) { l.stored.HeldPage = &p }

// HeldPage is the page that chats are still to be sent; nil: none. One that nobody got for a
// day is forgotten.
func (l *Ledger) HeldPage(now time.Time) *HeldPage {
	if held := l.stored.HeldPage; held != nil && age(now, held.At) >= exportLife {
		l.stored.HeldPage = nil
	}
	return l.stored.HeldPage
}

// ReleasePage forgets that a page is held.
func (l *Ledger) ReleasePage() { l.stored.HeldPage = nil }

// OwesMessage says whether a channel is still owed the message of the id.
func (l *Ledger) OwesMessage(id, channel string) bool {
	m := l.stored.owedMessage(id, channel)
	return m != nil
}
