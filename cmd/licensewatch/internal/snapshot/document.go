package snapshot

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// root reads the only document of a file; nil when there is none to go on with.
func (d *decoder) root(data []byte) *yaml.Node {
	switch {
	case len(data) > MaxFile:
		d.failAt(1, 1, "the file has more than %d MiB; a snapshot has at most that", MaxFile>>20)
		return nil
	case !utf8.Valid(data):
		d.failAt(1, 1, "the file is not UTF-8")
		return nil
	}
	loader, err := yaml.NewLoader(strings.NewReader(readable(data)))
	if err != nil {
		d.failYAML(err)
		return nil
	}
	var first, second yaml.Node
	switch err := loader.Load(&first); {
	case errors.Is(err, io.EOF), err == nil && isNull(first.Content[0]):
		d.failAt(1, 1, "the file is empty; a snapshot file begins with `version: 1`")
		return nil
	case err != nil:
		d.failYAML(err)
		return nil
	}
	switch err := loader.Load(&second); {
	case err == nil:
		d.fail(&second, "a second document begins here, which would not be read; a file holds one snapshot")
	case !errors.Is(err, io.EOF):
		d.failYAML(err)
	}
	return first.Content[0]
}

// escape is an escape of JSON; the first group is a character beyond the basic
// plane, which JSON writes as two halves, or a half of one.
var escape = regexp.MustCompile(`\\(?:u([dD][89a-fA-F][0-9a-fA-F]{2}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?)|.)`)

// readable is the file as YAML reads it. JSON is YAML, but for such halves.
func readable(data []byte) string {
	text := strings.TrimPrefix(string(data), "\ufeff")
	if !json.Valid([]byte(text)) {
		return text
	}
	return escape.ReplaceAllStringFunc(text, func(match string) string {
		halves := escape.FindStringSubmatch(match)[1]
		if halves == "" {
			return match
		}
		var units []uint16
		for half := range strings.SplitSeq(halves, `\u`) {
			unit, _ := strconv.ParseUint(half, 16, 16) // the pattern lets nothing else through
			units = append(units, uint16(unit))
		}
		whole := ""
		for _, r := range utf16.Decode(units) {
			whole += fmt.Sprintf(`\U%08X`, r)
		}
		return whole
	})
}

// failYAML reports what the YAML parser could not read.
func (d *decoder) failYAML(err error) {
	var at *yaml.LoadError
	if !errors.As(err, &at) {
		at = &yaml.LoadError{Message: err.Error()}
	}
	message := at.Message
	if at.ContextMsg != "" {
		message = at.ContextMsg + ": " + message
	}
	d.failAt(at.Mark.Line, at.Mark.Column, "the file is neither JSON nor YAML: %s", message)
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.Tag == "!!null" }
