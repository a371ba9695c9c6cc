package handler

import (
	"context"
	"log/slog"
	"slices"

	"licensewatch/archive"
	"licensewatch/fleet"
	"licensewatch/license"
	"licensewatch/life"
)

// fleetRun is what a run of many accounts has besides.
type fleetRun struct {
	*fleet.Fleet

	memory     *fleetMemory              // of the accounts together
	slice      fleet.Slice               // that the run is about; the zero value is all accounts
	watched    []fleet.Account           // those of the file, and the members of the organization
	pick       []string                  // patterns of those that somebody picked; empty: all
	isPick     bool                      // somebody picked them from all: nothing is said of all together
	results    []*accountResult          // of the watched ones, in their order
	whole      *accountResult            // the fleet as a whole; of no account
	judged     *license.Snapshot         // what rules about the fleet were asked about; nil: they were not
	count      *license.FleetCount       // of all; nil: it was not counted
	sources    map[string]map[string]int // how many accounts, by source and code
	mistakesTo []string                  // the channels that are told of wrong entries of the accounts file
	unlisted   *license.Failure          // why the members were not listed; nil: they were
	languages  []license.Language
	uins       map[string]string // of the accounts, by name
	held       heldRecords
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
	used       *int64 // UsedLicenseCnt of its overview; nil where that was not read or does not say
	notExpired *int64 // NotExpiredLicenseCnt, likewise
	isDoubtful bool   // a message about it alone would say that something is not known
	messages   []life.Message

	exporter *exporter // nil: no export of it is to be seen to

	held    *heldRecord  // nil: it has no record of the run
	sealed  archive.Link // empty: it is not sealed
	missing string       // why it is not
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

// noteReading enters how far an account was read.
func (a *accountResult) noteReading(s license.Snapshot) {
	a.sources = sourceCodes(s)
	if s.Overview != nil {
		a.used, a.notExpired = s.Overview.UsedLicenseCnt, s.Overview.NotExpiredLicenseCnt
	}
	switch {
	case isBlind(s):
		a.status = license.AccountFailed
	case len(failedSources(s)) > 0:
		a.status = license.AccountPartly
	default:
		a.status = license.AccountRead
	}
}

// channelLanguages are those of the channels of the accounts file, by name.
func (f *fleetRun) channelLanguages() map[string]license.Language {
	if f == nil {
		return nil
	}
	languages := map[string]license.Language{}
	for _, c := range f.Channels {
		languages[c.Name] = c.Language
	}
	return languages
}

// quietOutcome is how a run of many accounts ends that has nothing to say; unknown is how many
// findings are.
func (f *fleetRun) quietOutcome(unknown int) (Outcome, string) {
	failed := 0
	for _, a := range f.results {
		if a.status != license.AccountRead {
			failed++
		}
	}
	switch {
	case failed > 0:
		return OutcomeUnknown, "nothing new, but could not read " + countNoun(failed, "account", "accounts")
	case unknown > 0:
		return OutcomeUnknown, "nothing new, but " + countNoun(unknown, "rule", "rules") + " could not be judged"
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

// countAccounts sums up the accounts, for the Summary and for rules about the fleet, and gives
// what was found in them.
func (f *fleetRun) countAccounts() (found Counts) {
	var count license.FleetCount
	sources := map[string]map[string]int{}
	for _, a := range f.results {
		a.addTo(&count)
		for source, code := range a.sources {
			if sources[source] == nil {
				sources[source] = map[string]int{}
			}
			sources[source][code]++
		}
		found.add(a.counts)
	}
	f.count, f.sources = &count, sources
	return found
}

// summary are the accounts for the Summary; nil where they were not counted.
func (f *fleetRun) summary() *AccountCounts {
	if f == nil || f.count == nil {
		return nil
	}
	return new(f.accountCounts())
}

func (f *fleetRun) accountCounts() AccountCounts {
	return AccountCounts{Read: f.count.Read, Partly: f.count.Partly, Failed: f.count.Failed,
		NotReached: f.count.NotReached}
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
	count.Add(a.status, a.used, a.notExpired, int64(a.counts.Critical+a.counts.Warning+a.counts.Info))
}

func (c *Counts) add(other Counts) {
	c.Critical += other.Critical
	c.Warning += other.Warning
	c.Info += other.Info
	c.Covered += other.Covered
	c.Unknown += other.Unknown
}

// logLeftOut logs what is wrong with single accounts of the file.
func (f *fleetRun) logLeftOut(ctx context.Context, logger *slog.Logger) {
	if f == nil {
		return
	}
	for _, a := range f.LeftOut {
		for _, p := range a.Problems {
			logger.LogAttrs(ctx, slog.LevelError, "an account is left out", slog.String("mistake", p.String()))
		}
	}
}

// leftOutFor are those mistakes, a line each, for a channel that is told them.
func (f *fleetRun) leftOutFor(channel string) (texts []string) {
	if !slices.Contains(f.mistakesTo, channel) {
		return nil
	}
	for _, a := range f.LeftOut {
		for _, p := range a.Problems {
			texts = append(texts, p.String())
		}
	}
	return texts
}
