// Package message puts a license.Report into words, and these into the form of each
// kind of chat.
//
// A report is composed once, into a document without any markup: a headline, the
// findings, what could not be read, the overview, the export. Each of these sections is
// a type of its own; the composer decides what leads and what follows. Each Format and the
// terminal render that same document, each with its own markup and within its own
// limits, so that the words exist once and no channel says more or less than
// another. The words themselves are data, in words_en.go and words_zh.go, and in
// words_story_en.go and words_story_zh.go what only a run with memory says.
//
// Of a document only finding rows are ever left out, whole and counted.
// Everything else is bounded when it is composed, so that it always fits.
package message
