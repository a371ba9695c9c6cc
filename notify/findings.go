package notify

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"licensewatch/license"
)

// maxRows is how many findings a message shows at most; beyond that nobody
// reads them in a chat.
const maxRows = 12

// rows are the first findings, in the report's order. The only finding is not
// named again below the headline that is its title; several are numbered.
func (c *composer) rows() []row {
	var rows []row
	alone := len(c.report.Firing) == 1 && c.leadsWithFinding()
	linked := map[string]bool{}
	for i, f := range c.report.Firing[:min(maxRows, len(c.report.Firing))] {
		// The same page is linked once; nobody needs it twelve times.
		var link line
		if url, ok := safeLink(f.Runbook); ok && !linked[url] {
			linked[url] = true
			link = line{{text: c.words.finding.runbook, url: url}}
		}
		if alone {
			rows = append(rows, row{lines: c.only(f, link)})
			continue
		}
		what := styled(append(say(strconv.Itoa(i+1)+". "), c.title(f)...), span{strong: true})
		what = append(what, fill(c.words.finding.severity, values{"severity": c.severity(f.Severity)})...)
		rows = append(rows, row{numbered: true, lines: lines(c.tagged(f, what, link), c.evidence(f), c.acknowledged(f))})
	}
	return rows
}

// only is the only finding, below the headline that is its title.
func (c *composer) only(f license.Finding, link line) []line {
	return lines(c.evidence(f), c.tagged(f, c.severity(f.Severity), link), c.acknowledged(f))
}

// tagged is a line with what is known of a finding's story, and the link, behind.
func (c *composer) tagged(f license.Finding, what, link line) line {
	return join(" · ", slices.Concat([]line{what}, c.tags(f), []line{link})...)
}

// lines keeps those that are not empty.
func lines(all ...line) []line {
	return slices.DeleteFunc(all, func(l line) bool { return len(l) == 0 })
}

// severity is the word for a severity, in its tone.
func (c *composer) severity(s license.Severity) line {
	word := c.orUnknown(quote(string(s), c.bounds.name))
	if known := c.words.finding.severities[s]; known != "" {
		word = say(known)
	}
	switch s {
	case license.Critical:
		return styled(word, span{tone: alarm})
	case license.Warning:
		return styled(word, span{tone: caution})
	default:
		return styled(word, span{tone: muted})
	}
}

// title is what a finding says in one line, its subject as code.
func (c *composer) title(f license.Finding) line {
	title := clipMiddle(f.Title.In(c.report.Language), c.bounds.title)
	if title == "" {
		return c.orUnknown(ident(f.Key(), c.bounds.title))
	}
	if !isIdentifier(f.Subject) {
		return say(title)
	}
	before, after, found := strings.Cut(title, f.Subject)
	if !found || endsWith(before, isWordRune) || startsWith(after, isWordRune) {
		return say(title)
	}
	// A backtick of the title's own would be a second one here.
	before, after = strings.TrimSuffix(before, "`"), strings.TrimPrefix(after, "`")
	// Chats take backticks for code only where a word ends.
	if endsWith(before, unicode.IsLetter) {
		before += " "
	}
	if startsWith(after, unicode.IsLetter) {
		after = " " + after
	}
	return slices.Concat(say(before), line{{text: f.Subject, code: true}}, say(after))
}

// evidence is a finding's second line: its detail, and when it ends unless
// title or detail say so already.
func (c *composer) evidence(f license.Finding) line {
	detail := clip(f.Detail.In(c.report.Language), c.bounds.detail)
	deadline := c.deadline(f, f.Title.In(c.report.Language)+" "+detail)
	if len(deadline) > 0 {
		detail = strings.TrimRight(detail, ".。") // it goes on
	}
	return join(" · ", say(detail), deadline)
}

// deadline tells when a finding's subject ends, with the days left; said is
// what the reader has been told already.
func (c *composer) deadline(f license.Finding, said string) line {
	if f.Deadline.IsZero() {
		return nil
	}
	w, at := c.words.finding, f.Deadline.In(c.report.At.Location())
	date := c.words.day(at, c.report.At)
	if strings.Contains(said, date[0].text) || strings.Contains(said, at.Format("2006-01-02")) {
		return nil
	}
	days := int64(license.DaysLeft(at, c.report.At))
	v := values{"date": date, "n": number(max(days, -days))}
	switch told := hasNumber(said, max(days, -days)); {
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

// omitted says how many findings are not shown, and how bad they are; nothing
// when all are.
func (c *composer) omitted(shown int) line {
	left := c.report.Firing[shown:]
	if len(left) == 0 {
		return nil
	}
	counts := map[string]int64{}
	for _, f := range left {
		counts[c.words.finding.severities[f.Severity]]++
	}
	var what []line
	for _, s := range []license.Severity{license.Critical, license.Warning, license.Info, ""} {
		word := c.words.finding.severities[s]
		if n := counts[word]; n > 0 {
			what = append(what, fill(c.words.finding.share, values{"n": number(n), "severity": c.orUnknown(say(word))}))
		}
	}
	if len(counts) == 1 {
		what = []line{c.orUnknown(say(c.words.finding.severities[left[0].Severity]))}
	}
	n := int64(len(left))
	return fill(c.words.finding.omitted.of(n), values{"n": number(n), "what": join(c.words.listComma, what...)})
}

// hasNumber says whether a text holds the number, not as a part of another.
func hasNumber(text string, n int64) bool {
	digits := strconv.FormatInt(n, 10)
	for {
		before, after, found := strings.Cut(text, digits)
		if !found {
			return false
		}
		if !endsWith(before, isWordRune) && !startsWith(after, isWordRune) {
			return true
		}
		text = after
	}
}

// isIdentifier says whether a subject is a plain identifier, short enough to
// stand in a title.
func isIdentifier(text string) bool {
	return text != "" && len(text) <= 64 && !strings.ContainsFunc(text, func(r rune) bool { return r != '.' && !isWordRune(r) })
}

func isWordRune(r rune) bool {
	return r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_')
}

func startsWith(text string, is func(rune) bool) bool {
	r, width := utf8.DecodeRuneInString(text)
	return width > 0 && is(r)
}

func endsWith(text string, is func(rune) bool) bool {
	r, width := utf8.DecodeLastRuneInString(text)
	return width > 0 && is(r)
}
