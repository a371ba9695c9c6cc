package tencent_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// The keys the tests sign with. No piece of them may turn up anywhere.
const (
	secretID  = "AKIDq7Zr2LxV9mTbW4nYc8HsJ3kPdF6g"
	secretKey = "hU5vXe1RtGoB7aQw0ZsMi9CjNy4KlD2p"
	token     = "TkEo8Sb3WfRxA6uVn1JzLq5GyHc0PmDi"
)

var authorization = regexp.MustCompile(
	`^TC3-HMAC-SHA256 Credential=([^/]+)/(\d{4}-\d\d-\d\d)/([a-z]+)/tc3_request, SignedHeaders=content-type;host, Signature=([0-9a-f]{64})$`)

// checkTC3 verifies a request's signature with nothing but the standard library.
func checkTC3(r *http.Request, body []byte, service string) error {
	parts := authorization.FindStringSubmatch(r.Header.Get("Authorization"))
	if parts == nil {
		return fmt.Errorf("malformed Authorization")
	}
	id, date, scope, signature := parts[1], parts[2], parts[3], parts[4]
	seconds, err := strconv.ParseInt(r.Header.Get("X-TC-Timestamp"), 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		return fmt.Errorf("timestamp %q", r.Header.Get("X-TC-Timestamp"))
	}
	switch {
	case id != secretID:
		return fmt.Errorf("unknown secret id")
	case r.Header.Get("X-TC-Token") != token:
		return fmt.Errorf("wrong token")
	case date != time.Unix(seconds, 0).UTC().Format(time.DateOnly):
		return fmt.Errorf("scope of %s, not the timestamp's day", date)
	case scope != service:
		return fmt.Errorf("scope of service %s, want %s", scope, service)
	}
	canonical := fmt.Sprintf("POST\n/\n\ncontent-type:%s\nhost:%s\n\ncontent-type;host\n%s",
		r.Header.Get("Content-Type"), r.Host, hexSHA256(body))
	text := fmt.Sprintf("TC3-HMAC-SHA256\n%d\n%s/%s/tc3_request\n%s", seconds, date, service, hexSHA256([]byte(canonical)))
	key := mac(mac(mac([]byte("TC3"+secretKey), date), service), "tc3_request")
	if want := hex.EncodeToString(mac(key, text)); signature != want {
		return fmt.Errorf("wrong signature")
	}
	return nil
}

func hexSHA256(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func mac(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}
