package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"licensewatch/account"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/tencent"
)

// accountTime bounds the reading of one of many accounts.
const accountTime = 20 * time.Second

// manyAccounts are the accounts that a command reads, by the accounts file of the settings.
type manyAccounts struct {
	accountsFile

	settings config.Config
	accounts []fleet.Account  // of the file, and the members of the organization
	unlisted *license.Failure // why the members were not listed; nil: they were, or there is none
}

// openManyAccounts loads the accounts file with the keys that it names, and lists the members of
// the organization.
func openManyAccounts(ctx context.Context, c console) (*manyAccounts, error) {
	environment := config.ProcessEnvironment()
	f, err := openFleet(ctx, environment)
	if err != nil {
		return nil, err
	}
	m := &manyAccounts{accountsFile: f.accountsFile, settings: f.settings}
	if _, err := m.settings.Credentials(); err != nil {
		return nil, &exitError{text: err.Error()}
	}
	var members []fleet.Member
	if m.fleet.Organization != nil {
		working := c.startProgress("listing the members of the organization")
		defer working.done()
		bounded, cancel := context.WithTimeout(ctx, captureTime)
		defer cancel()
		list, err := account.NewClient(account.Options{Settings: m.settings,
			Sleep: c.sleep}).DescribeOrganizationMembers(bounded)
		if m.unlisted = account.FailureOf(err); err == nil {
			members = membersOf(list)
		}
	}
	m.accounts = m.fleet.WithMembers(members)
	return m, interruptedError(ctx)
}

// membersOf are the members of an organization, as the accounts file knows them.
func membersOf(list *license.Members) (members []fleet.Member) {
	for _, m := range list.List {
		member := fleet.Member{Uin: m.Uin()}
		if m.Name != nil {
			member.Name = *m.Name
		}
		members = append(members, member)
	}
	return members
}

// readMany reads accounts side by side, as many at once as the file says. The snapshots are in
// the order of the accounts; what failed is in them.
func (m *manyAccounts) readMany(ctx context.Context, c console, accounts []fleet.Account) ([]license.Snapshot, error) {
	transport := tencent.NewTransport()
	defer transport.CloseIdleConnections()
	base := account.Options{Settings: m.settings, Transport: transport, Now: c.now, Sleep: c.sleep}
	access := handler.NewFleetAccess(base, operatorSession, accounts)
	snapshots := make([]license.Snapshot, len(accounts))
	turns := make(chan int, len(accounts))
	for i := range accounts {
		turns <- i
	}
	close(turns)
	working := c.startProgress("reading %s", countOf(len(accounts), "account"))
	defer working.done()
	var mutex sync.Mutex
	done, show := 0, accountsProgress(working, "reading the accounts")
	var reading sync.WaitGroup
	for range min(m.fleet.Concurrency, len(accounts)) {
		reading.Go(func() {
			for i := range turns {
				if ctx.Err() != nil {
					return
				}
				bounded, cancel := context.WithTimeout(ctx, accountTime)
				snapshots[i] = account.Read(bounded, access.OptionsFor(&accounts[i]))
				cancel()
				mutex.Lock()
				done++
				show(done, len(accounts))
				mutex.Unlock()
			}
		})
	}
	reading.Wait()
	if ctx.Err() != nil {
		return nil, &exitError{text: "interrupted; nothing is written"}
	}
	return snapshots, nil
}

// unreadCauses gathers why accounts were not read, those of most accounts first.
func unreadCauses(accounts []fleet.Account, snapshots []license.Snapshot) []unreadCause {
	var causes []unreadCause
	for i, s := range snapshots {
		for _, source := range s.Wanted {
			f := s.Failures[source]
			if f == nil {
				continue
			}
			at := slices.IndexFunc(causes, func(c unreadCause) bool { return c.Code == f.Code && c.Action == f.Action })
			if at < 0 {
				at, causes = len(causes), append(causes,
					unreadCause{Code: f.Code, Action: f.Action, Fix: accountFixOf(&accounts[i], f)})
			}
			if !slices.Contains(causes[at].Accounts, accounts[i].Name) {
				causes[at].Accounts = append(causes[at].Accounts, accounts[i].Name)
			}
		}
	}
	slices.SortStableFunc(causes, func(a, b unreadCause) int { return len(b.Accounts) - len(a.Accounts) })
	return causes
}

// text is the cause in a line, with what to do.
func (u unreadCause) text() string {
	return countOf(len(u.Accounts), "account") + " (" + namesOf(u.Accounts, accountsShown) + "): " +
		causeText(&license.Failure{Code: u.Code, Action: u.Action}) + ": " + u.Fix
}
