package cos_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"licensewatch/internal/simulator/cos"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// now is the bucket's clock in every test: 2026-11-22 09:07 in Shanghai.
var now = time.Date(2026, 11, 22, 1, 7, 0, 0, time.UTC)

const (
	host  = "licensewatch-1250000000.cos.ap-guangzhou.myqcloud.com"
	id    = "AKIDexample"
	key   = "examplekey"
	token = "example token/+="
)

func newBucket(change func(*cos.Options)) *cos.Bucket {
	options := cos.Options{SecretID: id, SecretKey: key, Token: token, Now: func() time.Time { return now }}
	if change != nil {
		change(&options)
	}
	return cos.New(options)
}

// call is a request to sign and send; the zero values are a GET of "object".
type call struct {
	method  string
	path    string
	headers map[string]string // signed, beside host and the token
	body    string

	from, until time.Time                                // of the signature; zero: a minute around now
	id, key     string                                   // to sign with; empty: the right ones
	afterwards  func(r *http.Request)                    // changes the signed request
	lists       func(headers []string) (listed []string) // changes the signed headers' list
}

func (c call) send(b http.Handler) *httptest.ResponseRecorder {
	if c.method == "" {
		c.method = http.MethodGet
	}
	if c.path == "" {
		c.path = "/object"
	}
	r := httptest.NewRequest(c.method, "http://"+host+c.path, strings.NewReader(c.body))
	for name, value := range c.headers {
		r.Header.Set(name, value)
	}
	r.Header.Set("x-cos-security-token", token)
	c.sign(r)
	if c.afterwards != nil {
		c.afterwards(r)
	}
	w := httptest.NewRecorder()
	b.ServeHTTP(w, r)
	return w
}

// sign signs all headers, as a page on request signatures tells to.
func (c call) sign(r *http.Request) {
	if c.from.IsZero() {
		c.from, c.until = now.Add(-time.Minute), now.Add(time.Minute)
	}
	values := map[string]string{"host": r.Host}
	names := []string{"host"}
	for name := range r.Header {
		name = strings.ToLower(name)
		names = append(names, name)
		values[name] = r.Header.Get(name)
	}
	slices.Sort(names)
	if c.lists != nil {
		names = c.lists(names)
	}
	var pairs []string
	for _, name := range names {
		pairs = append(pairs, name+"="+strings.ReplaceAll(url.QueryEscape(values[name]), "+", "%20"))
	}
	span := fmt.Sprintf("%d;%d", c.from.Unix(), c.until.Unix())
	format := strings.ToLower(r.Method) + "\n" + r.URL.Path + "\n\n" + strings.Join(pairs, "&") + "\n"
	digest := sha1.Sum([]byte(format))
	signature := mac(mac(or(c.key, key), span), "sha1\n"+span+"\n"+hex.EncodeToString(digest[:])+"\n")
	r.Header.Set("Authorization", "q-sign-algorithm=sha1&q-ak="+or(c.id, id)+"&q-sign-time="+span+"&q-key-time="+span+
		"&q-header-list="+strings.Join(names, ";")+"&q-url-param-list=&q-signature="+signature)
}

func mac(key, message string) string {
	m := hmac.New(sha1.New, []byte(key))
	m.Write([]byte(message))
	return hex.EncodeToString(m.Sum(nil))
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// put is a call that writes "object".
func put(body string, headers ...string) call {
	c := call{method: http.MethodPut, body: body, headers: map[string]string{}}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		c.headers[name] = value
	}
	return c
}

// check compares an answer's status and, where there is one, the error's code.
func check(t *testing.T, w *httptest.ResponseRecorder, status int, code string) {
	t.Helper()
	if w.Code != status {
		t.Errorf("status %d, want %d: %s", w.Code, status, w.Body)
	}
	if code != "" && !strings.Contains(w.Body.String(), "<Code>"+code+"</Code>") {
		t.Errorf("the error is not %s: %s", code, w.Body)
	}
}
