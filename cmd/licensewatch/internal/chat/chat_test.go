package chat_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/cmd/licensewatch/internal/chat"
)

// payload is a message of one text.
func payload(tb testing.TB, channel, text string) []byte {
	tb.Helper()
	var message any = map[string]any{"text": text}
	if channel == "wecom" {
		message = map[string]any{"msgtype": "markdown", "markdown": map[string]any{"content": text}}
	}
	data, err := json.Marshal(message)
	if err != nil {
		tb.Fatal(err)
	}
	return data
}

func parse(t *testing.T, channel, payload string) chat.Message {
	t.Helper()
	m, err := chat.Parse(channel, []byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// line is the only line of a text.
func line(t *testing.T, channel, text string) chat.Line {
	t.Helper()
	m := parse(t, channel, string(payload(t, channel, text)))
	if len(m.Parts) != 1 || len(m.Parts[0].Blocks) != 1 || len(m.Parts[0].Blocks[0].Lines) != 1 {
		t.Fatalf("not one line: %+v", m)
	}
	return m.Parts[0].Blocks[0].Lines[0]
}

type spans = []chat.Span

func TestMrkdwn(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		want spans
	}{
		"plain":                   {"40 seats", spans{{Text: "40 seats"}}},
		"strong":                  {"*1. Order* — warning", spans{{Text: "1. Order", Strong: true}, {Text: " — warning"}}},
		"italic and struck":       {"_a_ ~b~", spans{{Text: "a", Italic: true}, {Text: " "}, {Text: "b", Struck: true}}},
		"code in strong":          {"*Order `cwp-a` ends*", spans{{Text: "Order ", Strong: true}, {Text: "cwp-a", Strong: true, Code: true}, {Text: " ends", Strong: true}}},
		"snake case":              {"a_b_c and 2*3*4", spans{{Text: "a_b_c and 2*3*4"}}},
		"between characters":      {"订单*粗*体", spans{{Text: "订单*粗*体"}}},
		"no end":                  {"*a `b <c", spans{{Text: "*a `b <c"}}},
		"nothing inside":          {"** `` <>", spans{{Text: "** `` <>"}}},
		"blank edge":              {"* a* *b *", spans{{Text: "* a* *b *"}}},
		"an end inside a link":    {"*<https://a.example/x*y|l> m*", spans{{Text: "l", Strong: true, Link: "https://a.example/x*y"}, {Text: " m", Strong: true}}},
		"entities":                {"&lt;b&gt; &amp;amp; & &quot;", spans{{Text: "<b> &amp; & &quot;"}}},
		"link":                    {"<https://a.example/b?c=1&amp;d=2|what to do>", spans{{Text: "what to do", Link: "https://a.example/b?c=1&d=2"}}},
		"link without label":      {"<https://a.example/b?sign=secret>", spans{{Text: "https://a.example/…", Link: "https://a.example/b?sign=secret"}}},
		"address as label":        {"<https://a.example/b?s=1|https://a.example/b?s=1>", spans{{Text: "https://a.example/…", Link: "https://a.example/b?s=1"}}},
		"link that leads nowhere": {"<https://|x> <https://%zz>", spans{{Text: "x …"}}},
		"link of another kind":    {"<javascript:alert(1)|x>", spans{{Text: "<javascript:alert(1)|x>"}}},
		"mail":                    {"<mailto:a@b.example|write> <mailto:a@b.example>", spans{{Text: "write a@b.example"}}},
		"user":                    {"<@U012AB> <@W1|zhang>", spans{{Text: "@U012AB", Mention: true}, {Text: " "}, {Text: "@zhang", Mention: true}}},
		"group and all":           {"<!subteam^S1><!here>", spans{{Text: "@S1", Mention: true}, {Text: "@here", Mention: true}}},
		"channel":                 {"<#C1|ops> <#C2>", spans{{Text: "#ops #C2"}}},
		"date":                    {"<!date^1^{date}|Nov 22>", spans{{Text: "Nov 22"}}},
		"link in code":            {"`see <https://a.example|b> *c* <d>`", spans{{Text: "see ", Code: true}, {Text: "b", Code: true, Link: "https://a.example"}, {Text: " *c* <d>", Code: true}}},
		"control characters":      {"a\x1b[31mb\x00\u0085\tc\r", spans{{Text: "a[31mb c"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, line(t, "slack", test.text).Spans); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.text, diff)
			}
		})
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text string
		want spans
	}{
		"plain":                {"a*b & c_d", spans{{Text: "a*b & c_d"}}},
		"strong":               {"**1. 订单**严重", spans{{Text: "1. 订单", Strong: true}, {Text: "严重"}}},
		"tones":                {`<font color="info">a</font><font color="comment">b</font><font color="warning">c</font>`, spans{{Text: "a", Tone: chat.Info}, {Text: "b", Tone: chat.Comment}, {Text: "c", Tone: chat.Warning}}},
		"another colour":       {`<font color="red">a</font>`, spans{{Text: `<font color="red">a</font>`}}},
		"nested":               {`<font color="warning">a **b** [c](https://d.example/e)</font>`, spans{{Text: "a ", Tone: chat.Warning}, {Text: "b", Strong: true, Tone: chat.Warning}, {Text: " ", Tone: chat.Warning}, {Text: "c", Tone: chat.Warning, Link: "https://d.example/e"}}},
		"code":                 {"`**a**`", spans{{Text: "**a**", Code: true}}},
		"link":                 {"[下载](https://a.example/b?sign=1)（很快失效）", spans{{Text: "下载", Link: "https://a.example/b?sign=1"}, {Text: "（很快失效）"}}},
		"address as label":     {"[https://a.example/?s=1](https://a.example/?s=1)", spans{{Text: "https://a.example/…", Link: "https://a.example/?s=1"}}},
		"link of another kind": {"[x](javascript:alert(1))", spans{{Text: "x)"}}},
		"half a link":          {"[a] (b) [c", spans{{Text: "[a] (b) [c"}}},
		"mention":              {"<@zhangsan> <@>", spans{{Text: "@zhangsan", Mention: true}, {Text: " <@>"}}},
		"no end":               {"**a `b", spans{{Text: "**a `b"}}},
		"control characters":   {"a\x1b[31mb", spans{{Text: "a[31mb"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, line(t, "wecom", test.text).Spans); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.text, diff)
			}
		})
	}
}

func TestHowALineIsSet(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		channel, text  string
		heading, quote bool
		want           string
	}{
		"heading":            {"wecom", "### a", true, false, "a"},
		"heading in a quote": {"wecom", "## > a", true, true, "a"},
		"no heading":         {"wecom", "###a", false, false, "###a"},
		"seven are too many": {"wecom", "####### a", false, false, "####### a"},
		"quote":              {"wecom", "> a > b", false, true, "a > b"},
		"Slack's quote":      {"slack", "> a", false, true, "a"},
		"an escaped one":     {"slack", "&gt; a", false, true, "a"},
		"Slack's number":     {"slack", "# a", false, false, "# a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := chat.Line{Heading: test.heading, Quote: test.quote, Spans: spans{{Text: test.want}}}
			if diff := cmp.Diff(want, line(t, test.channel, test.text)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestSlackMessage(t *testing.T) {
	t.Parallel()
	got := parse(t, "slack[1]", `{"text":"*top*","attachments":[
		{"color":"danger","fallback":"f","blocks":[
			{"type":"header","text":{"type":"plain_text","text":"*head*"}},
			{"type":"section","text":{"type":"mrkdwn","text":"a\n\nb"},"fields":[{"type":"mrkdwn","text":"c"}]},
			{"type":"divider"},
			{"type":"context","elements":[{"type":"mrkdwn","text":"d"}]}]},
		{"color":"nonsense","text":"e"}]}`)
	text := func(s string) chat.Line { return chat.Line{Spans: spans{{Text: s}}} }
	want := chat.Message{Parts: []chat.Part{
		{Blocks: []chat.Block{{Kind: chat.Section, Lines: []chat.Line{{Spans: spans{{Text: "top", Strong: true}}}}}}},
		{Bar: "danger", Blocks: []chat.Block{
			{Kind: chat.Section, Lines: []chat.Line{{Heading: true, Spans: spans{{Text: "*head*"}}}}},
			{Kind: chat.Section, Lines: []chat.Line{text("a"), {}, text("b"), text("c")}},
			{Kind: chat.Divider},
			{Kind: chat.Context, Lines: []chat.Line{text("d")}},
		}},
		{Bar: "#dddddd", Blocks: []chat.Block{{Kind: chat.Section, Lines: []chat.Line{text("e")}}}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	beside := parse(t, "slack", `{"text":"for notifications","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"shown"}}]}`)
	if diff := cmp.Diff([]chat.Line{text("shown")}, beside.Parts[0].Blocks[0].Lines); diff != "" || len(beside.Parts) != 1 {
		t.Errorf("text beside blocks (-want +got):\n%s", diff)
	}
}

func TestWeComText(t *testing.T) {
	t.Parallel()
	got := parse(t, "wecom", `{"msgtype":"text","text":{"content":"**one**\ntwo","mentioned_list":["zhangsan","@all"]}}`)
	want := []chat.Line{
		{Spans: spans{{Text: "**one**"}}},
		{Spans: spans{{Text: "two "}, {Text: "@zhangsan", Mention: true}, {Text: " "}, {Text: "@all", Mention: true}}},
	}
	if diff := cmp.Diff(want, got.Parts[0].Blocks[0].Lines); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	alone := parse(t, "wecom", `{"msgtype":"text","text":{"mentioned_list":["@all"]}}`)
	if diff := cmp.Diff([]chat.Line{{Spans: spans{{Text: "@all", Mention: true}}}}, alone.Parts[0].Blocks[0].Lines); diff != "" {
		t.Errorf("nothing but a call (-want +got):\n%s", diff)
	}
}

func TestWhatCannotBeShown(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ channel, payload, want string }{
		"no JSON":         {"slack", `{"text":"secret`, "the Slack payload is not the JSON of a message"},
		"another shape":   {"wecom", `{"msgtype":["secret"]}`, "the WeCom payload is not the JSON of a message"},
		"another msgtype": {"wecom", `{"msgtype":"news"}`, "none of markdown, text and file"},
		"another chat":    {"irc", `{}`, `"irc" is of no kind that can be shown`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := chat.Parse(test.channel, []byte(test.payload))
			if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("the error is %v, want %s", err, test.want)
			}
		})
	}
}
