package main

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"licensewatch/cmd/licensewatch/internal/calendar"
	"licensewatch/fleet"
	"licensewatch/license"
)

// fleetSimulation is a simulation of the accounts of a folder.
type fleetSimulation struct {
	*simulation // what all of them have in common

	folder *snapshotFolder
	due    []dueThing // in the order of time
	said   []accountSimulation
}

// accountSimulation is what becomes of an account.
type accountSimulation struct {
	account  *fleet.Account
	channels []string
	unread   []license.Source
	firing   []license.Finding // at the end
	due      []dueThing
}

// dueThing is something that channels hear of an account for the first time, or again.
type dueThing struct {
	At       time.Time
	Account  *fleet.Account
	Change   string // new, worse, due, changed, resolved, gone
	Severity license.Severity
	Rule     string
	Key      string // of the finding
	Title    string
	DaysLeft *int64
	Channels []string
	Called   bool
}

// The changes of what is no finding that fires.
const (
	changeChanged  = "changed"
	changeResolved = "resolved"
	changeGone     = "gone"
)

// runFolder simulates the accounts of a folder; one alone as one account is.
func (s *simulate) runFolder(ctx context.Context, c console) error {
	f, err := s.prepareFolder(ctx, c)
	if err != nil {
		return err
	}
	if len(f.folder.accounts) == 1 {
		return s.runAccount(ctx, c, f)
	}
	if err := s.checkFolderFlags(); err != nil {
		return err
	}
	f.until = f.from.AddDate(0, 0, s.days)
	if err := f.simulateAll(ctx, c); err != nil {
		return &exitError{text: "interrupted"}
	}
	if s.output.isJSON() {
		return c.printJSON(f.jsonDocument())
	}
	f.print(c)
	return nil
}

// checkFolderFlags refuses what is of one account.
func (s *simulate) checkFolderFlags() error {
	for _, flag := range []struct {
		name    string
		isGiven bool
	}{{"--full", s.full}, {"--until-silent", s.untilSilent}, {"--renew", len(s.renew) > 0}} {
		if flag.isGiven {
			return errors.New(flag.name + " is of one account: name it with --account")
		}
	}
	if s.withoutMemory {
		return errors.New("--without-memory is of one account: what repeats itself would say nothing of many; name one with --account")
	}
	return nil
}

// prepareFolder reads the folder, and makes what all accounts have in common.
func (s *simulate) prepareFolder(ctx context.Context, c console) (*fleetSimulation, error) {
	working := c.startProgress("reading the snapshots of %s", s.file)
	defer working.done()
	settings, err := s.loadSettings(folderSite())
	if err != nil {
		return nil, err
	}
	set, err := loadRules(settings)
	if err != nil {
		return nil, err
	}
	f := &fleetSimulation{simulation: &simulation{file: s.file, settings: settings}}
	if f.folder, err = readFolder(ctx, c, s.file, settings, s.folder); err != nil {
		return nil, err
	}
	f.accountsNote = f.folder.accountsNote(s.folder.accounts)
	for _, read := range f.folder.snapshots { // all begin when the last one was read
		if read.ReadAt.After(f.snapshot.ReadAt) {
			f.snapshot.ReadAt = read.ReadAt
		}
	}
	f.from = c.now().In(settings.Zone).Truncate(time.Second)
	if s.from != "" {
		if f.from, err = parseDay("--from", s.from, "2026-12-01", settings.Zone); err != nil {
			return nil, err
		}
	}
	if err := s.beginRead(f.simulation); err != nil {
		return nil, err
	}
	timers, err := s.chooseTimers(c, settings)
	if err != nil {
		return nil, err
	}
	f.deployment = calendar.Deployment{
		Rules: set, Timers: timers, Channels: folderChannels(f.folder), Zone: settings.Zone,
		Language: settings.Language,
		Hours:    settings.Hours, Machines: settings.Machines, Unknown: settings.Unknown, Memory: !s.withoutMemory,
		Fleet: f.folder.fleet,
	}
	return f, nil
}

// folderChannels are the names of the channels that may hear of an account of the folder.
func folderChannels(f *snapshotFolder) []string {
	var names []string
	for i := range f.accounts {
		for _, name := range f.fleet.RoutesOf(&f.accounts[i]).All() {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// runAccount simulates the only account that was chosen.
func (s *simulate) runAccount(ctx context.Context, c console, f *fleetSimulation) error {
	account := &f.folder.accounts[0]
	one := f.simulation
	one.snapshot = f.folder.snapshots[0]
	plan, err := s.parseRenewals(one)
	if err != nil {
		return err
	}
	one.deployment.Snapshot, one.deployment.Account, one.deployment.Renewals = one.snapshot, account, plan
	working := c.startProgress("simulating from %s on", one.from.Format(dateForm))
	defer working.done()
	return s.tell(ctx, c, working, one)
}

// simulateAll simulates the accounts, as many at once as there are processors.
func (f *fleetSimulation) simulateAll(ctx context.Context, c console) error {
	all := len(f.folder.accounts)
	working := c.startProgress("simulating %s", countOf(all, "account"))
	defer working.done()
	f.said = make([]accountSimulation, all)
	next := make(chan int, all)
	for i := range all {
		next <- i
	}
	close(next)
	var mutex sync.Mutex
	done, show := 0, accountsProgress(working, "simulating the accounts")
	var simulating sync.WaitGroup
	for range min(all, runtime.GOMAXPROCS(0)) {
		simulating.Go(func() {
			for i := range next {
				f.said[i] = f.simulateAccount(ctx, i)
				mutex.Lock()
				done++
				show(done, all)
				mutex.Unlock()
			}
		})
	}
	simulating.Wait()
	for i := range f.said {
		f.due = append(f.due, f.said[i].due...)
	}
	slices.SortStableFunc(f.due, func(a, b dueThing) int { return a.At.Compare(b.At) })
	return ctx.Err()
}

// simulateAccount simulates one of the accounts, and gathers what is due. Once the context has
// ended it is not whole.
func (f *fleetSimulation) simulateAccount(ctx context.Context, i int) accountSimulation {
	d := f.deployment
	d.Snapshot, d.Account = f.folder.snapshots[i], &f.folder.accounts[i]
	said := accountSimulation{account: d.Account, channels: f.folder.fleet.RoutesOf(d.Account).All()}
	for _, source := range d.Snapshot.Wanted {
		if !d.Snapshot.Has(source) {
			said.unread = append(said.unread, source)
		}
	}
	if len(said.unread) == len(d.Snapshot.Wanted) { // nobody knows what becomes of it
		return said
	}
	course := d.Start(f.from)
	messages, err := course.Until(ctx, f.until)
	if err != nil {
		return said
	}
	said.firing = course.Firing()
	for _, m := range messages {
		said.addDue(m, f.settings.Language)
	}
	return said
}

// addDue adds what a message tells that it did not tell the day before.
func (a *accountSimulation) addDue(m calendar.Message, language license.Language) {
	for _, finding := range m.Report.Firing {
		if finding.Story == nil || finding.Story.Change == license.ChangeOngoing {
			continue
		}
		change := string(finding.Story.Change)
		if finding.Event {
			change = changeChanged
		}
		a.addThing(dueThing{At: m.At, Account: a.account, Change: change, Severity: finding.Severity,
			Rule: finding.Rule, Key: finding.Key(),
			Title: finding.Title.In(language), DaysLeft: finding.DaysLeft, Channels: m.Channels,
			Called: m.Report.Mention && finding.Severity == license.Critical})
	}
	for _, r := range m.Report.Resolved {
		change := changeResolved
		if r.Gone {
			change = changeGone
		}
		rule, _, _ := strings.Cut(r.Key, "/")
		a.addThing(dueThing{At: m.At, Account: a.account, Change: change, Severity: r.Severity, Rule: rule, Key: r.Key,
			Title: r.Title.In(language), Channels: m.Channels})
	}
}

// addThing adds a thing, to the same one of the same day where there is one: channels may hear
// of it at different hours.
func (a *accountSimulation) addThing(t dueThing) {
	for i := len(a.due) - 1; i >= 0 && sameDay(a.due[i].At, t.At); i-- {
		d := &a.due[i]
		if d.Key != t.Key || d.Change != t.Change || d.Severity != t.Severity {
			continue
		}
		d.Called = d.Called || t.Called
		for _, channel := range t.Channels {
			if !slices.Contains(d.Channels, channel) {
				d.Channels = append(slices.Clone(d.Channels), channel)
			}
		}
		return
	}
	a.due = append(a.due, t)
}

func sameDay(a, b time.Time) bool { return a.Format(time.DateOnly) == b.Format(time.DateOnly) }
