package message

import (
	"cmp"
	"strings"

	"licensewatch/internal/text"
	"licensewatch/license"
)

// accountExportSection tells what became of the license details of many accounts: the links of
// those that are there, and what failed, each cause once.
type accountExportSection struct {
	*phrases

	exports []license.AccountExport
}

// maxLinksLine is how many bytes of links a line has, if it has more than one.
const maxLinksLine = 2000

// exportBlocks are nothing where no account was to be exported.
func (s accountExportSection) exportBlocks() (blocks [][]line) {
	lines, unlinked := s.linkLines()
	for _, l := range lines {
		blocks = append(blocks, []line{l})
	}
	if len(unlinked) > 0 {
		blocks = append(blocks, []line{fill(s.words.export.noRoom, values{"what": s.exportsOf(unlinked)})})
	}
	return append(blocks, s.causeBlocks()...)
}

// linkLines are the links that there is room for, and the accounts of the others.
func (s accountExportSection) linkLines() (lines []line, unlinked []string) {
	used, inLine, links := 0, 0, line(nil)
	flush := func() {
		if len(links) > 0 {
			lines = append(lines, fill(s.words.export.links, values{"links": links}))
		}
		inLine, links = 0, nil
	}
	for _, x := range s.exports {
		url, ok := escapeLink(x.Export.Link.Reveal())
		if x.Export.Status != license.ExportFinished || !ok {
			continue
		}
		size := linkSize(url, x.Account)
		if used+size > s.bounds.links {
			unlinked = append(unlinked, x.Account)
			continue
		}
		if inLine+size > maxLinksLine {
			flush()
		}
		used, inLine = used+size, inLine+size
		links = join(" · ", links, line{{text: linkLabel(x.Account), url: url}})
	}
	flush()
	return lines, unlinked
}

// linkLabel is what a link of an account reads. A | parts label and address in Slack.
func linkLabel(account string) string {
	return cmp.Or(clip(strings.ReplaceAll(account, "|", "/"), roomyBounds.name), text.Ellipsis)
}

// linkSize is how many bytes a link takes, where each & of it is written as &amp;.
func linkSize(url, label string) int {
	return len(url) + len("amp;")*strings.Count(url, "&") + len(label)
}

// exportCause is what exports without a link have in common.
type exportCause struct {
	status   license.ExportStatus
	problem  license.ExportProblem
	withheld string
	unread   unreadCause
}

// causeBlocks tell of the exports without a link, each cause once.
func (s accountExportSection) causeBlocks() (blocks [][]line) {
	var causes []exportCause
	first, names := map[exportCause]license.Export{}, map[exportCause][]string{}
	for _, x := range s.exports {
		e := x.Export
		if e.Status == license.ExportFinished && isShown(e) {
			continue
		}
		cause := exportCause{status: e.Status, problem: e.Problem, withheld: e.Withheld}
		if f := e.Failure; f != nil {
			cause.unread = unreadCause{kind: f.Kind, code: f.Code, service: f.Service, action: f.Action}
		}
		if _, isKnown := first[cause]; !isKnown {
			causes = append(causes, cause)
			e.TaskID, e.File = 0, nil // those of one of them
			if e.Failure != nil {
				failure := *e.Failure
				failure.RequestID = ""
				e.Failure = &failure
			}
			first[cause] = e
		}
		names[cause] = append(names[cause], x.Account)
	}
	for _, cause := range causes[:min(maxCauses, len(causes))] {
		one := exportSection{s.phrases, first[cause], s.accountsOf(names[cause])}
		blocks = append(blocks, one.exportLines())
	}
	return blocks
}

// accountsOf names accounts, as far as there is room.
func (s accountExportSection) accountsOf(names []string) line {
	return s.words.listItems(len(names), s.bounds.list,
		func(i int) line { return s.orUnknown(quote(names[i], s.bounds.name)) })
}

// exportsOf is what was to be exported of accounts.
func (s accountExportSection) exportsOf(names []string) line {
	return exportSection{s.phrases, license.Export{}, s.accountsOf(names)}.exportName()
}

// AccountExportsNote is the follow-up about exports of accounts that earlier runs have begun:
// their links, or why there is none. One that is still pending counts as given up. The id is
// the run's.
func AccountExportsNote(language license.Language, exports []license.AccountExport, id string) license.Note {
	s := accountExportSection{newPhrases(&license.Report{Language: language}, roomyBounds), nil}
	w := s.words.export.ofAccounts
	note := license.Note{Severity: license.Warning, ID: id}
	var unlinked []string
	ready, used := 0, 0
	for _, x := range exports {
		if x.Export.Status == license.ExportFinished {
			ready++
		}
		if x.Export.Status == license.ExportPending { // nobody asks for it any more
			x.Export.Status, x.Export.Problem = license.ExportFailed, license.ExportUnfinished
		}
		url, ok := escapeLink(x.Export.Link.Reveal())
		switch size := linkSize(url, x.Account); {
		case x.Export.Status != license.ExportFinished || !ok:
			s.exports = append(s.exports, x)
		case len(note.Links) > 0 && used+size > maxNoteLinks:
			unlinked = append(unlinked, x.Account)
		default:
			used += size
			note.Links = append(note.Links, license.NoteLink{URL: x.Export.Link, Label: linkLabel(x.Account) +
				w.expires})
		}
	}
	title := w.missing
	if ready > 0 {
		note.Severity, title = license.Info, w.ready
	}
	n := int64(len(exports))
	note.Title = plainText(fill(title.of(n), values{"n": count(n), "ready": count(int64(ready))}))
	if len(unlinked) > 0 {
		note.Lines = append(note.Lines, plainText(fill(s.words.export.noRoom, values{"what": s.exportsOf(unlinked)})))
	}
	for _, block := range s.causeBlocks() {
		for _, l := range block {
			note.Lines = append(note.Lines, plainText(l))
		}
	}
	return note
}
