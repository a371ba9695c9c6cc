package message

import (
	"bytes"
	"encoding/json"

	"licensewatch/license"
)

// Format is how a kind of chat gets to see things: its own form of message, within
// its limits. Mention are the names of those who are called.
type Format struct {
	Unit Unit // what the size of a message is counted in
	// Size is how large a payload is and how large it may be; limit 0: there is no
	// single one.
	Size func(payload []byte) (used, limit int)

	Report      func(r license.Report, mention []string) Rendered
	PlainReport func(r license.Report, mention []string) Rendered // after one whose form was refused
	Note        func(n license.Note) Rendered
	PlainNote   func(n license.Note) Rendered
	// Call is a message of its own that calls everybody; nil where a report does.
	Call func(r license.Report, mention []string) (message Rendered, isDue bool)
}

// Unit is what the size of a message is counted in.
type Unit string

// The units.
const (
	Characters Unit = "characters"
	Bytes      Unit = "bytes"
)

// Rendered is a message in a chat's form.
type Rendered struct {
	Body any // encodes as the JSON that the chat takes
	// Unnamed are the facts that there was no room for: the message counts them
	// without naming them. Each is what Fact gives of a finding, of one that is over,
	// or of what is no longer watched.
	Unnamed []string
}

// Payload is the JSON that is posted first for a report.
func (f *Format) Payload(r license.Report, mention []string) ([]byte, error) {
	return JSON(f.Report(r, mention).Body)
}

// CallsApart says whether a message of its own follows a report, because that
// cannot call everybody itself.
func (f *Format) CallsApart(r license.Report, mention []string) bool {
	if f.Call == nil {
		return false
	}
	_, isDue := f.Call(r, mention)
	return isDue
}

// JSON encodes what is posted, without \u escapes for < > &, which WeCom warns about.
func JSON(body any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(body); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
