package notify

import (
	"slices"

	"licensewatch/license"
)

// level is the colour of the report: the worst that is known, or orange when
// something is not known that could be worse.
func (c *composer) level() level {
	worst := c.report.Worst()
	switch {
	case worst == license.Critical:
		return levelCritical
	case c.isIncomplete():
		return levelUnknown
	case worst == license.Warning:
		return levelWarning
	case len(c.report.Firing) > 0:
		return levelInfo
	default:
		return levelWell
	}
}

// isIncomplete says whether anything that was to be judged could not be.
func (c *composer) isIncomplete() bool {
	return len(c.unread) > 0 || len(c.report.Unknown) > 0 || c.missesOrders() || c.isStateUnknown()
}

// isStateUnknown says whether Container Security is in a state that nobody has
// documented: no rule fires on it, and yet nothing is known to be well.
func (c *composer) isStateUnknown() bool {
	if !c.has(license.SourcePurchaseState) {
		return false
	}
	state := c.report.Snapshot.PurchaseState.State
	return state == nil || c.words.overview.states[*state] == ""
}

func (c *composer) missesOrders() bool {
	return c.has(license.SourceOrders) && c.report.Snapshot.Orders.Incomplete || slices.ContainsFunc(c.report.Notices, func(n license.Notice) bool {
		return n.Code == license.NoticeOrdersIncomplete
	})
}

// headline is one sentence about the licenses: the worst thing first.
func (c *composer) headline() line {
	switch {
	case c.leadsWithFinding():
		return c.findingHeadline()
	case c.isIncomplete():
		return c.unknownHeadline()
	default:
		return say(c.words.headline.allWell)
	}
}

// leadsWithFinding says whether the headline is a finding's title: something
// that is not known matters more than what is merely good to know.
func (c *composer) leadsWithFinding() bool {
	return len(c.report.Firing) > 0 && (c.report.Worst().Rank() > license.Info.Rank() || !c.isIncomplete())
}

// findingHeadline is the first finding, how many more want attention, and what
// is not known besides.
func (c *composer) findingHeadline() line {
	headline := c.title(c.report.Firing[0])
	var more int64
	for _, f := range c.report.Firing[1:] {
		if f.Severity.Rank() > license.Info.Rank() || c.report.Worst() == license.Info {
			more++
		}
	}
	if more > 0 {
		headline = append(headline, fill(c.words.headline.more.of(more), values{"n": number(more)})...)
	}
	if names := c.unknownNames(); len(names) > 0 {
		headline = append(headline, fill(c.words.headline.alsoUnknown.of(int64(len(names))), values{"names": join(c.words.and, names...)})...)
	}
	return headline
}

// unknownHeadline tells what is not known when nothing worse is.
func (c *composer) unknownHeadline() line {
	h := c.words.headline
	switch names := c.unknownNames(); {
	case len(names) > 0 && !c.anyRead():
		return say(h.nothingRead)
	case len(names) > 0:
		return fill(h.unknown.of(int64(len(names))), values{"names": join(c.words.and, names...)})
	case c.missesOrders():
		return say(h.ordersIncomplete)
	default:
		n := int64(len(c.report.Unknown))
		return fill(h.rulesUnknown.of(n), values{"n": number(n)})
	}
}

func (c *composer) anyRead() bool {
	return slices.ContainsFunc(c.report.Snapshot.Wanted, c.has)
}

// unknownNames names what is not known: a product, or the part of it that is
// missing.
func (c *composer) unknownNames() []line {
	var names []line
	overview, orders := slices.Contains(c.unread, license.SourceOverview), slices.Contains(c.unread, license.SourceOrders)
	if overview && orders {
		names = append(names, say(c.words.products.cwp))
	}
	for _, source := range c.unread {
		if overview && orders && source != license.SourcePurchaseState {
			continue
		}
		names = append(names, say(c.words.sources[source]))
	}
	if c.isStateUnknown() {
		names = append(names, say(c.words.products.tcss))
	}
	return names
}

// orUnknown is the text, or the word for what is not known.
func (c *composer) orUnknown(l line) line {
	if len(l) == 0 {
		return say(c.words.unknown)
	}
	return l
}
