package message

import (
	"strings"

	"licensewatch/internal/text"
	"licensewatch/license"
)

// resolvedInOrder are the findings that are over; those that are merely no longer listed
// come last.
func resolvedInOrder(r license.Report) []license.Resolved {
	var all, gone []license.Resolved
	for _, over := range r.Resolved {
		if over.Gone {
			gone = append(gone, over)
		} else {
			all = append(all, over)
		}
	}
	return append(all, gone...)
}

// resolvedHeadline is the first finding that is over, and how many more are.
func (c *composer) resolvedHeadline() line {
	all := resolvedInOrder(*c.report)
	headline := c.resolvedSentence(all[0])
	if more := int64(len(all) - 1); more > 0 {
		headline = append(headline, fill(c.words.story.over.moreInHeadline.of(more), values{"n": number(more)})...)
	}
	return headline
}

// resolvedSentence is one finding that is over, in a sentence of its own.
func (c *composer) resolvedSentence(r license.Resolved) line {
	if r.Gone || r.Undone || r.TakenOver && isEmptyText(r.Over, c.language) {
		return c.nowTrueLine(r)
	}
	return fill(c.words.story.over.resolved, values{"title": c.nowTrueLine(r)})
}

// nowTrueLine is what is true instead of a finding that is over. Where the rule does not
// say so, the title is quoted with the days on which it was true: by itself it would
// read as if it were.
func (c *composer) nowTrueLine(r license.Resolved) line {
	w := c.words.story.over
	rule, subject, _ := strings.Cut(r.Key, "/")
	said := c.findingTitle(license.Finding{Rule: rule, Subject: subject, Title: r.Title})
	quoted := values{"title": fill(w.quoted, values{"title": said}), "dates": c.resolvedDates(r)}
	switch {
	case r.Undone:
		return fill(w.undone, quoted)
	case r.TakenOver && isEmptyText(r.Over, c.language):
		return fill(w.takenOver, quoted)
	case r.Destroyed:
		return fill(w.destroyed, quoted)
	case r.Gone:
		return fill(w.gone, quoted)
	}
	state := c.stateNow(r.Source, subject)
	switch {
	case !isEmptyText(r.Over, c.language):
		said = c.findingTitle(license.Finding{Rule: rule, Subject: subject, Title: r.Over})
	case len(state) == 0:
		return fill(w.dated, quoted)
	default:
		said = quoted["title"]
	}
	if len(state) == 0 {
		return said
	}
	return fill(w.state, values{"title": said, "state": state})
}

func isEmptyText(t license.Text, language license.Language) bool {
	return text.OneLine(t.In(language), 1) == ""
}

// resolvedDates are the days from which to which a finding was told; the day it ended
// alone where it is not known when it began.
func (c *composer) resolvedDates(r license.Resolved) line {
	at := r.At
	if at.IsZero() {
		at = c.at
	}
	until := c.dateLine(at)
	if r.Since.IsZero() {
		return until
	}
	since := c.dateLine(r.Since)
	if since[0].text == until[0].text {
		return until
	}
	return fill(c.words.group.span, values{"first": since, "last": until})
}

// stateNow tells what has become of an order, or of Container Security, whose
// finding is over; nothing when that is not known.
func (c *composer) stateNow(source license.Source, subject string) line {
	if subject != "" {
		return c.orderNow(subject)
	}
	w := c.words.story.over
	p := c.report.Snapshot.PurchaseState
	if source != license.SourcePurchaseState || !c.hasRead(source) || p.State == nil {
		return nil
	}
	end, ok := p.ExpirationDate()
	template := map[int64]string{license.StateTrial: w.trial, license.StatePro: w.pro}[*p.State]
	if !ok || template == "" || !end.After(c.at) || p.Contradicts() {
		return nil
	}
	return fill(template, values{"date": c.endDate(end)})
}

func (c *composer) orderNow(subject string) line {
	if !c.hasRead(license.SourceOrders) {
		return nil
	}
	order := c.report.Snapshot.Orders.Find(subject)
	if order == nil || order.IsLapsed() {
		return nil
	}
	end, ok := order.DeadlineTime()
	if !ok || !end.After(c.at) {
		return nil
	}
	template := c.words.story.over.orderEnds
	if order.AutoRenewFlag != nil && *order.AutoRenewFlag == license.RenewalOn {
		template = c.words.story.over.orderRenews
	}
	return fill(template, values{"date": c.endDate(end)})
}

// resolvedRows are the rows of an alert in which nothing fires. The only one has
// the headline; it only tells since when it was.
func (c *composer) resolvedRows() (rows []row) {
	all := resolvedInOrder(*c.report)
	if len(all) == 1 && c.lead == leadResolved {
		if since := c.resolvedSince(all[0]); len(since) > 0 {
			rows = append(rows, row{lines: []line{since}})
		}
		return rows
	}
	for _, r := range all[:min(maxRows, len(all))] {
		rows = append(rows, row{lines: []line{c.resolvedSentence(r)}})
	}
	return rows
}

// resolvedSince tells how bad a finding was, and from when.
func (c *composer) resolvedSince(r license.Resolved) line {
	if r.Since.IsZero() || r.Severity == "" {
		return nil
	}
	return fill(c.words.story.over.since, values{
		"severity": say(plainText(c.severityWord(r.Severity))), "date": c.dateLine(r.Since),
	})
}

// resolvedLeft counts the rows of an alert in which nothing fires that are not
// shown.
func (c *composer) resolvedLeft(shown int) line {
	left := int64(len(c.report.Resolved) - shown)
	if left <= 0 || len(c.report.Resolved) == 1 && c.lead == leadResolved {
		return nil
	}
	return fill(c.words.story.over.more.of(left), values{"n": number(left)})
}

// resolvedLines lists what is over below what is not, in an alert each in a sentence
// of its own; where there is no room, it counts.
func (c *composer) resolvedLines() []line {
	w, all := c.words.story.over, resolvedInOrder(*c.report)
	if len(all) == 0 || c.listsOnlyResolved() || len(all) == 1 && c.lead == leadResolved {
		return nil
	}
	title, write := w.inDigest, c.nowTrueLine
	if c.report.Mode == license.ModeAlert {
		title, write = w.inAlert, c.resolvedSentence
	}
	if c.bounds.resolved == 0 {
		return []line{fill(w.count, values{"title": say(title), "n": number(len(all))})}
	}
	var lines []line
	if c.report.Mode != license.ModeAlert {
		lines = append(lines, styled(say(title), span{strong: true}))
	}
	shown := min(len(all), c.bounds.resolved)
	for _, r := range all[:shown] {
		lines = append(lines, write(r))
	}
	if left := int64(len(all) - shown); left > 0 {
		lines = append(lines, fill(w.more.of(left), values{"n": number(left)}))
	}
	return lines
}

// listsOnlyResolved says whether the rows are what is over, since nothing fires.
func (c *composer) listsOnlyResolved() bool {
	return c.tellsOnlyChanges() && len(c.items) == 0 && len(c.report.Resolved) > 0
}
