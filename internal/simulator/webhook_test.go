package simulator_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"licensewatch/internal/simulator"
)

// webhookReport is a body that a receiver takes, changed.
func webhookReport(t *testing.T, change func(objectOf)) []byte {
	t.Helper()
	finding := objectOf{"dedup_key": "1/r/a", "rule": "r", "severity": "critical", "title": "t", "event": false, "deadline": "2026-11-25T00:00:00+08:00"}
	body := objectOf{
		"version": 1, "type": "report", "id": "a1b2c3", "level": "critical", "summary": "s", "text": "t", "mode": "alert", "at": "2026-11-22T09:07:00+08:00",
		"language": "en", "call": true, "repeat": false, "findings": []any{finding}, "resolved": []any{},
		"sources": []any{objectOf{"source": "tcss", "state": "read"}}, "more": "of it",
	}
	change(body)
	payload, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// TestWebhook: what the receiver takes and what it refuses. The signatures are made here
// and not by the client.
func TestWebhook(t *testing.T) {
	t.Parallel()
	now := time.Unix(1700000000, 0)
	none := func(objectOf) {}
	first := func(body objectOf) objectOf { return body["findings"].([]any)[0].(objectOf) }
	for name, test := range map[string]struct {
		change func(objectOf)      // of the body
		alter  func(*http.Request) // after it was signed
		want   string
	}{
		"as it should be": {none, nil, "202 accepted"},
		"a note": {func(b objectOf) {
			clear(b)
			b["version"], b["type"], b["id"], b["level"], b["summary"], b["text"] = 1, "note", "x", "info", "s", "t"
		}, nil, "202 accepted"},
		"another method":            {none, func(r *http.Request) { r.Method = http.MethodPut }, "405"},
		"another path":              {none, func(r *http.Request) { r.URL.Path += "0" }, "404"},
		"the secret in the query":   {none, func(r *http.Request) { r.URL.RawQuery = "secret" }, "404"},
		"a form":                    {none, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, "415"},
		"too large":                 {func(b objectOf) { b["more"] = strings.Repeat("x", 256<<10) }, nil, "413"},
		"no signature":              {none, func(r *http.Request) { r.Header.Del("X-Licensewatch-Signature") }, "401"},
		"no timestamp":              {none, func(r *http.Request) { r.Header.Del("X-Licensewatch-Timestamp") }, "401"},
		"two signatures":            {none, func(r *http.Request) { r.Header.Add("X-Licensewatch-Signature", "sha256="+strings.Repeat("0", 64)) }, "401"},
		"a signature in capitals":   {none, func(r *http.Request) { upper(r, "X-Licensewatch-Signature") }, "401"},
		"another timestamp":         {none, func(r *http.Request) { r.Header.Set("X-Licensewatch-Timestamp", "1700000001") }, "401"},
		"a timestamp of milli":      {none, signedAt("1700000000000"), "401"},
		"six minutes ago":           {none, signedAt("1699999640"), "401"},
		"in six minutes":            {none, signedAt("1700000360"), "401"},
		"four minutes ago":          {none, signedAt("1699999760"), "202"},
		"another version":           {func(b objectOf) { b["version"] = 2 }, nil, "422 version not 1"},
		"no summary":                {func(b objectOf) { delete(b, "summary") }, nil, "422 summary missing"},
		"an empty text":             {func(b objectOf) { b["text"] = "" }, nil, "422 text 0 characters"},
		"no findings":               {func(b objectOf) { delete(b, "findings") }, nil, "422 findings missing"},
		"a finding without its key": {func(b objectOf) { delete(first(b), "dedup_key") }, nil, "422 findings[0].dedup_key missing"},
		"a severity of its own":     {func(b objectOf) { first(b)["severity"] = "fatal" }, nil, "422 findings[0].severity"},
		"a deadline without a zone": {func(b objectOf) { first(b)["deadline"] = "2026-11-25 00:00:00" }, nil, "422 findings[0].deadline"},
		"a key twice":               {func(b objectOf) { b["findings"] = []any{first(b), first(b)} }, nil, "422 findings the dedup_key 1/r/a is there twice"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := simulator.New(simulator.Options{SignatureClock: func() time.Time { return now }})
			url, secret, _ := strings.Cut(sim.WebhookURL("webhook"), "#")
			body := webhookReport(t, test.change)
			r := httptest.NewRequest(http.MethodPost, url, strings.NewReader(string(body)))
			r.Header.Set("Content-Type", "application/json")
			sign := func(at string) { signWebhook(r, secret, at, body) }
			sign("1700000000")
			if test.alter != nil {
				test.alter(r)
			}
			if at := r.Header.Get("sign-again"); at != "" {
				sign(at)
			}
			w := httptest.NewRecorder()
			sim.ServeHTTP(w, r)
			if got := fmt.Sprint(w.Code, " ", w.Body); !strings.HasPrefix(got, test.want) {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

// signedAt has the request signed for another time.
func signedAt(at string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("sign-again", at) }
}

func signWebhook(r *http.Request, secret, at string, body []byte) {
	sum := hmac.New(sha256.New, []byte(secret))
	_, _ = sum.Write([]byte(at + "." + string(body)))
	r.Header.Set("X-Licensewatch-Timestamp", at)
	r.Header.Set("X-Licensewatch-Signature", "sha256="+hex.EncodeToString(sum.Sum(nil)))
}

func upper(r *http.Request, name string) {
	r.Header.Set(name, "sha256="+strings.ToUpper(strings.TrimPrefix(r.Header.Get(name), "sha256=")))
}

// TestWebhookRate: who posts too often is told when to come back.
func TestWebhookRate(t *testing.T) {
	t.Parallel()
	now := time.Unix(1700000000, 0)
	clock := func() time.Time { return now }
	sim := simulator.New(simulator.Options{SignatureClock: clock, RateClock: clock, Rates: map[string]int{"webhook": 1}})
	url, secret, _ := strings.Cut(sim.WebhookURL("webhook"), "#")
	var got []string
	for range 2 {
		body := webhookReport(t, func(objectOf) {})
		r := httptest.NewRequest(http.MethodPost, url, strings.NewReader(string(body)))
		r.Header.Set("Content-Type", "application/json")
		signWebhook(r, secret, "1700000000", body)
		w := httptest.NewRecorder()
		sim.ServeHTTP(w, r)
		got = append(got, fmt.Sprintf("%d after %q", w.Code, w.Header().Get("Retry-After")))
	}
	if strings.Join(got, ", ") != `202 after "", 429 after "1"` {
		t.Errorf("answers %q", got)
	}
}
