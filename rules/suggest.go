package rules

import (
	"fmt"
	"strings"
)

// didYouMean is "; did you mean X?" with the candidate that looks most like
// word, or nothing when none does.
func didYouMean(word string, candidates []string) string {
	const longest = 64 // nobody mistypes a longer word
	if len(word) > longest {
		return ""
	}
	best, limit := "", min(max(2, len(word)/3), len(word)-1)
	for _, candidate := range candidates {
		if d := distance(strings.ToLower(word), strings.ToLower(candidate)); d <= limit {
			best, limit = candidate, d-1
		}
	}
	const shortest = 3 // of a word that is the beginning of the right one
	for _, candidate := range candidates {
		if best == "" && len(word) >= shortest && strings.HasPrefix(candidate, word) {
			best = candidate
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", best)
}

// distance counts the letters to insert, delete, replace or swap with their
// neighbour to turn a into b.
func distance(a, b string) int {
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
