package handler

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
	"licensewatch/rules"
)

// Decision is all that a run knows when it decides what to say. It is the pure
// part of a run: whoever fills it in as a run does gets what the run would say.
type Decision struct {
	ID   string // the run's id
	Slot string // names the event that woke it; empty when that has no time

	Now      time.Time // in the zone that days are counted in
	Mode     license.Mode
	Language license.Language
	Hours    license.Hours // when alerts say what is only due by the calendar
	Channels []string      // the names of the channels, as ChannelNames gives them

	Snapshot license.Snapshot
	Rules    *rules.Set        // that judged it
	Findings []license.Finding // what they found

	Export  license.Export
	Notices []license.Notice     // about the memory
	Unknown []config.UnknownName // settings that do not exist

	Machines config.MachinesShown // MachinesNames names them
	Digest   config.DigestWhen    // which digests are posted; empty: every one
	Rerun    bool                 // the platform runs the event again
	ByKeys   []string             // the channels whose readers go by the keys of findings

	// Of one of many accounts; nil otherwise. See life.Input.
	perChannel map[string]life.ChannelInput
	isRouted   func(f *license.Finding, channel string) bool
	onlyEnds   []string // channels; see life.Input
}

// newBaseDecision is what the run, its settings and its rules say, of whichever account.
func newBaseDecision(id string, now time.Time, mode license.Mode, c config.Config, set *rules.Set) Decision {
	d := Decision{ID: id, Now: now, Mode: mode, Language: c.Language, Hours: c.Hours, Rules: set,
		Export: license.Export{Status: license.ExportOff}, Machines: c.Machines}
	for _, channel := range c.Channels {
		if channel.Kind.IsByKeys {
			d.ByKeys = append(d.ByKeys, channel.Name)
		}
	}
	return d
}

// Decided is what a run is to do.
type Decided struct {
	Messages []life.Message // what is to be sent
	// Outcome is OutcomeSent when there is something to send, which is then still to be
	// done, and OutcomeUnknown when that is only that nothing could be read; else it says
	// with Reason why there is nothing.
	Outcome  Outcome
	Reason   string
	Findings []license.Finding // as the ledger sees them
}

// Decide says what is to be sent, and enters it into the ledger's outbox; with a
// nil ledger it is the decision of a run without memory.
func (d Decision) Decide(ledger *life.Ledger) Decided {
	base := license.Report{
		ID:       d.ID,
		Mode:     d.Mode,
		Language: d.Language,
		At:       d.Now,
		Snapshot: d.reportedSnapshot(),
		Export:   d.Export,
		Notices:  d.runNotices(),
		Unknown:  unknownOf(d.Findings),

		NameMachines: d.Machines == config.MachinesNames,
	}
	var decided Decided
	if ledger != nil {
		input := d.memoryInput(ledger, base)
		d.Findings = nil // there may be 20,000: the ledger has them
		plan := ledger.Plan(input)
		decided = Decided{plan.Messages, OutcomeSent, plan.Reason, plan.Findings}
	} else {
		messages, reason := d.decideAfresh(base)
		decided = Decided{messages, OutcomeSent, reason, d.Findings}
	}
	switch {
	case len(decided.Messages) == 0:
		decided.Outcome, decided.Reason = d.quietOutcome(decided.Reason, base.Unknown)
	case ledger == nil && d.tellsOnlyBlindness(decided.Messages[0].Report):
		decided.Outcome = OutcomeUnknown
	}
	return decided
}

// reportedSnapshot is the reading without the machines of orders: there may be thousands, and
// the findings have what is said of them.
func (d Decision) reportedSnapshot() license.Snapshot {
	s := d.Snapshot
	s.Bindings = s.Bindings.WithoutMachines()
	return s
}

// memoryInput is what the ledger is told, to say what each channel was not told yet.
func (d Decision) memoryInput(ledger *life.Ledger, base license.Report) life.Input {
	return life.Input{
		Now:      d.Now,
		Mode:     d.Mode,
		Channels: d.Channels,
		Findings: d.Findings,
		Snapshot: d.Snapshot,
		RuleIDs:  d.ruleIDs(ledger),
		Base:     base,
		Slot:     d.Slot,
		Hours:    d.Hours,

		OnlyChanges: d.Digest == config.DigestChanges,
		PerChannel:  d.perChannel,
		IsRouted:    d.isRouted,
		IsOneOfMany: d.isRouted != nil,
		OnlyEnds:    d.onlyEnds,
		ByKeys:      d.ByKeys,

		OwnsFindings: d.isRouted == nil,
		Headline:     message.Headline,
	}
}

// ruleIDs are the rules that exist. Before the first reading nothing is
// remembered that a rule could have left behind, and nobody needs to know.
func (d Decision) ruleIDs(ledger *life.Ledger) []string {
	if d.Snapshot.Fleet == nil && ledger.PreviousReading() == nil {
		return nil
	}
	return d.Rules.IDs()
}

// quietOutcome is how a run ends that has nothing to say. It is quiet only when it
// knows that nothing is due.
func (d Decision) quietOutcome(why string, unknown []license.Finding) (Outcome, string) {
	switch unread := failedSources(d.Snapshot); {
	case len(unread) > 0:
		return OutcomeUnknown, why + ", but could not read " + strings.Join(unread, ", ")
	case len(unknown) > 0:
		return OutcomeUnknown, why + ", but " + countNoun(license.CountFindings(unknown), "rule", "rules") +
			" could not be judged"
	default:
		return OutcomeQuiet, why
	}
}

// unknownOf gives the findings that are unknown.
func unknownOf(findings []license.Finding) (unknown []license.Finding) {
	for _, f := range findings {
		if f.State == license.Unknown {
			unknown = append(unknown, f)
		}
	}
	return unknown
}

// runNotices are what the reader should know about the run itself.
func (d Decision) runNotices() []license.Notice {
	notices := slices.Clone(d.Notices)
	if orders := d.Snapshot.Orders; orders != nil && orders.Incomplete {
		notices = append(notices, license.Notice{Code: license.NoticeOrdersIncomplete,
			Args: []string{strconv.Itoa(len(orders.List)), strconv.FormatInt(orders.TotalCount, 10)}})
	}
	if fields := d.Snapshot.Unparsed(); len(fields) > 0 {
		notices = append(notices, license.Notice{Code: license.NoticeFieldsUnread, Args: fields})
	}
	for _, source := range d.Snapshot.Refused() {
		if d.Mode == license.ModeDigest { // once a day
			notices = append(notices, license.Notice{Code: license.NoticeNotAllowed,
				Args: []string{string(source), source.Info().CAM()}})
		}
	}
	for _, unknown := range d.Unknown {
		notices = append(notices, license.Notice{Code: license.NoticeUnknownSetting,
			Args: []string{unknown.Name, unknown.Meant}})
	}
	return notices
}
