package message

import (
	"slices"
	"time"

	"licensewatch/license"
)

// observeSources notes which sources stay unread, and which can be read again.
func (c *composer) observeSources() {
	c.outages = map[license.Source]license.SourceChange{}
	for _, change := range c.report.SourceChanges {
		if _, known := c.outages[change.Source]; change.Readable || known || !change.Source.IsKnown() {
			continue
		}
		c.outages[change.Source] = change
		if !change.Partly && !slices.Contains(c.unread, change.Source) {
			c.unread = append(c.unread, change.Source)
		}
	}
	for _, change := range c.report.SourceChanges {
		isSame := func(other license.SourceChange) bool { return other.Source == change.Source }
		if change.Readable && change.Source.IsKnown() && !slices.Contains(c.unread, change.Source) && !slices.ContainsFunc(c.again, isSame) {
			c.again = append(c.again, change)
		}
	}
}

// outageHeadline names the sources that stay unread; a single one with the time.
func (c *composer) outageHeadline() line {
	var sources []license.Source
	for _, source := range c.unread {
		if _, ok := c.outages[source]; ok {
			sources = append(sources, source)
		}
	}
	switch len(sources) {
	case 0: // all that stays unread is a part of the orders
		return c.unreadSince(c.sourceName(license.SourceOrders), c.outages[license.SourceOrders])
	case 1:
		return c.unreadSince(c.sourceName(sources[0]), c.outages[sources[0]])
	}
	names := c.sourceNames(sources)
	return fill(c.words.story.sources.several.of(int64(len(names))), values{"names": join(c.words.and, names...)})
}

func (c *composer) unreadSince(source line, o license.SourceChange) line {
	template := c.words.story.sources.since
	if o.Partly {
		template = c.words.story.sources.partlySince
	}
	return fill(template.of(int64(o.Runs)), values{"source": source, "since": c.momentLine(o.Since), "n": number(o.Runs)})
}

// isLasting says whether a source has been unread for longer than this run, and
// the headline does not say so already. A message that is short of room does not
// say so either.
func (c *composer) isLasting(source license.Source) bool {
	o, ok := c.outages[source]
	if c.bounds.brief {
		return false
	}
	return ok && o.Runs > 1 && !(c.lead == leadOutage && len(c.outages) == 1)
}

// isUnexplained says whether a source stays unread of which the snapshot does
// not tell why.
func (c *composer) isUnexplained(source license.Source) bool {
	_, ok := c.outages[source]
	return ok && c.report.Snapshot.Failures[source] == nil
}

// againNames names the sources that can be read again.
func (c *composer) againNames() line {
	var sources []license.Source
	for _, change := range c.again {
		sources = append(sources, change.Source)
	}
	names := c.sourceNames(sources)
	return fill(c.words.story.sources.again.of(int64(len(names))), values{"names": join(c.words.and, names...)})
}

// readAgain tells which sources can be read again, and for how long they could
// not.
func (c *composer) readAgain() []line {
	w := c.words.story.sources
	if c.bounds.brief && len(c.again) > 0 {
		return []line{c.againNames()}
	}
	var lines []line
	for _, change := range c.again {
		until := change.At
		if until.IsZero() {
			until = c.at
		}
		was := c.wasUnread(change, until)
		if len(c.again) == 1 && c.lead == leadAgain {
			return []line{was}
		}
		lines = append(lines, fill(w.againAfter, values{"source": c.sourceName(change.Source), "was": was}))
	}
	return lines
}

func (c *composer) wasUnread(change license.SourceChange, until time.Time) line {
	template := c.words.story.sources.was
	if change.Partly {
		template = c.words.story.sources.wasPartly
	}
	return fill(template.of(int64(change.Runs)), values{"since": c.momentLine(change.Since), "until": c.momentLine(until), "n": number(change.Runs)})
}
