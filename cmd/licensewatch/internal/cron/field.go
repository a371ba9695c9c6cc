package cron

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// fieldKind is one of the seven fields: its name and what it may hold.
type fieldKind struct {
	name        string
	least, most int
	names       []string // of the values, from the least on; nil: it has none
}

// kinds are the fields of an expression, in their order.
var kinds = [...]fieldKind{
	{"second", 0, 59, nil},
	{"minute", 0, 59, nil},
	{"hour", 0, 23, nil},
	{"day of month", 1, 31, nil},
	{"month", 1, 12, []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}},
	{"day of week", 0, 6, []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}},
	{"year", 1970, 2099, nil},
}

// fieldSet is what one field allows.
type fieldSet struct {
	allowed []bool // by value, from the least on
	least   int
	any     bool // it is *: it names no values
	numbers bool // it names values by numbers
}

func (f fieldSet) allows(value int) bool {
	i := value - f.least
	return i >= 0 && i < len(f.allowed) && f.allowed[i]
}

// count is how many values are allowed.
func (f fieldSet) count() int {
	n := 0
	for _, allowed := range f.allowed {
		if allowed {
			n++
		}
	}
	return n
}

// allowedWords says what may be written: "0 to 6 or SUN to SAT".
func (k fieldKind) allowedWords() string {
	words := fmt.Sprintf("%d to %d", k.least, k.most)
	if k.names != nil {
		words += fmt.Sprintf(" or %s to %s", k.names[0], k.names[len(k.names)-1])
	}
	return words
}

func (k fieldKind) fail(offset int, format string, args ...any) *Error {
	return &Error{Offset: offset, Text: k.name + " " + fmt.Sprintf(format, args...)}
}

// parseField reads one field. The offsets of its errors count from its beginning.
func (k fieldKind) parseField(text string) (fieldSet, *Error) {
	f := fieldSet{allowed: make([]bool, k.most-k.least+1), least: k.least, any: text == "*" || text == "*/1"}
	offset := 0
	for item := range strings.SplitSeq(text, ",") {
		if err := k.parseItem(&f, item); err != nil {
			err.Offset += offset
			return fieldSet{}, err
		}
		offset += len(item) + 1
	}
	return f, nil
}

// parseItem reads one element of a list: a value or a range, with a step or without.
func (k fieldKind) parseItem(f *fieldSet, text string) *Error {
	if text == "" {
		return k.fail(0, "has nothing beside a comma: write %s", k.allowedWords())
	}
	span, stepText, hasStep := strings.Cut(text, "/")
	first, last, err := k.parseRange(f, span, hasStep)
	if err != nil {
		return err
	}
	step := 1
	if hasStep {
		if step, err = k.parseStep(stepText, len(span)+1); err != nil {
			return err
		}
	}
	for value := first; value <= last; value += step {
		f.allowed[value-k.least] = true
	}
	return nil
}

// parseRange reads *, a value or a range; a single value that has a step goes on to
// the end.
func (k fieldKind) parseRange(f *fieldSet, text string, hasStep bool) (first, last int, err *Error) {
	if text == "*" {
		return k.least, k.most, nil
	}
	from, to, isRange := strings.Cut(text, "-")
	if first, err = k.parseValue(f, from, 0); err != nil {
		return 0, 0, err
	}
	switch {
	case isRange:
		last, err = k.parseValue(f, to, len(from)+1)
	case hasStep:
		last = k.most
	default:
		last = first
	}
	if err == nil && last < first {
		err = k.fail(0, "%q runs backwards: write two ranges, with a comma between them", text)
	}
	return first, last, err
}

func (k fieldKind) parseStep(text string, offset int) (int, *Error) {
	n, ok := parseDigits(text)
	if most := k.most - k.least; !ok || n < 1 || n > most {
		return 0, k.fail(offset, "has the step %q: write a number from 1 to %d behind the /", text, most)
	}
	return n, nil
}

// parseValue reads a number or a name.
func (k fieldKind) parseValue(f *fieldSet, text string, offset int) (int, *Error) {
	if n, ok := parseDigits(text); ok && n >= k.least && n <= k.most {
		f.numbers = true
		return n, nil
	}
	if i := slices.Index(k.names, text); i >= 0 {
		return k.least + i, nil
	}
	return 0, k.fail(offset, "%q is not known: %s", text, k.suggestValue(text))
}

// suggestValue says what to write instead of a value that is not known.
func (k fieldKind) suggestValue(text string) string {
	upper := strings.ToUpper(text)
	switch {
	case text == "?":
		return "write *"
	case text == "7" && k.name == "day of week":
		return "write SUN"
	case isQuartz(upper):
		return "SCF does not know L, W and # everywhere; write " + k.allowedWords()
	}
	for _, name := range k.names {
		if len(upper) >= 2 && (strings.HasPrefix(upper, name) || strings.HasPrefix(name, upper)) {
			return "write " + name
		}
	}
	return "write " + k.allowedWords()
}

// isQuartz says whether a value is one of a larger language: 15W, 5L, MON#2.
func isQuartz(upper string) bool {
	letters := strings.TrimLeft(upper, "0123456789")
	return letters == "L" || letters == "W" || letters == "LW" || strings.Contains(upper, "#")
}

// parseDigits reads digits and nothing else; no field has more than four.
func parseDigits(text string) (int, bool) {
	if text == "" || len(text) > 4 || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}
