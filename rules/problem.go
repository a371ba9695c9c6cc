package rules

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake in a rules file, or what looks like one.
type Problem struct {
	File         string
	Line, Column int // counted from 1, columns in characters
	Text         string
}

// String is "file:line:column: text".
func (p Problem) String() string {
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Text)
}

// Errors is what Load returns for a file with mistakes: all of them, in the
// order of the file.
type Errors struct{ Problems []Problem }

// Error counts the mistakes and names each with its place.
func (e *Errors) Error() string {
	noun := "mistakes"
	if len(e.Problems) == 1 {
		noun = "mistake"
	}
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = p.String()
	}
	return fmt.Sprintf("%d %s in the rules: %s", len(e.Problems), noun, strings.Join(texts, "; "))
}

// asError returns the problems in the order of the file; nil when there are none.
func asError(problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	inOrder(problems)
	return &Errors{Problems: problems}
}

// inOrder puts problems in the order of the file.
func inOrder(problems []Problem) {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Text, b.Text))
	})
}
