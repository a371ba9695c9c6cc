package config

import (
	"fmt"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"licensewatch/internal/hostname"
)

// checkURL parses a URL that requests may go to: https, or plain http to this
// machine itself. wrong says what is wrong with it in words that hold no part
// of it (the errors of package url do) and is empty when nothing is.
func checkURL(text string) (u *url.URL, wrong string) {
	if strings.ContainsFunc(text, isBlank) {
		return nil, "holds white space: copy the whole URL again, in one piece"
	}
	if !strings.Contains(text, "://") {
		return nil, "is not a URL: it must begin with https://"
	}
	u, err := url.Parse(text)
	if err != nil { // err repeats the text
		return nil, "cannot be read as a URL: copy it again"
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, "must begin with https://"
	case u.Hostname() == "":
		return nil, "names no host: copy the whole URL again"
	case u.User != nil:
		return nil, "holds a user name or password before the host: remove them"
	case strings.Contains(text, "#"):
		return nil, "holds a fragment (# and what follows), which is never sent: remove it"
	case u.Scheme == "http" && !hostname.IsLoopback(u):
		return nil, "is plain http, which is allowed to this machine itself only (127.0.0.1, ::1, localhost): write https://"
	}
	return u, ""
}

// isBlank says whether no URL and no secret holds the character.
func isBlank(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }

// Joined says what is wrong with a text that holds several URLs, or something
// between them; empty when it holds one.
func Joined(text string) string {
	const write = ": write a comma (,) between two URLs"
	if second := secondURL(text); second > 0 {
		before, _ := utf8.DecodeLastRuneInString(text[:second])
		switch {
		case strings.ContainsRune("=/&?#%", before): // a part of the first one
		case unicode.IsSpace(before):
			return "holds two URLs with white space between them" + write
		case strings.ContainsRune(plainSeparators+wideSeparators, before):
			return fmt.Sprintf("holds two URLs joined by %q%s", string(before), write)
		default:
			return "holds two URLs with nothing between them" + write
		}
	}
	if i := strings.IndexAny(text, wideSeparators); i >= 0 {
		r, _ := utf8.DecodeRuneInString(text[i:])
		return fmt.Sprintf("holds %q, which no URL does%s", string(r), write)
	}
	return ""
}

// secondURL is where a second URL begins in a text; -1 when none does.
func secondURL(text string) int {
	text = strings.ToLower(text)
	second := -1
	for _, scheme := range []string{"https://", "http://"} {
		if i := strings.LastIndex(text, scheme); i > 0 && (second < 0 || i < second) {
			second = i
		}
	}
	return second
}

// readHeartbeat reads the URL to call after good runs; it is a secret, since who
// has it can keep the watch on us quiet.
func readHeartbeat(f *settingMistakes, v variable) Secret {
	if v.value == "" {
		return Secret{}
	}
	_, wrong := checkURL(v.value)
	if second := secondURL(v.value); second > 0 &&
		strings.ContainsAny(v.value[second-1:second], ", "+plainSeparators) ||
		strings.ContainsAny(v.value, wideSeparators) {
		wrong = "holds more than one URL: one is called, write that one"
	}
	if wrong != "" {
		f.addMistake(v, "%s", wrong)
		return Secret{}
	}
	return NewSecret(v.value)
}

// readEndpoint reads a base URL and drops the slash at its end.
func readEndpoint(f *settingMistakes, v variable) string {
	if v.value == "" {
		return ""
	}
	u, wrong := checkURL(v.value)
	if wrong == "" && strings.Contains(v.value, "?") {
		wrong = "holds a query (? and what follows), which a base URL cannot have: remove it"
	}
	if wrong != "" {
		f.addMistake(v, "%s", wrong)
		return ""
	}
	return strings.TrimRight(u.String(), "/")
}
