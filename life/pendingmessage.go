package life

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"licensewatch/license"
)

// keptOrders is how many orders of each kind a stored message keeps of its
// snapshot: many more than any message names.
const keptOrders = 50

// writeMessage makes the message of a content. The report is what is sent now; the
// pendingMessage holds what may be stored of it.
func (t *telling) writeMessage(c messageContent) (*pendingMessage, license.Report) {
	in := t.in
	report := in.Base
	report.ID = t.ledger.newID(in, c)
	report.Mode, report.At, report.Snapshot = in.Mode, in.Now, in.Snapshot
	report.Snapshot.Bindings = in.Snapshot.Bindings.WithoutMachines()  // the findings have what is said of them
	report.Snapshot.Previous = nil                                     // the rules have compared it; there may be 10,000 orders in it
	if orders := in.Snapshot.Orders; in.IsOneOfMany && orders != nil { // few of them are told of beside other accounts
		report.Snapshot.Orders = ordersOf(orders, c.resolved)
	}
	report.Firing, report.Resolved, report.Mention = c.sortedFindings(), c.resolved, c.mention
	report.SourceChanges, report.Unjudged = c.sources, c.unjudged
	report.Unwatched, report.Gaps, report.Unheard, report.Unchanged = c.unwatched, c.gaps, c.unheard, c.unchangedSince
	report.Unknown, report.Acks = nil, nil
	if in.isDigest() {
		report.Acks = t.acks
	}
	if in.isDigest() || c.unjudged > 0 {
		report.Unknown = t.unknownFindings()
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

func (t *telling) unknownFindings() []license.Finding {
	var unknown []license.Finding
	for _, f := range t.in.Findings {
		if f.State == license.Unknown {
			unknown = append(unknown, f)
		}
	}
	return unknown
}

// newID gives the run's id to its first message, and to every other one an id
// that follows from that and from what it says.
func (l *Ledger) newID(in Input, c messageContent) string {
	id, words := in.Base.ID, ""
	if in.IsOneOfMany {
		return l.partID(id)
	}
	for n := 0; id == "" || l.isTaken(id); n++ {
		if words == "" { // there may be thousands, and most runs write one message
			words = strings.Join(append(c.identityWords(), string(in.Mode), in.Slot), "\n")
		}
		sum := sha256.Sum256([]byte(in.Base.ID + "\n" + strconv.Itoa(n) + "\n" + words))
		id = hex.EncodeToString(sum[:3])
	}
	l.stored.IDs[id] = in.Now
	return id
}

// partMark parts the id of a message about many accounts from the number of one of several
// parts that an account has of it, where it tells channels different things.
const partMark = "-"

// partID is the id of the account's next part of a message about many.
func (l *Ledger) partID(id string) string {
	part := id
	for n := 2; slices.ContainsFunc(l.stored.Outbox, func(m *pendingMessage) bool { return m.ID == part }); n++ {
		part = id + partMark + strconv.Itoa(n)
	}
	return part
}

// WholeID is the id of the message about many accounts that a message is a part of.
func WholeID(id string) string {
	whole, _, _ := strings.Cut(id, partMark)
	return whole
}

// PartIDs are the ids of the parts of a message about many accounts that somebody is owed.
func (l *Ledger) PartIDs(whole string) (ids []string) {
	for _, m := range l.stored.Outbox {
		if WholeID(m.ID) == whole {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

func (l *Ledger) isTaken(id string) bool {
	_, given := l.stored.IDs[id]
	return given || slices.ContainsFunc(l.stored.Outbox, func(m *pendingMessage) bool { return m.ID == id })
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
