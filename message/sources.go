package message

import (
	"slices"
	"time"

	"licensewatch/license"
)

// sourceSection tells which sources could not be read, and which can be read again.
type sourceSection struct {
	*phrases

	lead     lead
	unread   []license.Source                        // wanted, but not there
	failures map[license.Source]*license.Failure     // why, as far as the snapshot tells
	outages  map[license.Source]license.SourceChange // those of unread that stay so
	again    []license.SourceChange                  // those that can be read again
}

func newSourceSection(p *phrases, r *license.Report) sourceSection {
	s := sourceSection{phrases: p, unread: unreadSources(&r.Snapshot), failures: r.Snapshot.Failures,
		outages: map[license.Source]license.SourceChange{}}
	for _, change := range r.SourceChanges {
		if _, known := s.outages[change.Source]; change.Readable || known || !change.Source.IsKnown() {
			continue
		}
		s.outages[change.Source] = change
		if !change.Partly && !slices.Contains(s.unread, change.Source) {
			s.unread = append(s.unread, change.Source)
		}
	}
	for _, change := range r.SourceChanges {
		isSame := func(other license.SourceChange) bool { return other.Source == change.Source }
		if change.Readable && change.Source.IsKnown() && !slices.Contains(s.unread, change.Source) &&
			!slices.ContainsFunc(s.again, isSame) {
			s.again = append(s.again, change)
		}
	}
	return s
}

// unreadSources are those that were wanted, and are not there.
func unreadSources(s *license.Snapshot) (unread []license.Source) {
	for _, source := range s.Wanted {
		if source.IsKnown() && !s.Has(source) && !slices.Contains(unread, source) {
			unread = append(unread, source)
		}
	}
	return unread
}

// outageHeadline names the sources that stay unread; a single one with the time.
func (s sourceSection) outageHeadline() line {
	var sources []license.Source
	for _, source := range s.unread {
		if _, ok := s.outages[source]; ok {
			sources = append(sources, source)
		}
	}
	switch len(sources) {
	case 0: // all that stays unread is a part of the orders
		return s.unreadSince(s.sourceName(license.SourceOrders), s.outages[license.SourceOrders])
	case 1:
		return s.unreadSince(s.sourceName(sources[0]), s.outages[sources[0]])
	}
	names := s.sourceNames(sources)
	return fill(s.words.story.sources.several.of(int64(len(names))), values{"names": join(s.words.and, names...)})
}

func (s sourceSection) unreadSince(source line, o license.SourceChange) line {
	template := s.words.story.sources.since
	if o.Partly {
		template = s.words.story.sources.partlySince
	}
	return fill(template.of(int64(o.Runs)), values{"source": source, "since": s.momentLine(o.Since),
		"n": number(o.Runs)})
}

// isLasting says whether a source has been unread for longer than this run, and
// the headline does not say so already. A message that is short of room does not
// say so either.
func (s sourceSection) isLasting(source license.Source) bool {
	o, ok := s.outages[source]
	if s.bounds.brief {
		return false
	}
	return ok && o.Runs > 1 && !(s.lead == leadOutage && len(s.outages) == 1)
}

// isUnexplained says whether a source stays unread of which the snapshot does
// not tell why.
func (s sourceSection) isUnexplained(source license.Source) bool {
	_, ok := s.outages[source]
	return ok && s.failures[source] == nil
}

// againNames names the sources that can be read again.
func (s sourceSection) againNames() line {
	var sources []license.Source
	for _, change := range s.again {
		sources = append(sources, change.Source)
	}
	names := s.sourceNames(sources)
	return fill(s.words.story.sources.again.of(int64(len(names))), values{"names": join(s.words.and, names...)})
}

// readAgain tells which sources can be read again, and for how long they could
// not.
func (s sourceSection) readAgain() []line {
	w := s.words.story.sources
	if s.bounds.brief && len(s.again) > 0 {
		return []line{s.againNames()}
	}
	var lines []line
	for _, change := range s.again {
		until := change.At
		if until.IsZero() {
			until = s.at
		}
		was := s.wasUnread(change, until)
		if len(s.again) == 1 && s.lead == leadAgain {
			return []line{was}
		}
		lines = append(lines, fill(w.againAfter, values{"source": s.sourceName(change.Source), "was": was}))
	}
	return lines
}

func (s sourceSection) wasUnread(change license.SourceChange, until time.Time) line {
	template := s.words.story.sources.was
	if change.Partly {
		template = s.words.story.sources.wasPartly
	}
	return fill(template.of(int64(change.Runs)),
		values{"since": s.momentLine(change.Since), "until": s.momentLine(until), "n": number(change.Runs)})
}
