package snapshot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake in a snapshot file.
type Problem struct {
	File         string
	Line, Column int // counted from 1, columns in characters
	Text         string
}

// String is "file:line:column: text".
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Text)
}

// Errors is what Parse returns for a file with mistakes: all of them, in the
// order of the file.
type Errors struct{ Problems []Problem }

// Error names each mistake with its place: a line each, and above them how many
// there are where there are several.
func (e *Errors) Error() string {
	if len(e.Problems) == 1 {
		return e.Problems[0].String()
	}
	lines := []string{fmt.Sprintf("%d mistakes in the snapshot:", len(e.Problems))}
	for _, p := range e.Problems {
		lines = append(lines, "  "+p.String())
	}
	return strings.Join(lines, "\n")
}

// sorted puts problems in the order of the file.
func sorted(problems []Problem) []Problem {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return problems
}
