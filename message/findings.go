package message

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"licensewatch/license"
)

// maxRows is how many findings a message shows at most; beyond that nobody
// reads them in a chat.
const maxRows = 12

// findingSection is what fires, and nobody has acknowledged.
type findingSection struct {
	*phrases

	lead        lead
	isAlert     bool
	isUnchanged bool      // a digest that says what the last one said has no evidence
	sent        time.Time // where it is delivered late
	planEnd     time.Time // of Container Security; zero when it is not known
	items       []item
	linked      map[string]bool // the pages that are linked

	namesMachines bool
	bound         map[string]bool // the orders whose machines were told of
}

func newFindingSection(p *phrases, r *license.Report, items []item) findingSection {
	s := findingSection{
		phrases: p, isAlert: r.Mode == license.ModeAlert, isUnchanged: isUnchanged(r), sent: r.Sent, items: items,
		linked: map[string]bool{}, namesMachines: r.NameMachines, bound: map[string]bool{},
	}
	if r.Snapshot.Has(license.SourcePurchaseState) {
		s.planEnd, _ = r.Snapshot.PurchaseState.ExpirationDate()
	}
	return s
}

// storyOf is the story of a finding that has one.
func (s findingSection) storyOf(f license.Finding) findingStory {
	story := findingStory{phrases: s.phrases, Finding: f, end: f.Deadline}
	if f.Deadline.IsZero() && f.Source == license.SourcePurchaseState {
		story.end = s.planEnd
	}
	return story
}

// findingRows are the first items, in the report's order. The only one is not named again
// below the headline that is its title; several are numbered. A digest that only
// says what the last one said has no evidence.
func (s findingSection) findingRows() []row {
	var rows []row
	alone := len(s.items) == 1 && s.lead == leadFinding
	for n, i := range s.items[:min(maxRows, len(s.items))] {
		what := s.severityWord(i.firstFinding().Severity)
		if !alone {
			what = styled(append(say(strconv.Itoa(n+1)+". "), s.itemTitle(i)...), span{strong: true})
			what = append(what, fill(s.words.finding.severity,
				values{"severity": s.severityWord(i.firstFinding().Severity)})...)
		}
		rows = append(rows, row{numbered: !alone, lines: s.itemLines(i, what, alone)})
	}
	return rows
}

// itemLines are what a message says of an item, beginning with the line that has
// its severity and the link, or with the evidence where the headline is its title.
func (s findingSection) itemLines(i item, what line, alone bool) []line {
	var totals, evidence, bound, note line
	also := s.alsoLine(i)
	if f := i.firstFinding(); i.isGroup() {
		totals, evidence = s.groupTotals(i), s.groupNames(i)
	} else {
		evidence, bound, note = s.evidenceLine(f), s.boundLine(f), ackNote(s.phrases, f)
	}
	switch {
	case s.isUnchanged:
		return nonEmptyLines(s.withTags(i, what, totals), also)
	case alone:
		return nonEmptyLines(totals, evidence, bound, s.withTags(i, what), note, also)
	default:
		return nonEmptyLines(s.withTags(i, what, totals), evidence, bound, note, also)
	}
}

// unnamedMore are those of an item's more that the message does not name.
func (s findingSection) unnamedMore(i item) []*license.Finding {
	if s.bounds.brief {
		return i.more
	}
	return i.more[min(moreNamed, len(i.more)):]
}

// alsoLine names what else fires in the account, and counts what it does not name.
func (s findingSection) alsoLine(i item) line {
	if len(i.more) == 0 || s.bounds.brief {
		return nil
	}
	w := s.words.fleet
	var titles []line
	for _, f := range i.more[:len(i.more)-len(s.unnamedMore(i))] {
		titles = append(titles, s.bareTitle(*f))
	}
	also := fill(w.also, values{"titles": join(w.alsoBetween, titles...)})
	if n := int64(len(s.unnamedMore(i))); n > 0 {
		also = append(also, fill(s.words.group.more, values{"n": count(n)})...)
	}
	return also
}

// withTags is a line with what is known of an item's story, and the link to what to
// do, behind.
func (s findingSection) withTags(i item, what ...line) line {
	return join(" · ", slices.Concat(what, s.changeTags(i), []line{s.wayOut(i)})...)
}

// wayOut links what to do about an item. Where there is little room, the same page
// is linked once.
func (s findingSection) wayOut(i item) line {
	for _, f := range i.findings {
		url, ok := escapeLink(f.Runbook)
		switch {
		case !ok:
			continue
		case s.bounds.linkOnce && s.linked[url]:
			return nil
		}
		s.linked[url] = true
		return line{{text: s.words.finding.runbook, url: url}}
	}
	return nil
}

// nonEmptyLines keeps those that are not empty.
func nonEmptyLines(all ...line) []line {
	return slices.DeleteFunc(all, func(l line) bool { return len(l) == 0 })
}

// evidenceLine is a finding's second line: its detail, when it ends and who looks
// after it, unless title or detail say so already.
func (s findingSection) evidenceLine(f license.Finding) line {
	detail := clip(f.Detail.In(s.language), s.bounds.detail)
	said := f.Title.In(s.language) + " " + f.Detail.In(s.language)
	deadline, owner := s.deadlineLine(f, said), s.ownerLine(f, said)
	if len(deadline)+len(owner) > 0 {
		detail = strings.TrimRight(detail, ".。") // it goes on
	}
	return join(" · ", say(detail), deadline, owner)
}

func (s findingSection) ownerLine(f license.Finding, said string) line {
	owner := quote(f.Owner, s.bounds.name)
	if len(owner) == 0 || strings.Contains(said, f.Owner) {
		return nil
	}
	return fill(s.words.finding.owner, values{"owner": owner})
}

// deadlineLine tells when a finding's subject ends, with the days left; said is
// what the reader has been told already.
func (s findingSection) deadlineLine(f license.Finding, said string) line {
	if f.Deadline.IsZero() {
		return nil
	}
	w, at := s.words.finding, f.Deadline.In(s.at.Location())
	day := s.dateLine(at)[0].text
	if hasText(said, day) || strings.Contains(said, at.Format("2006-01-02")) {
		return nil
	}
	days := int64(license.DaysLeft(at, s.at))
	date := s.endDate(at)
	if !at.After(s.at) {
		date = s.words.beforeWord(date)
	}
	v := values{"date": date, "time": say(at.Format("15:04")), "n": number(max(days, -days))}
	switch told, over := hasNumber(said, max(days, -days)), !at.After(s.at); {
	case days == 0 && over:
		return fill(w.endedToday, v)
	case days == 0:
		return fill(w.endsToday, v)
	case days > 0 && told:
		return fill(w.ends, v)
	case days > 0:
		return fill(w.endsIn.of(days), v)
	case told:
		return fill(w.ended, v)
	default:
		return fill(w.endedAgo.of(-days), v)
	}
}

// omittedFindings says how many findings are not shown, and how bad they are; nothing
// when all are.
func (s findingSection) omittedFindings(shown int) line {
	counts := map[string]int64{}
	var left []*license.Finding
	for _, i := range s.items[shown:] {
		left = append(left, i.allFindings()...)
	}
	for _, f := range left {
		counts[s.words.finding.severities[f.Severity]]++
	}
	n := int64(len(left))
	if n == 0 {
		return nil
	}
	var what []line
	for _, severity := range []license.Severity{license.Critical, license.Warning, license.Info, ""} {
		word := s.words.finding.severities[severity]
		if n := counts[word]; n > 0 {
			what = append(what, fill(s.words.finding.share, values{"n": number(n), "severity": s.orUnknown(say(word))}))
		}
	}
	if len(counts) == 1 {
		what = []line{s.orUnknown(say(s.words.finding.severities[s.items[shown].firstFinding().Severity]))}
	}
	omitted := fill(s.words.finding.omitted.of(n), values{"n": number(n), "what": join(s.words.listComma, what...)})
	return s.withCriticalAccounts(omitted, left)
}

// changeTags are what stands beside an item's severity: what changed, and its age.
func (s findingSection) changeTags(i item) []line {
	f := i.firstFinding()
	switch {
	case i.isGroup():
		return []line{s.groupChange(i)}
	case f.Story == nil:
		return nil
	case f.Event:
		return []line{s.storyOf(f).eventSeenAt(s.isLoneAlert())}
	case s.isLoneAlert() && s.sent.IsZero():
		story := s.storyOf(f)
		_, rest := story.changeInHeadline()
		return []line{rest, story.ageInDays()}
	default:
		story := s.storyOf(f)
		return []line{story.changeLine(), story.ageInDays()}
	}
}

// isLoneAlert says whether the message is an alert about one item that has a story:
// its headline tells what changed.
func (s findingSection) isLoneAlert() bool {
	return s.isAlert && len(s.items) == 1 && s.items[0].firstFinding().Story != nil && s.lead == leadFinding
}

// nextReminder tells when the only item of an alert speaks again if nothing changes.
func (s findingSection) nextReminder() line {
	if !s.isLoneAlert() {
		return nil
	}
	now := s.at
	if s.sent.After(now) {
		now = s.sent
	}
	var at time.Time
	for _, f := range s.items[0].findings {
		if f.Story != nil && f.Story.NextAt.After(now) && (at.IsZero() || f.Story.NextAt.Before(at)) {
			at = f.Story.NextAt
		}
	}
	if at.IsZero() {
		return nil
	}
	at = at.In(s.at.Location())
	when := s.dateLine(at)
	if license.DaysLeft(at, s.at) == 0 {
		when = s.momentLine(at)
	}
	return fill(s.words.story.change.next, values{"when": when})
}

// unnamedFacts are the facts that the message does not name when it shows so many rows.
// Those of a group are named together.
func (s findingSection) unnamedFacts(rows int) (facts []string) {
	for n, i := range s.items {
		unnamed := s.unnamedMore(i)
		if n >= rows {
			unnamed = i.allFindings()
		}
		for _, f := range unnamed {
			facts = append(facts, f.Fact())
		}
	}
	return facts
}
