package config

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Mistake is one of the mistakes in the settings. Text says what is wrong and what to
// write instead; it never holds the value of a secret.
type Mistake struct {
	Setting string // the variable's name
	Text    string
}

// String is the mistake on one line.
func (m Mistake) String() string { return m.Setting + ": " + m.Text }

// Errors is every mistake of the settings, in the order of Settings. Load
// returns it.
type Errors struct{ Mistakes []Mistake }

// Error names all mistakes on one line.
func (e *Errors) Error() string {
	lines := make([]string, len(e.Mistakes))
	for i, m := range e.Mistakes {
		lines[i] = m.String()
	}
	count := "1 setting is wrong"
	if len(lines) != 1 {
		count = fmt.Sprintf("%d settings are wrong", len(lines))
	}
	return count + ": " + strings.Join(lines, "; ")
}

// settingMistakes collects what the parsers have to say; they go on after a mistake,
// so that one look at the settings names them all.
type settingMistakes struct {
	mistakes []Mistake
	warnings []string
}

func (f *settingMistakes) addMistake(v variable, format string, args ...any) {
	f.mistakes = append(f.mistakes, Mistake{v.name, fmt.Sprintf(format, args...)})
}

func (f *settingMistakes) addWarning(v variable, format string, args ...any) {
	f.warnings = append(f.warnings, v.name+": "+fmt.Sprintf(format, args...))
}

// hasMistake says whether there is a mistake in the variable.
func (f *settingMistakes) hasMistake(v variable) bool {
	return slices.ContainsFunc(f.mistakes, func(m Mistake) bool { return m.Setting == v.name })
}

// asError is nil when there is no mistake; the mistakes come in the order of the settings.
func (f *settingMistakes) asError(settings []string) error {
	if len(f.mistakes) == 0 {
		return nil
	}
	places := make([]int, len(f.mistakes))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(i, j int) int { // sorting another type is code that the function has not yet
		return slices.Index(settings, f.mistakes[i].Setting) - slices.Index(settings, f.mistakes[j].Setting)
	})
	sorted := make([]Mistake, 0, len(places))
	for _, i := range places {
		sorted = append(sorted, f.mistakes[i])
	}
	return &Errors{sorted}
}

// quoteValue repeats a value in a text when it is one short word, or looks like a zone.
// Everything else may be a secret that went into the wrong variable.
func quoteValue(value string) string {
	const longest = 11
	strange := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_@/+.", r)
	}
	area, place, _ := strings.Cut(value, "/")
	isZone := isCapitalised(area) && isCapitalised(place)
	if !isZone && (len(value) > longest || strings.ContainsFunc(value, strange)) {
		return hiddenValue
	}
	return `"` + value + `"`
}

// hiddenValue stands for a value that is not repeated.
const hiddenValue = "the value"

// isCapitalised says whether a text is one word, in small letters behind the first.
func isCapitalised(text string) bool {
	const longest = 12
	return len(text) > 1 && len(text) <= longest && text[0] >= 'A' && text[0] <= 'Z' &&
		strings.Trim(text[1:], smallLetters) == ""
}

const smallLetters = "abcdefghijklmnopqrstuvwxyz"

// isKey says whether a text has the form of a key, a token or a link: what must not
// be posted, though it might be somebody's name.
func isKey(text string) bool {
	const digits, secretKey, robotKey = "0123456789", 32, 36
	hasDigits, hasCapitals := strings.ContainsAny(text, digits), strings.ToLower(text) != text
	switch {
	case strings.ContainsAny(text, ":/?=&"):
		return true
	case strings.HasPrefix(text, "xox"), len(text) == robotKey && text[8] == '-' && text[13] == '-' &&
		text[18] == '-' && text[23] == '-':
		return hasDigits
	default:
		isLong := len(text) >= secretKey && strings.Trim(strings.ToLower(text), smallLetters+digits) == ""
		return hasDigits && hasCapitals && (isLong || strings.HasPrefix(text, "AKID"))
	}
}
