package main

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"licensewatch/fleet"
	"licensewatch/ledgers"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/session"
	"licensewatch/setup"
)

// accountState is how far an account is known.
type accountState string

// The states.
const (
	accountRead       accountState = "read"
	accountPartly     accountState = "partly"      // the last run read some of it
	accountFailed     accountState = "failed"      // the last run read nothing of it
	accountNotReached accountState = "not_reached" // the last run had no time for it
	accountNew        accountState = "new"         // no run has read it yet
	accountUnknown    accountState = "unknown"     // the memory of its slice cannot be read
	accountLeft       accountState = "left"        // the memory knows it, and it is not watched any more
	accountLeftOut    accountState = "left_out"    // its entry in the file is wrong
)

var accountStates = []accountState{accountRead, accountPartly, accountFailed, accountNotReached, accountNew,
	accountUnknown, accountLeft, accountLeftOut}

// accountsJSON is the accounts, for programs.
type accountsJSON struct {
	At       time.Time     `json:"at"`
	File     string        `json:"file"`
	LastRun  *runJSON      `json:"last_run"` // null: none is remembered
	Remarks  []string      `json:"remarks"`  // what is odd about the memory
	Totals   accountTotals `json:"totals"`   // of all, whatever is asked for
	Causes   []unreadCause `json:"causes"`   // why accounts were not read, those of most accounts first
	Accounts []accountJSON `json:"accounts"` // worst first
	Mistakes []string      `json:"mistakes"` // of single accounts, which are not watched
	Warnings []string      `json:"warnings"` // what looks wrong in the file, and may be meant
}

// accountTotals counts accounts.
type accountTotals struct {
	Accounts   int `json:"accounts"` // that are watched
	Read       int `json:"read"`     // those included that were read in part
	Partly     int `json:"partly"`
	Failed     int `json:"failed"`
	NotReached int `json:"not_reached"`
	New        int `json:"new"`
	Unknown    int `json:"unknown"` // the memory of their slice cannot be read
	Left       int `json:"left"`
	LeftOut    int `json:"left_out"`
	NeedAction int `json:"need_action"` // where something critical or a warning fires
	Well       int `json:"well"`        // read whole, and nothing of that
}

// firingCounts are how many findings fire that nobody has acknowledged and no other one tells of.
type firingCounts struct {
	Critical     int `json:"critical"`
	Warning      int `json:"warning"`
	Info         int `json:"info"`
	Acknowledged int `json:"acknowledged"`
}

// accountJSON is an account.
type accountJSON struct {
	Uin      string            `json:"uin"`
	Name     string            `json:"name"`
	Site     license.Site      `json:"site"`
	Access   string            `json:"access"` // self, role or keys; empty: it is not watched
	Role     string            `json:"role,omitempty"`
	Keys     string            `json:"keys,omitempty"` // how the names of the variables begin
	Export   bool              `json:"export"`         // its license details are exported
	Labels   map[string]string `json:"labels"`
	Line     int               `json:"line,omitempty"` // in the file; absent for a member of the organization
	State    accountState      `json:"state"`
	Unread   []unreadJSON      `json:"unread"`
	ReadAt   *time.Time        `json:"read_at"` // null: never
	Firing   firingCounts      `json:"firing"`
	Channels []string          `json:"channels"` // who may hear of it
	Owed     []string          `json:"owed"`     // channels that are owed a message of it
}

// unreadJSON is a source that the last run did not read.
type unreadJSON struct {
	Source license.Source `json:"source"`
	Since  time.Time      `json:"since"`
	Runs   int            `json:"runs"`
	Code   string         `json:"code,omitempty"` // absent: not known
	Action string         `json:"action,omitempty"`
	Fix    string         `json:"fix,omitempty"`
}

// unreadCause is why some accounts were not read.
type unreadCause struct {
	Code     string   `json:"code"`
	Action   string   `json:"action"`
	Fix      string   `json:"fix"`
	Accounts []string `json:"accounts"` // by name
}

// accountsReview says how accounts are, by the file and the memory.
type accountsReview struct{ *watchedFleet }

// describeAll says of each account how it is.
func (f *accountsReview) describeAll(now time.Time) accountsJSON {
	list := accountsJSON{
		At: now, File: setup.AccountsName(f.name), LastRun: f.lastRun(now),
		Remarks: []string{}, Accounts: []accountJSON{}, Mistakes: append([]string{}, leftOutLines(f.fleet)...),
		Warnings: []string{},
	}
	if other := f.otherOwner(); other != "" {
		list.Remarks = append(list.Remarks, other)
	}
	list.Remarks = append(list.Remarks, f.sliceRemarks()...)
	if f.settings.StateURL == "" {
		list.Remarks = append(list.Remarks, session.ErrNoStore.Error()+", and how accounts are is not known")
	}
	for _, p := range f.fleet.Warnings {
		list.Warnings = append(list.Warnings, p.String())
	}
	for _, a := range f.accounts {
		list.Accounts = append(list.Accounts, f.describe(&a, now))
	}
	for _, a := range f.gone {
		gone := f.describe(&a, now)
		gone.State, gone.Access, gone.Channels = accountLeft, "", []string{}
		list.Accounts = append(list.Accounts, gone)
	}
	for _, a := range f.fleet.LeftOut {
		list.Accounts = append(list.Accounts, accountJSON{Uin: a.Uin, Name: cmp.Or(a.Name, a.Uin),
			Site: f.settings.Site, Line: a.Line,
			State: accountLeftOut, Labels: map[string]string{}, Unread: []unreadJSON{}, Channels: []string{},
			Owed: []string{}})
	}
	list.Totals = totalsOf(list.Accounts)
	slices.SortStableFunc(list.Accounts, func(a, b accountJSON) int {
		return cmp.Or(b.rank()-a.rank(), b.Firing.Critical-a.Firing.Critical, b.Firing.Warning-a.Firing.Warning,
			strings.Compare(a.Name, b.Name))
	})
	return list
}

// rank orders accounts, the worst last.
func (a *accountJSON) rank() int {
	switch {
	case a.Firing.Critical > 0 && a.State != accountLeft:
		return 7
	case a.State == accountFailed, a.State == accountLeftOut:
		return 6
	case a.State == accountNotReached, a.State == accountUnknown:
		return 5
	case a.Firing.Warning > 0 && a.State != accountLeft:
		return 4
	case a.State == accountPartly:
		return 3
	case a.State == accountNew:
		return 2
	case a.State == accountRead:
		return 1
	}
	return 0
}

// describe says how one account is.
func (f *accountsReview) describe(a *fleet.Account, now time.Time) accountJSON {
	d := accountJSON{
		Uin: a.Uin, Name: a.Name, Site: a.Site, Labels: a.Labels, Line: a.Line, Unread: []unreadJSON{},
		Owed:     []string{},
		Channels: append([]string{}, f.fleet.RoutesOf(a).All()...),
	}
	if d.Labels == nil {
		d.Labels = map[string]string{}
	}
	d.Access, d.Role, d.Export = accessOf(a), a.Role, a.Export
	if a.Keys != nil {
		d.Keys = a.Keys.Name
	}
	ledger, err := f.open(a.Uin)
	if err != nil { // its next run begins it anew
		ledger = life.New()
	}
	memory := f.memoryOf(a.Uin)
	if d.setReading(ledger, memory.Ledgers, now); memory.err != nil {
		d.State = accountUnknown
	}
	for _, s := range ledger.Standings(now, f.settings.Hours) {
		switch {
		case s.Covered:
		case s.Ack != nil:
			d.Firing.Acknowledged++
		case s.Severity == license.Critical:
			d.Firing.Critical++
		case s.Severity == license.Warning:
			d.Firing.Warning++
		default:
			d.Firing.Info++
		}
	}
	for _, w := range ledger.Waiting(now) {
		if !w.Former && !slices.Contains(d.Owed, w.Channel) {
			d.Owed = append(d.Owed, w.Channel)
		}
	}
	return d
}

// setReading says how far the account was read.
func (a *accountJSON) setReading(ledger *life.Ledger, memory *ledgers.Ledgers, now time.Time) {
	a.State, a.ReadAt = accountRead, timeInZone(lastReading(ledger), now)
	watched := ledger.Watched()
	for _, u := range ledger.Unread() {
		unread := unreadJSON{Source: u.Source, Since: u.Since.In(now.Location()), Runs: u.Runs}
		if cause := ledger.UnreadCause(u.Source); cause != nil {
			unread.Code, unread.Action, unread.Fix = cause.Code, cause.Action, accountFix(a.Access, cause)
		}
		a.Unread = append(a.Unread, unread)
		if u.Partly {
			watched = append(watched, "") // some of it was read
		}
	}
	switch {
	case slices.Contains(memory.NotReached, a.Uin):
		a.State = accountNotReached
	case len(watched) == 0 && a.ReadAt == nil:
		a.State = accountNew
	case len(a.Unread) > 0 && len(a.Unread) >= len(watched):
		a.State = accountFailed
	case len(a.Unread) > 0:
		a.State = accountPartly
	}
}

// totalsOf counts the accounts.
func totalsOf(accounts []accountJSON) (t accountTotals) {
	for i := range accounts {
		a := &accounts[i]
		count := map[accountState]*int{accountPartly: &t.Partly, accountFailed: &t.Failed,
			accountNotReached: &t.NotReached,
			accountNew:        &t.New, accountUnknown: &t.Unknown,
			accountLeft: &t.Left, accountLeftOut: &t.LeftOut}[a.State]
		if count != nil {
			*count++
		}
		if a.State == accountLeft || a.State == accountLeftOut {
			continue
		}
		t.Accounts++
		if a.State == accountRead || a.State == accountPartly {
			t.Read++
		}
		needs := a.Firing.Critical+a.Firing.Warning > 0
		switch {
		case needs:
			t.NeedAction++
		case a.State == accountRead:
			t.Well++
		}
	}
	return t
}

// causesOf groups the accounts that were not read, or not whole, by why.
func causesOf(accounts []accountJSON) []unreadCause {
	causes := []unreadCause{}
	for i := range accounts {
		a := &accounts[i]
		for _, u := range a.Unread {
			if a.State == accountLeft || u.Code == "" {
				continue
			}
			at := slices.IndexFunc(causes, func(c unreadCause) bool { return c.Code == u.Code && c.Action == u.Action })
			if at < 0 {
				at, causes = len(causes), append(causes, unreadCause{Code: u.Code, Action: u.Action, Fix: u.Fix})
			}
			if !slices.Contains(causes[at].Accounts, a.Name) {
				causes[at].Accounts = append(causes[at].Accounts, a.Name)
			}
		}
	}
	slices.SortStableFunc(causes, func(a, b unreadCause) int { return len(b.Accounts) - len(a.Accounts) })
	return causes
}
