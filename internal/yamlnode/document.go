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
// meant by a line that is not YAML, and may be nil.
func (p *Problems) Document(text, second, begins string, hint func(text string, line int) string) *yaml.Node {
	root, another, fault := Load(text)
	if fault != nil {
		meant := ""
		if hint != nil {
			meant = hint(text, fault.Line)
		}
		p.FailAt(fault.Line, fault.Column, "the file is not YAML: %s%s", fault, meant)
	}
	if another != nil {
		p.Fail(another, "a second document begins here, which would not be read; %s", second)
	}
	if root == nil && fault == nil {
		p.FailAt(1, 1, "the file is empty; %s", begins)
	}
	return root
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
