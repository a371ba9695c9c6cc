package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	algorithm   = "TC3-HMAC-SHA256"
	scopeEnding = "tc3_request"
	// maxSkew is how far a request's timestamp may be from the cloud's clock.
	maxSkew = 5 * time.Minute
)

// authorizationForm is the only form of the Authorization header there is.
var authorizationForm = regexp.MustCompile(
	`^TC3-HMAC-SHA256 Credential=([^/,\s]+)/(\d{4}-\d{2}-\d{2})/([a-z]+)/tc3_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$`)

// authorization is the Authorization header in its parts.
type authorization struct {
	secretID  string
	date      string // of the credential scope
	service   string // of the credential scope
	headers   []string
	signature string
}

func parseAuthorization(header string) (authorization, *apiError) {
	parts := authorizationForm.FindStringSubmatch(header)
	if parts == nil {
		return authorization{}, &apiError{"AuthFailure.InvalidAuthorization",
			"The Authorization header does not have the form of " + algorithm + "."}
	}
	auth := authorization{parts[1], parts[2], parts[3], strings.Split(parts[4], ";"), parts[5]}
	if !slices.IsSorted(auth.headers) || !slices.Contains(auth.headers, "content-type") ||
		!slices.Contains(auth.headers, "host") {
		return auth, &apiError{"AuthFailure.InvalidAuthorization",
			"SignedHeaders must be sorted and hold content-type and host."}
	}
	return auth, nil
}

// verifySignature checks who sent the request, when, and that nobody changed it.
func verifySignature(r *http.Request, body []byte, auth authorization, keys credentials, now time.Time) *apiError {
	timestamp := r.Header.Get("X-TC-Timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return &apiError{"InvalidParameterValue", "X-TC-Timestamp is not a Unix time in seconds."}
	}
	signedAt := time.Unix(seconds, 0).UTC()
	switch {
	case signedAt.Sub(now).Abs() > maxSkew:
		return &apiError{"AuthFailure.SignatureExpire",
			"The signature has expired: its time is more than five minutes from the server's."}
	case auth.date != signedAt.Format(time.DateOnly):
		return &apiError{"AuthFailure.SignatureFailure",
			"The credential scope's date is not the UTC date of X-TC-Timestamp."}
	case auth.secretID != keys.id:
		return &apiError{"AuthFailure.SecretIdNotFound", "The SecretId is not found."}
	case r.Header.Get("X-TC-Token") != keys.token:
		return &apiError{"AuthFailure.TokenFailure", "The token is invalid."}
	}
	want := signRequest(keys.key, timestamp, auth, canonicalRequest(r, auth.headers, body))
	if !hmac.Equal([]byte(want), []byte(auth.signature)) {
		return &apiError{"AuthFailure.SignatureFailure",
			"The signature computed by the server is not the one of the request."}
	}
	return nil
}

// canonicalRequest writes the request in the one form that is signed. The path
// is always "/", wherever the service is mounted.
func canonicalRequest(r *http.Request, headers []string, body []byte) string {
	var signed strings.Builder
	for _, name := range headers {
		value := r.Header.Get(name)
		if name == "host" {
			value = r.Host
		}
		fmt.Fprintf(&signed, "%s:%s\n", name, strings.ToLower(strings.TrimSpace(value)))
	}
	return strings.Join([]string{
		r.Method, "/", r.URL.RawQuery, signed.String(), strings.Join(headers, ";"), hexSHA256(body),
	}, "\n")
}

// signRequest computes the signature: a chain of HMACs over the scope makes the key.
func signRequest(secretKey, timestamp string, auth authorization, request string) string {
	scope := strings.Join([]string{auth.date, auth.service, scopeEnding}, "/")
	text := strings.Join([]string{algorithm, timestamp, scope, hexSHA256([]byte(request))}, "\n")
	key := []byte("TC3" + secretKey)
	for _, step := range []string{auth.date, auth.service, scopeEnding} {
		key = hmacSHA256(key, step)
	}
	return hex.EncodeToString(hmacSHA256(key, text))
}

func hmacSHA256(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

func hexSHA256(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
