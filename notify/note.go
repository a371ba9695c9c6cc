package notify

import (
	"cmp"
	"strings"
	"time"

	"licensewatch/license"
)

// Bounds of a note: together they fit every channel.
const (
	maxNoteLines = 10
	maxNoteText  = 340 // bytes of a line once escaped
	// maxLinkedLines is how many lines fit beside a link.
	maxLinkedLines = 3
)

// DeadChannelNote is the follow-up for the channels that work about those that
// did not take a report: which, and why. The id is the run's.
func DeadChannelNote(language license.Language, refusals []*Error, id string) license.Note {
	w := wordsOf(language).notes
	note := license.Note{Severity: license.Warning, ID: id}
	if len(refusals) == 1 {
		template := w.deadChannel
		if refusals[0].Ambiguous {
			template = w.doubtful
		}
		note.Title = plainText(fill(template, errorValues(w, refusals[0])))
		if !refusals[0].Retryable {
			note.Lines = w.checkWebhookOf(refusals[0])
		}
		return note
	}
	n := int64(len(refusals))
	note.Title = plainText(fill(w.deadChannels.of(n), values{"n": number(n)}))
	for _, refusal := range refusals {
		note.Lines = append(note.Lines, plainText(fill(w.deadLine, errorValues(w, refusal))))
	}
	return note
}

// FailingNote is the follow-up for the channels that work about one that has accepted
// nothing since a time, which is written in its zone. The id is the run's.
func FailingNote(language license.Language, refusal *Error, since time.Time, id string) license.Note {
	w := wordsOf(language)
	v := errorValues(w.notes, refusal)
	v["date"] = say(since.Format(w.moment))
	return license.Note{Severity: license.Warning, Title: plainText(fill(w.notes.failing, v)), Lines: w.notes.checkWebhookOf(refusal), ID: id}
}

// checkWebhookOf says which setting to look at, and how to find out what to do.
func (w noteWords) checkWebhookOf(refusal *Error) []string {
	kind := KindOf(refusal.Channel)
	if kind == nil {
		return nil
	}
	return []string{plainText(fill(w.checkWebhook, values{"setting": say(kind.WebhookSetting)}))}
}

// UncalledNote is the follow-up about a channel that took the report, and not the call
// to everybody. The id is the run's.
func UncalledNote(language license.Language, refusal *Error, id string) license.Note {
	w := wordsOf(language).notes
	return license.Note{Severity: license.Warning, Title: plainText(fill(w.uncalled, errorValues(w, refusal))), ID: id}
}

// UnheardNote is the follow-up for the channels that work about an alert to which
// another one gave no answer. The id is the run's.
func UnheardNote(language license.Language, u license.Unheard, id string) license.Note {
	w := wordsOf(language)
	return license.Note{Severity: license.Warning, Title: plainText(w.unheardLine(u, say(u.At.Format(w.moment)), roomyBounds.name)), ID: id}
}

// UnacceptedNote comes before what an alert said to which no channel has given an answer.
// The id is the run's.
func UnacceptedNote(language license.Language, u license.Unheard, id string) license.Note {
	w := wordsOf(language)
	v := values{"id": ident(u.ID, roomyBounds.name), "date": say(u.At.Format(w.moment))}
	return license.Note{Severity: license.Warning, Title: plainText(fill(w.watch.unaccepted, v)), ID: id}
}

func errorValues(w noteWords, refusal *Error) values {
	return values{"channel": say(w.channelName(refusal.Channel)), "verdict": say(w.errorText(refusal))}
}

// channelName is the chat's own name, with the number where there are several.
func (w noteWords) channelName(name string) string {
	kind, _, _ := strings.Cut(name, "[")
	title, ok := w.channels[kind]
	if !ok {
		return name
	}
	return title + strings.TrimPrefix(name, kind)
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
	d := document{level: level, sign: levelSigns[level], headline: quote(n.Title, maxNoteText), footer: quote(n.ID, roomyBounds.name)}
	switch level {
	case levelWarning:
		d.sign = "⚠️"
	case levelInfo:
		d.sign = ""
	}
	lines, most := n.Lines, maxNoteLines
	if url, ok := safeLink(n.Link.Reveal()); ok {
		most = maxLinkedLines
		label := strings.ReplaceAll(n.LinkLabel, "|", "/") // what parts label and address in Slack
		d.addBlocks([]line{{{text: cmp.Or(clip(label, roomyBounds.name), ellipsis), url: url}}})
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
		d.addBlocks([]line{say(ellipsis + " +" + plainText(number(left)))})
	}
	return d
}
