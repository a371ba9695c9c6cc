package notify_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/internal/scene"
	"licensewatch/internal/simulator"
	"licensewatch/license"
	"licensewatch/notify"
)

// TestWebhookSignature holds a signature that openssl made, and that every try has one
// of its own.
func TestWebhookSignature(t *testing.T) {
	t.Parallel()
	const secret = "correct-horse-battery-staple"
	type signed struct{ at, signature string }
	var got []signed
	var urls []string
	c := newChat(t, func(w http.ResponseWriter, r *http.Request) {
		got = append(got, signed{r.Header.Get("X-Licensewatch-Timestamp"), r.Header.Get("X-Licensewatch-Signature")})
		urls = append(urls, r.RequestURI)
		if len(got) < 2 {
			says(http.StatusInternalServerError, "")(w, r)
		}
	})
	at := time.Unix(1700000000, 0)
	channel := notify.NewChannel(notify.KindOf("webhook"), notify.Options{
		Name: "webhook", URL: c.URL + "/in?team=a#" + secret, Sleep: func(context.Context, time.Duration) error { return nil },
		Now: func() time.Time { at = at.Add(time.Second); return at },
	})
	if err := channel.Note(t.Context(), license.Note{Severity: license.Info, Title: "x", ID: "a1b2c3"}); err != nil {
		t.Fatal(err)
	}
	const body = `{"version":1,"type":"note","id":"a1b2c3","level":"info","summary":"x","text":"x\na1b2c3","lines":[]}`
	if diff := cmp.Diff(body, string(c.posts()[0])); diff != "" {
		t.Fatalf("body (-want +got):\n%s", diff)
	}
	// printf '%s' "1700000001.$body" | openssl dgst -sha256 -hmac "$secret"
	want := []signed{{"1700000001", "sha256=f525d5d59cea48beadd2ee988f5ab03d08430127de713c216f93633bc81579e8"}, {"1700000002", "sha256=" + hexOf(secret, "1700000002."+body)}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(signed{})); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if strings.Contains(strings.Join(urls, " "), secret) || urls[0] != "/in?team=a" {
		t.Errorf("asked for %v", urls)
	}
	unsigned := notify.NewChannel(notify.KindOf("webhook"), notify.Options{Name: "webhook", URL: c.URL + "/in"})
	if _, err := unsigned.Send(t.Context(), scene.AllWell(license.English)); err != nil || got[2] != (signed{}) {
		t.Errorf("without a secret: %v, %v", got[2], err)
	}
}

func hexOf(secret, text string) string {
	sum := hmac.New(sha256.New, []byte(secret))
	_, _ = sum.Write([]byte(text))
	return hex.EncodeToString(sum.Sum(nil))
}

// TestWebhookReceiver: a receiver that checks everything takes every scene and note.
func TestWebhookReceiver(t *testing.T) {
	t.Parallel()
	sim := simulator.New(simulator.Options{})
	channel := notify.NewChannel(notify.KindOf("webhook"), notify.Options{
		Name: "webhook", URL: sim.WebhookURL("webhook"), Client: &http.Client{Transport: sim.Transport()},
	})
	for name, report := range scene.All {
		for _, language := range scene.Languages {
			if _, err := channel.Send(t.Context(), report(language)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for name, note := range scene.Notes {
		if err := channel.Note(t.Context(), note(license.Chinese)); err != nil {
			t.Errorf("note %s: %v", name, err)
		}
	}
}

// TestAnswersOfReceivers: what each answer means.
func TestAnswersOfReceivers(t *testing.T) {
	t.Parallel()
	type verdict struct {
		code               string
		passing, ambiguous bool
		posts              int
		waits              []time.Duration
	}
	for name, test := range map[string]struct {
		answers []http.HandlerFunc
		want    verdict
	}{
		"200":                     {[]http.HandlerFunc{says(200, "")}, verdict{posts: 1}},
		"200, nonsense":           {[]http.HandlerFunc{says(200, "<html>")}, verdict{posts: 1}},
		"202":                     {[]http.HandlerFunc{says(202, "{}")}, verdict{posts: 1}},
		"204":                     {[]http.HandlerFunc{says(204, "")}, verdict{posts: 1}},
		"200, and a broken body":  {[]http.HandlerFunc{says(200, "x", "Content-Length", "100")}, verdict{posts: 1}},
		"200, and half a body":    {[]http.HandlerFunc{stalls(200, "half")}, verdict{posts: 1}},
		"200, and an endless one": {[]http.HandlerFunc{floods}, verdict{posts: 1}},
		"301":                     {[]http.HandlerFunc{says(301, "", "Location", "https://evil.example/")}, verdict{code: "Redirect", posts: 1}},
		"308":                     {[]http.HandlerFunc{says(308, "", "Location", "/other")}, verdict{code: "Redirect", posts: 1}},
		"400":                     {[]http.HandlerFunc{says(400, `{"error":"bad"}`)}, verdict{posts: 1}},
		"401":                     {[]http.HandlerFunc{says(401, "")}, verdict{code: "Unauthorized", posts: 1}},
		"403":                     {[]http.HandlerFunc{says(403, "")}, verdict{code: "Unauthorized", posts: 1}},
		"404":                     {[]http.HandlerFunc{echoes(404)}, verdict{code: "NobodyThere", posts: 1}},
		"410":                     {[]http.HandlerFunc{says(410, "")}, verdict{code: "NobodyThere", posts: 1}},
		"413":                     {[]http.HandlerFunc{says(413, "")}, verdict{code: "TooLarge", posts: 2}},
		"413, then 200":           {[]http.HandlerFunc{says(413, ""), says(200, "")}, verdict{posts: 2}},
		"422":                     {[]http.HandlerFunc{echoes(422)}, verdict{posts: 1}},
		"429 for 7 s":             {[]http.HandlerFunc{says(429, "", "Retry-After", "7"), says(200, "")}, verdict{posts: 2, waits: []time.Duration{7 * time.Second}}},
		"429 for an hour":         {[]http.HandlerFunc{says(429, "", "Retry-After", "3600")}, verdict{code: "rate_limited", passing: true, posts: 1}},
		"503 for 7 s":             {[]http.HandlerFunc{says(503, "", "Retry-After", "7"), says(200, "")}, verdict{posts: 2, waits: []time.Duration{7 * time.Second}}},
		"503 for an hour":         {[]http.HandlerFunc{says(503, "", "Retry-After", "3600")}, verdict{passing: true, posts: 1}},
		"503 of a gateway":        {[]http.HandlerFunc{says(503, "<html>")}, verdict{passing: true, ambiguous: true, posts: 1}},
		"500":                     {[]http.HandlerFunc{says(500, "")}, verdict{passing: true, posts: 3}},
		"502":                     {[]http.HandlerFunc{echoes(502)}, verdict{passing: true, ambiguous: true, posts: 1}},
		"504":                     {[]http.HandlerFunc{says(504, "")}, verdict{passing: true, ambiguous: true, posts: 1}},
		"a broken connection":     {[]http.HandlerFunc{drops}, verdict{code: "Unreachable", passing: true, ambiguous: true, posts: 1}},
		"no answer":               {[]http.HandlerFunc{hangs}, verdict{code: "Timeout", passing: true, ambiguous: true, posts: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, "webhook", test.answers...)
				_, err := r.channel.Send(t.Context(), scene.All["one-warning"](license.English))
				var got verdict
				if refusal, isRefusal := errors.AsType[*notify.Error](err); isRefusal {
					got = verdict{code: refusal.Code, passing: refusal.Retryable, ambiguous: refusal.Ambiguous}
				} else if err != nil {
					t.Errorf("%T", err)
				}
				r.checkSilence(t, err)
				got.posts = len(r.chat.posts())
				if test.want.waits != nil {
					got.waits = r.waits
				}
				if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(verdict{})); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		})
	}
}

// newWebhookRig is a channel to a receiver that gives scripted answers.
func newWebhookRig(t *testing.T, answers ...http.HandlerFunc) *rig {
	t.Helper()
	return newRig(t, "webhook", answers...)
}

// TestWebhookTriesAnAlertOnceMore, and says that it may be a repeat.
func TestWebhookTriesAnAlertOnceMore(t *testing.T) {
	t.Parallel()
	r := newWebhookRig(t, drops, says(200, ""))
	if _, err := r.channel.Send(t.Context(), scene.All["alert-worse"](license.English)); err != nil {
		t.Fatal(err)
	}
	var repeats []bool
	ids := map[string]bool{}
	for _, body := range r.chat.posts() {
		var m struct {
			ID     string `json:"id"`
			Repeat bool   `json:"repeat"`
		}
		if err := json.Unmarshal(body, &m); err != nil {
			t.Fatal(err)
		}
		repeats, ids[m.ID] = append(repeats, m.Repeat), true
	}
	if diff := cmp.Diff([]bool{false, true}, repeats); diff != "" || len(ids) != 1 {
		t.Errorf("repeats %v, ids %v", repeats, ids)
	}
}
