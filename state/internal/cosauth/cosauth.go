// Package cosauth signs requests to Tencent COS: the Authorization header of its
// XML API, HMAC-SHA1 over the method, the path and the headers.
package cosauth

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Keys are what a request is signed with.
type Keys struct{ ID, Key string }

// Authorization returns the header's value for a request without a query. path
// is the path before it is escaped. headers are the ones to sign, host among
// them, by any spelling of their names. The signature holds between the two
// times, which COS compares with its own clock to the second.
func Authorization(keys Keys, method, path string, headers map[string]string, from, until time.Time) string {
	lower := make(map[string]string, len(headers))
	for name, value := range headers {
		lower[strings.ToLower(name)] = value
	}
	names := slices.Sorted(maps.Keys(lower))
	pairs := make([]string, len(names))
	for i, name := range names {
		pairs[i] = name + "=" + escape(lower[name])
	}
	keyTime := fmt.Sprintf("%d;%d", from.Unix(), until.Unix())
	httpString := strings.ToLower(method) + "\n" + path + "\n\n" + strings.Join(pairs, "&") + "\n"
	digest := sha1.Sum([]byte(httpString))
	stringToSign := "sha1\n" + keyTime + "\n" + hex.EncodeToString(digest[:]) + "\n"
	return "q-sign-algorithm=sha1&q-ak=" + keys.ID +
		"&q-sign-time=" + keyTime + "&q-key-time=" + keyTime +
		"&q-header-list=" + strings.Join(names, ";") + "&q-url-param-list=" +
		"&q-signature=" + digestOf(digestOf(keys.Key, keyTime), stringToSign)
}

// digestOf is the HMAC-SHA1 in lower-case hexadecimal digits, which is also the
// form in which one is the key of the next.
func digestOf(key, message string) string {
	mac := hmac.New(sha1.New, []byte(key))
	mac.Write([]byte(message))
	return hex.EncodeToString(mac.Sum(nil))
}

// escape writes every byte but the unreserved ones of RFC 3986 as %XX. It is
// stricter than url.QueryEscape and url.PathEscape.
func escape(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}
