// Package suggest guesses which word was meant by one that does not exist, and
// lists words for messages.
package suggest

import (
	"strings"
	"unicode/utf8"
)

// Bounds of what counts as a slip.
const (
	longest  = 64 // nobody mistypes a longer word
	shortest = 3  // of a word that is the beginning of the right one
)

// Nearest gives the candidate that looks most like the word; empty when none
// does.
func Nearest(word string, candidates []string) string {
	length := utf8.RuneCountInString(word)
	if length > longest {
		return ""
	}
	best, limit := "", min(max(2, length/3), length-1)
	for _, candidate := range candidates {
		if d := Distance(strings.ToLower(word), strings.ToLower(candidate)); d <= limit {
			best, limit = candidate, d-1
		}
	}
	if best != "" || length < shortest {
		return best
	}
	for _, candidate := range candidates {
		if strings.HasPrefix(candidate, word) {
			return candidate
		}
	}
	return ""
}

// DidYouMean is "; did you mean X?" with the nearest candidate, or nothing where
// there is none.
func DidYouMean(word string, candidates []string) string {
	nearest := Nearest(word, candidates)
	if nearest == "" {
		return ""
	}
	return "; did you mean " + nearest + "?"
}

// FieldsLike gives the fields that have the name of one that does not exist in theirs; else all of
// its section, which is what stands before its dot.
func FieldsLike(field string, known []string) []string {
	section, name, hasSection := strings.Cut(field, ".")
	if !hasSection {
		section, name = "", field
	}
	const shortestPart = 4 // letters; fewer are in everything
	for _, part := range []string{name, section + "."} {
		var fields []string
		for _, f := range known {
			if strings.Contains(strings.ToLower(f), strings.ToLower(part)) {
				fields = append(fields, f)
			}
		}
		if len(part) >= shortestPart && len(fields) > 0 {
			return fields
		}
	}
	return nil
}

// List writes words as in "a, b or c", where last is the word before the last one.
func List[T ~string](words []T, last string) string {
	var list strings.Builder
	for i, word := range words {
		switch {
		case i > 0 && i == len(words)-1:
			list.WriteString(" " + last + " ")
		case i > 0:
			list.WriteString(", ")
		}
		list.WriteString(string(word))
	}
	return list.String()
}

// Distance counts the letters to insert, delete, replace or swap with their
// neighbour to turn a into b.
func Distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(x)][len(y)]
}
