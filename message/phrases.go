package message

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"licensewatch/license"
)

// phrases are how one thing is said, whatever it is about: in the words of a language,
// with so much room, and as seen at a time.
type phrases struct {
	words    *words
	language license.Language
	bounds   bounds
	at       time.Time // in the zone the texts are written in
	isOfMany bool      // the report is about many accounts
}

func newPhrases(r *license.Report, b bounds) *phrases {
	return &phrases{words: wordsOf(r.Language), language: r.Language, bounds: b, at: r.At, isOfMany: r.Fleet != nil}
}

// orUnknown is the text, or the word for what is not known.
func (p *phrases) orUnknown(l line) line {
	if len(l) == 0 {
		return say(p.words.unknown)
	}
	return l
}

// identList lists identifiers.
func (p *phrases) identList(texts []string, limit int) line {
	return p.words.listItems(len(texts), limit, func(i int) line { return p.orUnknown(ident(texts[i], p.bounds.name)) })
}

// dateLine writes a date, with the year when it is another one than now.
func (p *phrases) dateLine(t time.Time) line { return p.words.dateLine(t, p.at) }

// endDate writes the time at which something ends: the day, with the hour where the day
// alone would mislead, which is today, and at midnight, when the day before is the
// last.
func (p *phrases) endDate(t time.Time) line {
	t = t.In(p.at.Location())
	date := p.dateLine(t)
	if isMidnight(t) || license.DaysLeft(t, p.at) == 0 {
		date[0].text += " " + t.Format("15:04")
	}
	return date
}

// momentLine is a time of day, in the report's zone; of another year only the date.
func (p *phrases) momentLine(t time.Time) line {
	t = t.In(p.at.Location())
	if t.Year() != p.at.Year() {
		return p.dateLine(t)
	}
	return say(t.Format(p.words.moment))
}

// isMidnight says whether a day begins at the time.
func isMidnight(t time.Time) bool { return t.Hour() == 0 && t.Minute() == 0 && t.Second() == 0 }

// severityWord is the word for a severity, in its tone.
func (p *phrases) severityWord(s license.Severity) line {
	word := p.orUnknown(quote(string(s), p.bounds.name))
	if known := p.words.finding.severities[s]; known != "" {
		word = say(known)
	}
	switch s {
	case license.Critical:
		return styled(word, span{tone: toneAlarm})
	case license.Warning:
		return styled(word, span{tone: toneCaution})
	default:
		return styled(word, span{tone: toneMuted})
	}
}

// findingTitle is what a finding says in one line, its subject as code.
func (p *phrases) findingTitle(f license.Finding) line { return p.ofAccount(f.Account, p.bareTitle(f)) }

// bareTitle is the title without the account.
func (p *phrases) bareTitle(f license.Finding) line {
	title := clipMiddle(f.Title.In(p.language), p.bounds.title)
	if title == "" {
		return p.orUnknown(ident(f.Key(), p.bounds.title))
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

func (p *phrases) sourceName(source license.Source) line {
	return say(source.Info().Title.In(p.language))
}

// sourceNames are the sources' names; where several sources of a product are meant, that of
// the product, first.
func (p *phrases) sourceNames(sources []license.Source) []line {
	count := map[string]int{} // by product
	for _, source := range sources {
		count[source.Info().Service]++
	}
	var products, names []line
	for _, source := range sources {
		switch service := source.Info().Service; count[service] {
		case 0: // the product is named
		case 1:
			names = append(names, p.sourceName(source))
		default:
			products = append(products, say(p.words.products.of(service)))
			count[service] = 0
		}
	}
	return append(products, names...)
}

// accountLine names an account and its site, as far as they are known, and a moment.
func (p *phrases) accountLine(id string, site license.Site, moment line) line {
	account := quote(id, p.bounds.name)
	if len(account) > 0 {
		account = fill(p.words.account, values{"account": account})
	}
	return join(" · ", account, say(p.words.sites[site]), moment)
}
