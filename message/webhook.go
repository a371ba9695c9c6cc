package message

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"licensewatch/license"
)

// Webhook is the form for a receiver of somebody's own: the report as JSON.
var Webhook = Format{
	Unit:        Bytes,
	Size:        func(payload []byte) (used, limit int) { return len(payload), webhookMaxBody },
	Report:      func(r license.Report, _ []string) Rendered { return webhookReport(r, webhookMaxBody) },
	PlainReport: func(r license.Report, _ []string) Rendered { return webhookReport(r, webhookShortBody) },
	Note:        func(n license.Note) Rendered { return Rendered{Body: webhookNote(n)} },
	PlainNote:   func(n license.Note) Rendered { return Rendered{Body: webhookNote(n)} },
}

// How large a body may be, in bytes of JSON; the shorter one is for a receiver that
// finds that too large.
const (
	webhookMaxBody   = 256 << 10
	webhookShortBody = 24 << 10
)

// Bounds of a body. Besides the findings no list takes more than its share, so that
// there is always room for findings.
const (
	webhookMaxText   = 8000 // bytes of the text for people
	webhookMaxKey    = 200  // bytes of a dedup_key
	webhookMaxEnding = 10
	webhookMaxOrders = 20 // that a doubt names
)

// webhookComposer makes the body of a report.
type webhookComposer struct{ *composer }

// webhookReport is a report's body, of at most limit bytes. Only entries of lists are
// left out, whole, and counted.
func webhookReport(r license.Report, limit int) Rendered {
	c := webhookComposer{newComposer(r, roomyBounds)}
	body := c.bodyFrame(min(webhookMaxText, limit/6))
	frame, err := JSON(body)
	if err != nil { // posting says so
		return Rendered{Body: body}
	}
	const digits = 64 // of the numbers of what is left out
	room := limit - len(frame) - digits
	c.listOthers(&body, &room, limit/32)
	over := slices.Concat(c.resolved.all, resolvedInOrder(r.Superseded))
	share := min(room, limit/4)
	room -= share
	body.Resolved, share = within(share, len(over), func(i int) any {
		return c.resolvedEntry(over[i], i >= len(c.resolved.all))
	})
	body.Findings, _ = within(room+share, len(r.Firing), func(i int) any { return c.findingEntry(r.Firing[i]) })
	body.Omitted.Findings, body.Omitted.Resolved = len(r.Firing)-len(body.Findings), len(over)-len(body.Resolved)
	return Rendered{body, c.leftOut(&body, over)}
}

// leftOut are the facts that the body has no room for.
func (c webhookComposer) leftOut(body *webhookReportBody, over []*license.Resolved) (facts []string) {
	for i := len(body.Findings); i < len(c.report.Firing); i++ {
		facts = append(facts, c.report.Firing[i].Fact())
	}
	for i := len(body.Resolved); i < len(over); i++ {
		facts = append(facts, over[i].Fact())
	}
	for i := len(body.Unwatched); i < len(c.report.Unwatched); i++ {
		facts = append(facts, c.report.Unwatched[i].Fact())
	}
	return facts
}

// within makes as many of n entries as the room takes, in bytes of JSON, and says what
// is left of it.
func within(room, n int, entry func(i int) any) (entries []any, left int) {
	entries = []any{}
	for i := range n {
		e := entry(i)
		payload, err := JSON(e)
		if err != nil || len(payload)+1 > room {
			break
		}
		room -= len(payload) + 1 // a comma
		entries = append(entries, e)
	}
	return entries, room
}

// bodyFrame is all that every body has, with empty lists.
func (c webhookComposer) bodyFrame(maxText int) webhookReportBody {
	r := c.report
	text, _ := fitToLimits(func(b bounds) document {
		return composeDocument(*r, b)
	}, func(d document, rows int) (string, bool) {
		page := terminalMarkup(false).documentText(d, rows)
		return page, len(page) <= maxText
	})
	none := []any{}
	return webhookReportBody{
		webhookHead: webhookHead{webhookVersion, "report", clip(r.ID, roomyBounds.name),
			webhookLevels[c.documentLevel()], plainText(c.headlineLine()), text},
		Mode: r.Mode, At: c.timeOf(r.At), SentAt: c.timeOf(r.Sent), Language: r.Language,
		Account: clip(r.Snapshot.Account, roomyBounds.name), Site: r.Snapshot.Site,
		Fleet: c.fleetEntry(),
		Call:  r.Mention, Repeat: r.Repeat, Unchanged: c.timeOf(r.Unchanged),
		Findings: none, Resolved: none, Unjudged: none, Doubts: none, Acks: none, Unwatched: none, Gaps: none,
		Undelivered: none, Notices: none,
		Sources: c.sourceEntries(), Ending: c.endingNext(), Export: c.exportEntry(), Page: c.pageEntry(),
	}
}

// listOthers fills the lists that are neither findings nor what is over, each as far as
// its share goes.
func (c webhookComposer) listOthers(body *webhookReportBody, room *int, share int) {
	r, rules, acks, notices := c.report, c.unknown.unjudgedRules(), c.acks.entries, c.notices.all
	for _, l := range []struct {
		list  *[]any
		n     int
		entry func(i int) any
	}{
		{&body.Unwatched, len(r.Unwatched), func(i int) any { return c.unwatchedEntry(r.Unwatched[i]) }},
		{&body.Doubts, len(c.doubts.all), func(i int) any { return c.doubtEntry(c.doubts.all[i]) }},
		{&body.Unjudged, len(rules), func(i int) any { return c.unjudgedEntry(rules[i]) }},
		{&body.Acks, len(acks), func(i int) any { return c.ackOf(acks[i].ack, "holds") }},
		{&body.Notices, len(notices), func(i int) any {
			return webhookNotice{notices[i].Code, clipAll(notices[i].Args)}
		}},
		{&body.Gaps, len(r.Gaps), func(i int) any {
			return webhookGap{c.timeOf(r.Gaps[i].From), c.timeOf(r.Gaps[i].To)}
		}},
		{&body.Undelivered, len(r.Unheard), func(i int) any {
			u := r.Unheard[i]
			return webhookUndelivered{clip(u.Channel, roomyBounds.name), clip(u.ID, roomyBounds.name), c.timeOf(u.At)}
		}},
	} {
		var left int
		*l.list, left = within(share, l.n, l.entry)
		*room -= share - left
		body.Omitted.Others += l.n - len(*l.list)
	}
}

// timeOf writes a time in the report's zone; nothing for one that there is not, or
// that RFC 3339 cannot write.
func (c webhookComposer) timeOf(t time.Time) string {
	if t = t.In(c.at.Location()); t.IsZero() || t.Year() < 0 || t.Year() > 9999 {
		return ""
	}
	return t.Format(time.RFC3339)
}

// findingEntry is something that fires.
func (c webhookComposer) findingEntry(f license.Finding) webhookFinding {
	language := c.language
	entry := webhookFinding{
		DedupKey: c.dedupKey(f.Uin, f.Key(), f.EventID), Rule: clip(f.Rule, roomyBounds.name),
		Account: clip(f.Uin, roomyBounds.name), AccountName: clip(f.Account, roomyBounds.name),
		Subject: clip(f.Subject, roomyBounds.name), Severity: f.Severity,
		Title:  c.titleOf(f.Title, f.Key()),
		Detail: clip(f.Detail.In(language), roomyBounds.detail), Owner: clip(f.Owner, roomyBounds.name),
		Runbook:  linkOrNone(f.Runbook),
		Deadline: c.timeOf(f.Deadline), DaysLeft: f.DaysLeft, Licenses: f.Licenses, Machines: f.Machines,
		Bound:  c.boundEntry(f.Bound),
		Source: f.Source, Event: f.Event,
	}
	if s := f.Story; s != nil {
		entry.Change, entry.Since, entry.Next, entry.Was = s.Change, c.timeOf(s.Since), c.timeOf(s.NextAt),
			c.wasEntry(f.Uin, s)
		if s.Ack != nil {
			ack := c.ackOf(*s.Ack, ackState(s))
			entry.Ack = &ack
		}
	}
	return entry
}

// titleOf is what a finding says in one line; its key where it says nothing.
func (c webhookComposer) titleOf(title license.Text, key string) string {
	return cmp.Or(clipMiddle(title.In(c.language), roomyBounds.title), clip(key, roomyBounds.title), c.words.unknown)
}

// dedupKey names a finding among those of all accounts, and an event among its like. It
// is the same in every message about it.
func (c webhookComposer) dedupKey(uin, key, event string) string {
	whole := "" // what is about no single account
	if c.report.Fleet != nil {
		whole = "fleet"
	}
	name := cmp.Or(uin, whole, c.report.Snapshot.Account, string(c.report.Snapshot.Site), "account") + "/" + key
	if event != "" {
		name += "@" + digest(event)
	}
	if short := clip(name, webhookMaxKey); short == name {
		return name
	}
	return clip(name, webhookMaxKey/2) + "@" + digest(name)
}

// digest is a short name for a text.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// wasEntry is what was told of a finding before; nil for nothing.
func (c webhookComposer) wasEntry(uin string, s *license.Story) *webhookWas {
	was := webhookWas{
		Title: clipMiddle(s.WasTitle.In(c.language), roomyBounds.title), Severity: s.WasSeverity,
		DaysLeft: s.WasDaysLeft, Deadline: c.timeOf(s.WasDeadline),
	}
	if s.WasKey != "" {
		was.DedupKey = c.dedupKey(uin, s.WasKey, "")
	}
	if was == (webhookWas{}) {
		return nil
	}
	return &was
}

// ackState says what the acknowledgement of a finding means for it.
func ackState(s *license.Story) string {
	switch {
	case s.Ack.Over:
		return "worse"
	case s.Ack.Ended:
		return "ended"
	case s.FirstOfAckedRule:
		return "earlier"
	default:
		return "holds"
	}
}

func (c webhookComposer) ackOf(a license.Ack, state string) webhookAck {
	return webhookAck{
		State: state, Rule: clip(a.Rule, roomyBounds.name), Subject: clip(a.Subject, roomyBounds.name),
		By: clip(a.By, roomyBounds.name), Reason: clip(a.Reason, roomyBounds.reason), At: c.timeOf(a.At),
		Until: c.timeOf(a.Until),
	}
}

// resolvedEntry is something that is over.
func (c webhookComposer) resolvedEntry(r *license.Resolved, isSuperseded bool) webhookResolved {
	rule, subject, _ := strings.Cut(r.Key, "/")
	why := "over"
	switch {
	case r.Destroyed:
		why = "destroyed"
	case r.Gone:
		why = "gone"
	case r.TakenOver:
		why = "replaced"
	}
	now := c.resolved.nowTrueLine(r)
	if isSuperseded {
		now = c.resolved.supersededLine(r)
	}
	return webhookResolved{
		DedupKey: c.dedupKey(r.Uin, r.Key, ""), Account: clip(r.Uin, roomyBounds.name),
		AccountName: clip(r.Account, roomyBounds.name), Rule: clip(rule, roomyBounds.name),
		Subject:  clip(subject, roomyBounds.name),
		Severity: r.Severity,
		Title:    c.titleOf(r.Title, r.Key),
		Now:      plainText(now), Why: why, Superseded: isSuperseded, Since: c.timeOf(r.Since), At: c.timeOf(r.At),
	}
}
