package simulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/internal/simulator"
)

func wecomBody(kind, content string) objectOf {
	return objectOf{"msgtype": kind, kind: objectOf{"content": content}}
}

// verdict is what the robot says.
type verdict struct {
	Errcode int
	Errmsg  string
}

func readVerdict(t *testing.T, r reply) verdict {
	t.Helper()
	var v verdict
	if err := json.Unmarshal([]byte(r.body), &v); err != nil || r.status != http.StatusOK {
		t.Fatalf("HTTP %d %q: %v", r.status, r.body, err)
	}
	return v
}

// wecomCases are bodies with the bytes of their content and the beginning of
// the error about them; empty: none.
var wecomCases = map[string]struct {
	body  any
	bytes int
	want  string
}{
	"text of 2048":                {wecomBody("text", strings.Repeat("a", 2048)), 2048, ""},
	"text of 2049":                {wecomBody("text", strings.Repeat("a", 2049)), 2049, "errcode 40058: text.content exceed max length 2048"},
	"markdown of 4096":            {wecomBody("markdown", ideographs(1365)+"a"), 4096, ""},
	"markdown of 4097":            {wecomBody("markdown", ideographs(1365)+"ab"), 4097, "errcode 40058: markdown.content exceed max length 4096"},
	"markdown_v2 of 4096":         {wecomBody("markdown_v2", strings.Repeat("a", 4096)), 4096, ""},
	"markdown_v2 of 4097":         {wecomBody("markdown_v2", strings.Repeat("a", 4097)), 4097, "errcode 40058: markdown_v2.content exceed max length 4096"},
	"emoji count four bytes":      {wecomBody("markdown", "🔴"), 4, ""},
	"content empty":               {wecomBody("text", ""), 0, "errcode 44004"},
	"content blank":               {wecomBody("text", " \n"), 2, "errcode 44004"},
	"content missing":             {objectOf{"msgtype": "text", "text": objectOf{}}, 0, "errcode 44004"},
	"content under another type":  {objectOf{"msgtype": "text", "markdown": objectOf{"content": "a"}}, 0, "errcode 44004"},
	"content beside its type":     {objectOf{"msgtype": "text", "text": objectOf{"content": "a"}, "markdown": objectOf{"content": "b"}}, 1, "errcode 40058: markdown unknown property"},
	"type missing":                {objectOf{"text": objectOf{"content": "a"}}, 0, "errcode 40008"},
	"type that is not simulated":  {objectOf{"msgtype": "news", "news": objectOf{}}, 0, "errcode 40008"},
	"mentions in text":            {objectOf{"msgtype": "text", "text": objectOf{"content": "a", "mentioned_list": []string{"@all"}, "mentioned_mobile_list": []string{"1"}}}, 1, ""},
	"mentions beside markdown":    {objectOf{"msgtype": "markdown", "markdown": objectOf{"content": "a", "mentioned_list": []string{"@all"}}}, 1, "errcode 40058: markdown.mentioned_list unknown property"},
	"mentions as one string":      {objectOf{"msgtype": "text", "text": objectOf{"content": "a", "mentioned_list": "@all"}}, 1, "errcode 40058: text.mentioned_list not a list"},
	"mentions of numbers":         {objectOf{"msgtype": "text", "text": objectOf{"content": "a", "mentioned_list": []int{1}}}, 1, "errcode 40058: text.mentioned_list[0] not a string"},
	"unicode escape":              {json.RawMessage(`{"msgtype":"text","text":{"content":"\u003c"}}`), 1, "errcode 40033"},
	"backslash and u":             {json.RawMessage(`{"msgtype":"text","text":{"content":"\\u003c"}}`), 6, ""},
	"not an object":               {[]string{"a"}, 0, "errcode 0: ok. Warning: wrong json format"},
	"content that is no string":   {objectOf{"msgtype": "text", "text": objectOf{"content": 1}}, 0, "errcode 44004"},
	"a type's object is a string": {objectOf{"msgtype": "text", "text": "a"}, 0, "errcode 44004"},
}

func TestCheckWeComPayload(t *testing.T) {
	t.Parallel()
	for name, test := range wecomCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bytes, err := simulator.CheckWeComPayload([]byte(toJSON(t, test.body)))
			if got := fmt.Sprint(err); test.want == "" && err != nil || !strings.HasPrefix(got, test.want) {
				t.Errorf("error %.200v, want one that begins with %q", got, test.want)
			}
			if bytes != test.bytes {
				t.Errorf("%d bytes, want %d", bytes, test.bytes)
			}
		})
	}
}

func TestWeComAnswers(t *testing.T) {
	t.Parallel()
	const behind = ", hint: [1700000000123456789012345], from ip: 203.0.113.7, more info at https://open.work.weixin.qq.com/devtool/query?e="
	tests := map[string]struct {
		body   string
		change func(*http.Request)
		want   verdict
	}{
		"accepted": {`{"msgtype":"text","text":{"content":"a"}}`, nil, verdict{0, "ok"}},
		"bad JSON": {`{"msgtype":"text","text":{"content":"a"}`, nil, verdict{0, "ok. Warning: wrong json format. "}},
		"too long": {
			toJSON(t, wecomBody("markdown", strings.Repeat("a", 4097))), nil,
			verdict{40058, "markdown.content exceed max length 4096. invalid Request Parameter" + behind + "40058"},
		},
		"wrong key": {
			`{"msgtype":"text","text":{"content":"a"}}`, func(r *http.Request) { r.URL.RawQuery += "0" },
			verdict{93000, "invalid webhook url" + behind + "93000"},
		},
		"no key, and no JSON": {
			`x`, func(r *http.Request) { r.URL.RawQuery = "" }, verdict{93000, "invalid webhook url" + behind + "93000"},
		},
		"GET": {
			`{"msgtype":"text","text":{"content":"a"}}`, func(r *http.Request) { r.Method = http.MethodGet },
			verdict{43002, "require POST method" + behind + "43002"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, simulator.Options{})
			request := newPost(t, s.WebhookURL("wecom"), test.body)
			if test.change != nil {
				test.change(request)
			}
			if diff := cmp.Diff(test.want, readVerdict(t, do(t, newClient(t), request))); diff != "" {
				t.Errorf("verdict (-want +got):\n%s", diff)
			}
			if p := s.Posts(); len(p) != 1 || p[0].Status != http.StatusOK || string(p[0].Body) != test.body {
				t.Errorf("recorded as %+v", p)
			}
		})
	}
}

func TestWeComPostsAreMeasured(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		body     objectOf
		bytes    int
		limit    int
		mentions []string
	}{
		"markdown": {wecomBody("markdown", "<@zoe> 授 <@adam> <@zoe>"), 25, 4096, []string{"adam", "zoe"}},
		"text": {
			objectOf{"msgtype": "text", "text": objectOf{"content": "<@zoe>", "mentioned_list": []string{"@all", "adam"}, "mentioned_mobile_list": []string{"100"}}},
			6, 2048, []string{"100", "@all", "adam", "zoe"},
		},
		"markdown_v2 calls nobody": {wecomBody("markdown_v2", "<@zoe>"), 6, 4096, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, simulator.Options{})
			body := toJSON(t, test.body)
			post(t, s.WebhookURL("wecom"), body)
			want := []simulator.Post{{
				Channel: "wecom", Body: []byte(body), Status: 200, Answer: `{"errcode":0,"errmsg":"ok"}`,
				Bytes: test.bytes, Limit: test.limit, Mentions: test.mentions,
			}}
			if diff := cmp.Diff(want, s.Posts()); diff != "" {
				t.Errorf("posts (-want +got):\n%s", diff)
			}
		})
	}
}

func TestWeComLimitsTheRate(t *testing.T) {
	t.Parallel()
	clock := newClock()
	s := start(t, simulator.Options{Rates: map[string]int{"wecom": 20}, RateClock: clock.now})
	send := func() int {
		return readVerdict(t, post(t, s.WebhookURL("wecom"), `{"msgtype":"text","text":{"content":"a"}}`)).Errcode
	}
	for i := range 20 {
		if code := send(); code != 0 {
			t.Errorf("message %d: errcode %d", i+1, code)
		}
	}
	if code := send(); code != 45009 {
		t.Errorf("message 21: errcode %d, want 45009", code)
	}
	clock.add(59 * time.Second)
	if code := send(); code != 45009 {
		t.Errorf("59 s later: errcode %d, want 45009", code)
	}
	clock.add(time.Second)
	if code := send(); code != 0 {
		t.Errorf("a minute later: errcode %d", code)
	}
}

func TestOverrideOfWeCom(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{})
	s.OverrideChat("wecom", simulator.Sequence(simulator.Answer(`{"errcode":-1,"errmsg":"system busy"}`), simulator.Usual()))
	for _, want := range []int{-1, 0} {
		if v := readVerdict(t, post(t, s.WebhookURL("wecom"), `{"msgtype":"text","text":{"content":"a"}}`)); v.Errcode != want {
			t.Errorf("errcode %d, want %d", v.Errcode, want)
		}
	}
	s.OverrideChat("wecom", simulator.Status(http.StatusBadGateway, "<html>"))
	if r := post(t, s.WebhookURL("wecom"), `{"msgtype":"text","text":{"content":"a"}}`); r.status != http.StatusBadGateway {
		t.Errorf("HTTP %d, want the override's 502", r.status)
	}
}

func FuzzCheckWeComPayload(f *testing.F) {
	for _, test := range wecomCases {
		f.Add([]byte(toJSON(f, test.body)))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		bytes, err := simulator.CheckWeComPayload(body)
		if err != nil {
			return
		}
		var message map[string]json.RawMessage
		if err := json.Unmarshal(body, &message); err != nil {
			t.Fatalf("accepted %q: %v", body, err)
		}
		var kind string
		var inner struct {
			Content string `json:"content"`
		}
		if json.Unmarshal(message["msgtype"], &kind) != nil || json.Unmarshal(message[kind], &inner) != nil {
			t.Fatalf("accepted %q", body)
		}
		limit := 4096
		if kind == "text" {
			limit = 2048
		}
		if bytes == 0 || bytes > limit {
			t.Errorf("accepted %d bytes in %q", bytes, body)
		}
	})
}
