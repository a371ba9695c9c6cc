// Package page shows messages as the chats show them, on one page of HTML
// that needs nothing else: no script, no network, no other file. It is our own
// rendering of the very payloads that were posted, and not a copy of the chats.
package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // for the template and the style sheet
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"licensewatch/cmd/licensewatch/internal/chat"
	"licensewatch/internal/text"
	"licensewatch/license"
	"licensewatch/message"
	"licensewatch/notify"
	"licensewatch/report/chart"
	reportpage "licensewatch/report/page"
)

// Page is what is shown. Nothing in it but the picture is taken for HTML.
type Page struct {
	Title     string
	Lead      string           // a sentence or two below the title; may be empty
	Facts     []string         // a few words each, shown in a row: what was simulated, when
	Language  license.Language // of the page's own words; English for all but Chinese
	Now       time.Time        // the messages' time, in the zone to show it in
	Messages  []Message
	Deadlines string // the picture of them in the account that is read, as reportpage.Deadlines draws it; may be empty
	Summary   []byte // the Summary's JSON, as it is to be shown; may be empty
}

// Message is one payload and what became of it.
type Message struct {
	Channel string // its name, as "slack[1]": the kind tells how the payload is read
	Name    string // what an accounts file calls it; empty: by its kind
	Payload []byte
	Used    int    // how much of the limit, in the unit of the kind's Format
	Limit   int    // 0: not known
	Answer  string // the chat's verdict; empty: it was not posted
}

//go:embed page.html
var pageHTML string

//go:embed page.css
var messageCSS string

// pageCSS is the page's style: what it shares with the report, and its own.
var pageCSS = reportpage.Base + chart.Style + messageCSS

// Write renders the page. It fails on a payload that the channel's chat could
// not show, and where it cannot write; nothing is written of a page that fails.
func Write(w io.Writer, p Page) error {
	parsed, err := template.New("page").Funcs(template.FuncMap{"fill": barFill}).Parse(pageHTML)
	if err != nil {
		return err
	}
	shown, err := newContent(p)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := parsed.Execute(&out, shown); err != nil {
		return err
	}
	_, err = w.Write(bytes.Map(readableRune, out.Bytes()))
	return err
}

// readableRune leaves out what cannot be seen, but what emoji are written with. Bytes
// that are no UTF-8 come out as U+FFFD: an answer may be cut in the middle of a
// character.
func readableRune(r rune) rune {
	const joining = "\u200c\u200d\ufe0f"
	if r != '\n' && text.IsHidden(r) && !strings.ContainsRune(joining, r) {
		return -1
	}
	return r
}

// pageContent is what the template reads.
type pageContent struct {
	Page
	Policy  string
	Picture template.HTML
	CSS     template.CSS
	Words   pageWords
	Windows []*window
}

// window is the view of one channel: its messages, one below the other.
type window struct {
	Name     string
	Chat     string
	Messages []bubble
}

// bubble is a message and its use of the limit.
type bubble struct {
	Message
	Words   pageWords
	Time    string
	Parts   []chat.Part
	Percent int // of the limit, at most 100
	Use     string
	Over    bool
}

func newContent(p Page) (pageContent, error) {
	c := pageContent{Page: p, Policy: contentPolicy(), CSS: template.CSS(pageCSS), Words: english,
		Picture: template.HTML(p.Deadlines)} //nolint:gosec // drawn by us; whatever is from outside is text in it
	if p.Language == license.Chinese {
		c.Words = chinese
	}
	for _, m := range p.Messages {
		parsed, err := chat.Parse(m.Channel, m.Payload)
		if err != nil {
			return pageContent{}, fmt.Errorf("the message to %s: %w", m.Channel, err)
		}
		b := bubble{Message: m, Words: c.Words, Time: p.Now.Format("15:04"), Parts: parsed.Parts}
		b.Use, b.Percent, b.Over = limitUse(m, c.Words)
		to := c.windowOf(m)
		to.Messages = append(to.Messages, b)
	}
	return c, nil
}

// windowOf is that of the message's channel, opened with its first message.
func (c *pageContent) windowOf(m Message) *window {
	kind := notify.KindOf(m.Channel)
	name := kind.Title(c.Language) + strings.TrimPrefix(m.Channel, kind.Name)
	if m.Name != "" {
		name = m.Name + " · " + kind.Title(c.Language)
	}
	for _, w := range c.Windows {
		if w.Name == name {
			return w
		}
	}
	opened := &window{Name: name, Chat: kind.Title(license.English)}
	c.Windows = append(c.Windows, opened)
	return opened
}

// limitUse says how much of the limit a message takes.
func limitUse(m Message, w pageWords) (used string, percent int, over bool) {
	format := w.characters
	if notify.KindOf(m.Channel).Unit == message.Bytes {
		format = w.bytes
	}
	if m.Limit <= 0 {
		return "", 0, false
	}
	return fmt.Sprintf(format, m.Used, m.Limit), min(100, 100*m.Used/m.Limit), m.Used > m.Limit
}

// barFill is the colour that Slack gives a bar.
func barFill(bar string) string {
	if color, named := map[string]string{"good": "#2eb886", "warning": "#daa038", "danger": "#d92d20"}[bar]; named {
		return color
	}
	return bar
}

// contentPolicy lets a browser load nothing, and use no style but the page's own.
func contentPolicy() string {
	sum := sha256.Sum256([]byte(pageCSS))
	return "default-src 'none'; img-src data:; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; base-uri 'none'; form-action 'none'"
}
