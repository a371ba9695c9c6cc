package life

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"licensewatch/license"
)

// keptOrders is how many orders of each kind a stored message keeps of its
// snapshot: many more than any message names.
const keptOrders = 50

// writeMessage makes the message of a content; acks are the acknowledgements that hold, and
// unknown the findings that cannot be judged. The report is what is sent now; the
// pendingMessage holds what may be stored of it.
func (c *messageContent) writeMessage(id string, in Input, acks []license.Ack,
	unknown, owned []license.Finding) (*pendingMessage, license.Report) {
	report := in.Base
	report.ID = id
	report.Mode, report.At, report.Snapshot = in.Mode, in.Now, in.Snapshot
	report.Snapshot.Bindings = in.Snapshot.Bindings.WithoutMachines() // the findings have what is said of them
	// the rules have compared it; there may be 10,000 orders in it
	report.Snapshot.Previous = nil
	if orders := in.Snapshot.Orders; in.IsOneOfMany && orders != nil { // few of them are told of beside other accounts
		report.Snapshot.Orders = ordersOf(orders, c.resolved)
	}
	report.Firing, report.Resolved, report.Mention = c.sortedFindings(owned), c.resolved, c.mention
	report.Superseded = c.superseded
	report.SourceChanges, report.Unjudged = c.sources, c.unjudged
	report.Unwatched, report.Gaps, report.Unheard, report.Unchanged = c.unwatched, c.gaps, c.unheard, c.unchangedSince
	report.Unknown, report.Acks = nil, nil
	if in.isDigest() {
		report.Acks = acks
	}
	if in.isDigest() || c.unjudged > 0 {
		report.Unknown = unknown
	}
	if c.dropped > 0 {
		notice := license.Notice{Code: license.NoticeDropped, Args: []string{strconv.Itoa(c.dropped)}}
		report.Notices = append(slices.Clone(report.Notices), notice)
	}
	m := &pendingMessage{
		ID: report.ID, Mode: in.Mode, At: in.Now, Report: storableReport(report),
		Owed: slices.Clone(c.channels), Findings: c.findings, OneOffs: c.oneOffs, Outages: c.outages,
		Dropped: c.dropped,
		Covers:  c.covers,
	}
	if in.isDigest() {
		m.Slot, m.Hash, m.Since, m.Fresh = in.Slot, c.hash, in.Now, c.fresh
		if !c.unchangedSince.IsZero() {
			m.Since = c.unchangedSince
		}
	}
	return m, report
}

// ordersOf are the orders of which something is over: what has become of them is said.
func ordersOf(orders *license.Orders, resolved []license.Resolved) *license.Orders {
	few := &license.Orders{TotalCount: orders.TotalCount, Incomplete: orders.Incomplete}
	for _, r := range resolved[:min(len(resolved), keptOrders)] {
		_, subject, _ := strings.Cut(r.Key, "/")
		if order := orders.Find(subject); subject != "" && order != nil {
			few.List = append(few.List, *order)
		}
	}
	return few
}

// storableReport is the report without the signed link, and with no more orders than
// its message can name.
func storableReport(r license.Report) license.Report {
	r.Export.Link = license.SignedURL{}
	if r.Snapshot.Orders == nil || len(r.Snapshot.Orders.List) <= 2*keptOrders {
		return r
	}
	orders := *r.Snapshot.Orders
	orders.List = nextOrders(orders.List, r.At)
	r.Snapshot.Orders = &orders
	return r
}

// nextOrders are the orders that a message may name: those that end next, and
// those whose end cannot be read.
func nextOrders(all []license.Order, now time.Time) []license.Order {
	var kept []license.Order
	ending, deadlines := make([]int, 0, len(all)), make([]time.Time, len(all)) // there may be 10,000
	for i := range all {
		o := &all[i]
		deadline, ok := o.DeadlineTime()
		switch {
		case ok && license.DaysLeft(deadline, now) >= 0:
			ending, deadlines[i] = append(ending, i), deadline
		case !ok && o.Deadline != nil && *o.Deadline != "" && len(kept) < keptOrders:
			kept = append(kept, *o)
		}
	}
	slices.SortStableFunc(ending, func(i, j int) int { return deadlines[i].Compare(deadlines[j]) })
	for _, i := range ending[:min(keptOrders, len(ending))] {
		kept = append(kept, all[i])
	}
	return kept
}

// withoutEvidence gives the findings without the conditions behind them.
func withoutEvidence(findings []license.Finding) []license.Finding {
	if !slices.ContainsFunc(findings, func(f license.Finding) bool { return f.Evidence != nil }) {
		return findings
	}
	findings = slices.Clone(findings)
	for i := range findings {
		findings[i].Evidence = nil
	}
	return findings
}

// pendingMessage is a message that is on its way: what it says, who is still owed it, and
// what accepting it means.
type pendingMessage struct {
	ID   string       `json:"id"`
	Mode license.Mode `json:"mode"`
	At   time.Time    `json:"at"` // when it was written
	Slot string       `json:"slot,omitempty"`
	// Hash is what a digest says in short, and Since when that was first said.
	Hash  string    `json:"hash,omitempty"`
	Since time.Time `json:"since,omitzero"`
	// Report is what it says, without the signed link.
	Report license.Report `json:"report"`

	// the channels that did not accept it yet
	Owed []string `json:"owed" by:"channel"`
	// runs in which it got no answer, by channel
	AmbiguousRuns  map[string]int       `json:"doubts,omitempty" by:"channel"`
	FirstAmbiguous map[string]time.Time `json:"doubted,omitempty" by:"channel"`  // when the first of them was
	AmbiguousEvent map[string]string    `json:"doubt_in,omitempty" by:"channel"` // the event of the last of them
	// channels that gave none to a rerun of that event either
	AmbiguousRerun []string             `json:"rerun,omitempty" by:"channel"`
	Refused        map[string]time.Time `json:"refused,omitempty" by:"channel"`  // when a channel refused it for good
	Refusals       map[string]int       `json:"refusals,omitempty" by:"channel"` // and how often
	// Calls are the channels that accepted it, but not that people were called.
	Calls []string `json:"calls,omitempty" by:"channel"`
	// Lost are the channels that may have it or not, and are not sent it again, and
	// since when alerts leave what it said to a digest; zero when they do not.
	Lost map[string]time.Time `json:"lost,omitempty" by:"channel"`

	// What accepting it means: findings, one-offs and outages were told,
	// and how many messages were given up.
	// by key; messages and channels may share one: it is never changed
	Findings map[string]*notification `json:"findings,omitempty"`
	// digest: the keys of those of which it tells more than was told
	Fresh   []string                     `json:"fresh,omitempty"`
	OneOffs []int64                      `json:"news,omitempty"`    // their numbers, in order
	Outages map[license.Source]time.Time `json:"sources,omitempty"` // with their beginning
	Dropped int                          `json:"dropped,omitempty"`
	// Covers are the ids of older alerts that are not owed any more to a channel
	// that accepts this digest.
	Covers []string `json:"covers,omitempty"`
}

func (m *pendingMessage) isAlert() bool {
	return m.Mode != license.ModeDigest && m.Mode != license.ModeReport
}

// tellsOneOff says whether the message tells a one-off.
func (m *pendingMessage) tellsOneOff(n *oneOff) bool { return hasNumber(m.OneOffs, n) }

// isAbout says whether the message tells of the record.
func (m *pendingMessage) isAbout(key string, s *findingRecord) bool {
	mark, ok := m.Findings[key]
	return ok && mark.isAbout(s)
}

// isOwed says whether the channel is owed the message.
func (m *pendingMessage) isOwed(channel string) bool { return slices.Contains(m.Owed, channel) }

// mayBeRepeat says whether the channel was sent the message before and gave no answer.
func (m *pendingMessage) mayBeRepeat(channel string) bool { return m.AmbiguousRuns[channel] > 0 }

// isLost says whether the channel may have heard the message, and is not sent it again.
func (m *pendingMessage) isLost(channel string) bool {
	_, lost := m.Lost[channel]
	return lost
}

// isLeftToDigest says whether alerts leave what a lost alert said to the next digest.
func (m *pendingMessage) isLeftToDigest(channel string, now time.Time) bool {
	at := m.Lost[channel]
	return m.isAlert() && !at.IsZero() && age(now, at) < ambiguousLife
}

// isTriedIn says whether the event and a rerun of it have tried the message in vain: no
// further rerun does.
func (m *pendingMessage) isTriedIn(event, channel string) bool {
	return event != "" && m.AmbiguousEvent[channel] == event && slices.Contains(m.AmbiguousRerun, channel)
}

// ambiguousSince is when the channel first gave no answer to the message.
func (m *pendingMessage) ambiguousSince(channel string) time.Time {
	if at, ok := m.FirstAmbiguous[channel]; ok {
		return at
	}
	return m.At
}

// saysCriticalHappened says whether the message says of anything critical that it has
// happened, and not that its day has come.
func (m *pendingMessage) saysCriticalHappened() bool {
	return m.isAlert() && slices.ContainsFunc(m.Report.Firing, func(f license.Finding) bool {
		return isCallable(f) && !f.Calendar && (f.Story == nil || f.Story.Change != license.ChangeDue)
	})
}

// isUrgent says whether an alert that was written earlier says what is said outside the
// hours as well.
func (m *pendingMessage) isUrgent(now time.Time, hours license.Hours) bool {
	return m.isAlert() && (slices.ContainsFunc(m.Report.Firing, func(f license.Finding) bool {
		happened := isCallable(f) && !f.Calendar && f.Story != nil && f.Story.Change != license.ChangeDue
		return happened || deservesAlert(f.Severity) && f.Deadline.After(now) && f.Deadline.Before(hours.Next(now))
	}) || slices.ContainsFunc(m.Report.Resolved, isEndUrgent))
}

// concernsAnyChannel says whether any channel has to do with the message.
func (m *pendingMessage) concernsAnyChannel() bool { return len(m.Owed)+len(m.Calls)+len(m.Lost) > 0 }
