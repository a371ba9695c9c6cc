package notify_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"licensewatch/internal/scene"
	"licensewatch/internal/simulator"
	"licensewatch/license"
	"licensewatch/notify"
)

// signedMention is who is called in the chats whose robots sign.
var signedMention = map[string][]string{
	"feishu":   {"all", "ou_0123456789abcdef"},
	"dingtalk": {"@all", "oncall", "13800000000"},
}

// TestSignatures are test vectors that were computed elsewhere, with other programs.
func TestSignatures(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		kind, secret string
		at           time.Time
		query        string
		want         map[string]string
	}{
		{"feishu", "secret", time.Unix(1700000000, 0), "", map[string]string{"timestamp": "1700000000", "sign": "fiWS2+gh28DOydAv7hzONH/mDn9+b1Y4Y5ivXWXy8vA="}},
		{"dingtalk", "SECabc", time.UnixMilli(1700000000000), "access_token=t", map[string]string{"timestamp": "1700000000000", "sign": "jcUpW0QmtKduN03n4JqQ0PBosVjqnM8gU7fIIvsDmCM="}},
	} {
		var asked url.Values
		c := newChat(t, func(w http.ResponseWriter, r *http.Request) {
			asked = r.URL.Query()
			says(200, `{"code":0,"errcode":0,"msg":"success"}`)(w, r)
		})
		channel := notify.NewChannel(notify.KindOf(test.kind), notify.Options{
			Name: test.kind, URL: c.URL + "/x?" + test.query + "#" + test.secret, Now: func() time.Time { return test.at },
		})
		if _, err := channel.Send(t.Context(), scene.All["all-well"](license.English)); err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		var signed struct{ Timestamp, Sign string }
		if err := json.Unmarshal(c.posts()[0], &signed); err != nil {
			t.Errorf("%s: the body is no JSON: %v", test.kind, err)
		}
		got["timestamp"], got["sign"] = signed.Timestamp+asked.Get("timestamp"), signed.Sign+asked.Get("sign")
		for name, want := range test.want {
			if got[name] != want {
				t.Errorf("%s: %s is %s, want %s", test.kind, name, got[name], want)
			}
		}
		if strings.Contains(string(c.posts()[0])+asked.Encode(), test.secret) {
			t.Errorf("%s: the secret was sent", test.kind)
		}
	}
}

// TestStrictRobots: robots that check signatures, forms, sizes and mentions take every
// scene, and notes, also with a thousand people to call.
func TestStrictRobots(t *testing.T) {
	t.Parallel()
	for kind, mention := range signedMention {
		sim := simulator.New(simulator.Options{})
		channel := notify.NewChannel(notify.KindOf(kind), notify.Options{
			Name: kind, URL: sim.WebhookURL(kind), Mention: mention, Client: &http.Client{Transport: sim.Transport()},
		})
		calls := 0
		for name, report := range scene.All {
			for _, language := range scene.Languages {
				r := report(language)
				r.Mention = true
				calls++
				if _, err := channel.Send(t.Context(), r); err != nil {
					t.Errorf("%s, %s: %v", kind, name, err)
				}
			}
		}
		for name, note := range scene.Notes {
			if err := channel.Note(t.Context(), note(license.Chinese)); err != nil {
				t.Errorf("%s, note %s: %v", kind, name, err)
			}
		}
		for i, post := range sim.Posts() {
			if want := len(mention); i < calls && len(post.Mentions) != want {
				t.Errorf("%s calls %v, want %v", kind, post.Mentions, mention)
			}
			if post.Bytes > post.Limit {
				t.Errorf("%s: %d bytes of %d", kind, post.Bytes, post.Limit)
			}
		}
	}
}

// TestAnswersOfRobots: what each answer means.
func TestAnswersOfRobots(t *testing.T) {
	t.Parallel()
	type verdict struct {
		code               string
		passing, ambiguous bool
		posts              int
	}
	for _, test := range []struct {
		kind   string
		status int
		body   string
		want   verdict
	}{
		{"feishu", 200, `{"code":0,"msg":"success"}`, verdict{posts: 1}},
		{"feishu", 200, `{"StatusCode":0,"StatusMessage":"success"}`, verdict{posts: 1}},
		{"feishu", 200, `{}`, verdict{"NoErrcode", true, true, 1}},
		{"feishu", 200, ``, verdict{"NoErrcode", true, true, 1}},
		{"feishu", 200, `{"errcode":0,"errmsg":"ok"}`, verdict{"NoErrcode", true, true, 1}},
		{"feishu", 200, `{"code":11232,"msg":"frequency limited"}`, verdict{"11232", true, false, 1}},
		{"feishu", 200, `{"code":19021,"msg":"sign match fail"}`, verdict{"19021", false, false, 1}},
		{"feishu", 400, `{"code":9499,"msg":"Bad Request"}`, verdict{"9499", false, false, 2}},
		{"feishu", 200, `{"code":19036,"msg":"too large"}`, verdict{"19036", false, false, 2}},
		{"feishu", 502, `<html>`, verdict{"", true, true, 1}},
		{"feishu", 404, `{"code":0}`, verdict{"", false, false, 1}},
		{"dingtalk", 200, `{"errcode":0,"errmsg":"ok"}`, verdict{posts: 1}},
		{"dingtalk", 200, `{"code":0}`, verdict{"NoErrcode", true, true, 1}},
		{"dingtalk", 200, `{"errcode":310000,"errmsg":"sign not match"}`, verdict{"310000", false, false, 1}},
		{"dingtalk", 200, `{"errcode":130101,"errmsg":"send too fast"}`, verdict{"130101", true, false, 1}},
		{"dingtalk", 200, `{"errcode":-1,"errmsg":"busy"}`, verdict{"-1", true, false, 1}},
		{"dingtalk", 200, `{"errcode":460101,"errmsg":"too long"}`, verdict{"460101", false, false, 2}},
		{"dingtalk", 200, `{"errcode":300005,"errmsg":"token is not exist"}`, verdict{"300005", false, false, 1}},
		{"dingtalk", 504, ``, verdict{"", true, true, 1}},
	} {
		c := newChat(t, says(test.status, test.body))
		channel := notify.NewChannel(notify.KindOf(test.kind), notify.Options{Name: test.kind, URL: c.URL + "/robot/" + canary + "?access_token=" + canary + "#SEC" + canary})
		_, err := channel.Send(t.Context(), scene.All["one-warning"](license.English))
		var got verdict
		if refusal, isRefusal := errors.AsType[*notify.Error](err); isRefusal {
			got = verdict{refusal.Code, refusal.Retryable, refusal.Ambiguous, 0}
			if leak := leaks(err.Error()); leak != "" {
				t.Errorf("%s: %v holds %s", test.kind, err, leak)
			}
		} else if err != nil {
			t.Errorf("%T", err)
		}
		got.posts = len(c.posts())
		if got != test.want {
			t.Errorf("%s %d %s: %+v, want %+v", test.kind, test.status, test.body, got, test.want)
		}
	}
}
