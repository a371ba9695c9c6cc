package page_test

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"licensewatch/cmd/licensewatch/internal/page"
	"licensewatch/license"
)

// allowed are the elements of a page with all the attributes they may have.
var allowed = map[string][]string{
	"html": {"lang"}, "head": nil, "title": nil, "style": nil, "body": nil,
	"meta": {"charset", "http-equiv", "content", "name"}, "link": {"rel", "href"},
	"header": nil, "main": nil, "footer": nil, "section": {"class"}, "article": nil, "details": nil, "summary": nil, "pre": nil,
	"h1": nil, "h2": nil, "ul": {"class"}, "li": nil, "p": {"class"}, "div": {"class"}, "span": {"class"}, "hr": nil, "time": nil,
	"b": nil, "i": nil, "s": nil, "code": nil, "a": {"href", "rel"},
	"svg": {"class", "viewBox", "aria-hidden"}, "rect": {"class", "width", "height", "rx", "fill"}, "path": {"class", "d"},
}

// checkElements reads a page as a browser would, and fails for an element, an
// attribute or a link that is not the page's own.
func checkElements(t *testing.T, text string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(text))
	decoder.Strict, decoder.AutoClose, decoder.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("the page is malformed: %v\n%s", err, text)
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		attributes, known := allowed[start.Name.Local]
		if !known {
			t.Errorf("the page has an element <%s>", start.Name.Local)
		}
		for _, a := range start.Attr {
			if !slices.Contains(attributes, a.Name.Local) {
				t.Errorf("the page has <%s %s=%q>", start.Name.Local, a.Name.Local, a.Value)
			}
			if start.Name.Local == "a" && a.Name.Local == "href" && !strings.HasPrefix(a.Value, "https://") {
				t.Errorf("the page links to %q", a.Value)
			}
		}
	}
}

// hostile are texts that try to be more than text.
var hostile = []string{
	`<script>alert(1)</script>`,
	`</p></style><img src=x onerror="alert(1)">`,
	`"><svg onload=alert(1)>`,
	"<javascript:alert(1)|click> [click](javascript:alert(1)) <data:text/html,x|y>",
	`<https://a.example/"onmouseover="alert(1)|x> [x](https://a.example/"><script>alert(1)</script>)`,
	`*<https://a.example/'<b>'|</a><script>>* ` + "`</code><script>`",
	`<@U1"><script>> <!subteam^S1|<script>> <font color="info"><script></font> <@a"b>`,
	"&lt;script&gt;alert(1)&lt;/script&gt; {{.}} {{template \"x\"}} --><!--",
	"\x00\x1b[31m\u0085\ufffe\xe4\xb8",
}

func TestHostileTexts(t *testing.T) {
	t.Parallel()
	for _, text := range hostile {
		checkElements(t, write(t, full(t, text)))
	}
	plain := write(t, full(t, "a"))
	checkElements(t, plain)
	for _, part := range []string{"<title>a</title>", "<h1>a</h1>", `<p class="lead">a</p>`, "<li>a</li>", "<code>a</code>", "<pre>a</pre>"} {
		if !strings.Contains(plain, part) {
			t.Errorf("the page lacks %s", part)
		}
	}
}

// full is a page that has the text in every place there is.
func full(tb testing.TB, text string) page.Page {
	tb.Helper()
	bar := message(tb, "slack", map[string]any{"attachments": []any{map[string]any{"color": text, "text": text}}})
	called := message(tb, "wecom", map[string]any{"msgtype": "text", "text": map[string]any{"content": text, "mentioned_list": []string{text}}})
	p := page.Page{
		Title: text, Lead: text, Facts: []string{text}, Language: license.Language(text), Summary: []byte(text),
		Messages: []page.Message{slack(tb, text), bar, wecom(tb, text), called},
	}
	for i := range p.Messages {
		p.Messages[i].Answer, p.Messages[i].Name = text, text
	}
	return p
}

func FuzzWrite(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { checkElements(t, write(t, full(t, text))) })
}
