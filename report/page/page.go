// Package page makes the page of a report: one file of HTML that needs nothing else, without
// scripts and requests, for a screen in light and dark, a phone and paper.
//
// It shows what *report.Tables and the pictures of package chart say; whatever comes from
// outside is text. There is no template engine, which the function must not link.
//
//	page.go      the frame, and the parts in their order
//	summary.go   what stands first: the sentence and the figures
//	parts.go     the parts; needs.go, plan.go and evidence.go have those with more than a table
//	pictures.go  what the pictures show
//	table.go     a table of the report
//	style.css    how it looks
package page

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // for the style sheet
	"encoding/base64"
	"io"
	"strings"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"licensewatch/internal/text"
	"licensewatch/license"
	"licensewatch/report"
	"licensewatch/report/chart"
)

// Base is the style that the pages of licensewatch share: colours, type, head and foot.
//
//go:embed base.css
var Base string

//go:embed style.css
var style string

// page is a page on its way.
type page struct {
	*report.Report

	language license.Language
	tables   map[string]*report.Table
	parts    []part
}

// part is a part of the page.
type part struct {
	id, title string
	content   []g.Node
}

// Write writes the page of a report in a language. Nothing is written of a page that fails.
func Write(w io.Writer, r *report.Report, language license.Language) error {
	p := newPage(r, language)
	var out bytes.Buffer
	if err := p.document().Render(&out); err != nil {
		return err
	}
	_, err := w.Write(bytes.Map(readable, out.Bytes()))
	return err
}

func newPage(r *report.Report, language license.Language) *page {
	p := &page{Report: r, language: language, tables: map[string]*report.Table{}}
	for _, t := range r.Tables(language) {
		p.tables[t.Key] = t
	}
	return p
}

// readable leaves out what cannot be seen, but what emoji are written with.
func readable(r rune) rune {
	const joining = "\u200c\u200d\ufe0f"
	if r != '\n' && text.IsHidden(r) && !strings.ContainsRune(joining, r) {
		return -1
	}
	return r
}

// s is the text of the page's language.
func (p *page) s(en, zh string) string {
	if p.language == license.Chinese {
		return zh
	}
	return en
}

func (p *page) locale() chart.Locale {
	if p.language == license.Chinese {
		return chart.Chinese
	}
	return chart.English
}

// document is the whole.
func (p *page) document() g.Node {
	css := Base + style + chart.Style
	hash := sha256.Sum256([]byte(css))
	policy := "default-src 'none'; img-src data:; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) +
		"'; base-uri 'none'; form-action 'none'"
	title := p.title()
	p.addParts()
	first := &summary{p}
	var sections []g.Node
	for _, part := range p.parts {
		sections = append(sections, h.Section(h.ID(part.id), h.H2(g.Text(part.title)), g.Group(part.content)))
	}
	return h.Doctype(h.HTML(h.Lang(p.s("en", "zh-CN")),
		h.Head(
			h.Meta(h.Charset("utf-8")),
			h.Meta(g.Attr("http-equiv", "Content-Security-Policy"), h.Content(policy)),
			h.Meta(h.Name("viewport"), h.Content("width=device-width, initial-scale=1")),
			h.Meta(h.Name("color-scheme"), h.Content("light dark")),
			h.Meta(h.Name("referrer"), h.Content("no-referrer")),
			h.TitleEl(g.Text(title+" · "+p.locale().Day(p.Now))),
			h.Link(h.Rel("icon"), h.Href(icon)),
			h.StyleEl(g.Raw(css)),
		),
		h.Body(h.Class("report"),
			h.Header(h.H1(g.Text(title)), h.P(h.Class("lead"), g.Text(first.sentence())), first.facts()),
			first.figures(),
			p.contents(),
			h.Main(sections...),
			h.Footer(h.P(g.Text(p.s(
				"Made by licensewatch from what the cloud's APIs answered. What could not be read is not known, and is not counted either.",
				"由 licensewatch 根据腾讯云 API 返回的数据生成。未能读取的内容按“未知”处理，不视为正常。")))),
		),
	))
}

const icon = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Cpath fill='%232563eb' d='M12 2 4 5v6c0 5 3.4 9.3 8 11 4.6-1.7 8-6 8-11V5z'/%3E%3C/svg%3E"

// contents leads to the parts.
func (p *page) contents() g.Node {
	var links []g.Node
	for _, part := range p.parts {
		links = append(links, h.Li(h.A(h.Href("#"+part.id), g.Text(part.title))))
	}
	return h.Nav(g.Attr("aria-label", p.s("Contents", "目录")), h.Ol(links...))
}

// add adds a part, which is left out where it has nothing to say.
func (p *page) add(id, title string, content ...g.Node) {
	var there []g.Node
	for _, node := range content {
		if node != nil {
			there = append(there, node)
		}
	}
	if len(there) > 0 {
		p.parts = append(p.parts, part{id, title, there})
	}
}

// note is a line of text.
func note(words string) g.Node { return h.P(h.Class("note"), g.Text(words)) }

// Lines are what a report says of itself, for files without a page: its title, its sentence,
// and what it is about.
func Lines(r *report.Report, language license.Language) [][2]string {
	p := &summary{&page{Report: r, language: language}}
	lines := [][2]string{{p.title(), ""}, {p.s("In a sentence", "结论"), p.sentence()}}
	for _, fact := range p.factTexts() {
		lines = append(lines, [2]string{"", fact})
	}
	return lines
}

func (p *page) title() string { return p.s("License report", "授权报告") }

// Deadlines is the picture of what ends in the next twelve months as HTML, for another page whose
// styles are Base and chart.Style; empty where nothing ends.
func Deadlines(r *report.Report, language license.Language) string {
	picture := newPage(r, language).deadlinePicture()
	if picture == nil {
		return ""
	}
	var out strings.Builder
	_ = picture.Render(&out) // which fails where the writer does
	return out.String()
}

// Sentence is what the page of a report says first.
func Sentence(r *report.Report, language license.Language) string {
	return (&summary{&page{Report: r, language: language}}).sentence()
}
