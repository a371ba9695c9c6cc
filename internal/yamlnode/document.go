package yamlnode

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Document reads the only document of a file; nil when there is none to go on with. second
// says what to do with another one, begins how such a file looks; hint guesses what was
// meant by a line that is not YAML, beyond what is a slip in any file, and may be nil.
func (p *Problems) Document(text, second, begins string, hint func(text string, line int) string) *yaml.Node {
	root, another, fault := Load(text)
	if fault != nil {
		p.FailAt(fault.Line, fault.Column, "the file is not YAML: %s%s", fault, guessSlip(text, fault.Line, hint))
	}
	if another != nil {
		p.Fail(another, "a second document begins here, which would not be read; %s", second)
	}
	if root == nil && fault == nil {
		p.FailAt(1, 1, "the file is empty; %s", begins)
	}
	return root
}

// Line is a line of a text, from 1; empty where there is none.
func Line(text string, number int) string {
	for ; number > 1; number-- {
		_, rest, found := strings.Cut(text, "\n")
		if !found {
			return ""
		}
		text = rest
	}
	if number < 1 {
		return ""
	}
	line, _, _ := strings.Cut(text, "\n")
	return strings.TrimSuffix(line, "\r")
}

// guessSlip guesses what was meant by a line that is not YAML.
func guessSlip(text string, number int, hint func(text string, line int) string) string {
	const tabs = "; indent with spaces, not with tabs"
	line := Line(text, number)
	_, value, _ := strings.Cut(line, ": ")
	if strings.HasPrefix(strings.TrimLeft(line, " "), "\t") {
		return tabs
	}
	if hint != nil {
		if meant := hint(text, number); meant != "" {
			return meant
		}
	}
	switch {
	case strings.Contains(line, "\t"):
		return tabs
	case strings.Contains(value, ": ") && !strings.Contains(line, "{"):
		return "; a value that holds a colon and a space must be quoted"
	default:
		return ""
	}
}

// TextFault is where a file is no text, and why; the reason is empty for one that is.
func TextFault(text string) (line, column int, reason string) {
	line, begin := 1, 0
	for i, r := range text {
		switch {
		case r == '\n':
			line, begin = line+1, i+1
			continue
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)):
			reason = "the file is not UTF-8"
		case unicode.IsControl(r) && r != '\t' && r != '\r':
			reason = fmt.Sprintf("the file holds a control character (%U)", r)
		default:
			continue
		}
		return line, utf8.RuneCountInString(text[begin:i]) + 1, reason
	}
	return 0, 0, ""
}
