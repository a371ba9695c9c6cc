package message

import "strings"

// IsMobile says whether a text is the number of a mobile phone in China, with or
// without the country before it. A user id may be one too.
func IsMobile(text string) bool {
	const digits = 11
	text = strings.TrimPrefix(text, "86")
	return len(text) == digits && text[0] == '1' && text[1] >= '3' && strings.Trim(text, "0123456789") == ""
}
