package handler

import (
	"context"
	"slices"
	"time"

	"licensewatch/ledgers"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/session"
)

// fleetMemory is what is remembered of many accounts together, in their ledgers and beside
// them: what channels have answered and are owed, which accounts were not read, and who belongs
// to the organization.
type fleetMemory struct {
	session  *session.Session // nil: there is no store
	fleet    *fleetRun
	channels []string
	now      func() time.Time

	owing    []life.Owed // what channels are owed, over all accounts, once answers are settled
	doubtful []string    // channels that may not have got what they were told
}

// accountLife is how long an account is remembered that is not watched any more.
const accountLife = 7 * 24 * time.Hour

// forgetAccounts drops the ledgers of accounts that were not watched for so long. An account
// whose entry is wrong keeps its own.
func (m *fleetMemory) forgetAccounts(now time.Time) {
	if !m.session.Works() {
		return
	}
	keeps := map[string]bool{}
	for _, a := range m.fleet.watched {
		keeps[a.Uin] = true
	}
	for _, a := range m.fleet.LeftOut {
		keeps[a.Uin] = true
	}
	for _, uin := range m.session.Accounts.Accounts() {
		if keeps[uin] {
			continue
		}
		if ledger, err := m.session.Accounts.Open(uin); err != nil || now.Sub(ledger.Runs().Last().At) >= accountLife {
			m.session.Accounts.Forget(uin)
		}
	}
}

// await does nothing: what all have answered is settled at the end.
func (m *fleetMemory) await([]life.Message) {}

// enter notes what a channel answered, until it is settled in the ledgers of the accounts.
func (m *fleetMemory) enter(own *life.Ledger, message life.Message, v deliveryVerdict) {
	m.session.Accounts.Answer(m.answerOf(message.ID, v))
	if v.refusal == nil {
		own.NoteNotices(message.Report.Notices)
	}
}

// answerOf is what a channel answered, in the ledgers' words.
func (m *fleetMemory) answerOf(id string, v deliveryVerdict) ledgers.Answer {
	a := ledgers.Answer{ID: id, Channel: v.channel.Name(), At: m.now()}
	if v.refusal != nil {
		a.Refusal = refusalOf(v.refusal)
		return a
	}
	a.OwesCall = v.receipt.OwesCall()
	for _, fact := range v.receipt.Unnamed {
		name, rest := license.AccountOfFact(fact)
		if a.Unnamed == nil {
			a.Unnamed = map[string][]string{}
		}
		uin := m.fleet.uins[name]
		a.Unnamed[uin] = append(a.Unnamed[uin], rest)
	}
	return a
}

// settle enters what channels answered in the ledgers of all accounts, and sums up what is
// still owed.
func (m *fleetMemory) settle(ctx context.Context) {
	if !m.session.Works() {
		return
	}
	now := m.now()
	owed, doubtful := map[string]*life.Owed{}, map[string]bool{}
	watched := map[string]bool{}
	for _, a := range m.fleet.watched {
		watched[a.Uin] = true
	}
	err := m.session.Accounts.Settle(func(account string, ledger *life.Ledger) {
		if account != "" && !watched[account] { // nobody will be sent it
			return
		}
		for _, c := range m.fleet.Channels {
			for _, o := range ledger.Owed([]string{c.Name}, now, c.Hours) {
				sum := owed[o.Channel]
				if sum == nil {
					sum = &life.Owed{Channel: o.Channel}
					owed[o.Channel] = sum
				}
				sum.Messages, sum.Again = max(sum.Messages, o.Messages), sum.Again || o.Again
			}
		}
		for _, channel := range ledger.Doubtful(m.channels) {
			doubtful[channel] = true
		}
	})
	if err != nil {
		m.session.Fail(ctx, err)
		return
	}
	m.owing, m.doubtful = nil, nil
	for _, channel := range m.channels {
		if o := owed[channel]; o != nil {
			m.owing = append(m.owing, *o)
		}
		if doubtful[channel] {
			m.doubtful = append(m.doubtful, channel)
		}
	}
}

func (m *fleetMemory) owed() []life.Owed { return m.owing }

func (m *fleetMemory) isOwing() bool { return m.session.Works() && len(m.owing)+len(m.doubtful) > 0 }

// noteNotReached remembers for which accounts there was no time.
func (m *fleetMemory) noteNotReached() {
	if !m.session.Works() {
		return
	}
	m.session.Accounts.NotReached = nil
	for _, a := range m.fleet.results {
		if !a.isReached {
			m.session.Accounts.NotReached = append(m.session.Accounts.NotReached, a.account.Uin)
		}
	}
}

// wereNotReached are the accounts for which the last run had no time.
func (m *fleetMemory) wereNotReached() map[string]bool {
	uins := map[string]bool{}
	if m.session.Works() {
		for _, uin := range m.session.Accounts.NotReached {
			uins[uin] = true
		}
	}
	return uins
}

// unreadDay is how long an account is unread until that is a day; a daily timer may be early.
const unreadDay = 24*time.Hour - 5*time.Minute

// noteUnread has the memory remember since when accounts are not read, and says in the totals
// how many are not for a day.
func (m *fleetMemory) noteUnread(totals *license.FleetTotals, now time.Time) {
	if !m.session.Works() {
		return
	}
	var unread []string
	names := map[string]string{}
	for _, a := range m.fleet.results {
		if a.status == license.AccountFailed || a.status == license.AccountNotReached {
			unread = append(unread, a.account.Uin)
			names[a.account.Uin] = a.account.Name
		}
	}
	since := m.session.Accounts.NoteUnread(unread, now)
	longest, count := "", int64(0)
	for _, uin := range unread {
		if longest == "" || since[uin].Before(since[longest]) {
			longest = uin
		}
		if now.Sub(since[uin]) >= unreadDay {
			count++
		}
	}
	totals.UnreadForDay, totals.LongestUnread = &count, new(names[longest])
}

// organization is what is known of the organization's members.
func (m *fleetMemory) organization() (known ledgers.Organization) {
	if m.session.Knows() {
		known = m.session.Accounts.Organization
	}
	return known
}

func (m *fleetMemory) setOrganization(known ledgers.Organization) {
	if m.session.Works() {
		m.session.Accounts.Organization = known
	}
}

// newAndGone are who came to the organization and who left it since a digest named them.
func (m *fleetMemory) newAndGone() (come, gone []string) {
	if !m.session.Works() {
		return nil, nil
	}
	return m.session.Accounts.Organization.New, m.session.Accounts.Organization.Gone
}

// noteNamed forgets those whom a digest of this run has named that a channel accepted.
func (m *fleetMemory) noteNamed(messages []life.Message, delivered []string) {
	if !m.session.Works() {
		return
	}
	o := &m.session.Accounts.Organization
	for _, message := range messages {
		named := message.Report.Fleet
		if message.Mode != license.ModeDigest || message.Owed || named == nil || !slices.Contains(delivered, message.Channels[0]) {
			continue
		}
		o.New = slices.DeleteFunc(o.New, func(name string) bool { return slices.Contains(named.New, name) })
		o.Gone = slices.DeleteFunc(o.Gone, func(name string) bool { return slices.Contains(named.Gone, name) })
	}
}
