package config

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// slackMentions reads who is called in Slack: here, channel, everyone, member
// ids (U…, W…) and user group ids (S…), each without the @ that people write
// before them.
func slackMentions(f *findings, v variable) []string {
	return mentions(f, v, func(item, _ string) (string, bool) {
		word := strings.TrimPrefix(item, "@")
		lower := strings.ToLower(word)
		switch {
		case lower == "here" || lower == "channel" || lower == "everyone":
			return lower, true
		case isSlackID(word):
			return word, true
		case isSlackID(strings.ToUpper(word)) && strings.ContainsAny(word, "0123456789"):
			f.problem(v, "%s looks like an id in small letters: write it in capitals", quote(item))
		default:
			f.problem(v, "%s cannot be called: write here, channel, everyone, a member id (U… or W…, from the profile's Copy member ID) or a user group id (S…); a webhook does not know people by name", quote(item))
		}
		return "", false
	})
}

// isSlackID says whether the text is the id of a member or a user group.
func isSlackID(text string) bool {
	if len(text) < 2 || !strings.ContainsRune("UWS", rune(text[0])) {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < '0' || r > '9')
	})
}

// longestUserID is what WeCom allows, in bytes.
const longestUserID = 64

// wecomMentions reads who is called in WeCom: @all and user ids.
func wecomMentions(f *findings, v variable) []string {
	const wanted = "write the user id of the member (in the admin console: Contacts, the member's account)"
	return mentions(f, v, func(item, entry string) (string, bool) {
		id := strings.TrimPrefix(item, "@")
		switch {
		case item == "@all":
			return item, true
		case id == "all":
			f.problem(v, "to call everybody write @all")
		case isKey(id):
			f.problem(v, "%slooks like a key or a link, which would be posted: %s", entry, wanted)
		case isPhoneNumber(id) && !isMobile(id):
			f.problem(v, "%sis a phone number, by which nobody is called: %s", entry, wanted)
		case !isUserID(id):
			f.problem(v, "%s cannot be called: write @all or the user id of the member (in the admin console: Contacts, the member's account), without < > and spaces", quote(item))
		case isMobile(id):
			f.warn(v, "%slooks like a phone number, by which nobody is called: unless it is the member's user id, %s", entry, wanted)
			return id, true
		default:
			return id, true
		}
		return "", false
	})
}

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
	if isMobile(digits) {
		return true
	}
	return strings.HasPrefix(number, "+") && len(digits) >= least && len(digits) <= most && strings.Trim(digits, "0123456789") == ""
}

// isMobile says whether a text is the number of a mobile phone in China, with or
// without the country before it. A user id may be one too.
func isMobile(text string) bool {
	const digits = 11
	text = strings.TrimPrefix(text, "86")
	return len(text) == digits && text[0] == '1' && text[1] >= '3' && strings.Trim(text, "0123456789") == ""
}

// mentions parses each item of the list and keeps what is right, once. The
// parser is told which entry of several it reads.
func mentions(f *findings, v variable, parse func(item, entry string) (string, bool)) []string {
	var names []string
	items := list(f, v)
	for i, item := range items {
		if name, ok := parse(item, entryOf(i, len(items))); ok && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// entryOf is "entry 2 of 3 "; empty when there is only one.
func entryOf(i, count int) string {
	if count < 2 {
		return ""
	}
	return fmt.Sprintf("entry %d of %d ", i+1, count)
}
