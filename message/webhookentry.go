package message

import (
	"slices"
	"time"

	"licensewatch/license"
)

// webhookDoubts are the names of the kinds of doubts.
var webhookDoubts = [doubtKinds]string{
	doubtUndocumented:  "undocumented",
	doubtContradiction: "contradiction",
	doubtBadEnd:        "bad-end",
	doubtNoEnd:         "no-end",
	doubtOveruse:       "overuse",
	doubtMachines:      "machine-counts",
}

// clipAll bounds outside texts, and how many there are.
func clipAll(texts []string) []string {
	var clipped []string
	for _, text := range texts[:min(len(texts), webhookMaxOrders)] {
		clipped = append(clipped, clip(text, roomyBounds.reason))
	}
	return clipped
}

// webhookMaxUnread is how many sources of accounts that could not be read, and exports of
// accounts, are listed.
const webhookMaxUnread = 100

// fleetEntry is how the accounts are; nil in a report about one.
func (c webhookComposer) fleetEntry() *webhookFleet {
	f := c.report.Fleet
	if f == nil {
		return nil
	}
	entry := &webhookFleet{Accounts: f.Accounts, Read: f.Read, Partly: f.Partly, Failed: f.Failed,
		NotReached: f.NotReached,
		NeedAction: f.NeedAction, Well: f.Well, Unread: []webhookUnread{}, Sites: append([]license.Site{}, f.Sites...)}
	for _, u := range f.Unread[:min(len(f.Unread), webhookMaxUnread)] {
		failure := u.FailureOrUnread()
		entry.Unread = append(entry.Unread, webhookUnread{clip(u.Account, roomyBounds.name), u.Source,
			clip(failure.Code, roomyBounds.name), clip(failure.Action, roomyBounds.name)})
	}
	for _, x := range f.Exports[:min(len(f.Exports), webhookMaxUnread)] {
		if export := c.exportEntryOf(x.Export); export != nil {
			entry.Exports = append(entry.Exports, webhookAccountExport{clip(x.Account, roomyBounds.name), *export})
		}
	}
	return entry
}

func (c webhookComposer) unwatchedEntry(u license.Unwatched) webhookUnwatched {
	return webhookUnwatched{clip(u.Rule, roomyBounds.name), u.Source,
		clipMiddle(u.Title.In(c.language), roomyBounds.title), max(0, u.Count)}
}

func (c webhookComposer) doubtEntry(d doubt) webhookDoubt {
	return webhookDoubt{webhookDoubts[d.kind], clip(d.field, roomyBounds.name), clip(d.value, roomyBounds.name),
		clipAll(d.orders), len(d.orders)}
}

func (c webhookComposer) unjudgedEntry(u *unjudgedRule) webhookUnjudged {
	return webhookUnjudged{clip(u.rule, roomyBounds.name), len(u.subjects), clipAll(u.missing),
		clip(u.problem, roomyBounds.reason)}
}

// boundEntry are the machines that hang on an order; nil where they are not known.
func (c webhookComposer) boundEntry(b *license.LosingMachines) *webhookBound {
	if b == nil {
		return nil
	}
	entry := webhookBound{Machines: b.Count, Idle: b.Idle, At: c.timeOf(b.At)}
	if c.report.NameMachines {
		for _, name := range b.Names {
			entry.Names = append(entry.Names, clip(name, roomyBounds.name))
		}
	}
	return &entry
}

// linkOrNone is a link that may be shown, else nothing.
func linkOrNone(link string) string {
	if url, ok := escapeLink(link); ok {
		return url
	}
	return ""
}

// endingNext are the orders that end next, those that have ended first.
func (c webhookComposer) endingNext() []webhookEnding {
	next := []webhookEnding{}
	for _, e := range endingOrders(&c.report.Snapshot, c.at, webhookMaxEnding) {
		entry := webhookEnding{
			Order: clip(e.order.Name(), roomyBounds.name), Deadline: c.timeOf(e.deadline),
			DaysLeft: int64(license.DaysLeft(e.deadline, c.at)),
			Licenses: e.order.LicenseCnt, InUse: e.order.UsedLicenseCnt,
		}
		if flag := e.order.AutoRenewFlag; flag != nil &&
			slices.Contains([]int64{license.RenewalNotSet, license.RenewalOn, license.RenewalOff}, *flag) {
			renews := *flag == license.RenewalOn
			entry.Renews = &renews
		}
		next = append(next, entry)
	}
	return next
}

// exportEntry is what became of the export; nil when there was to be none.
func (c webhookComposer) exportEntry() *webhookExport { return c.exportEntryOf(c.report.Export) }

func (c webhookComposer) exportEntryOf(e license.Export) *webhookExport {
	if e.Status == "" || e.Status == license.ExportOff {
		return nil
	}
	entry := webhookExport{Status: e.Status, TaskID: e.TaskID, Problem: e.Problem, URL: linkOrNone(e.Link.Reveal())}
	if e.Failure != nil {
		entry.Failure = c.failureEntry(e.Failure)
	}
	return &entry
}

// webhookNote is the body of a note.
func webhookNote(n license.Note) webhookNoteBody {
	d := noteDocument(n)
	note := webhookNoteBody{
		webhookHead: webhookHead{
			webhookVersion, "note", clip(n.ID, roomyBounds.name), webhookLevels[d.level], plainText(d.headline),
			terminalMarkup(false).documentText(d, len(d.rows)),
		},
		Lines: []string{},
	}
	for _, text := range n.Lines[:min(len(n.Lines), maxNoteLines)] {
		note.Lines = append(note.Lines, clip(text, maxNoteText))
	}
	for _, link := range n.Links {
		if url := linkOrNone(link.URL.Reveal()); url != "" {
			note.Links = append(note.Links, webhookLink{clip(link.Label, roomyBounds.name), url})
		}
	}
	if len(note.Links) > 0 {
		note.Link = &note.Links[0]
	}
	if len(note.Links) == 1 {
		note.Links = nil
	}
	return note
}

// pageEntry is the report for people; nil where the message is of none.
func (c webhookComposer) pageEntry() *webhookPage {
	p := c.report.Page
	if p == nil {
		return nil
	}
	file := p.File(c.language)
	entry := &webhookPage{Sentence: clip(p.Sentence.In(c.language), maxSentence), Worst: p.Worst,
		From: p.From.UTC().Format(time.DateOnly), To: p.To.UTC().Format(time.DateOnly),
		Until:    p.Until.Format(time.DateOnly),
		Accounts: p.Accounts, Read: p.Read, History: p.HasHistory, Records: p.Records, Broken: p.Broken,
		NotRead: clip(p.NotRead, c.bounds.name), Why: clip(p.Why, c.bounds.name), Ending: []webhookPageEnd{},
		More:   p.MoreEnd,
		Record: clip(p.Record, c.bounds.list), Unsealed: clip(p.NotSealed, c.bounds.name),
		File: clip(file.Name, c.bounds.list), Bytes: file.Size,
		SHA256: clip(file.SHA256, c.bounds.list), Brief: p.IsBrief}
	if !p.LeftOut.IsZero() {
		entry.LeftOut = p.LeftOut.UTC().Format(time.DateOnly)
	}
	if url, ok := escapeLink(p.Link.Reveal()); ok {
		entry.URL = url
	}
	if p.IsGone {
		entry.Unsealed = "Gone"
	}
	for i := range p.Ends {
		end := &p.Ends[i]
		entry.Ending = append(entry.Ending, webhookPageEnd{clip(end.Account, c.bounds.name),
			clip(end.Order, c.bounds.name),
			c.timeOf(end.Deadline), end.Licenses, end.Renews})
	}
	return entry
}
