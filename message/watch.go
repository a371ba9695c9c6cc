package message

import "licensewatch/license"

// unwatchedHeadline names what is no longer watched first, and how much more is not.
func (c *composer) unwatchedHeadline() line {
	w := c.words.watch
	headline := fill(w.headline, values{"what": c.unwatchedName(c.report.Unwatched[0])})
	if more := int64(len(c.report.Unwatched) - 1); more > 0 {
		headline = append(headline, fill(w.moreInHeadline.of(more), values{"n": number(more)})...)
	}
	return headline
}

// watchLines tell when nothing ran, what nobody answered to, and what is no longer
// watched.
func (c *composer) watchLines() []line {
	w := c.words.watch
	gaps, unwatched := c.report.Gaps, c.report.Unwatched
	var lines []line
	if n := len(gaps); n > c.bounds.watch {
		lines = append(lines, fill(w.gaps, values{"n": number(n)}))
	} else {
		for _, g := range gaps {
			lines = append(lines, c.gapLine(g))
		}
	}
	lines = append(lines, c.unheardLines()...)
	switch n := int64(len(unwatched)); {
	case n == 1 && c.lead == leadUnwatched:
		return lines
	case n > 0 && c.bounds.brief:
		return append(lines, fill(w.count.of(n), values{"n": number(n)}))
	}
	for _, u := range unwatched[:min(len(unwatched), c.bounds.watch)] {
		lines = append(lines, fill(w.line, values{"what": c.unwatchedName(u)}))
	}
	if left := int64(len(unwatched) - c.bounds.watch); left > 0 {
		lines = append(lines, fill(w.moreUnwatched.of(left), values{"n": number(left)}))
	}
	return lines
}

// unheardLines are the alerts that a channel gave no answer to.
func (c *composer) unheardLines() (lines []line) {
	all := c.report.Unheard
	if n := int64(len(all)); n > 1 && c.bounds.brief {
		return []line{fill(c.words.watch.countUnheard.of(n), values{"n": number(n)})}
	}
	shown := all[:min(len(all), c.bounds.watch)]
	for _, u := range shown {
		lines = append(lines, c.words.unheardLine(u, c.momentLine(u.At), c.bounds.name))
	}
	if left := int64(len(all) - len(shown)); left > 0 {
		lines = append(lines, fill(c.words.watch.moreUnheard.of(left), values{"n": number(left)}))
	}
	return lines
}

// unheardLine tells of an alert of a date that a channel gave no answer to; names have so
// much room.
func (w *words) unheardLine(u license.Unheard, date line, room int) line {
	return fill(w.watch.unheard, values{"channel": quote(w.notes.channelName(u.Channel), room), "id": ident(u.ID, room), "date": date})
}

// gapLine tells between which runs nothing ran: the days, or the times where that is one
// day or two that follow each other.
func (c *composer) gapLine(g license.Gap) line {
	from, to := g.From.In(c.at.Location()), g.To.In(c.at.Location())
	v := values{"from": c.momentLine(from), "to": c.momentLine(to)}
	if license.DaysLeft(to, from) > 1 {
		v = values{"from": c.dateLine(from), "to": c.dateLine(to)}
	}
	for name, moment := range v {
		v[name] = c.words.beforeWord(moment)
	}
	return fill(c.words.watch.gap, v)
}

// unwatchedName is a source, or a rule with what it last said.
func (c *composer) unwatchedName(u license.Unwatched) line {
	w := c.words.watch
	if u.Rule == "" {
		return c.orUnknown(c.sourceName(u.Source))
	}
	v := values{"rule": ident(u.Rule, c.bounds.name), "title": quote(u.Title.In(c.language), c.bounds.title), "n": number(u.Count - 1)}
	v["rule"] = c.orUnknown(v["rule"])
	switch more := int64(u.Count - 1); {
	case len(v["title"]) == 0:
		return fill(w.rule, v)
	case more < 1:
		return fill(w.ruleSaid, v)
	default:
		return fill(w.ruleSaidMore.of(more), v)
	}
}
