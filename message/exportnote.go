package message

import "licensewatch/license"

// ExportNote is the follow-up about an export that an earlier run began, or about that of
// a usage history: its link, or why there is none. One that is still pending counts as given
// up. The id is the run's.
func ExportNote(language license.Language, export license.Export, id string) license.Note {
	s := exportSection{newPhrases(&license.Report{Language: language}, roomyBounds), export, nil}
	w, later := s.words.export, s.words.export.later
	if export.Month != "" {
		later = w.monthly
	}
	title := func(words string) string { return plainText(fill(words, values{"month": say(export.Month)})) }
	note := license.Note{Severity: license.Warning, Title: title(later.missing), ID: id}
	switch {
	case export.Status == license.ExportPending:
		note.Lines = []string{plainText(fill(later.givenUp, values{"task": taskValue(w, export)}))}
		return note
	case export.Status == license.ExportFinished && isShown(export):
		note.Severity, note.Title = license.Info, title(later.ready)
		note.Links = []license.NoteLink{{URL: export.Link, Label: later.label}}
		if notSent := plainText(s.fileNotSent()); notSent != "" {
			note.Lines = []string{notSent}
		}
		return note
	case export.Status == license.ExportFinished:
		note.Severity, note.Title = license.Info, title(later.finished)
	}
	for _, l := range s.exportLines() {
		note.Lines = append(note.Lines, plainText(l))
	}
	return note
}

// isShown says whether the export's link may be shown, and can be.
func isShown(e license.Export) bool {
	_, ok := escapeLink(e.Link.Reveal())
	return ok
}

// taskValue names the export's task; nothing when it has no id.
func taskValue(w exportWords, e license.Export) line {
	if e.TaskID == 0 {
		return nil
	}
	return fill(w.task, values{"id": number(e.TaskID)})
}
