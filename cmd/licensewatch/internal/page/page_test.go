package page_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"licensewatch/cmd/licensewatch/internal/page"
	"licensewatch/license"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

func slack(tb testing.TB, text string) page.Message {
	tb.Helper()
	return message(tb, "slack", map[string]any{"text": text})
}

func wecom(tb testing.TB, text string) page.Message {
	tb.Helper()
	return message(tb, "wecom", map[string]any{"msgtype": "markdown", "markdown": map[string]any{"content": text}})
}

func message(tb testing.TB, channel string, payload any) page.Message {
	tb.Helper()
	data, err := json.Marshal(payload)
	if err != nil {
		tb.Fatal(err)
	}
	return page.Message{Channel: channel, Payload: data}
}

func write(t *testing.T, p page.Page) string {
	t.Helper()
	p.Now = noon
	var out bytes.Buffer
	if err := page.Write(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func one(m page.Message) page.Page { return page.Page{Title: "t", Messages: []page.Message{m}} }

func TestMarkup(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		message page.Message
		want    string
	}{
		"strong code":   {slack(t, "*Order `cwp-a`*"), `<p class="line"><b>Order </b><b><code>cwp-a</code></b></p>`},
		"others":        {slack(t, "_a_ ~b~"), `<i>a</i> <s>b</s>`},
		"link":          {slack(t, "<https://a.example/b?c=1&amp;d=2|what>"), `<a href="https://a.example/b?c=1&amp;d=2" rel="noopener noreferrer">what</a>`},
		"plain http":    {slack(t, "<http://a.example/b|what>"), `<p class="line">what</p>`},
		"mention":       {slack(t, "<!here>"), `<span class="mention">@here</span>`},
		"heading":       {wecom(t, "### a"), `<p class="line heading">a</p>`},
		"quote":         {wecom(t, "> a"), `<p class="line quote">a</p>`},
		"tone":          {wecom(t, `<font color="warning">**a**</font>`), `<span class="warning"><b>a</b></span>`},
		"text":          {message(t, "wecom", map[string]any{"msgtype": "text", "text": map[string]any{"content": "a", "mentioned_list": []string{"@all"}}}), `a <span class="mention">@all</span>`},
		"context":       {blocks(t, "context"), `<div class="context">`},
		"divider":       {blocks(t, "divider"), `<hr>`},
		"bar":           {blocks(t, "section"), `<rect width="100%" height="100%" fill="#daa038"/>`},
		"used":          {used(slack(t, "a"), 50, 200), `<rect class="used" width="25%" height="100%"/></svg> <span>50 of 200 characters</span>`},
		"used of WeCom": {used(wecom(t, "a"), 5, 20), `<span>5 of 20 bytes</span>`},
		"over":          {used(slack(t, "a"), 300, 200), `<svg class="meter over" aria-hidden="true"><rect width="100%" height="100%"/><rect class="used" width="100%"`},
		"answer":        {page.Message{Channel: "slack", Payload: []byte(`{}`), Answer: "<b>"}, `<span>answered <code>&lt;b&gt;</code></span>`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := write(t, one(test.message)); !strings.Contains(got, test.want) {
				t.Errorf("the page lacks %s:\n%s", test.want, body(got))
			}
		})
	}
}

func blocks(t *testing.T, kind string) page.Message {
	t.Helper()
	text := map[string]any{"type": "mrkdwn", "text": "a"}
	block := map[string]any{"type": kind, "elements": []any{text}, "text": text}
	return message(t, "slack", map[string]any{"attachments": []any{map[string]any{"color": "warning", "blocks": []any{block}}}})
}

func used(m page.Message, size, limit int) page.Message {
	m.Used, m.Limit = size, limit
	return m
}

func body(text string) string {
	_, after, _ := strings.Cut(text, "<body>")
	return after
}

// TestWindows: a channel has one window, whatever it was sent.
func TestWindows(t *testing.T) {
	t.Parallel()
	first, second, third := slack(t, "one"), slack(t, "two"), slack(t, "three")
	first.Channel, second.Channel, third.Channel = "slack[0]", "slack[1]", "slack[0]"
	got := body(write(t, page.Page{Messages: []page.Message{first, second, third, wecom(t, "four")}, Language: license.Chinese}))
	var order []string
	for _, m := range regexp.MustCompile(`<h2>(.*?)</h2>|<p class="line">(.*?)</p>`).FindAllStringSubmatch(got, -1) {
		order = append(order, m[1]+m[2])
	}
	if want := "Slack[0] one three Slack[1] two 企业微信 four"; strings.Join(order, " ") != want {
		t.Errorf("the page shows %q, want %q", order, want)
	}
}

func TestNothingWasPosted(t *testing.T) {
	t.Parallel()
	got := write(t, page.Page{Title: "t", Summary: []byte(`{"reason":"nothing is due"}`)})
	for _, want := range []string{"Nothing was posted.", "<details open>", `{&#34;reason&#34;:&#34;nothing is due&#34;}`} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %s:\n%s", want, body(got))
		}
	}
	if got := write(t, one(slack(t, "a"))); strings.Contains(got, "<details") {
		t.Errorf("there is no Summary to fold:\n%s", body(got))
	}
}

func TestAPayloadThatNoChatShows(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := page.Write(&out, one(page.Message{Channel: "slack[1]", Payload: []byte("secret")}))
	if err == nil || !strings.Contains(err.Error(), "slack[1]") || strings.Contains(err.Error(), "secret") || out.Len() > 0 {
		t.Errorf("error %v, %d bytes written", err, out.Len())
	}
}

// TestPolicy: the browser is to accept the page's own style, and nothing else.
func TestPolicy(t *testing.T) {
	t.Parallel()
	got := write(t, one(slack(t, "a")))
	_, rest, _ := strings.Cut(got, "<style>")
	style, _, found := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	want := `content="` + html.EscapeString("default-src 'none'; img-src data:; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'; base-uri 'none'; form-action 'none'") + `"`
	if !found || !strings.Contains(strings.ReplaceAll(got, "&#43;", "+"), want) {
		t.Errorf("the page lacks %s:\n%s", want, got[:min(600, len(got))])
	}
}

// TestASignedLinkIsNotReadable: it can be followed, but not read off a picture.
func TestASignedLinkIsNotReadable(t *testing.T) {
	t.Parallel()
	const link = "https://bucket.cos.example/a.xlsx?q-signature=abc"
	for _, m := range []page.Message{slack(t, "<"+link+">"), slack(t, "<"+link+"|"+link+">"), wecom(t, "["+link+"]("+link+")")} {
		got := body(write(t, one(m)))
		visible := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(got, "")
		if !strings.Contains(got, `href="`+link) || strings.Contains(visible, "signature") || !strings.Contains(visible, "https://bucket.cos.example/…") {
			t.Errorf("the page shows:\n%s", got)
		}
	}
}
