package rules

import (
	"cmp"
	"fmt"
	"sort"
	"strings"

	"licensewatch/internal/yamlnode"
)

// Errors is what Load returns for a file with mistakes: all of them, in the
// order of the file.
type Errors struct {
	Problems []yamlnode.Problem // they quote the file
	// Foreign: the file has no version and rules at its top, so that it may be
	// anything, the file of the keys included.
	Foreign bool
}

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

// asError returns the problems of a file with this text, in its order; nil when
// there are none.
func asError(problems []yamlnode.Problem, text string) error {
	if len(problems) == 0 {
		return nil
	}
	sortProblems(problems)
	return &Errors{Problems: problems, Foreign: !hasKey(text, "version") || !hasKey(text, "rules")}
}

// hasKey says whether a file has the key at its top, readable as YAML or not.
func hasKey(text, key string) bool {
	return strings.Contains("\n"+strings.TrimPrefix(text, "\ufeff"), "\n"+key+":")
}

// sortProblems puts problems in the order of the file.
func sortProblems(problems []yamlnode.Problem) {
	sort.Slice(problems, func(i, j int) bool {
		a, b := problems[i], problems[j]
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Text, b.Text)) < 0
	})
}
