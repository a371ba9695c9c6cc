package message

import (
	"cmp"
	"slices"
	"strings"

	"licensewatch/license"
)

// unknownSection is what is not known, of all that was to be.
type unknownSection struct {
	*phrases

	unread         []license.Source
	doubts         doubtSection
	rules          []license.Finding // that could not be judged
	missesOrders   bool              // the list of orders is not complete
	isStateUnknown bool              // the answer about Container Security did not tell its state
	isNothingRead  bool
}

func newUnknownSection(p *phrases, r *license.Report, sources sourceSection, doubts doubtSection,
	notices noticeSection) unknownSection {
	s := &r.Snapshot
	return unknownSection{
		phrases: p, unread: sources.unread, doubts: doubts, rules: r.Unknown,
		missesOrders:   hasNotice(notices.all, license.NoticeOrdersIncomplete),
		isStateUnknown: s.Has(license.SourcePurchaseState) && s.PurchaseState.State == nil,
		isNothingRead:  r.Fleet == nil && !slices.ContainsFunc(s.Wanted, s.Has),
	}
}

// isIncomplete says whether anything that was to be judged could not be.
func (s unknownSection) isIncomplete() bool {
	return len(s.unread) > 0 || len(s.rules) > 0 || len(s.doubts.all) > 0 || s.missesOrders || s.isStateUnknown
}

// withUnknown adds to a headline what is not known besides: the sources, or how
// many checks could not be made although all were read.
func (s unknownSection) withUnknown(headline line) line {
	if names := s.unknownNames(); len(names) > 0 {
		return append(headline, fill(s.words.headline.alsoUnknown.of(int64(len(names))),
			values{"names": join(s.words.and, names...)})...)
	}
	if gap := s.gapOfChecks(); len(gap) > 0 && len(s.doubts.all) == 0 {
		return append(headline, gap...)
	}
	return append(headline, s.doubts.alsoDoubted()...)
}

// unknownHeadline tells what is not known when nothing worse is. That the rest
// is fine is only said when all the rest is known, and not by an alert that leaves out
// what was told before.
func (s unknownSection) unknownHeadline(isRestFine bool) line {
	h, gaps := s.words.headline, s.unknownGaps()
	names := s.unknownNames()
	n, checks := int64(len(names)), int64(license.CountFindings(s.rules))
	switch v := (values{"names": join(s.words.and, names...)}); {
	case len(names) > 0 && s.isNothingRead:
		return say(h.nothingRead)
	case len(names) > 0 && len(gaps) == 0 && isRestFine:
		return fill(h.unknown.of(n), v)
	case len(names) > 0:
		return append(fill(h.unknownOnly.of(n), v), gaps...)
	case s.missesOrders && s.countUnexplained() == 0 && len(s.doubts.all) == 0 && isRestFine:
		return say(h.ordersIncomplete)
	case s.missesOrders:
		return slices.Concat(say(h.ordersOnly), s.doubts.alsoDoubted(), s.gapOfChecks())
	case len(s.doubts.all) > 0:
		return append(s.doubts.doubtHeadline(), s.gapOfChecks()...)
	case !isRestFine:
		return fill(h.rulesOnly.of(checks), values{"n": number(checks)})
	default:
		return fill(h.rulesUnknown.of(checks), values{"n": number(checks)})
	}
}

// unknownGaps are what is not known beside the sources that have a name in the
// headline.
func (s unknownSection) unknownGaps() line {
	var gaps line
	if s.missesOrders {
		gaps = say(s.words.headline.alsoOrders)
	}
	return slices.Concat(gaps, s.doubts.alsoDoubted(), s.gapOfChecks())
}

func (s unknownSection) gapOfChecks() line {
	n := s.countUnexplained()
	if n == 0 {
		return nil
	}
	return fill(s.words.headline.alsoChecks.of(n), values{"n": number(n)})
}

// countUnexplained counts the rules that could not be judged for another reason than
// a source that is named, orders that are missing, or a value that is told of.
func (s unknownSection) countUnexplained() int64 {
	var n int64
	for i := range s.rules {
		f := &s.rules[i]
		for subject := range f.Subjects() {
			isUnexplained := func(field string) bool {
				return !s.isNamed(sourceOf(field)) && !s.doubts.isDoubted(subject, field)
			}
			if f.Problem != "" || slices.ContainsFunc(f.Missing, isUnexplained) {
				n++
			}
		}
	}
	return n
}

// isNamed says whether the headline names the source as not known.
func (s unknownSection) isNamed(source license.Source) bool {
	return slices.Contains(s.unread, source) ||
		source == license.SourcePurchaseState && s.isStateUnknown ||
		source == license.SourceOrders && s.missesOrders
}

// sourceOf is the source of a field or source that a finding misses.
func sourceOf(missing string) license.Source {
	return cmp.Or(license.SourceOf(strings.TrimPrefix(missing, "previous.")), license.SourceOverview)
}

// unknownNames names what is not known: a product, or the part of it that is
// missing.
func (s unknownSection) unknownNames() []line {
	names := s.sourceNames(s.unread)
	if s.isStateUnknown {
		names = append(names, say(s.words.products.tcss))
	}
	return names
}
