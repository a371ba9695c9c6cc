package chat_test

import (
	"strings"
	"testing"
	"unicode"

	"licensewatch/cmd/licensewatch/internal/chat"
)

// checkSpans holds for every message, whatever was posted.
func checkSpans(t *testing.T, m chat.Message) {
	t.Helper()
	for _, part := range m.Parts {
		for _, block := range part.Blocks {
			for _, line := range block.Lines {
				for _, span := range line.Spans {
					checkSpan(t, span)
				}
			}
		}
	}
}

func checkSpan(t *testing.T, span chat.Span) {
	t.Helper()
	if span.Text == "" || strings.ContainsFunc(span.Text, unicode.IsControl) {
		t.Errorf("a span has the text %q", span.Text)
	}
	if span.Link == "" {
		return
	}
	if !strings.HasPrefix(span.Link, "http") || len(span.Site()) <= len("http://") {
		t.Errorf("a link leads to %q", span.Link)
	}
	if strings.Contains(span.Text, "://") && span.Text != span.Site()+"/…" {
		t.Errorf("a link shows an address: %q", span.Text)
	}
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{
		"*1. Order `cwp-aaaa` ends* — warning · <https://console.cloud.tencent.com/cwp?a=1&amp;b=2|what to do>\n&gt; <@U1> <!here>",
		"### 🔴 **订单** `cwp-aaaa`\n> [下载](https://a.example/b?q-sign=1)\n<font color=\"warning\">严重</font> <@zhangsan>",
		"*_~`<>`~_*", "**[**](https://a)", "<https://a|https://b>", "[https://x](https://y)", "*<https://\n*",
		`<font color="info"><font color="info">a</font></font>`, "<!date^1^x|https://a/b>",
		"[http:\x00//x](https://a)\t<https://a|b:\x7f//c>",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, channel := range []string{"slack", "wecom"} {
			m, err := chat.Parse(channel, payload(t, channel, text))
			if err != nil {
				t.Fatal(err)
			}
			checkSpans(t, m)
		}
	})
}

func FuzzPayload(f *testing.F) {
	f.Add(`{"text":"a","attachments":[{"color":"good","blocks":[{"type":"context","elements":[{"type":"mrkdwn","text":"*b*"}]},{"type":"divider"}]}]}`)
	f.Add(`{"blocks":[{"type":"section","fields":[{"type":"plain_text","text":"c"}]},{"type":"header","text":null}]}`)
	f.Add(`{"msgtype":"markdown","markdown":{"content":"# a\n**b**"}}`)
	f.Add(`{"msgtype":"text","text":{"content":"a","mentioned_list":["@all",""]}}`)
	f.Add(`{"msgtype":"text","text":{"content":"","mentioned_list":["\u001b[2J"]}}`)
	f.Add(`[]`)
	f.Fuzz(func(t *testing.T, body string) {
		for _, channel := range []string{"slack", "wecom"} {
			if m, err := chat.Parse(channel, []byte(body)); err == nil {
				checkSpans(t, m)
			}
		}
	})
}
