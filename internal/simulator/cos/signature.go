package cos

import (
	"crypto/hmac"
	"crypto/sha1"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// authorizationForm is the only form of the Authorization header there is.
var authorizationForm = regexp.MustCompile(`^q-sign-algorithm=sha1` +
	`&q-ak=([^&\s]+)` +
	`&q-sign-time=(\d{10};\d{10})` +
	`&q-key-time=(\d{10};\d{10})` +
	`&q-header-list=([a-z0-9;-]*)` +
	`&q-url-param-list=([a-z0-9;%._~-]*)` +
	`&q-signature=([0-9a-f]{40})$`)

// mustSign are the headers that have to be signed where they are sent, beside
// host and all that begin with x-cos-.
var mustSign = []string{"content-md5", "content-type"}

// verifySignature checks who sent the request, when, and that nobody changed it.
func verifySignature(r *http.Request, keys keys, now time.Time) *refusal {
	header, token := r.Header.Get("Authorization"), r.Header.Get("X-Cos-Security-Token")
	if header == "" && r.URL.Query().Has("q-signature") { // a link
		header, token = signatureOfLink(r), r.URL.Query().Get("x-cos-security-token")
	}
	if header == "" {
		return newRefusal(http.StatusForbidden, "AccessDenied", "Access Denied.")
	}
	parts := authorizationForm.FindStringSubmatch(header)
	if parts == nil {
		return newRefusal(http.StatusBadRequest, "InvalidArgument",
			"The Authorization header does not have the documented form.")
	}
	id, signTime, keyTime, signature := parts[1], parts[2], parts[3], parts[6]
	headers, params := splitList(parts[4]), splitList(parts[5])
	// What belongs to temporary keys is unknown without their token.
	if id != keys.id || token != keys.token {
		return newRefusal(http.StatusForbidden, "InvalidAccessKeyId",
			"The Access Key Id you provided does not exist in our records")
	}
	if refused := checkTime(signTime, keyTime, now); refused != nil {
		return refused
	}
	if wrong := checkLists(r, headers, params); wrong != "" {
		return newRefusal(http.StatusForbidden, "AccessDenied", wrong)
	}
	format := formatString(r, headers, params)
	toSign := fmt.Sprintf("sha1\n%s\n%x\n", signTime, sha1.Sum([]byte(format)))
	signKey := hexMAC([]byte(keys.key), keyTime)
	if !hmac.Equal([]byte(hexMAC([]byte(signKey), toSign)), []byte(signature)) {
		refused := newRefusal(http.StatusForbidden, "SignatureDoesNotMatch", "The Signature you specified is invalid.")
		refused.StringToSign, refused.FormatString = toSign, format
		return refused
	}
	return nil
}

// linkParams are the parameters of a link that are its signature.
var linkParams = []string{"q-sign-algorithm", "q-ak", "q-sign-time", "q-key-time", "q-header-list", "q-url-param-list", "q-signature"}

// signatureOfLink is the signature that stands in a link, as the header has it.
func signatureOfLink(r *http.Request) string {
	var all []string
	for _, name := range linkParams {
		all = append(all, name+"="+r.URL.Query().Get(name))
	}
	return strings.Join(all, "&")
}

// splitList splits a list of the header; an empty one has no members.
func splitList(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ";")
}

// checkTime checks the times between which the signature holds.
func checkTime(signTime, keyTime string, now time.Time) *refusal {
	for _, span := range []string{signTime, keyTime} {
		first, last, _ := strings.Cut(span, ";")
		from, _ := strconv.ParseInt(first, 10, 64) // ten digits each
		until, _ := strconv.ParseInt(last, 10, 64)
		switch {
		case from >= until:
			return newRefusal(http.StatusBadRequest, "InvalidArgument",
				"The signature's start time is not before its end time.")
		case now.Unix() < from:
			return newRefusal(http.StatusForbidden, "RequestTimeTooSkewed",
				"The difference between the request time and the current time is too large.")
		case now.Unix() > until:
			return newRefusal(http.StatusForbidden, "AccessDenied", "Request has expired")
		}
	}
	return nil
}

// checkLists checks that everything that matters is signed, and nothing that is
// not there.
func checkLists(r *http.Request, headers, params []string) string {
	for _, names := range [][]string{headers, params} {
		if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
			return "The lists of signed headers and parameters must be sorted and hold each name once."
		}
	}
	if !slices.Contains(headers, "host") {
		return "The host header must be signed."
	}
	for name := range r.Header {
		name = strings.ToLower(name)
		if (slices.Contains(mustSign, name) || strings.HasPrefix(name, "x-cos-")) && !slices.Contains(headers, name) {
			return "The header " + name + " must be signed."
		}
	}
	for _, name := range headers {
		if value, times := signedHeader(r, name); times != 1 || value == "" {
			return "The signed header " + name + " must be sent once."
		}
	}
	if sent := sentParams(r); len(sent) != len(params) ||
		slices.ContainsFunc(params, func(name string) bool { _, ok := sent[name]; return !ok }) {
		return "All parameters must be signed, and no others."
	}
	return ""
}

// sentParams are the request's parameters, by their names as they are signed.
func sentParams(r *http.Request) map[string]string {
	params := map[string]string{}
	for name, values := range r.URL.Query() {
		if slices.Contains(linkParams, name) {
			continue
		}
		params[strings.ToLower(percent(name))] = values[0]
	}
	return params
}

// formatString writes the request in the one form that is signed. The path is
// the one that was sent, wherever the bucket is mounted.
func formatString(r *http.Request, headers, params []string) string {
	path := r.URL.Path
	if sent, err := url.ParseRequestURI(r.RequestURI); err == nil {
		path = sent.Path
	}
	sent := sentParams(r)
	return strings.ToLower(r.Method) + "\n" + path + "\n" +
		pairs(params, func(name string) string { return sent[name] }) + "\n" +
		pairs(headers, func(name string) string { value, _ := signedHeader(r, name); return value }) + "\n"
}

// signedHeader returns a header's value, and how often it was sent. net/http
// keeps some elsewhere.
func signedHeader(r *http.Request, name string) (value string, times int) {
	switch values := r.Header.Values(name); {
	case name == "host":
		return r.Host, 1
	case name == "content-length" && r.ContentLength >= 0:
		return strconv.FormatInt(r.ContentLength, 10), 1
	case len(values) == 0:
		return "", 0
	default:
		return values[0], len(values)
	}
}

func pairs(names []string, value func(string) string) string {
	var all []string
	for _, name := range names {
		all = append(all, name+"="+percent(value(name)))
	}
	return strings.Join(all, "&")
}

// percent escapes as COS has it: a space is %20, and of the marks only
// hyphen, dot, underscore and tilde stay.
func percent(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}

func hexMAC(key []byte, message string) string {
	mac := hmac.New(sha1.New, key)
	mac.Write([]byte(message))
	return fmt.Sprintf("%x", mac.Sum(nil))
}

// isLink says whether the request is for an object by a link: the signature stands in it, and
// which content type the answer shall have.
func isLink(r *http.Request) bool {
	return r.Method == http.MethodGet && r.URL.Query().Has("q-signature")
}
