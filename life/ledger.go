package life

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"licensewatch/license"
)

// Version is the format of the ledgers that this package writes and reads.
const Version = 1

// Ledger is what was said to whom, and what is still owed to whom, for one
// account. Make one with New or Decode. It is not safe for concurrent use.
type Ledger struct {
	stored   storedLedger
	channels []string // of the run, from Bind or Plan on
	isBehind bool     // the run's clock is behind that of an earlier run
}

// New makes the ledger of an account about which nothing was said yet.
func New() *Ledger {
	l := &Ledger{}
	l.stored.tidy()
	return l
}

// addOneOff keeps something to be told to the channels tell and listed in the next
// digests of the channels list.
func (l *Ledger) addOneOff(n oneOff, now time.Time, tell, list []string) {
	if len(tell) == 0 && len(list) == 0 {
		return
	}
	// a clock that is behind makes nothing old
	n.Number, n.At = l.stored.nextSerial(), laterOf(now, l.stored.Clock.Latest)
	n.Tell, n.List = slices.Clone(tell), slices.Clone(list)
	l.stored.OneOffs = append(l.stored.OneOffs, &n)
	shareChannels(l.stored.OneOffs[max(0, len(l.stored.OneOffs)-2):])
}

// Owner is whose ledger it is; zero when no run has said so yet.
func (l *Ledger) Owner() Owner { return l.stored.Owner }

// Own enters what is known of the owner and does not stand in the ledger yet.
func (l *Ledger) Own(o Owner) {
	if l.stored.Owner.Site == "" {
		l.stored.Owner.Site = o.Site
	}
	if l.stored.Owner.Account == "" {
		l.stored.Owner.Account = o.Account
	}
}

// Key is what the identities of the channels are hashed with. A ledger that has none
// takes the fresh one, which is random.
func (l *Ledger) Key(fresh string) string {
	if l.stored.Key == "" {
		l.stored.Key = fresh
	}
	return l.stored.Key
}

// ChannelID is where the channel of the name leads, as a hash; empty where nobody knows.
func (l *Ledger) ChannelID(name string) string {
	if c := l.stored.Channels[name]; c != nil {
		return c.ID
	}
	return ""
}

// KnownChannels are the names of the channels that the ledger was bound to last, and of those
// before them that are kept, sorted.
func (l *Ledger) KnownChannels() []string { return sortedKeys(l.stored.Channels) }

// Bind tells the ledger where the channels of the settings lead. What it knows of a
// channel follows that: it gets the name that the settings give it now. One that they
// do not name any more is kept for a week with what it is owed, under its name unless
// another one has that now. Call it before anything else of a run whose settings are
// right; without channels it does nothing.
func (l *Ledger) Bind(channels []Channel, now time.Time) {
	if len(channels) == 0 {
		return
	}
	l.channels = nil
	for _, c := range channels {
		l.channels = append(l.channels, c.Name)
	}
	l.stored.bindChannels(channels, now)
}

// Runs are the last runs. It must only be read.
func (l *Ledger) Runs() RunHistory { return l.stored.Runs }

// EnterRun remembers a run: first that it has begun, and again, with the same
// At, how it ended. A run after an unusually long pause leaves word of that for
// the next digest of each of the channels. Plan enters the run that it is
// called for; those that do not come so far enter themselves.
func (l *Ledger) EnterRun(r Run, channels []string) {
	if gap := l.stored.enterRun(r); gap != nil {
		l.addOneOff(oneOff{Gap: gap}, r.At, nil, channels)
	}
}

// TakeRuns takes over the runs of another ledger, where it has a newer one.
func (l *Ledger) TakeRuns(other *Ledger) {
	if other.Runs().Last().At.After(l.Runs().Last().At) {
		l.stored.runLog = other.stored.runLog
	}
}

// Watched are the sources that the last run asked for.
func (l *Ledger) Watched() []license.Source { return slices.Clone(l.stored.Watched) }

// NotificationLog are the last messages.
func (l *Ledger) NotificationLog() *NotificationLog { return &l.stored.NotificationLog }

// Notes are those that were told, or may have been, in the last two days.
func (l *Ledger) Notes() *Notes { return &l.stored.Notes }

// Exports are the tasks that somebody has to see to.
func (l *Ledger) Exports() *Exports { return &l.stored.Exports }

// History are the exports of usage histories.
func (l *Ledger) History() *HistoryExports { return &l.stored.History }

// PageToSend is what it remembers of the page that chats are still to be sent.
func (l *Ledger) PageToSend() *PageToSend { return &l.stored.PageToSend }

// Evidence is what is remembered of the archive, to be looked at and changed. Another
// archive than before begins anew.
func (l *Ledger) Evidence(archive string) *Evidence {
	if l.stored.Evidence.Archive != archive {
		l.stored.Evidence = Evidence{Archive: archive}
	}
	return &l.stored.Evidence
}

// LastEvidence is what is remembered of the archive that there was last.
func (l *Ledger) LastEvidence() Evidence { return l.stored.Evidence }

// ArchiveID tells the archive of a URL from another one, by a hash from which the URL cannot
// be guessed. fresh is a key for a ledger that has none yet.
func (l *Ledger) ArchiveID(url, fresh string) string {
	hash := hmac.New(sha256.New, []byte(l.Key(fresh)))
	_, _ = io.WriteString(hash, "archive "+url) // a hash takes all
	return hex.EncodeToString(hash.Sum(nil)[:6])
}

// Acknowledge silences reminders about a rule's findings, or about one subject's,
// until ack.Until, or until one of them gets worse than what fires now. That of a
// whole rule is about what fires now: what begins to fire later is told once. It
// replaces an earlier acknowledgement of the same.
// Rule, Until, Reason and By must be given; At, Severity and Over are set here.
// The error is an *AckError.
func (l *Ledger) Acknowledge(ack license.Ack, now time.Time) error {
	ack.Reason, ack.By = strings.TrimSpace(ack.Reason), strings.TrimSpace(ack.By)
	if err := checkAck(ack, now); err != nil {
		return err
	}
	ack.At, ack.Severity, ack.Over = now, "", false
	for _, s := range l.stored.Records {
		if ack.Covers(s.Rule, s.Subject) {
			ack.Severity = worseOf(ack.Severity, s.Severity)
		}
	}
	return l.stored.addAck(ack)
}

// RemoveAck ends an acknowledgement; the empty subject is that of the whole
// rule. It reports whether there was one.
func (l *Ledger) RemoveAck(rule, subject string) bool { return l.stored.removeAck(rule, subject) }

// UseByDay is how many licenses were in use on each day that is remembered, with what was read
// now; days without a reading are not there.
func (l *Ledger) UseByDay(now time.Time, s *license.Snapshot) []license.UsedLicenses {
	return slices.Clone(l.stored.Usage).with(now, s).byDay(now)
}

// Acks are the acknowledgements that hold, by rule and subject.
func (l *Ledger) Acks(now time.Time) []license.Ack { return l.stored.acksAt(now) }

// Previous are the readings before the next Plan, for rules about changes.
func (l *Ledger) Previous() Previous { return l.stored.Previous }

// PreviousReading is the reading before the next Plan, for rules about changes; nil
// when there was none. It must only be read.
func (l *Ledger) PreviousReading() *license.Snapshot {
	s := l.stored.Previous.snapshot()
	if s != nil {
		s.Lapses, s.Bound = maps.Clone(l.stored.Lapses), maps.Clone(l.stored.Bound)
	}
	return s
}

// Bound are the machines that are kept of each order, by Order.Key, for people who ask.
func (l *Ledger) Bound() map[string]license.BoundMachines { return maps.Clone(l.stored.Bound) }

// Usage is how many licenses were in use on each of the last 30 days, today's last; nil for
// a day without a reading. It begins with the first day that has one.
func (l *Ledger) Usage(now time.Time) []license.DailyUsage { return l.stored.Usage.shownAt(now) }

// KeepAside remembers where something was kept that stood in the ledger's place or
// way, so that it is told.
func (l *Ledger) KeepAside(name string) { l.stored.keepAside(name) }

// Aside is what KeepAside was given, until a channel accepted a message that tells
// of it; then it is empty.
func (l *Ledger) Aside() []string { return l.stored.asideNames() }

// NoteNotices notes that a channel has accepted these.
func (l *Ledger) NoteNotices(notices []license.Notice) { l.stored.noteNotices(notices) }

// ClearAsideAt remembers when something that is kept aside is to be removed; the
// zero time says that nothing is.
func (l *Ledger) ClearAsideAt(at time.Time) { l.stored.ClearAside = at }

// ClearsAside says whether that time has come.
func (l *Ledger) ClearsAside(now time.Time) bool {
	return !l.stored.ClearAside.IsZero() && !now.Before(l.stored.ClearAside)
}

// Shed says whether the ledger was too large when it was last written, and is without
// its oldest since.
func (l *Ledger) Shed() bool { return l.stored.Shed }

// Encode writes the ledger: as one JSON object up to 3 MiB, else packed. One that is
// too large even so is written without what is missed least, and says that in the next
// run, in this order: the heads of earlier messages, what alerts have told and the next
// digest would list, the orders in the outbox's snapshots, the previous reading of the
// orders, the oldest messages that are owed, of which what still holds is due again, and
// the oldest one-offs. The ledger itself stays as it is.
func (l *Ledger) Encode() ([]byte, error) { return l.stored.encode() }

// EncodeOneOfMany writes the ledger of one of many accounts: without the heads of earlier
// messages, which the fleet's own ledger has, and with the usage by day in short.
func (l *Ledger) EncodeOneOfMany() ([]byte, error) {
	light := l.stored
	light.NotificationLog, light.Usage, light.ShortUsage = NotificationLog{}, nil, light.Usage.short()
	return light.encode()
}

// HasMessages says whether somebody is owed a message, or may have got one.
func (l *Ledger) HasMessages() bool { return len(l.stored.Outbox) > 0 }

// HasFindings says whether a finding fires by the ledger, or did lately: without it that would
// be said anew.
func (l *Ledger) HasFindings() bool { return len(l.stored.Records)+len(l.stored.Ended) > 0 }

// PartIDs are the ids of the parts of a message about many accounts that somebody is owed.
func (l *Ledger) PartIDs(whole string) (ids []string) { return l.stored.partIDs(whole) }

// IsRerun says whether a digest of this slot was written before.
func (l *Ledger) IsRerun(slot string, now time.Time) bool { return l.stored.isWritten(slot, now) }

// SkipDigest has no digest of this slot written by the ledger of an account of which the fleet's
// digest of that slot knew nothing: what is due is seen by the next run.
func (l *Ledger) SkipDigest(slot string, now time.Time) {
	if !l.IsRerun(slot, now) {
		l.stored.Slots[slot] = &digestSlot{At: now}
	}
}

// Owed says which of the channels are still owed something, in their order. Ask
// after the last answer of a run.
func (l *Ledger) Owed(channels []string, now time.Time, hours license.Hours) []Owed {
	return l.stored.owed(channels, now, hours)
}

// OwesCall says whether the channel is still owed the call of a message that it
// accepted.
func (l *Ledger) OwesCall(channel string) bool { return l.stored.owesCall(channel) }

// OwesMessage says whether a channel is still owed the message of the id.
func (l *Ledger) OwesMessage(id, channel string) bool {
	return l.stored.owedMessage(id, channel) != nil
}

// FailingSince is since when the channel has accepted nothing that it was sent; false
// where it accepted what it was sent last.
func (l *Ledger) FailingSince(channel string) (time.Time, bool) {
	at, ok := l.stored.Failing[channel]
	return at, ok
}

// NoteCode remembers what the channel refused with, and gives what else it has refused with since
// it accepted something, oldest first: the last few of these.
func (l *Ledger) NoteCode(channel, code string) (before []string) {
	return l.stored.noteCode(channel, code)
}

// Heard says whether the channel has heard of something that fires, or is owed a message.
func (l *Ledger) Heard(channel string) bool {
	return l.stored.hasHeard(channel) ||
		slices.ContainsFunc(l.stored.Outbox, func(m *pendingMessage) bool { return m.isOwed(channel) })
}

// HadDigest says whether the channel accepted a digest since a time.
func (l *Ledger) HadDigest(channel string, since time.Time) bool {
	last := l.stored.Digests[channel]
	return last != nil && !last.At.Before(since)
}

// Remembers tells which findings the ledger asks for one by one although they are ok or
// unknown: those that fired in an earlier run and have not ended, also where the order may
// have another name by now, and the changes of the last day.
func (l *Ledger) Remembers() func(rule, subject string) bool {
	return l.stored.remembers(l.stored.namesakeStems())
}
