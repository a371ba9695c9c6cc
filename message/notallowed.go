package message

import "licensewatch/license"

// notAllowed says that a source is left out until the role allows its action.
func (c *composer) notAllowed(source license.Source, action string) line {
	return fill(c.words.notices.notAllowed, values{"source": c.sourceName(source), "action": c.orUnknown(ident(action, c.bounds.name))})
}

// NotAllowedNote is what alerts say about a source that is left out because the role
// was made before it was added, where no digest has that line. The id is the run's.
func NotAllowedNote(language license.Language, source license.Source, id string) license.Note {
	c := newComposer(license.Report{Language: language}, roomyBounds)
	return license.Note{
		Severity: license.Info, ID: id,
		Title: plainText(c.notAllowed(source, source.Info().CAM())),
		Lines: []string{c.words.notices.restAsBefore},
	}
}
