package handler

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/session"
)

// What a run remembers: its session holds the ledger from the moment it has the lock.
// It is nil in a run without a store.

// openMemory opens the run's session; nothing is read yet.
func (r *run) openMemory() *session.Session {
	if r.config.StateURL == "" || r.handler.dryRun != nil { // a dry run leaves no trace
		return nil
	}
	o := session.OptionsOf(r.config)
	o.Store.Transport, o.Store.Disk, o.Store.Sleep = r.handler.transport, r.handler.disk, r.handler.sleep
	o.Store.Logger, o.Logger = r.logger, r.logger
	o.Holder, o.Now = r.id, r.reportTime
	o.Wait, o.End = r.budget.collect, r.budget.end // at the end of reading there is still time to read again
	o.OfMany = r.fleet != nil
	r.divideMemory(&o)
	return session.Open(o)
}

// memoryOwner is the site and the account of the run, as far as they are known: a site that
// is misspelled is not.
func (r *run) memoryOwner() life.Owner {
	own := life.Owner{Site: r.config.Site, Account: r.host.TencentcloudUin}
	if r.fleet != nil {
		own = sliceOwner(r.config, r.event.division.slice)
	}
	if r.mistaken {
		own.Site = ""
	}
	return own
}

// BindChannels tells the ledger where the channels of the settings lead, so that it
// speaks of them by the names that ChannelNames gives.
func BindChannels(ledger *life.Ledger, c config.Config, now time.Time) {
	key := ledger.Key(rand.Text())
	channels := make([]life.Channel, len(c.Channels))
	for i, channel := range c.Channels {
		// From the hash the webhook can be neither guessed nor tested without the key.
		hash := hmac.New(sha256.New, []byte(key))
		_, _ = io.WriteString(hash, channel.Kind.Name+config.Destination(channel.Kind, channel.Webhook))
		channels[i] = life.Channel{Name: channel.Name, ID: hex.EncodeToString(hash.Sum(nil)[:6])}
	}
	ledger.Bind(channels, now)
}

// noteDelivery enters what a channel answered to a message, and has it saved.
func (r *run) noteDelivery(ctx context.Context, message life.Message, v deliveryVerdict) {
	r.memory.Note(ctx, func(ledger *life.Ledger) {
		now := r.reportTime()
		if r.fleet != nil {
			r.memory.Accounts.Answer(r.fleet.answerOf(message.ID, v, now))
			if v.refusal == nil {
				ledger.NoteNotices(message.Report.Notices)
			}
			return
		}
		if v.refusal != nil {
			ledger.Refuse(message.ID, v.channel.Name(), now, refusalOf(v.refusal))
			return
		}
		ledger.AcceptBut(message.ID, v.channel.Name(), now,
			life.Rest{Unnamed: v.receipt.Unnamed, Call: v.receipt.OwesCall()})
		// The last answer is saved together with how the run ends, which is clear when all accept.
		if r.unanswered--; r.unanswered == 0 && !isOwing(ledger, namesOf(r.channels), now, r.config.Hours) {
			r.enterOutcome(OutcomeSent)
		}
	})
}

// memoryStatus is how the run remembers, in a word.
func (r *run) memoryStatus() string {
	switch {
	case r.memory == nil:
		return "off"
	case r.memory.Works():
		return codeOK
	default:
		return r.memory.Code()
	}
}

// memoryNotices are what the reader should know about the memory.
func (r *run) memoryNotices() (notices []license.Notice) {
	switch {
	case r.memory == nil:
		return nil
	case !r.memory.Works():
		if other := r.memory.OtherOwner(); other != (life.Owner{}) {
			return []license.Notice{{Code: license.NoticeOtherOwner, Args: []string{other.Account, string(other.Site)}}}
		}
		return []license.Notice{{Code: license.NoticeNoMemory, Args: []string{r.memory.Code()}}}
	}
	ledgers, found := r.memory.Aside()
	if n := len(ledgers); n > 0 { // of several the last one
		notices = append(notices, license.Notice{Code: license.NoticeStateCorrupt, Args: ledgers[n-1:]})
	}
	if len(found) > 0 {
		notices = append(notices, license.Notice{Code: license.NoticeStateDisplaced, Args: found})
	}
	isShed := r.memory.Ledger.Shed() || r.memory.Accounts != nil && r.memory.Accounts.Shed
	if len(notices) == 0 && isShed {
		notices = []license.Notice{{Code: license.NoticeStateShed}}
	}
	return notices
}

// enterEnd has the ledger remember how the run ended.
func (r *run) enterEnd() {
	if r.memory.Works() {
		r.enterOutcome(r.outcome)
	}
}

func (r *run) enterOutcome(outcome Outcome) {
	at := r.decided
	if at.IsZero() {
		at = r.reportTime()
	}
	r.memory.Ledger.EnterRun(life.Run{At: at, Mode: r.mode, Outcome: string(outcome), Reason: r.reason},
		namesOf(r.channels))
}
