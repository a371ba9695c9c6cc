package message

import "licensewatch/license"

// notAllowedLine says that a source is left out until the role allows its action.
func notAllowedLine(p *phrases, source license.Source, action string) line {
	return fill(p.words.notices.notAllowed, values{"source": p.sourceName(source),
		"action": p.orUnknown(ident(action, p.bounds.name))})
}

// NotAllowedNote is what alerts say about a source that is left out because the role
// was made before it was added, where no digest has that line. The id is the run's.
func NotAllowedNote(language license.Language, source license.Source, id string) license.Note {
	p := newPhrases(&license.Report{Language: language}, roomyBounds)
	return license.Note{
		Severity: license.Info, ID: id,
		Title: plainText(notAllowedLine(p, source, source.Info().CAM())),
		Lines: []string{p.words.notices.restAsBefore},
	}
}
