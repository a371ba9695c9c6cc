package config

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// slackMentions reads who is called in Slack: here, channel, everyone, member
// ids (U…, W…) and user group ids (S…), each without the @ that people write
// before them.
func slackMentions(f *findings, v variable) []string {
	return mentions(v, func(item string) (string, bool) {
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
	return mentions(v, func(item string) (string, bool) {
		id := strings.TrimPrefix(item, "@")
		switch {
		case item == "@all":
			return item, true
		case id == "all":
			f.problem(v, "to call everybody write @all")
		case !isUserID(id):
			f.problem(v, "%s cannot be called: write @all or the user id of the member (in the admin console: Contacts, the member's account), without < > and spaces", quote(item))
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

// mentions parses each item of the list and keeps what is right, once.
func mentions(v variable, parse func(item string) (string, bool)) []string {
	var list []string
	for _, item := range splitList(v.value) {
		if name, ok := parse(item); ok && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}
