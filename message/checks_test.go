package message_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits as Slack and WeCom document them; the sum of Slack's texts is what is
// known to be safe.
const (
	slackSection  = 3000
	slackBlocks   = 50
	slackElements = 10
	slackTotal    = 10000
	wecomMarkdown = 4096
	wecomPlain    = 2048
)

// slackText is a text object.
type slackText struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	Verbatim bool   `json:"verbatim"`
}

// slackBlock is a section or a context.
type slackBlock struct {
	Type     string      `json:"type"`
	Text     *slackText  `json:"text"`
	Elements []slackText `json:"elements"`
}

// slackPost is everything a payload may hold.
type slackPost struct {
	Text        string `json:"text"`
	UnfurlLinks *bool  `json:"unfurl_links"`
	UnfurlMedia *bool  `json:"unfurl_media"`
	Attachments []struct {
		Color    string       `json:"color"`
		Fallback string       `json:"fallback"`
		Blocks   []slackBlock `json:"blocks"`
	} `json:"attachments"`
}

// texts are all texts below the headline.
func (p slackPost) texts() []string {
	var texts []string
	for _, a := range p.Attachments {
		for _, b := range a.Blocks {
			if b.Text != nil {
				texts = append(texts, b.Text.Text)
			}
			for _, e := range b.Elements {
				texts = append(texts, e.Text)
			}
		}
	}
	return texts
}

// slackControls are the only things that may stand between < and >.
var slackControls = regexp.MustCompile(`<(!here|!channel|!everyone|@[UW][A-Z0-9]+|!subteam\^S[A-Z0-9]+|https://[^<>|\s]+\|[^<>|]+)>`)

// checkSlack decodes a payload and says what Slack would not take, or would
// show wrongly.
func checkSlack(payload []byte) (slackPost, error) {
	var post slackPost
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&post); err != nil {
		return post, err
	}
	if !utf8.Valid(payload) {
		return post, fmt.Errorf("not UTF-8")
	}
	if post.UnfurlLinks == nil || *post.UnfurlLinks || post.UnfurlMedia == nil || *post.UnfurlMedia {
		return post, fmt.Errorf("links would be previewed")
	}
	if err := checkMrkdwn(post.Text); err != nil {
		return post, fmt.Errorf("text: %w", err)
	}
	total := utf8.RuneCountInString(post.Text)
	for _, a := range post.Attachments {
		if err := checkMrkdwn(a.Fallback); err != nil || a.Color == "" {
			return post, fmt.Errorf("fallback: %w, color %q", err, a.Color)
		}
		if len(a.Blocks) == 0 || len(a.Blocks) > slackBlocks {
			return post, fmt.Errorf("%d blocks", len(a.Blocks))
		}
		for i, b := range a.Blocks {
			n, err := b.check()
			if err != nil {
				return post, fmt.Errorf("block %d: %w", i, err)
			}
			total += n
		}
	}
	if total > slackTotal {
		return post, fmt.Errorf("%d characters in all", total)
	}
	return post, nil
}

// check says what is wrong with a block and counts its characters.
func (b slackBlock) check() (int, error) {
	texts := b.Elements
	switch {
	case b.Type == "section" && b.Text != nil && len(b.Elements) == 0:
		texts = []slackText{*b.Text}
	case b.Type == "context" && b.Text == nil && len(b.Elements) > 0 && len(b.Elements) <= slackElements:
	default:
		return 0, fmt.Errorf("not a block we send: %+v", b)
	}
	total := 0
	for _, text := range texts {
		n := utf8.RuneCountInString(text.Text)
		if n > slackSection || text.Type != "mrkdwn" || !text.Verbatim {
			return 0, fmt.Errorf("%d characters of %q, verbatim %t", n, text.Type, text.Verbatim)
		}
		if err := checkMrkdwn(text.Text); err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// checkMrkdwn wants everything escaped that is not meant as markup.
func checkMrkdwn(text string) error {
	if strings.TrimSpace(text) == "" {
		return fmt.Errorf("empty text")
	}
	rest := slackControls.ReplaceAllString(text, "")
	rest = strings.NewReplacer("&amp;", "", "&lt;", "", "&gt;", "").Replace(rest)
	if strings.ContainsAny(rest, "<>&") {
		return fmt.Errorf("not escaped: %q", rest)
	}
	if err := checkMarks(text, "*"); err != nil {
		return err
	}
	return checkPlain(text)
}

// wecomTags are the only tags that are ours.
var wecomTags = regexp.MustCompile(`<font color="(warning|comment)">|</font>|<@[^<>\s]+>`)

// checkWeCom says what WeCom would not take, or would show wrongly.
func checkWeCom(payload []byte) (content string, err error) {
	var message struct {
		Type     string `json:"msgtype"`
		Markdown struct {
			Content string `json:"content"`
		} `json:"markdown"`
	}
	decoder := json.NewDecoder(bytes.NewReader(payload))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&message); err != nil {
		return "", err
	}
	content = message.Markdown.Content
	switch {
	case message.Type != "markdown":
		return content, fmt.Errorf("type %q", message.Type)
	case len(content) > wecomMarkdown:
		return content, fmt.Errorf("%d bytes", len(content))
	case bytes.Contains(bytes.ReplaceAll(payload, []byte(`\\`), nil), []byte(`\u`)) || !utf8.Valid(payload):
		return content, fmt.Errorf("escapes or invalid UTF-8 in %q", payload)
	}
	return content, checkMarkdown(content)
}

// checkMarkdown wants only our own markup, complete.
func checkMarkdown(content string) error {
	if strings.Count(content, "<font ") != strings.Count(content, "</font>") {
		return fmt.Errorf("a colour does not end")
	}
	if rest := wecomTags.ReplaceAllString(content, ""); strings.ContainsAny(rest, "<>"[:1]) {
		return fmt.Errorf("a tag that is not ours: %q", rest)
	}
	for i, text := range strings.Split(content, "\n") {
		if strings.HasPrefix(text, "#") != (i == 0) || strings.HasPrefix(text, ">") && i != 1 {
			return fmt.Errorf("line %d is a heading or a quotation: %q", i+1, text)
		}
		if strings.Count(text, "[") != strings.Count(text, "](https://") || strings.Count(text, "]") != strings.Count(text, "](https://") {
			return fmt.Errorf("a link that is not ours: %q", text)
		}
	}
	if err := checkMarks(content, "**"); err != nil {
		return err
	}
	return checkPlain(content)
}

// checkMarks wants emphasis and code to end on the line they begin on.
func checkMarks(text, strong string) error {
	for l := range strings.SplitSeq(text, "\n") {
		if strings.Count(l, strong)%2 != 0 || strings.Count(l, "`")%2 != 0 || strings.Contains(l, "``") {
			return fmt.Errorf("marks do not pair: %q", l)
		}
	}
	return nil
}

// checkPlain wants no control character but the line end, nothing that turns
// the reading direction, and valid UTF-8.
func checkPlain(text string) error {
	joined := strings.ContainsFunc(text, func(r rune) bool {
		return unicode.In(r, unicode.So, unicode.Sm, unicode.Sk, unicode.Mn, unicode.Arabic)
	})
	for _, r := range text {
		switch {
		case r == '\n' || joined && strings.ContainsRune("\u200c\u200d\ufe0f", r):
		case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Variation_Selector) || strings.ContainsRune("\u034f\u115f\u1160\u2800\u3164\uffa0", r):
			return fmt.Errorf("hidden character %U in %q", r, text)
		}
	}
	if !utf8.ValidString(text) {
		return fmt.Errorf("invalid UTF-8: %q", text)
	}
	return nil
}
