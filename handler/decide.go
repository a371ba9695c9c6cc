package handler

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"licensewatch/license"
	"licensewatch/life"
)

// decide says what is to be sent. With nothing to say there is no message;
// outcome and reason then tell why.
func (r *run) decide(now time.Time) []life.Message {
	base := license.Report{
		ID:       r.id,
		Mode:     r.mode,
		Language: r.config.Language,
		At:       now,
		Snapshot: r.snapshot,
		Export:   r.export,
		Notices:  r.notices(),
	}
	_, base.Unknown = split(r.findings)
	if r.memory.works() {
		return r.decideByMemory(now, base)
	}
	return r.decideAfresh(base)
}

// decideByMemory lets the ledger say what each channel was not told yet.
func (r *run) decideByMemory(now time.Time, base license.Report) []life.Message {
	plan := r.memory.ledger.Plan(life.Input{
		Now:      now,
		Mode:     r.mode,
		Channels: r.channelNames(),
		Findings: r.findings,
		Snapshot: r.snapshot,
		RuleIDs:  r.ruleIDs(),
		Base:     base,
		Slot:     r.event.slot(),
	})
	for i := range plan.Messages {
		sortFindings(plan.Messages[i].Report.Firing)
	}
	r.reason = plan.Reason
	if len(plan.Messages) == 0 {
		r.beQuiet(plan.Reason, base.Unknown)
	}
	return plan.Messages
}

// ruleIDs are the rules that exist. Before the first reading nothing is
// remembered that a rule could have left behind, and nobody needs to know.
func (r *run) ruleIDs() []string {
	if r.snapshot.Previous == nil {
		return nil
	}
	return r.rules.IDs()
}

// decideAfresh says all there is to say to every channel: without memory nobody
// knows what was said before.
func (r *run) decideAfresh(base license.Report) []life.Message {
	base.Firing, _ = split(r.findings)
	base.Firing = slices.DeleteFunc(base.Firing, func(f license.Finding) bool { return f.Event })
	base.Mention = base.Worst() == license.Critical
	switch {
	case r.mode == license.ModeDigest:
		r.reason = "daily digest"
	case len(base.Firing) > 0:
		r.reason = count(len(base.Firing), "finding", "findings")
	default:
		r.beQuiet("nothing is due", base.Unknown)
		return nil
	}
	return []life.Message{{ID: base.ID, Mode: base.Mode, Report: base, Channels: r.channelNames()}}
}

// beQuiet ends a run that has nothing to say. It is quiet only when it knows
// that nothing is due.
func (r *run) beQuiet(why string, unknown []license.Finding) {
	r.outcome, r.reason = OutcomeQuiet, why
	if unread := failed(r.snapshot); len(unread) > 0 {
		r.outcome, r.reason = OutcomeUnknown, why+", but could not read "+strings.Join(unread, ", ")
	} else if len(unknown) > 0 {
		r.outcome, r.reason = OutcomeUnknown, why+", but "+count(len(unknown), "rule", "rules")+" could not be judged"
	}
}

// split gives the firing findings, worst first and soonest first, and the
// unknown ones in the rules' order.
func split(findings []license.Finding) (firing, unknown []license.Finding) {
	for _, f := range findings {
		switch f.State {
		case license.Firing:
			firing = append(firing, f)
		case license.Unknown:
			unknown = append(unknown, f)
		}
	}
	sortFindings(firing)
	return firing, unknown
}

func sortFindings(findings []license.Finding) {
	slices.SortStableFunc(findings, func(a, b license.Finding) int {
		return cmp.Or(cmp.Compare(b.Severity.Rank(), a.Severity.Rank()), compareDeadline(a, b))
	})
}

// compareDeadline puts the sooner deadline first, and one that is known before
// none.
func compareDeadline(a, b license.Finding) int {
	switch {
	case a.Deadline.IsZero() && b.Deadline.IsZero():
		return 0
	case a.Deadline.IsZero():
		return 1
	case b.Deadline.IsZero():
		return -1
	default:
		return a.Deadline.Compare(b.Deadline)
	}
}

// failed names the sources that were not read, or not whole.
func failed(s license.Snapshot) []string {
	var names []string
	for _, source := range s.Wanted {
		if code := sourceCode(s, source); code != codeOK {
			names = append(names, string(source)+" ("+code+")")
		}
	}
	return names
}

// notices are what the reader should know about the run itself.
func (r *run) notices() []license.Notice {
	notices := r.memory.notices()
	if orders := r.snapshot.Orders; orders != nil && orders.Incomplete {
		notices = append(notices, license.Notice{Code: license.NoticeOrdersIncomplete,
			Args: []string{strconv.Itoa(len(orders.List)), strconv.FormatInt(orders.TotalCount, 10)}})
	}
	if fields := unparsed(r.snapshot); len(fields) > 0 {
		notices = append(notices, license.Notice{Code: license.NoticeFieldsUnread, Args: fields})
	}
	for _, unknown := range r.config.Unknown {
		notices = append(notices, license.Notice{Code: license.NoticeUnknownSetting, Args: []string{unknown.Name, unknown.Meant}})
	}
	return notices
}
