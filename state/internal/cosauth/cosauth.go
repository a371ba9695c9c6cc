// Package cosauth signs requests to Tencent COS: the Authorization header of its
// XML API, HMAC-SHA1 over the method, the path, the query and the headers.
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

// Authorization returns the header's value. path is the path before it is escaped,
// query has the parameters likewise. headers are the ones to sign, host among
// them, by any spelling of their names. The signature holds between the two
// times, which COS compares with its own clock to the second.
func Authorization(keys Keys, method, path string, query, headers map[string]string, from, until time.Time) string {
	parameterNames, parameters := signedPairs(query)
	headerNames, headerPairs := signedPairs(headers)
	keyTime := fmt.Sprintf("%d;%d", from.Unix(), until.Unix())
	httpString := strings.ToLower(method) + "\n" + path + "\n" + parameters + "\n" + headerPairs + "\n"
	digest := sha1.Sum([]byte(httpString))
	stringToSign := "sha1\n" + keyTime + "\n" + hex.EncodeToString(digest[:]) + "\n"
	return "q-sign-algorithm=sha1&q-ak=" + keys.ID +
		"&q-sign-time=" + keyTime + "&q-key-time=" + keyTime +
		"&q-header-list=" + headerNames + "&q-url-param-list=" + parameterNames +
		"&q-signature=" + digestOf(digestOf(keys.Key, keyTime), stringToSign)
}

// Query is what stands behind the URL of an object, so that whoever has that can read it
// between the two times. parameters are those that are signed with it; token is that of
// temporary keys, and empty for others.
func Query(keys Keys, token, path, host string, parameters map[string]string, from, until time.Time) string {
	signed := maps.Clone(parameters)
	if token != "" {
		signed["x-cos-security-token"] = token
	}
	authorization := Authorization(keys, "GET", path, signed, map[string]string{"host": host}, from, until)
	_, pairs := signedPairs(signed)
	return pairs + "&" + strings.ReplaceAll(authorization, ";", escape(";")) // which would part parameters
}

// signedPairs gives the list of the names, and what is signed of them: the names in small
// letters, sorted.
func signedPairs(values map[string]string) (list, pairs string) {
	lower := make(map[string]string, len(values))
	for name, value := range values {
		lower[strings.ToLower(escape(name))] = escape(value)
	}
	names := slices.Sorted(maps.Keys(lower))
	for i, name := range names {
		if i > 0 {
			pairs += "&"
		}
		pairs += name + "=" + lower[name]
	}
	return strings.Join(names, ";"), pairs
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
