// Package page makes the page of a report: one file of HTML that needs nothing else, without
// scripts and requests, for a screen in light and dark, a phone and paper.
//
// It shows what *report.Tables and the pictures of package chart say; whatever comes from
// outside is text. There is no template engine, which the function must not link.
//
//	page.go      the frame, and the parts in their order
//	summary.go   what stands first: the sentence and the figures
//	parts.go     the parts; those with more than a table have a file each: needs.go, deadlines.go,
//	history.go, plan.go, gap.go and evidence.go
//	pictures.go  what the pictures have in common
//	table.go     a table of the report
//	markup.go    elements, and text
//	style.css    how it looks
package page

import (
	"crypto/sha256"
	_ "embed" // for the style sheet
	"encoding/base64"
	"io"
	"strings"

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
	content   markup
}

// Write writes the page of a report in a language. Nothing is written of a page that fails.
func Write(w io.Writer, r *report.Report, language license.Language) error {
	p := newPage(r, language)
	_, err := io.WriteString(w, strings.Map(readable, string(p.document())))
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
func (p *page) document() markup {
	css := Base + style + chart.Style
	hash := sha256.Sum256([]byte(css))
	policy := "default-src 'none'; img-src data:; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) +
		"'; base-uri 'none'; form-action 'none'"
	title := p.title()
	p.addParts()
	first := &summary{p}
	var sections markup
	for _, part := range p.parts {
		sections += element("section", attribute("id", part.id), textElement("h2", "", part.title)+part.content)
	}
	head := `<meta charset="utf-8">` + meta("http-equiv", "Content-Security-Policy", policy) +
		meta("name", "viewport", "width=device-width, initial-scale=1") + meta("name", "color-scheme", "light dark") +
		meta("name", "referrer", "no-referrer") + textElement("title", "", title+" · "+p.locale().Day(p.Now)) +
		markup(`<link rel="icon"`+attribute("href", icon)+">") + element("style", "", markup(css))
	body := element("header", "", textElement("h1", "", title)+textElement("p", "lead", first.sentence())+first.facts()) +
		first.figures() + p.contents() + element("main", "", sections) +
		element("footer", "", textElement("p", "", p.s(
			"Made by licensewatch from what the cloud's APIs answered. What could not be read is not known, and is not counted either.",
			"由 licensewatch 根据腾讯云 API 返回的数据生成。未能读取的内容按“未知”处理，不视为正常。")))
	return "<!doctype html>" + element("html", attribute("lang", p.s("en", "zh-CN")),
		element("head", "", head)+element("body", classed("report"), body))
}

func meta(kind, name, content string) markup {
	return markup("<meta" + attribute(kind, name) + attribute("content", content) + ">")
}

const icon = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24'%3E%3Cpath fill='%232563eb' d='M12 2 4 5v6c0 5 3.4 9.3 8 11 4.6-1.7 8-6 8-11V5z'/%3E%3C/svg%3E"

// contents leads to the parts.
func (p *page) contents() markup {
	var links markup
	for _, part := range p.parts {
		links += element("li", "", element("a", attribute("href", "#"+part.id), textOf(part.title)))
	}
	return element("nav", attribute("aria-label", p.s("Contents", "目录")), element("ol", "", links))
}

// add adds a part, which is left out where it has nothing to say.
func (p *page) add(id, title string, content markup) {
	if content != "" {
		p.parts = append(p.parts, part{id, title, content})
	}
}

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
	return string((&deadlinesPart{newPage(r, language)}).deadlinePicture())
}

// Sentence is what the page of a report says first.
func Sentence(r *report.Report, language license.Language) string {
	return (&summary{&page{Report: r, language: language}}).sentence()
}
