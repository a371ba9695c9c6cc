package notify

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"licensewatch/message"
)

// longestUserID is what WeCom allows, in bytes.
const longestUserID = 64

// isUserID says whether a text can be put into <@…> without breaking out of it.
func isUserID(id string) bool {
	bad := func(r rune) bool {
		return r == ' ' || r == utf8.RuneError || !unicode.IsPrint(r) || strings.ContainsRune("<>[]()|`@*", r)
	}
	return id != "" && len(id) <= longestUserID && !strings.ContainsFunc(id, bad)
}

// isPhoneNumber says whether a text is a phone number as people write one: with a
// + before it, or with blanks, hyphens or brackets in a mobile's.
func isPhoneNumber(text string) bool {
	const least, most = 7, 15
	number := strings.TrimPrefix(text, "tel:")
	digits := strings.NewReplacer("+", "", " ", "", "-", "", "(", "", ")", "").Replace(number)
	if message.IsMobile(digits) {
		return true
	}
	return strings.HasPrefix(number, "+") && len(digits) >= least && len(digits) <= most &&
		strings.Trim(digits, "0123456789") == ""
}
