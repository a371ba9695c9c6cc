package message

import "licensewatch/license"

// Headline is the sentence that a report begins with, with its sign, in the
// report's language and without markup: what a list of messages shows of it.
func Headline(r license.Report) string {
	c := newComposer(r, roomyBounds)
	return terminalMarkup(false).headText(document{sign: levelSigns[c.documentLevel()], headline: c.headlineLine()})
}
