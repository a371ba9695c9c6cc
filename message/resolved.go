package message

import (
	"strings"

	"licensewatch/internal/text"
	"licensewatch/license"
)

// resolvedSection is what is over.
type resolvedSection struct {
	*phrases

	lead     lead
	isAlert  bool
	snapshot *license.Snapshot
	all      []*license.Resolved // in the order in which they are told; there may be 10,000
}

func newResolvedSection(p *phrases, r *license.Report) resolvedSection {
	return resolvedSection{phrases: p, isAlert: r.Mode == license.ModeAlert, snapshot: &r.Snapshot,
		all: resolvedInOrder(r.Resolved)}
}

// isHeadline says whether the headline is all there is to say.
func (s resolvedSection) isHeadline() bool { return s.lead == leadResolved && len(s.all) == 1 }

// resolvedInOrder are the findings that are over; those that are merely no longer listed
// come last.
func resolvedInOrder(resolved []license.Resolved) []*license.Resolved {
	all := make([]*license.Resolved, 0, len(resolved))
	for _, gone := range []bool{false, true} {
		for i := range resolved {
			if resolved[i].Gone == gone {
				all = append(all, &resolved[i])
			}
		}
	}
	return all
}

// resolvedHeadline is the first finding that is over, and how many more are.
func (s resolvedSection) resolvedHeadline() line {
	headline := s.resolvedSentence(s.all[0])
	if more := int64(len(s.all) - 1); more > 0 {
		headline = append(headline, fill(s.words.story.over.moreInHeadline.of(more), values{"n": number(more)})...)
	}
	return headline
}

// resolvedSentence is one finding that is over, in a sentence of its own.
func (s resolvedSection) resolvedSentence(r *license.Resolved) line {
	if r.Gone || r.Undone || r.TakenOver && isEmptyText(r.Over, s.language) {
		return s.nowTrueLine(r)
	}
	return fill(s.words.story.over.resolved, values{"title": s.nowTrueLine(r)})
}

// nowTrueLine is what is true instead of a finding that is over. Where the rule does not
// say so, the title is quoted with the days on which it was true: by itself it would
// read as if it were.
func (s resolvedSection) nowTrueLine(r *license.Resolved) line {
	w := s.words.story.over
	rule, subject, _ := strings.Cut(r.Key, "/")
	said := s.quotedTitle(r)
	quoted := values{"title": said, "dates": s.resolvedDates(r)}
	switch {
	case r.Undone:
		return fill(w.undone, quoted)
	case r.TakenOver && isEmptyText(r.Over, s.language):
		return fill(w.takenOver, quoted)
	case r.Destroyed:
		return fill(w.destroyed, quoted)
	case r.Gone:
		return fill(w.gone, quoted)
	}
	state := s.stateNow(r, subject)
	switch {
	case !isEmptyText(r.Over, s.language):
		said = s.findingTitle(license.Finding{Account: r.Account, Rule: rule, Subject: subject, Title: r.Over})
	case len(state) == 0:
		return fill(w.dated, quoted)
	}
	if len(state) == 0 {
		return said
	}
	return fill(w.state, values{"title": said, "state": state})
}

// supersededLine says of a finding that is over that another one tells of it, or nobody any more.
func (s resolvedSection) supersededLine(r *license.Resolved) line {
	return fill(s.words.story.over.superseded, values{"title": s.quotedTitle(r)})
}

// quotedTitle is a finding's title as it last was.
func (s resolvedSection) quotedTitle(r *license.Resolved) line {
	rule, subject, _ := strings.Cut(r.Key, "/")
	title := s.findingTitle(license.Finding{Account: r.Account, Rule: rule, Subject: subject, Title: r.Title})
	return fill(s.words.story.over.quoted, values{"title": title})
}

func isEmptyText(t license.Text, language license.Language) bool {
	return text.OneLine(t.In(language), 1) == ""
}

// resolvedDates are the days from which to which a finding was told; the day it ended
// alone where it is not known when it began.
func (s resolvedSection) resolvedDates(r *license.Resolved) line {
	at := r.At
	if at.IsZero() {
		at = s.at
	}
	until := s.dateLine(at)
	if r.Since.IsZero() {
		return until
	}
	since := s.dateLine(r.Since)
	if since[0].text == until[0].text {
		return until
	}
	return fill(s.words.group.span, values{"first": since, "last": until})
}

// stateNow tells what has become of an order, or of Container Security, whose
// finding is over; nothing when that is not known.
func (s resolvedSection) stateNow(r *license.Resolved, subject string) line {
	reading := s.snapshot
	if r.Reading != nil {
		reading = r.Reading
	}
	if subject != "" {
		return s.orderNow(reading, subject)
	}
	w := s.words.story.over
	p := reading.PurchaseState
	if r.Source != license.SourcePurchaseState || !reading.Has(r.Source) || p.State == nil {
		return nil
	}
	end, ok := p.ExpirationDate()
	template := map[int64]string{license.StateTrial: w.trial, license.StatePro: w.pro}[*p.State]
	if !ok || template == "" || !end.After(s.at) || p.Contradicts() {
		return nil
	}
	return fill(template, values{"date": s.endDate(end)})
}

func (s resolvedSection) orderNow(reading *license.Snapshot, subject string) line {
	if !reading.Has(license.SourceOrders) {
		return nil
	}
	order := reading.Orders.Find(subject)
	if order == nil || order.IsLapsed() {
		return nil
	}
	end, ok := order.DeadlineTime()
	if !ok || !end.After(s.at) {
		return nil
	}
	template := s.words.story.over.orderEnds
	if order.AutoRenewFlag != nil && *order.AutoRenewFlag == license.RenewalOn {
		template = s.words.story.over.orderRenews
	}
	return fill(template, values{"date": s.endDate(end)})
}

// resolvedRows are the rows of an alert in which nothing fires. The only one has
// the headline; it only tells since when it was.
func (s resolvedSection) resolvedRows() (rows []row) {
	if s.isHeadline() {
		if since := s.resolvedSince(s.all[0]); len(since) > 0 {
			rows = append(rows, row{lines: []line{since}})
		}
		return rows
	}
	for _, r := range s.all[:min(maxRows, len(s.all))] {
		rows = append(rows, row{lines: []line{s.resolvedSentence(r)}})
	}
	return rows
}

// resolvedSince tells how bad a finding was, and from when.
func (s resolvedSection) resolvedSince(r *license.Resolved) line {
	if r.Since.IsZero() || r.Severity == "" {
		return nil
	}
	return fill(s.words.story.over.since, values{
		"severity": say(plainText(s.severityWord(r.Severity))), "date": s.dateLine(r.Since),
	})
}

// resolvedLeft counts the rows of an alert in which nothing fires that are not
// shown.
func (s resolvedSection) resolvedLeft(shown int) line {
	left := int64(len(s.all) - shown)
	if left <= 0 || s.isHeadline() {
		return nil
	}
	return fill(s.words.story.over.more.of(left), values{"n": number(left)})
}

// resolvedLines lists what is over below what is not, in an alert each in a sentence
// of its own; where there is no room, it counts.
func (s resolvedSection) resolvedLines() []line {
	w, all := s.words.story.over, s.all
	if len(all) == 0 || s.isHeadline() {
		return nil
	}
	title, write := w.inDigest, s.nowTrueLine
	if s.isAlert {
		title, write = w.inAlert, s.resolvedSentence
	}
	if s.bounds.resolved == 0 {
		return []line{fill(w.count, values{"title": say(title), "n": number(len(all))})}
	}
	var lines []line
	if !s.isAlert {
		lines = append(lines, styled(say(title), span{strong: true}))
	}
	shown := min(len(all), s.bounds.resolved)
	for _, r := range all[:shown] {
		lines = append(lines, write(r))
	}
	if left := int64(len(all) - shown); left > 0 {
		lines = append(lines, fill(w.more.of(left), values{"n": number(left)}))
	}
	return lines
}

// unnamedFacts are the facts about what is over that the message does not name when it
// shows so many.
func (s resolvedSection) unnamedFacts(shown int) (facts []string) {
	ends := map[string]int{} // by rule; what many orders have in common is told by their number
	for _, o := range s.all {
		rule, _, _ := strings.Cut(o.Key, "/")
		ends[rule]++
	}
	for k := shown; k < len(s.all); k++ {
		if rule, _, _ := strings.Cut(s.all[k].Key, "/"); ends[rule] < groupFrom {
			facts = append(facts, s.all[k].Fact())
		}
	}
	return facts
}
