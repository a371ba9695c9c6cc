package message

import (
	"slices"
	"strconv"
	"strings"

	"licensewatch/license"
)

// maxRows is how many findings a message shows at most; beyond that nobody
// reads them in a chat.
const maxRows = 12

// findingRows are the first items, in the report's order. The only one is not named again
// below the headline that is its title; several are numbered. A digest that only
// says what the last one said has no evidence.
func (c *composer) findingRows() []row {
	var rows []row
	alone := len(c.items) == 1 && c.lead == leadFinding
	for n, i := range c.items[:min(maxRows, len(c.items))] {
		what := c.severityWord(i.firstFinding().Severity)
		if !alone {
			what = styled(append(say(strconv.Itoa(n+1)+". "), c.itemTitle(i)...), span{strong: true})
			what = append(what, fill(c.words.finding.severity, values{"severity": c.severityWord(i.firstFinding().Severity)})...)
		}
		rows = append(rows, row{numbered: !alone, lines: c.itemLines(i, what, alone)})
	}
	return rows
}

// itemLines are what a message says of an item, beginning with the line that has
// its severity and the link, or with the evidence where the headline is its title.
func (c *composer) itemLines(i item, what line, alone bool) []line {
	totals, evidence, note := line(nil), c.evidenceLine(i.firstFinding()), ackNote(c.phrases, i.firstFinding())
	if i.isGroup() {
		totals, evidence, note = c.groupTotals(i), c.groupNames(i), nil
	}
	switch {
	case isUnchanged(c.report):
		return nonEmptyLines(c.withTags(i, what, totals))
	case alone:
		return nonEmptyLines(totals, evidence, c.withTags(i, what), note)
	default:
		return nonEmptyLines(c.withTags(i, what, totals), evidence, note)
	}
}

// withTags is a line with what is known of an item's story, and the link to what to
// do, behind.
func (c *composer) withTags(i item, what ...line) line {
	return join(" · ", slices.Concat(what, c.changeTags(i), []line{c.wayOut(i)})...)
}

// wayOut links what to do about an item. Where there is little room, the same page
// is linked once.
func (c *composer) wayOut(i item) line {
	for _, f := range i.findings {
		url, ok := safeLink(f.Runbook)
		switch {
		case !ok:
			continue
		case c.bounds.linkOnce && c.linked[url]:
			return nil
		}
		c.linked[url] = true
		return line{{text: c.words.finding.runbook, url: url}}
	}
	return nil
}

// nonEmptyLines keeps those that are not empty.
func nonEmptyLines(all ...line) []line {
	return slices.DeleteFunc(all, func(l line) bool { return len(l) == 0 })
}

// evidenceLine is a finding's second line: its detail, when it ends and who looks
// after it, unless title or detail say so already.
func (c *composer) evidenceLine(f license.Finding) line {
	detail := clip(f.Detail.In(c.language), c.bounds.detail)
	said := f.Title.In(c.language) + " " + f.Detail.In(c.language)
	deadline, owner := c.deadlineLine(f, said), c.ownerLine(f, said)
	if len(deadline)+len(owner) > 0 {
		detail = strings.TrimRight(detail, ".。") // it goes on
	}
	return join(" · ", say(detail), deadline, owner)
}

func (c *composer) ownerLine(f license.Finding, said string) line {
	owner := quote(f.Owner, c.bounds.name)
	if len(owner) == 0 || strings.Contains(said, f.Owner) {
		return nil
	}
	return fill(c.words.finding.owner, values{"owner": owner})
}

// deadlineLine tells when a finding's subject ends, with the days left; said is
// what the reader has been told already.
func (c *composer) deadlineLine(f license.Finding, said string) line {
	if f.Deadline.IsZero() {
		return nil
	}
	w, at := c.words.finding, f.Deadline.In(c.at.Location())
	day := c.dateLine(at)[0].text
	if hasText(said, day) || strings.Contains(said, at.Format("2006-01-02")) {
		return nil
	}
	days := int64(license.DaysLeft(at, c.at))
	date := c.endDate(at)
	if !at.After(c.at) {
		date = c.words.beforeWord(date)
	}
	v := values{"date": date, "time": say(at.Format("15:04")), "n": number(max(days, -days))}
	switch told, over := hasNumber(said, max(days, -days)), !at.After(c.at); {
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
func (c *composer) omittedFindings(shown int) line {
	counts := map[string]int64{}
	var n int64
	for _, i := range c.items[shown:] {
		counts[c.words.finding.severities[i.firstFinding().Severity]] += int64(len(i.findings))
		n += int64(len(i.findings))
	}
	if n == 0 {
		return nil
	}
	var what []line
	for _, s := range []license.Severity{license.Critical, license.Warning, license.Info, ""} {
		word := c.words.finding.severities[s]
		if n := counts[word]; n > 0 {
			what = append(what, fill(c.words.finding.share, values{"n": number(n), "severity": c.orUnknown(say(word))}))
		}
	}
	if len(counts) == 1 {
		what = []line{c.orUnknown(say(c.words.finding.severities[c.items[shown].firstFinding().Severity]))}
	}
	return fill(c.words.finding.omitted.of(n), values{"n": number(n), "what": join(c.words.listComma, what...)})
}
