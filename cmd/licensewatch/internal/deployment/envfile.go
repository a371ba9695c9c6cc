package deployment

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"licensewatch/config"
)

// EnvFile is a file of settings: NAME=value lines, as a shell and the deployment
// tool both read them.
type EnvFile struct {
	Entries  []EnvEntry // in the order of the file
	Mistakes []Finding
}

// EnvEntry is one setting of a file. The value may be a secret.
type EnvEntry struct {
	Place // of the value
	Name  string
	Value string
}

// ParseEnv reads a file of settings; the name is used in findings only. A value
// stands in single quotes, in double quotes, or bare. What a shell would expand
// or cut is a mistake, because then the two readers differ.
func ParseEnv(name string, data []byte) EnvFile {
	file := EnvFile{}
	if !utf8.Valid(data) {
		return EnvFile{Mistakes: []Finding{{Place{name, 1, 1}, "",
			"the file is not UTF-8: save it as UTF-8, or name the file of settings"}}}
	}
	number := 0
	windows := false
	for line := range strings.Lines(strings.TrimPrefix(string(data), "\ufeff")) {
		number++
		text, cut := strings.CutSuffix(strings.TrimSuffix(line, "\n"), "\r")
		l := envLine{file: &file, place: Place{name, number, 1}, text: text}
		if cut && !windows {
			windows = true
			l.fail(len(text), "", "the lines end as on Windows, and a shell takes that for a part of the values: save the file with line ends LF")
		}
		l.readLine()
	}
	if file.isAnother() {
		file.Mistakes = []Finding{{Place{name, 1, 1}, "",
			"no line of the file is a NAME='value': name the file of settings; licensewatch init DIR writes one"}}
	}
	return file
}

// isAnother says whether the file was never meant to hold settings: a list of all
// its lines would help nobody.
func (f EnvFile) isAnother() bool {
	const many = 5
	isSetting := func(mistake Finding) bool { return mistake.Setting != "" }
	return len(f.Entries) == 0 && len(f.Mistakes) > many && !slices.ContainsFunc(f.Mistakes, isSetting)
}

// envLine is a line while it is read.
type envLine struct {
	file  *EnvFile
	place Place
	text  string
}

// fail reports a mistake behind so many bytes of the line.
func (l *envLine) fail(offset int, setting, format string, args ...any) {
	place := l.placeAt(offset)
	l.file.Mistakes = append(l.file.Mistakes, Finding{place, config.Shown(setting), fmt.Sprintf(format, args...)})
}

func (l *envLine) placeAt(offset int) Place {
	place := l.place
	place.Column = 1 + utf8.RuneCountInString(l.text[:offset])
	return place
}

func (l *envLine) readLine() {
	text := strings.TrimLeft(l.text, " \t")
	if strings.TrimSpace(text) == "" || text[0] == '#' {
		return
	}
	if rest, ok := strings.CutPrefix(text, "export "); ok {
		text = strings.TrimLeft(rest, " \t")
	}
	start := len(l.text) - len(text)
	name, value, ok := strings.Cut(text, "=")
	switch {
	case !ok:
		l.fail(start, "", "the line sets nothing: write NAME='value', or put a # before it")
	case strings.TrimRight(name, " \t") != name ||
		strings.TrimLeft(value, " \t") != value && strings.TrimSpace(value) != "":
		l.fail(start+len(strings.TrimSpace(name)), shownName(strings.TrimSpace(name)),
			"has white space beside the =, which a shell does not take: write NAME='value'")
	case !variableName.MatchString(name) && !strings.HasPrefix(name, "_"):
		l.fail(start, "", "the line does not begin with a name: write NAME='value' with letters, digits and _ before the =")
	default:
		l.readValue(name, value, start+len(name)+1)
	}
}

// shownName is a name that may be repeated.
func shownName(name string) string {
	if !variableName.MatchString(name) {
		return ""
	}
	return name
}

// readValue reads the value, which begins at the offset.
func (l *envLine) readValue(name, raw string, offset int) {
	for _, earlier := range l.file.Entries {
		if earlier.Name == name {
			l.fail(offset-len(name)-1, name, "stands here twice, first in line %d: remove one of them", earlier.Line)
		}
	}
	value, wrong := unquoteValue(raw)
	if joined := config.Joined(strings.Trim(raw, typographic+"'\" ")); joined != "" && wrong != "" &&
		strings.HasSuffix(name, "_WEBHOOK_URL") {
		wrong = joined + ", and single quotes around all: NAME='first,second'" // quotes alone would not help
	}
	if wrong != "" {
		l.fail(offset, name, "%s", wrong)
		return
	}
	l.file.Entries = append(l.file.Entries, EnvEntry{Place: l.placeAt(offset), Name: name, Value: value})
}

// typographic are the quotation marks that editors of texts put in the place of
// those that a shell knows.
const typographic = "‘’“”"

// unquoteValue reads a value as it stands behind the =; wrong says what cannot be
// understood.
func unquoteValue(raw string) (value, wrong string) {
	const wanted = "put single quotes around the value: NAME='value'"
	if raw == "" || raw[0] != '\'' && raw[0] != '"' {
		value, _, _ = strings.Cut(raw, " #")
		value = strings.TrimRight(value, " \t")
		if strings.ContainsAny(value, typographic) {
			return "", "holds a typographic quotation mark: write NAME='value' with straight ones"
		}
		if strings.ContainsAny(value, " \t&<>|;()$`\\'\"") {
			return "", "holds a character that a shell reads in its own way: " + wanted
		}
		return value, ""
	}
	quote := raw[:1]
	value, rest, closed := strings.Cut(raw[1:], quote)
	rest = strings.TrimLeft(rest, " \t")
	switch {
	case !closed:
		return "", "begins with " + quote + " and does not end with it: close the quotes in the same line"
	case rest != "" && rest[0] != '#':
		return "", "goes on behind the closing " + quote + ": " + wanted
	case quote == `"` && strings.ContainsAny(value, "$`\\"):
		return "", "holds $, a backquote or a backslash in double quotes, which a shell expands: " + wanted
	}
	return value, ""
}
