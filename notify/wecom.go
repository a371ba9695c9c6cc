package notify

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"licensewatch/license"
)

// WeCom tells a WeCom group through a group robot.
type WeCom struct {
	poster  poster
	mention []string
}

// NewWeCom makes a channel from the options; URL is the robot's webhook.
func NewWeCom(o Options) *WeCom {
	return &WeCom{poster: newPoster(o), mention: o.Mention}
}

// Name is the channel's name among those of the run.
func (w *WeCom) Name() string { return w.poster.name }

// Send delivers the report as one markdown message and retries within ctx where
// that may help. Where everybody is to be called a short text follows, since
// markdown cannot; the report counts as delivered even if that fails, which the
// receipt tells. When WeCom finds the message too long, a
// shorter one goes out once. The error is an *Error.
func (w *WeCom) Send(ctx context.Context, r license.Report) (Receipt, error) {
	if r.OnlyCall {
		return w.call(ctx, r)
	}
	form := wecomReport
	rendering := func(repeat bool) rendering {
		r.Repeat = r.Repeat || repeat
		return form(r, w.mention)
	}
	receipt, err := w.poster.deliver(ctx, r.Mode == license.ModeAlert, rendering, judgeWeCom)
	if isTooLong(err) {
		w.poster.warn(ctx, "the message was too long, sending a shorter one")
		form = wecomShort
		return w.poster.deliver(ctx, r.Mode == license.ModeAlert, rendering, judgeWeCom)
	}
	if err != nil {
		return receipt, err
	}
	_, err = w.call(ctx, r)
	_ = errors.As(err, &receipt.Uncalled)
	return receipt, nil
}

// call posts the text that calls everybody, if it is to. One that may have been made is
// not repeated in the run.
func (w *WeCom) call(ctx context.Context, r license.Report) (Receipt, error) {
	if !callsAll(r, w.mention) {
		return Receipt{}, nil
	}
	receipt, err := w.poster.deliver(ctx, false, func(bool) rendering { return rendering{message: wecomCall(r)} }, judgeWeCom)
	var refusal *Error
	if errors.As(err, &refusal) {
		refusal.Call = true
	}
	return receipt, err
}

// Note delivers a short message of its own. The error is an *Error.
func (w *WeCom) Note(ctx context.Context, n license.Note) error {
	_, err := w.poster.deliver(ctx, false, func(bool) rendering {
		content, _ := fit(func(bounds) document { return noteDocument(n) }, wecomPage(&wecomMarkup, "", wecomMaxMarkdown))
		return rendering{message: wecomMarkdown(content)}
	}, judgeWeCom)
	return err
}

// WeComPayload is the JSON that Send posts first.
func WeComPayload(r license.Report, mention []string) ([]byte, error) {
	return encode(wecomReport(r, mention).message)
}

// How much of WeCom's limits is used, in bytes: 4096 for markdown, 2048 for text.
const (
	wecomMaxMarkdown = 4000
	wecomMaxText     = 1900
	wecomMaxMention  = 320 // of the markdown
)

// wecomMessage is the robot's payload.
type wecomMessage struct {
	Type     string        `json:"msgtype"`
	Markdown *wecomContent `json:"markdown,omitempty"`
	Text     *wecomText    `json:"text,omitempty"`
}

type wecomContent struct {
	Content string `json:"content"`
}

type wecomText struct {
	Content   string   `json:"content"`
	Mentioned []string `json:"mentioned_list,omitempty"`
}

// wecomMarkup is the robot's markdown. It knows no escapes, so what means
// something to it becomes its full-width twin. Orange-red is for what is wrong,
// grey for what is of little interest; a third colour would only be noise.
var wecomMarkup = markup{
	escape:  strings.NewReplacer("<", "＜", ">", "＞", "[", "［", "]", "］", "`", "｀", "*", "＊").Replace,
	opening: map[byte]string{'#': "＃"},
	strong:  pair{"**", "**"},
	code:    pair{"`", "`"},
	tones: map[tone]pair{
		alarm: {`<font color="warning">`, "</font>"},
		muted: {`<font color="comment">`, "</font>"},
	},
	link:     func(label, url string) string { return "[" + label + "](" + url + ")" },
	headline: pair{"### ", ""},
	context:  pair{"> ", ""},
	footer:   pair{`<font color="comment">`, "</font>"},
	spaced:   true,
}

// wecomTextMarkup is the robot's plain text: only < > mean something there.
var wecomTextMarkup = markup{
	escape: strings.NewReplacer("<", "＜", ">", "＞").Replace,
	link:   func(label, _ string) string { return label },
}

func wecomMarkdown(content string) wecomMessage {
	return wecomMessage{Type: "markdown", Markdown: &wecomContent{Content: content}}
}

// wecomReport is a report's markdown message.
func wecomReport(r license.Report, names []string) rendering {
	mention := wecomMention(r, names, wecomMaxMention)
	content, unnamed := fit(func(b bounds) document { return compose(r, b) }, wecomPage(&wecomMarkup, mention, wecomMaxMarkdown))
	return rendering{wecomMarkdown(content), unnamed}
}

// wecomPage renders a document, the mention below it, within limit bytes.
func wecomPage(m *markup, mention string, limit int) func(document, int) (string, bool) {
	return func(d document, rows int) (string, bool) {
		page := strings.TrimSpace(m.page(d, rows) + "\n" + mention)
		return page, len(page) <= limit
	}
}

// wecomShort is the report's shortened message, as text.
func wecomShort(r license.Report, names []string) rendering {
	content, unnamed := fit(func(bounds) document { return composeShort(r) }, wecomPage(&wecomTextMarkup, "", wecomMaxText))
	text := wecomText{Content: content}
	if r.Mention {
		text.Mentioned = names
	}
	return rendering{wecomMessage{Type: "text", Text: &text}, unnamed}
}

// wecomCall is the text that calls everybody: the headline and the run's id.
func wecomCall(r license.Report) wecomMessage {
	m, d := &wecomTextMarkup, composeShort(r)
	d.context, d.rows, d.omitted, d.blocks = nil, nil, nil, nil
	return wecomMessage{Type: "text", Text: &wecomText{Content: m.page(d, 0), Mentioned: []string{wecomAll}}}
}

// wecomAll is everybody in the group.
const wecomAll = "@all"

func callsAll(r license.Report, names []string) bool {
	return r.Mention && slices.Contains(names, wecomAll)
}

// wecomMention writes the people a report calls, in markdown.
func wecomMention(r license.Report, names []string, limit int) string {
	if !r.Mention {
		return ""
	}
	return mentions(names, limit, func(name string) string {
		id := strings.TrimPrefix(name, "@")
		odd := func(r rune) bool {
			return r == utf8.RuneError || r == ' ' || !unicode.IsPrint(r) || strings.ContainsRune("<>[]()`@*", r)
		}
		if name == wecomAll || id == "" || strings.ContainsFunc(id, odd) {
			return ""
		}
		return "<@" + id + ">"
	})
}
