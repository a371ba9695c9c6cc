package message

import "licensewatch/license"

// watchSection tells what was not watched, and what nobody has heard.
type watchSection struct {
	*phrases

	lead      lead
	gaps      []license.Gap       // the times without any run
	unheard   []license.Unheard   // the alerts that a channel gave no answer to
	unwatched []license.Unwatched // what is not watched any more
}

// unwatchedHeadline names what is no longer watched first, and how much more is not.
func (s watchSection) unwatchedHeadline() line {
	w := s.words.watch
	headline := fill(w.headline, values{"what": s.unwatchedName(s.unwatched[0])})
	if more := int64(len(s.unwatched) - 1); more > 0 {
		headline = append(headline, fill(w.moreInHeadline.of(more), values{"n": number(more)})...)
	}
	return headline
}

// watchLines tell when nothing ran, what nobody answered to, and what is no longer
// watched.
func (s watchSection) watchLines() []line {
	w := s.words.watch
	var lines []line
	if n := len(s.gaps); n > s.bounds.watch {
		lines = append(lines, fill(w.gaps, values{"n": number(n)}))
	} else {
		for _, g := range s.gaps {
			lines = append(lines, s.gapLine(g))
		}
	}
	lines = append(lines, s.unheardLines()...)
	switch n := int64(len(s.unwatched)); {
	case n == 1 && s.lead == leadUnwatched:
		return lines
	case n > 0 && s.bounds.brief:
		return append(lines, fill(w.count.of(n), values{"n": number(n)}))
	}
	for _, u := range s.unwatched[:min(len(s.unwatched), s.bounds.watch)] {
		lines = append(lines, fill(w.line, values{"what": s.unwatchedName(u)}))
	}
	if left := int64(len(s.unwatched) - s.bounds.watch); left > 0 {
		lines = append(lines, fill(w.moreUnwatched.of(left), values{"n": number(left)}))
	}
	return lines
}

// unheardLines are the alerts that a channel gave no answer to.
func (s watchSection) unheardLines() (lines []line) {
	all := s.unheard
	if n := int64(len(all)); n > 1 && s.bounds.brief {
		return []line{fill(s.words.watch.countUnheard.of(n), values{"n": number(n)})}
	}
	shown := all[:min(len(all), s.bounds.watch)]
	for _, u := range shown {
		lines = append(lines, s.words.unheardLine(u, s.momentLine(u.At), s.bounds.name))
	}
	if left := int64(len(all) - len(shown)); left > 0 {
		lines = append(lines, fill(s.words.watch.moreUnheard.of(left), values{"n": number(left)}))
	}
	return lines
}

// unheardLine tells of an alert of a date that a channel gave no answer to; names have so
// much room.
func (w *words) unheardLine(u license.Unheard, date line, room int) line {
	return fill(w.watch.unheard, values{"channel": quote(w.notes.channelName(u.Channel), room), "id": ident(u.ID, room),
		"date": date})
}

// gapLine tells between which runs nothing ran: the days, or the times where that is one
// day or two that follow each other.
func (s watchSection) gapLine(g license.Gap) line {
	from, to := g.From.In(s.at.Location()), g.To.In(s.at.Location())
	v := values{"from": s.momentLine(from), "to": s.momentLine(to)}
	if license.DaysLeft(to, from) > 1 {
		v = values{"from": s.dateLine(from), "to": s.dateLine(to)}
	}
	for name, moment := range v {
		v[name] = s.words.beforeWord(moment)
	}
	return fill(s.words.watch.gap, v)
}

// unwatchedName is a source, or a rule with what it last said.
func (s watchSection) unwatchedName(u license.Unwatched) line {
	return s.ofAccount(u.Account, s.bareUnwatched(u))
}

func (s watchSection) bareUnwatched(u license.Unwatched) line {
	w := s.words.watch
	if u.Rule == "" {
		return s.orUnknown(s.sourceName(u.Source))
	}
	v := values{"rule": ident(u.Rule, s.bounds.name), "title": quote(u.Title.In(s.language), s.bounds.title),
		"n": number(u.Count - 1)}
	v["rule"] = s.orUnknown(v["rule"])
	switch more := int64(u.Count - 1); {
	case len(v["title"]) == 0:
		return fill(w.rule, v)
	case more < 1:
		return fill(w.ruleSaid, v)
	default:
		return fill(w.ruleSaidMore.of(more), v)
	}
}

// unnamedFacts are the facts about what is no longer watched that the message does not name.
func (s watchSection) unnamedFacts() (facts []string) {
	for k := s.namedUnwatched(); k < len(s.unwatched); k++ {
		facts = append(facts, s.unwatched[k].Fact())
	}
	return facts
}

// namedUnwatched is how many of what is no longer watched the message may name.
func (s watchSection) namedUnwatched() int {
	switch {
	case !s.bounds.brief:
		return s.bounds.watch
	case s.lead == leadUnwatched:
		return 1
	default:
		return 0
	}
}
