package license

// Language is the language of a message.
type Language string

// The languages messages are written in.
const (
	Chinese Language = "zh"
	English Language = "en"
)

// Text is the same sentence in each language; a language may be missing.
type Text struct {
	En string `json:"en,omitempty"`
	Zh string `json:"zh,omitempty"`
}

// In returns the text in the language, or in the other one where that is all
// there is.
func (t Text) In(language Language) string {
	first, second := t.En, t.Zh
	if language == Chinese {
		first, second = second, first
	}
	if first == "" {
		return second
	}
	return first
}
