package message

import (
	"slices"
	"strings"
	"time"

	"licensewatch/license"
)

// wordsOf gives the words of a language; English where there are none.
func wordsOf(language license.Language) *words {
	if language == license.Chinese {
		return &chineseWords
	}
	return &englishWords
}

// beforeWord is a date or a time before another word: an ideograph needs no blank
// beside it, a digit does.
func (w *words) beforeWord(date line) line {
	if n := len(date); n > 0 && w.isWide && endsWith(date[n-1].text, isDigit) {
		return append(date, span{text: " "})
	}
	return date
}

// beforeMore is a list before the word that says how many more there are: an ideograph needs
// no blank beside another one or beside a wide bracket, a letter or digit does.
func (w *words) beforeMore(list line) line {
	if n := len(list); n > 0 && w.isWide && endsWith(list[n-1].text, isWordRune) {
		return append(list, span{text: " "})
	}
	return list
}

// sentenceStarts are the words that begin a sentence with a capital only because it
// is the first; what else does may be a name.
var sentenceStarts = []string{"Order ", "All ", "Nothing ", "Not ", "More ", "Auto-renewal ", "Automatic ", "The "}

// lowerFirst is a sentence that stands behind a colon or a semicolon.
func (w *words) lowerFirst(l line) line {
	if len(l) == 0 || !w.lower {
		return l
	}
	for _, start := range sentenceStarts {
		if rest, ok := strings.CutPrefix(l[0].text, start); ok {
			out := slices.Clone(l)
			out[0].text = strings.ToLower(start) + rest
			return out
		}
	}
	return l
}

// capitalizeFirst is a text that begins a sentence.
func capitalizeFirst(l line) line {
	if len(l) == 0 || l[0].code || l[0].text == "" || l[0].text[0] < 'a' || l[0].text[0] > 'z' {
		return l
	}
	out := slices.Clone(l)
	out[0].text = strings.ToUpper(l[0].text[:1]) + l[0].text[1:]
	return out
}

// dateLine writes a date as seen in now's zone, with the year when it is another one.
func (w *words) dateLine(t, now time.Time) line {
	t = t.In(now.Location())
	if t.Year() == now.Year() {
		return say(t.Format(w.date))
	}
	return say(t.Format(w.dateWithYear))
}

// countOrUnknown is the number, or the word for one that is not known.
func (w *words) countOrUnknown(n *int64) line {
	if n == nil {
		return say(w.unknown)
	}
	return count(*n)
}

// listItems names n items, as many as fit into limit bytes but one at least, and
// counts the rest.
func (w *words) listItems(n, limit int, item func(i int) line) line {
	var out line
	used := 0
	for i := range n {
		next := item(i)
		for _, s := range next {
			used += escapedSize(s.text) + len(w.listComma)
		}
		if i > 0 && used > limit {
			rest := int64(n - i)
			return append(w.beforeMore(out), fill(w.moreItems.of(rest), values{"n": number(rest)})...)
		}
		if i > 0 {
			out = append(out, span{text: w.listComma})
		}
		out = append(out, next...)
	}
	return out
}
