package message

import (
	"slices"

	"licensewatch/license"
)

// documentLevel is the colour of the report: the worst that is known, or orange when
// something is not known that could be worse. What is acknowledged has no colour,
// but is not all well either.
func (c *composer) documentLevel() level {
	worst := c.report.Worst()
	switch {
	case c.report.Page != nil:
		return c.page.pageLevel()
	case worst == license.Critical:
		return levelCritical
	case c.unknown.isIncomplete(), c.fleet.isIncomplete():
		return levelUnknown
	case worst == license.Warning:
		return levelWarning
	case len(c.report.Firing)+len(c.report.Unwatched) > 0,
		c.lead == leadResolved && slices.ContainsFunc(c.report.Resolved, func(r license.Resolved) bool {
			return r.Gone
		}):
		return levelInfo
	default:
		return levelWell
	}
}

// headlineLine is one sentence about the licenses: the worst thing first.
func (c *composer) headlineLine() line {
	headline := join(" · ", c.headlineSentence(), c.fleet.sliceWords())
	if isUnchanged(c.report) {
		headline = fill(c.words.headline.unchanged, values{
			"since": c.dateLine(c.report.Unchanged), "headline": c.words.lowerFirst(headline),
		})
	}
	if !c.report.Sent.IsZero() {
		headline = append(headline, fill(c.words.headline.late, values{"date": c.words.beforeWord(c.writtenAt())})...)
	}
	return headline
}

// headlineSentence says what leads, and what is not known besides.
func (c *composer) headlineSentence() line {
	if c.report.Page != nil {
		return c.page.pageHeadline()
	}
	if c.headlinesAccounts() {
		return c.fleet.accountsHeadline()
	}
	switch c.lead {
	case leadFinding:
		return c.unknown.withUnknown(c.findingHeadline())
	case leadOutage:
		return c.sources.outageHeadline()
	case leadResolved:
		return c.unknown.withUnknown(c.resolved.resolvedHeadline())
	case leadAgain:
		return c.unknown.withUnknown(c.sources.againNames())
	case leadUnwatched:
		return c.unknown.withUnknown(c.watch.unwatchedHeadline())
	case leadUnknown:
		return c.unknown.unknownHeadline(len(c.acks.acknowledged) == 0 && !c.tellsOnlyChanges())
	case leadAcknowledged:
		return c.acks.ackHeadline()
	default:
		return say(c.words.headline.allWell)
	}
}

// isUnchanged says whether a digest only says what the last one said.
func isUnchanged(r *license.Report) bool {
	return !r.Unchanged.IsZero() && r.Mode == license.ModeDigest
}

// writtenAt is when a message was written that is delivered late: the day, or the
// time where that is today.
func (c *composer) writtenAt() line {
	if license.DaysLeft(c.at, c.report.Sent.In(c.at.Location())) == 0 {
		return say(c.at.Format(c.words.moment))
	}
	return c.words.dateLine(c.at, c.report.Sent.In(c.at.Location()))
}

// findingHeadline is the first item, and how many more want attention.
func (c *composer) findingHeadline() line {
	first := c.findings.items[0]
	headline := c.findings.itemTitle(first)
	if protected := c.protectedHeadline(first, headline); len(protected) > 0 {
		headline = protected
	}
	if c.findings.isLoneAlert() && c.report.Sent.IsZero() && !first.isGroup() && !first.firstFinding().Event {
		if change, _ := c.findings.storyOf(first.firstFinding()).changeInHeadline(); len(change) > 0 {
			headline = append(headline, fill(c.words.story.change.headline, values{"change": change})...)
		}
	}
	var more int64
	for _, i := range c.findings.items[1:] {
		if i.firstFinding().Severity.Rank() > license.Info.Rank() || c.report.Worst() == license.Info {
			more++
		}
	}
	if more > 0 {
		template := c.words.headline.more
		if c.report.Worst() == license.Info {
			template = c.words.headline.moreInfo
		}
		headline = append(headline, fill(template.of(more), values{"n": number(more)})...)
	}
	return headline
}

// protectedHeadline says of what will end some day, when nothing else is to be
// said, that until then all is protected.
func (c *composer) protectedHeadline(i item, title line) line {
	t := i.totals()
	isAhead := t.dated && t.first.Deadline.After(c.at) && t.someLicenses && !i.firstFinding().Event
	isAll := !c.tellsOnlyChanges() && !c.unknown.isIncomplete() && len(c.acks.acknowledged) == 0
	if c.report.Worst() != license.Info || !isAhead || !isAll {
		return nil
	}
	template := c.words.headline.protected
	if i.isGroup() {
		template = c.words.headline.protectedGroup
	}
	return fill(template, values{
		"title": c.words.lowerFirst(title), "n": count(t.licenses),
		"licenses": fill(c.words.group.licenses.of(t.licenses), values{"n": count(t.licenses)}),
		"date":     c.words.beforeWord(c.endDate(t.first.Deadline)),
	})
}
