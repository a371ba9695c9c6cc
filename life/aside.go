package life

import (
	"slices"
	"strings"
	"time"

	"licensewatch/license"
)

// maxAside is how many names Aside has at most.
const maxAside = 5

// KeepAside remembers where something was kept that stood in the ledger's place or
// way, so that it is told.
func (l *Ledger) KeepAside(name string) {
	names := append(l.Aside(), name)
	l.stored.Aside = strings.Join(names[max(0, len(names)-maxAside):], " ")
}

// Aside is what KeepAside was given, until a channel accepted a message that tells
// of it; then it is empty.
func (l *Ledger) Aside() []string { return strings.Fields(l.stored.Aside) }

// tellsAside says whether a notice is about what Aside gives. It is said once.
func tellsAside(n license.Notice) bool {
	return n.Code == license.NoticeStateCorrupt || n.Code == license.NoticeStateDisplaced
}

// isSaidOnce says whether a notice is news that the next digest does not repeat.
func isSaidOnce(n license.Notice) bool { return tellsAside(n) || n.Code == license.NoticeMembers }

// NoteNotices notes that a channel has accepted these.
func (l *Ledger) NoteNotices(notices []license.Notice) {
	if slices.ContainsFunc(notices, tellsAside) {
		l.stored.Aside = ""
	}
}

// ClearAsideAt remembers when something that is kept aside is to be removed; the
// zero time says that nothing is.
func (l *Ledger) ClearAsideAt(at time.Time) { l.stored.ClearAside = at }

// ClearsAside says whether that time has come.
func (l *Ledger) ClearsAside(now time.Time) bool {
	return !l.stored.ClearAside.IsZero() && !now.Before(l.stored.ClearAside)
}
