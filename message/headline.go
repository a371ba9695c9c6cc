package message

import (
	"cmp"
	"slices"
	"strings"

	"licensewatch/license"
)

// documentLevel is the colour of the report: the worst that is known, or orange when
// something is not known that could be worse. What is acknowledged has no colour,
// but is not all well either.
func (c *composer) documentLevel() level {
	worst := c.report.Worst()
	switch {
	case worst == license.Critical:
		return levelCritical
	case c.isIncomplete():
		return levelUnknown
	case worst == license.Warning:
		return levelWarning
	case len(c.report.Firing)+len(c.report.Unwatched) > 0,
		c.lead == leadResolved && slices.ContainsFunc(c.report.Resolved, func(r license.Resolved) bool { return r.Gone }):
		return levelInfo
	default:
		return levelWell
	}
}

// isIncomplete says whether anything that was to be judged could not be.
func (c *composer) isIncomplete() bool {
	return len(c.unread) > 0 || len(c.report.Unknown) > 0 || len(c.doubts.all) > 0 || c.missesOrders || c.isStateUnknown()
}

// isStateUnknown says whether the answer about Container Security did not tell its
// state.
func (c *composer) isStateUnknown() bool {
	return c.hasRead(license.SourcePurchaseState) && c.report.Snapshot.PurchaseState.State == nil
}

// headlineLine is one sentence about the licenses: the worst thing first.
func (c *composer) headlineLine() line {
	headline := c.headlineSentence()
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
	switch c.lead {
	case leadFinding:
		return c.withUnknown(c.findingHeadline())
	case leadOutage:
		return c.outageHeadline()
	case leadResolved:
		return c.withUnknown(c.resolvedHeadline())
	case leadAgain:
		return c.withUnknown(c.againNames())
	case leadUnwatched:
		return c.withUnknown(c.watch.unwatchedHeadline())
	case leadUnknown:
		return c.unknownHeadline()
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
	first := c.items[0]
	headline := c.itemTitle(first)
	if protected := c.protectedHeadline(first, headline); len(protected) > 0 {
		headline = protected
	}
	if c.isLoneAlert() && c.report.Sent.IsZero() && !first.isGroup() && !first.firstFinding().Event {
		if change, _ := c.changeInHeadline(first.firstFinding()); len(change) > 0 {
			headline = append(headline, fill(c.words.story.change.headline, values{"change": change})...)
		}
	}
	var more int64
	for _, i := range c.items[1:] {
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
	isAhead := t.dated && t.first.Deadline.After(c.at) && t.someLicenses
	if c.report.Worst() != license.Info || i.firstFinding().Event || c.tellsOnlyChanges() || c.isIncomplete() || len(c.acks.acknowledged) > 0 || !isAhead {
		return nil
	}
	template := c.words.headline.protected
	if i.isGroup() {
		template = c.words.headline.protectedGroup
	}
	return fill(template, values{
		"title": c.words.lowerFirst(title), "n": count(t.licenses), "licenses": fill(c.words.group.licenses.of(t.licenses), values{"n": count(t.licenses)}),
		"date": c.words.beforeWord(c.endDate(t.first.Deadline)),
	})
}

// withUnknown adds to a headline what is not known besides: the sources, or how
// many checks could not be made although all were read.
func (c *composer) withUnknown(headline line) line {
	if names := c.unknownNames(); len(names) > 0 {
		return append(headline, fill(c.words.headline.alsoUnknown.of(int64(len(names))), values{"names": join(c.words.and, names...)})...)
	}
	if gap := c.gapOfChecks(); len(gap) > 0 && len(c.doubts.all) == 0 {
		return append(headline, gap...)
	}
	return append(headline, c.doubts.alsoDoubted()...)
}

// unknownHeadline tells what is not known when nothing worse is. That the rest
// is fine is only said when all the rest is known, and not by an alert that leaves out
// what was told before.
func (c *composer) unknownHeadline() line {
	h, gaps := c.words.headline, c.unknownGaps()
	names := c.unknownNames()
	n, checks := int64(len(names)), int64(license.CountFindings(c.report.Unknown))
	isRestFine := len(c.acks.acknowledged) == 0 && !c.tellsOnlyChanges()
	switch v := (values{"names": join(c.words.and, names...)}); {
	case len(names) > 0 && !c.anyRead():
		return say(h.nothingRead)
	case len(names) > 0 && len(gaps) == 0 && isRestFine:
		return fill(h.unknown.of(n), v)
	case len(names) > 0:
		return append(fill(h.unknownOnly.of(n), v), gaps...)
	case c.missesOrders && c.countUnexplained() == 0 && len(c.doubts.all) == 0 && isRestFine:
		return say(h.ordersIncomplete)
	case c.missesOrders:
		return slices.Concat(say(h.ordersOnly), c.doubts.alsoDoubted(), c.gapOfChecks())
	case len(c.doubts.all) > 0:
		return append(c.doubts.doubtHeadline(), c.gapOfChecks()...)
	case !isRestFine:
		return fill(h.rulesOnly.of(checks), values{"n": number(checks)})
	default:
		return fill(h.rulesUnknown.of(checks), values{"n": number(checks)})
	}
}

// unknownGaps are what is not known beside the sources that have a name in the
// headline.
func (c *composer) unknownGaps() line {
	var gaps line
	if c.missesOrders {
		gaps = say(c.words.headline.alsoOrders)
	}
	return slices.Concat(gaps, c.doubts.alsoDoubted(), c.gapOfChecks())
}

func (c *composer) gapOfChecks() line {
	n := c.countUnexplained()
	if n == 0 {
		return nil
	}
	return fill(c.words.headline.alsoChecks.of(n), values{"n": number(n)})
}

// countUnexplained counts the rules that could not be judged for another reason than
// a source that is named, orders that are missing, or a value that is told of.
func (c *composer) countUnexplained() int64 {
	var n int64
	for i := range c.report.Unknown {
		f := &c.report.Unknown[i]
		for subject := range f.Subjects() {
			if f.Problem != "" || slices.ContainsFunc(f.Missing, func(field string) bool { return !c.isNamed(sourceOf(field)) && !c.doubts.isDoubted(subject, field) }) {
				n++
			}
		}
	}
	return n
}

// isNamed says whether the headline names the source as not known.
func (c *composer) isNamed(source license.Source) bool {
	return slices.Contains(c.unread, source) ||
		source == license.SourcePurchaseState && c.isStateUnknown() ||
		source == license.SourceOrders && c.missesOrders
}

// sourceOf is the source of a field or source that a finding misses.
func sourceOf(missing string) license.Source {
	return cmp.Or(license.SourceOf(strings.TrimPrefix(missing, "previous.")), license.SourceOverview)
}

func (c *composer) anyRead() bool {
	return slices.ContainsFunc(c.report.Snapshot.Wanted, c.hasRead)
}

// unknownNames names what is not known: a product, or the part of it that is
// missing.
func (c *composer) unknownNames() []line {
	names := c.sourceNames(c.unread)
	if c.isStateUnknown() {
		names = append(names, say(c.words.products.tcss))
	}
	return names
}
