package message

import (
	"strings"

	"licensewatch/internal/text"
	"licensewatch/license"
)

// Bounds of a note: together they fit every channel.
const (
	maxNoteLines = 10
	maxNoteText  = 340 // bytes of a line once escaped
	// maxLinkedLines is how many lines fit beside links.
	maxLinkedLines = 3
	// maxNoteLinks is how many bytes links have, and what they read, if there are several.
	maxNoteLinks = 2200
)

// UnheardNote is the follow-up for the channels that work about an alert to which
// another one gave no answer. The id is the run's.
func UnheardNote(language license.Language, u license.Unheard, id string) license.Note {
	w := wordsOf(language)
	return license.Note{Severity: license.Warning,
		Title: plainText(w.unheardLine(u, say(u.At.Format(w.moment)), roomyBounds.name)), ID: id}
}

// UnacceptedNote comes before what an alert said to which no channel has given an answer.
// The id is the run's.
func UnacceptedNote(language license.Language, u license.Unheard, id string) license.Note {
	w := wordsOf(language)
	v := values{"id": ident(u.ID, roomyBounds.name), "date": say(u.At.Format(w.moment))}
	return license.Note{Severity: license.Warning, Title: plainText(fill(w.watch.unaccepted, v)), ID: id}
}

// MistakesNote is what a run says that cannot be one: which settings or rules
// are wrong. Each mistake is one line, as the log has it; the id is the run's.
func MistakesNote(language license.Language, mistakes []string, id string) license.Note {
	w := wordsOf(language).notes
	n := int64(len(mistakes))
	note := license.Note{
		Severity: license.Critical,
		Title:    plainText(fill(w.mistakes.of(n), values{"n": number(n)})),
		ID:       id,
	}
	// One line is for the rest, one for what it means.
	shown := min(len(mistakes), maxNoteLines-2)
	note.Lines = append(note.Lines, mistakes[:shown]...)
	if left := n - int64(shown); left > 0 {
		note.Lines = append(note.Lines, plainText(fill(w.moreMistakes.of(left), values{"n": number(left)})))
	}
	note.Lines = append(note.Lines, w.unwatched)
	return note
}

// plainText is a line as plain text.
func plainText(l line) string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.text)
	}
	return b.String()
}

// noteLevels are the colours of notes.
var noteLevels = map[license.Severity]level{
	license.Critical: levelCritical,
	license.Warning:  levelWarning,
	license.Info:     levelInfo,
}

// noteDocument lays a note out. A warning has a sign of its own, and what is
// merely good to know has none: the coloured dots are about licenses.
func noteDocument(n license.Note) document {
	level := noteLevels[n.Severity]
	d := document{level: level, sign: levelSigns[level], headline: quote(n.Title, maxNoteText),
		footer: quote(n.ID, roomyBounds.name)}
	switch level {
	case levelWarning:
		d.sign = "⚠️"
	case levelInfo:
		d.sign = ""
	}
	lines, most := n.Lines, maxNoteLines
	used := 0
	for _, link := range n.Links {
		url, ok := escapeLink(link.URL.Reveal())
		if used += linkSize(url, link.Label); ok && (most == maxNoteLines || used <= maxNoteLinks) {
			most = maxLinkedLines
			d.addBlocks([]line{{{text: linkLabel(link.Label), url: url}}})
		}
	}
	if len(lines) > most {
		lines = lines[:most-1]
	}
	for _, text := range lines {
		if l := quote(text, maxNoteText); len(l) > 0 {
			d.addBlocks([]line{l})
		}
	}
	if left := len(n.Lines) - len(lines); left > 0 {
		d.addBlocks([]line{say(text.Ellipsis + " +" + plainText(number(left)))})
	}
	return d
}
