// Package chart draws the pictures of a report as SVG: scales, axes in two languages, text
// that is text, with a title and a description that can be read aloud.
//
// A picture has no colour of its own: its parts have classes, and Style gives them colours for
// light and for dark, which readers tell apart who see fewer colours, and on paper. Whatever a
// colour says, a pattern or a word says as well.
//
//	svg.go       the elements
//	scale.go     from values to places, and where an axis has its ticks
//	locale.go    numbers and dates of both languages
//	timeline.go  what ends when: a bar for each
//	months.go    the same, by month, where there are too many
//	lines.go     numbers by day, with gaps and a band
//	calendar.go  what each day is
package chart
