package handler

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"licensewatch/account"
	"licensewatch/archive"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/ledgers"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/rules"
	"licensewatch/setup"
	"licensewatch/state"
)

// A run of many accounts takes the steps of a run for each account by itself: read, judge,
// decide, each with a ledger of its own. What they have to say to a channel is one message.

// fleetRun is what a run of many accounts has besides.
type fleetRun struct {
	*fleet.Fleet

	watched   []fleet.Account           // those of the file, and the members of the organization
	results   []*accountResult          // of them, in their order
	isPick    bool                      // somebody picked them from all: nothing is said of all together
	own       *accountResult            // the fleet as a whole; of no account
	count     *license.FleetCount       // of all; nil: it was not counted
	sources   map[string]map[string]int // how many accounts, by source and code
	unlisted  *license.Failure          // why the members were not listed; nil: they were
	languages []license.Language
	uins      map[string]string // of the accounts, by name
	owed      []life.Owed       // what channels are owed, over all accounts, once answers are settled
	doubtful  []string          // channels that may not have got what they were told
	held      heldRecords
}

// accountResult is what became of an account in a run.
type accountResult struct {
	hearing

	account *fleet.Account

	snapshot   *license.Snapshot // what another run has read of it, until it is judged
	isReached  bool
	status     license.AccountState
	sources    map[string]string
	counts     Counts
	overview   *license.Overview
	isDoubtful bool // a message about it alone would say that something is not known
	messages   []life.Message

	held    *heldRecord  // nil: it has no record of the run
	sealed  archive.Link // empty: it is not sealed
	isTried bool         // sealing it has begun
	missing string       // why it is not
}

// loadFleet reads the accounts file of the settings, and has its channels take the place of
// those of the environment.
func (r *run) loadFleet(ctx context.Context) (mistakes []string) {
	if r.config.AccountsFile == "" {
		return nil
	}
	loaded, err := setup.LoadAccounts(ctx, r.config.AccountsFile, fleet.OptionsOf(r.config, r.handler.environment()),
		state.Options{Credentials: r.config.Keys, Transport: r.handler.transport, Sleep: r.handler.sleep, Logger: r.logger})
	mistakes = setup.Unquoted(err)
	if loaded == nil { // nobody knows whom to tell but the channels of the environment, if there are any
		settings, _ := config.Load(r.handler.environment)
		r.config.Channels = settings.Channels
		return mistakes
	}
	r.fleet = &fleetRun{Fleet: loaded, uins: map[string]string{}, isPick: len(r.handler.accounts) > 0}
	r.config.Channels = nil
	for _, c := range loaded.Channels {
		r.config.Channels = append(r.config.Channels, config.Channel{Name: c.Name, Kind: c.Kind, Webhook: c.Webhook, Mention: c.Mention})
		r.fleet.addLanguage(c.Language)
	}
	r.config = r.config.WithKnown(loaded.Variables...)
	slice := r.event.division.slice
	loaded.LeftOut = slices.DeleteFunc(loaded.LeftOut, func(a fleet.LeftOut) bool { return !slice.Has(a.Uin) })
	return mistakes
}

// addLanguage has findings worded in a language as well.
func (f *fleetRun) addLanguage(l license.Language) {
	if !slices.Contains(f.languages, l) {
		f.languages = append(f.languages, l)
	}
}

// addResult adds an account, of which nothing is known yet.
func (f *fleetRun) addResult(of *fleet.Account) *accountResult {
	a := &accountResult{account: of, hearing: newHearing(f.Fleet, of)}
	f.results = append(f.results, a)
	return a
}

// ownLanguages are those of the channels of the accounts file, by name.
func (r *run) ownLanguages() map[string]license.Language {
	if r.fleet == nil {
		return nil
	}
	languages := map[string]license.Language{}
	for _, c := range r.fleet.Channels {
		languages[c.Name] = c.Language
	}
	return languages
}

// doFleet takes the steps of a run of many accounts.
func (r *run) doFleet(ctx context.Context) error {
	now := r.reportTime()
	r.recallMemory(ctx)
	r.rerun = r.event.isRerun(now)
	if r.busy || r.memory.LooksTaken(ctx, halfwayBetween(time.Now(), r.budget.tell)) {
		return r.giveWay()
	}
	endWatch := r.watchTime(ctx)
	defer endWatch()
	now = r.reportTime()
	r.decide(now)
	if r.rules == nil {
		r.rules = rules.Default()
	}
	r.rules.PrepareChanges()
	r.settleAnswers(ctx) // of a run that was killed
	r.listMembers(ctx, now)
	r.forgetAccounts(now)
	var beside sync.WaitGroup
	if r.archive.showsHead() {
		beside.Go(func() { r.archive.findHead(ctx) })
	}
	r.readFleet(ctx, now)
	beside.Wait()
	r.noteNotReached()
	r.countFleet()
	r.decideOwn(ctx, now)
	err := r.decideAndTellFleet(ctx, endWatch)
	sealing := fleetSealing{archiving: r.archive, fleet: r.fleet, closeIdle: r.handler.closeIdleConnections}
	sealing.seal(ctx)
	r.reason += r.unreadSlices()
	r.dropParts(ctx)
	if err != nil {
		return err
	}
	if r.outcome != OutcomeFailed && r.owesMessages() {
		r.outcome = OutcomePartial
	}
	r.reportHeartbeat(ctx)
	return nil
}

// listsMembersAfter is how old a list of the organization's members may be; a daily timer
// may be early.
const listsMembersAfter = 24*time.Hour - 5*time.Minute

// listMembers lists the members of the organization, once a day. Where that is refused, the
// last list stands.
func (r *run) listMembers(ctx context.Context, now time.Time) {
	var known ledgers.Organization
	if r.memory.Knows() {
		known = r.memory.Accounts.Organization
	}
	if r.fleet.Organization != nil && (known.At.IsZero() || now.Sub(known.At) >= listsMembersAfter || known.At.After(now)) {
		ctx, cancel := context.WithDeadline(ctx, halfwayBetween(time.Now(), r.budget.collect))
		defer cancel()
		members, err := r.client.DescribeOrganizationMembers(ctx)
		if err != nil {
			r.fleet.unlisted = account.FailureOf(err)
			r.logger.LogAttrs(ctx, slog.LevelWarn, "the members of the organization were not listed", slog.String("error", err.Error()))
		} else {
			var list []ledgers.Member
			for _, m := range members.List {
				if !r.event.division.slice.Has(m.Uin()) {
					continue
				}
				member := ledgers.Member{Uin: m.Uin()}
				if m.Name != nil {
					member.Name = *m.Name
				}
				list = append(list, member)
			}
			known.Update(list, !members.Incomplete, now)
		}
	}
	if r.memory.Works() {
		r.memory.Accounts.Organization = known
	}
	members := make([]fleet.Member, len(known.Members))
	for i, m := range known.Members {
		members[i] = fleet.Member{Uin: m.Uin, Name: m.Name}
	}
	for _, a := range fleet.Matching(r.fleet.WithMembers(members), r.handler.accounts) {
		if r.event.division.slice.Has(a.Uin) {
			r.fleet.uins[a.Name] = a.Uin
			r.fleet.watched = append(r.fleet.watched, a)
		}
	}
}

// noteNotReached has the memory remember for which accounts there was no time.
func (r *run) noteNotReached() {
	if !r.memory.Works() {
		return
	}
	r.memory.Accounts.NotReached = nil
	for _, a := range r.fleet.results {
		if !a.isReached {
			r.memory.Accounts.NotReached = append(r.memory.Accounts.NotReached, a.account.Uin)
		}
	}
}

// decideAndTellFleet says what the accounts have to say. The ledgers are saved before
// anything is sent.
func (r *run) decideAndTellFleet(ctx context.Context, endWatch func() (isTimeUp bool)) error {
	messages := r.composeFleet()
	if r.memory != nil && time.Now().Before(r.budget.tell) {
		if len(messages) > 0 {
			r.archive.begin()
		}
		r.memory.Save(ctx, halfwayBetween(time.Now(), r.budget.tell))
	}
	switch {
	case endWatch():
		return r.endTooLate()
	case r.memory.IsTaken(): // this run was frozen
		return r.giveWay()
	case len(messages) == 0:
		r.settleAnswers(ctx) // what is owed
		r.outcome, r.reason = r.quietFleet()
		r.followUps.tellUnheard(ctx)
		return nil
	}
	r.admitNoMemory(messages)
	for _, message := range messages {
		r.unanswered += len(message.Channels)
	}
	err := r.tellChannels(ctx, messages)
	if r.hasNamedMembers(messages) && r.memory.Works() {
		r.memory.Accounts.Organization.New, r.memory.Accounts.Organization.Gone = nil, nil
	}
	r.followUps.tellUnheard(ctx)
	return err
}

// hasNamedMembers says whether a channel accepted a digest of this run, which names the
// members that came and went.
func (r *run) hasNamedMembers(messages []life.Message) bool {
	return slices.ContainsFunc(messages, func(m life.Message) bool {
		return m.Mode == license.ModeDigest && !m.Owed && slices.Contains(r.delivered, m.Channels[0])
	})
}

// quietFleet is how a run of many accounts ends that has nothing to say.
func (r *run) quietFleet() (Outcome, string) {
	failed := 0
	for _, a := range r.fleet.results {
		if a.status != license.AccountRead {
			failed++
		}
	}
	switch {
	case failed > 0:
		return OutcomeUnknown, "nothing new, but could not read " + countNoun(failed, "account", "accounts")
	case r.counts.Unknown > 0:
		return OutcomeUnknown, "nothing new, but " + countNoun(r.counts.Unknown, "rule", "rules") + " could not be judged"
	default:
		return OutcomeQuiet, "nothing new"
	}
}

// AccountCounts are how many accounts were read, of those of the accounts file.
type AccountCounts struct {
	Read       int `json:"read"`
	Partly     int `json:"partly"` // those of read of which not all was read
	Failed     int `json:"failed"`
	NotReached int `json:"not_reached"`
}

// countFleet sums up the accounts, for the Summary and for rules about the fleet.
func (r *run) countFleet() {
	var count license.FleetCount
	sources := map[string]map[string]int{}
	for _, a := range r.fleet.results {
		a.addTo(&count)
		for source, code := range a.sources {
			if sources[source] == nil {
				sources[source] = map[string]int{}
			}
			sources[source][code]++
		}
		r.counts.add(a.counts)
	}
	r.fleet.count, r.fleet.sources = &count, sources
}

// summary are the accounts for the Summary; nil where they were not counted.
func (f *fleetRun) summary() *AccountCounts {
	if f == nil || f.count == nil {
		return nil
	}
	return new(f.accountCounts())
}

func (f *fleetRun) accountCounts() AccountCounts {
	return AccountCounts{Read: f.count.Read, Partly: f.count.Partly, Failed: f.count.Failed, NotReached: f.count.NotReached}
}

// sourceCounts are how many accounts there are by source and code; nil where they were not
// counted.
func (f *fleetRun) sourceCounts() map[string]map[string]int {
	if f == nil {
		return nil
	}
	return f.sources
}

// addTo counts the account.
func (a *accountResult) addTo(count *license.FleetCount) {
	count.Add(a.status, a.overview, int64(a.counts.Critical+a.counts.Warning+a.counts.Info))
}

func (c *Counts) add(other Counts) {
	c.Critical += other.Critical
	c.Warning += other.Warning
	c.Info += other.Info
	c.Covered += other.Covered
	c.Unknown += other.Unknown
}

// logLeftOut logs what is wrong with single accounts of the file.
func (r *run) logLeftOut(ctx context.Context) {
	if r.fleet == nil {
		return
	}
	for _, a := range r.fleet.LeftOut {
		for _, p := range a.Problems {
			r.logger.LogAttrs(ctx, slog.LevelError, "an account is left out", slog.String("mistake", p.String()))
		}
	}
}

// leftOutTexts are those mistakes, a line each.
func (f *fleetRun) leftOutTexts() (texts []string) {
	for _, a := range f.LeftOut {
		for _, p := range a.Problems {
			texts = append(texts, p.String())
		}
	}
	return texts
}
