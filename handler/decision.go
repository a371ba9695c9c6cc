package handler

import (
	"time"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/life"
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

	// Of one of many accounts; nil otherwise. See life.Input.
	perChannel map[string]life.ChannelInput
	isRouted   func(f *license.Finding, channel string) bool
	onlyEnds   []string // channels; see life.Input
}

// newBaseDecision is what the run, its settings and its rules say, of whichever account.
func newBaseDecision(id string, now time.Time, mode license.Mode, c config.Config, set *rules.Set) Decision {
	return Decision{ID: id, Now: now, Mode: mode, Language: c.Language, Hours: c.Hours, Rules: set,
		Export: license.Export{Status: license.ExportOff}, Machines: c.Machines}
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

// ScheduledRun is how the run is known that a timer's event starts: the id at
// the foot of its messages, and the slot. account is empty where it
// is not known; at is the scheduled instant.
func ScheduledRun(account, timer string, at time.Time) (id, slot string) {
	e := triggerEvent{trigger: timer, time: at.UTC().Format(time.RFC3339)}
	return shortID(account, e, "", at), e.digestSlot()
}

// ChannelNames are the names of the channels that the settings make, in their
// order.
func ChannelNames(c config.Config) []string {
	names := make([]string, len(c.Channels))
	for i, channel := range c.Channels {
		names[i] = channel.Name
	}
	return names
}
