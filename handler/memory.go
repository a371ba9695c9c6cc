package handler

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"time"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/session"
)

// What a run remembers: its session holds the ledger from the moment it has the lock.
// It is nil in a run without a store.

// BindChannels tells the ledger where the channels of the settings lead, so that it
// speaks of them by the names that ChannelNames gives.
func BindChannels(ledger *life.Ledger, c config.Config, now time.Time) {
	channels := make([]life.Channel, len(c.Channels))
	for i := range c.Channels {
		channels[i] = life.Channel{Name: c.Channels[i].Name, ID: channelID(ledger, &c.Channels[i])}
	}
	ledger.Bind(channels, now)
}

// channelID is where a channel leads, as the ledger knows it. From the hash the webhook can be
// neither guessed nor tested without the ledger's key.
func channelID(ledger *life.Ledger, c *config.Channel) string {
	hash := hmac.New(sha256.New, []byte(ledger.Key(rand.Text())))
	_, _ = io.WriteString(hash, c.Kind.Name+config.Destination(c.Kind, c.Webhook))
	return hex.EncodeToString(hash.Sum(nil)[:6])
}

// memoryStatus is how the run remembers, in a word.
func memoryStatus(memory *session.Session) string {
	switch {
	case memory == nil:
		return "off"
	case memory.Works():
		return codeOK
	default:
		return memory.Code()
	}
}

// memoryNotices are what the reader should know about the memory.
func memoryNotices(memory *session.Session) (notices []license.Notice) {
	switch {
	case memory == nil:
		return nil
	case !memory.Works():
		if other := memory.OtherOwner(); other != (life.Owner{}) {
			return []license.Notice{{Code: license.NoticeOtherOwner, Args: []string{other.Account, string(other.Site)}}}
		}
		return []license.Notice{{Code: license.NoticeNoMemory, Args: []string{memory.Code()}}}
	}
	ledgers, found := memory.Aside()
	if n := len(ledgers); n > 0 { // of several the last one
		notices = append(notices, license.Notice{Code: license.NoticeStateCorrupt, Args: ledgers[n-1:]})
	}
	if len(found) > 0 {
		notices = append(notices, license.Notice{Code: license.NoticeStateDisplaced, Args: found})
	}
	isShed := memory.Ledger.Shed() || memory.Accounts != nil && memory.Accounts.Shed
	if len(notices) == 0 && isShed {
		notices = []license.Notice{{Code: license.NoticeStateShed}}
	}
	return notices
}

// admitNoMemory says so in messages that were decided on before the store failed.
func admitNoMemory(memory *session.Session, messages []life.Message) {
	if memory.Works() {
		return
	}
	for i := range messages {
		notices := messages[i].Report.Notices
		isSaid := func(n license.Notice) bool {
			return n.Code == license.NoticeNoMemory || n.Code == license.NoticeOtherOwner
		}
		if !slices.ContainsFunc(notices, isSaid) {
			messages[i].Report.Notices = append(memoryNotices(memory), notices...)
		}
	}
}
