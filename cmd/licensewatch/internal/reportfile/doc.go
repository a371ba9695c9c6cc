// Package reportfile writes the tables of a report as files: CSV, and a workbook for Excel.
// Both have what *report.Tables says, and all of it: a page has less room.
//
// What comes from outside is text in both: nothing that begins like a formula becomes one.
package reportfile

import (
	"strings"

	"licensewatch/internal/text"
)

// clean leaves out what cannot be seen or is no text.
func clean(words string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && text.IsHidden(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(words, "\uFFFD"))
}
