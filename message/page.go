package message

import (
	"strings"
	"time"

	"licensewatch/license"
)

// pageSection tells of a report for people: what it says first, what it is about, what ends
// next, and where the page is. Nothing else stands in the message.
type pageSection struct {
	*phrases

	page *license.Page
}

// pageLevel is the colour: the worst that the page has, or orange where not all is known.
func (s pageSection) pageLevel() level {
	p := s.page
	switch {
	case p.Worst == license.Critical:
		return levelCritical
	case p.Read < p.Accounts || p.Broken > 0 || p.NotRead != "":
		return levelUnknown
	case p.Worst == license.Warning:
		return levelWarning
	case p.Worst == license.Info:
		return levelInfo
	default:
		return levelWell
	}
}

// maxSentence bounds what the page says first: it names a finding.
const maxSentence = 400

func (s pageSection) pageHeadline() line {
	limit := maxSentence
	if s.bounds.brief {
		limit = s.bounds.detail
	}
	sentence := strings.TrimRight(clip(s.page.Sentence.In(s.language), limit), ".。")
	return fill(s.words.page.title, values{"sentence": say(sentence)})
}

// aboutLines say what the page is about, and what it lacks.
func (s pageSection) aboutLines() []line {
	p, w := s.page, s.words.page
	until := s.dateLine(p.Until)
	about := fill(w.today, values{"until": until})
	if p.HasHistory {
		about = fill(w.period, values{"from": s.dayLine(p.From), "to": s.dayLine(p.To), "until": until})
	}
	var read, broken, accounts line
	if p.HasHistory {
		read = fill(w.records.of(int64(p.Records)), values{"n": number(p.Records)})
	}
	if p.Broken > 0 {
		broken = styled(fill(w.broken.of(int64(p.Broken)), values{"n": number(p.Broken)}), span{tone: toneAlarm})
	}
	if p.Accounts > 1 {
		accounts = fill(w.accounts, values{"n": number(p.Read), "all": number(p.Accounts)})
	}
	lines := nonEmptyLines(join(" · ", about, read, broken, accounts))
	switch {
	case p.NotRead != "":
		lines = append(lines, fill(w.notRead, values{"why": s.storeWord(p.NotRead)}))
	case p.LeftOut.IsZero():
	case p.Why == "":
		lines = append(lines, fill(w.leftOut, values{"date": s.dayLine(p.LeftOut)}))
	default:
		lines = append(lines, fill(w.leftFault, values{"date": s.dayLine(p.LeftOut), "why": s.storeWord(p.Why)}))
	}
	return lines
}

// endLines are what ends next.
func (s pageSection) endLines() []line {
	p, w := s.page, s.words.page
	if len(p.Ends) == 0 {
		return nonEmptyLines(say(w.noEnd))
	}
	var ends []line
	for i := range p.Ends {
		end := &p.Ends[i]
		name, ofAccount := s.orUnknown(ident(end.Order, s.bounds.name)), w.endOf
		if end.Order == string(license.SourcePurchaseState) { // no order: its product has a name
			name, ofAccount = say(s.words.products.tcss), w.productOf
		}
		if account := quote(end.Account, s.bounds.name); len(account) > 0 {
			name = fill(ofAccount, values{"account": account, "order": name})
		}
		text := w.end
		if end.Renews != nil && *end.Renews {
			text = w.endRenews
		}
		ends = append(ends, fill(text, values{"order": name, "date": s.endDate(end.Deadline)}))
	}
	if p.MoreEnd > 0 {
		ends = append(ends, fill(w.moreEnds.of(int64(p.MoreEnd)), values{"n": number(p.MoreEnd)}))
	}
	return nonEmptyLines(fill(w.next, values{"ends": join(s.words.listComma, ends...)}))
}

// whereLines say where the page is.
func (s pageSection) whereLines() []line {
	p, w := s.page, s.words.page
	file := p.File(s.language)
	var lines []line
	switch url, ok := escapeLink(p.Link.Reveal()); {
	case p.Follows:
		lines = append(lines, fill(w.follows, values{"name": ident(baseName(file.Name), s.bounds.name),
			"size": say(sizeText(file.Size))}))
	case p.AtMost > 0:
		lines = append(lines, fill(w.tooLarge, values{"size": say(sizeText(file.Size)),
			"limit": say(sizeText(p.AtMost))}))
		fallthrough
	case ok:
		if ok {
			lines = append(lines, s.linkLine(url))
		}
	}
	return append(lines, s.sealedLines(file)...)
}

func (s pageSection) linkLine(url string) line {
	text := s.words.page.link
	if s.page.IsBrief {
		text = s.words.page.linkBrief
	}
	return fill(text, values{"link": line{{text: s.words.page.label, url: url}}})
}

// sealedLines say which record has the page, and how to get it where no link leads there.
func (s pageSection) sealedLines(file license.PageFile) []line {
	p, w := s.page, s.words.page
	const room = 120 // of a record's name and a file's
	switch {
	case p.IsGone:
		return []line{fill(w.gone, values{"record": ident(p.Record, room)})}
	case p.Record != "":
		lines := []line{fill(w.sealed, values{"record": ident(p.Record, room)})}
		if p.Link.IsZero() && !p.Follows {
			command := fill(w.get, values{"record": say(p.Record), "file": say(file.Name)})
			lines = append(lines, ident(plainText(command), 2*room))
		}
		return lines
	case p.Waits:
		return []line{fill(w.waits, values{"why": s.storeWord(p.NotSealed)})}
	case p.NotSealed != "":
		return []line{fill(w.notSealed, values{"why": s.storeWord(p.NotSealed)})}
	default:
		return []line{say(w.noArchive)}
	}
}

// storeWord is why the archive failed.
func (s pageSection) storeWord(code string) line {
	return noticeSection{phrases: s.phrases}.storeCode(code, "LICENSEWATCH_ARCHIVE_URL")
}

// dayLine is a day, which records count in UTC.
func (s pageSection) dayLine(day time.Time) line {
	year, month, date := day.UTC().Date()
	return s.dateLine(time.Date(year, month, date, 12, 0, 0, 0, s.at.Location()))
}

func baseName(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

// PageUnsent is why a chat does not get a page as a file: it refused it, or the archive could not
// be read; codes. Of a page that is gone there is neither.
type PageUnsent struct{ Refused, Unread string }

// PageFileNote says that a chat does not get the page as a file, why, and where it is.
func PageFileNote(language license.Language, page license.Page, at time.Time, id string, why PageUnsent) license.Note {
	page.Follows = false
	s := pageSection{newPhrases(&license.Report{Language: language, At: at}, roomyBounds), &page}
	note := license.Note{Severity: license.Warning, ID: id, Title: s.words.page.fileTitle}
	switch {
	case why.Refused != "":
		note.Lines = append(note.Lines, plainText(fill(s.words.page.fileFailed,
			values{"code": ident(why.Refused, s.bounds.name)})))
	case why.Unread != "":
		note.Lines = append(note.Lines, plainText(fill(s.words.page.notRead, values{"why": s.storeWord(why.Unread)})))
	}
	if _, ok := escapeLink(page.Link.Reveal()); ok {
		note.Links = []license.NoteLink{{URL: page.Link, Label: s.words.page.label}}
	}
	for _, l := range s.sealedLines(page.File(language)) {
		note.Lines = append(note.Lines, plainText(l))
	}
	return note
}
