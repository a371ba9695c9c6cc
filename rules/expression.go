package rules

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"licensewatch/license"
)

// expression is a compiled expression.
type expression struct {
	root  node
	kind  kind
	reads []*field // every field in it, each once, in order
}

// readsAny says whether one of the named fields is read.
func (e *expression) readsAny(names ...string) bool {
	return e != nil && slices.ContainsFunc(e.reads, func(f *field) bool { return slices.Contains(names, f.name) })
}

// leaf is a condition that cannot be split further at &&, ||, ! and ?:. It is
// what people see of a judgement.
type leaf struct {
	node  node
	text  string // as written
	reads []*field
}

func (l *leaf) eval(f *frame) answer {
	if !f.pay(leafWork) {
		return answer{problem: tooMuchWork}
	}
	a := l.node.eval(f)
	if f.evidence != nil {
		*f.evidence = append(*f.evidence, license.Evidence{Condition: l.text, State: a.state(), Values: values(f, l.reads)})
	}
	return a
}

// values notes what the fields hold.
func values(f *frame, fields []*field) []license.Value {
	noted := make([]license.Value, len(fields))
	for i, field := range fields {
		a := read{field}.eval(f)
		noted[i] = license.Value{Field: field.name, Text: "unknown"}
		if a.isKnown() {
			noted[i].Text, noted[i].Known = jsonText(a.value), true
		}
	}
	return noted
}

// jsonText writes a value in JSON notation.
func jsonText(value any) string {
	switch value := value.(type) {
	case int64:
		return strconv.FormatInt(value, 10)
	case bool:
		return strconv.FormatBool(value)
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "unknown"
	}
	return strings.TrimSuffix(text.String(), "\n")
}
