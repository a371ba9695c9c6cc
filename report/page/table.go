package page

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"licensewatch/report"
)

// shown says how a table is shown.
type shown struct {
	key  string
	most int // rows; the others are counted
	skip []string
	// keep chooses the rows by their places; nil: all.
	keep func(row int) bool
}

// table shows a table of the report; nil where it has no rows. What a page has no room for is
// counted, and where all of it is said.
func (p *page) table(how shown) markup {
	t, ok := p.tables[how.key]
	if !ok {
		return ""
	}
	kept, left := how.rows(t)
	if len(kept) == 0 {
		return ""
	}
	var columns []int
	for i, c := range t.Columns {
		if !c.IsMinor && !slices.Contains(how.skip, c.Key) && !isEmpty(kept, i, c.Kind) {
			columns = append(columns, i)
		}
	}
	var rows markup
	for _, row := range kept {
		var cells markup
		for _, i := range columns {
			cells += p.cell(&t.Columns[i], &row[i])
		}
		rows += element("tr", "", cells)
	}
	var heads markup
	for _, i := range columns {
		heads += element("th", attribute("scope", "col")+classed(numberClass(isNumber(t.Columns[i].Kind))),
			textOf(t.Columns[i].Title))
	}
	table := tableOf("t-"+t.Key, heads, rows)
	var more markup
	if left > 0 {
		more = note(fmt.Sprintf(p.s("%s more rows are left out here; --xlsx and --csv have all of them (%s).",
			"此处另有 %s 行未列出，完整内容见 --xlsx 或 --csv（%s）。"), p.locale().Number(int64(left)), t.Key))
	}
	return table + more
}

// rows are those that are shown, and how many are left.
func (s *shown) rows(t *report.Table) (rows [][]report.Cell, left int) {
	if s.keep == nil {
		left = max(0, t.Len-s.most)
		for i := range t.Len - left {
			rows = append(rows, t.Row(i))
		}
		return rows, left
	}
	for i := range t.Len {
		switch {
		case !s.keep(i):
		case len(rows) == s.most:
			left++
		default:
			rows = append(rows, t.Row(i))
		}
	}
	return rows, left
}

// isEmpty says whether no row has anything in the column.
func isEmpty(rows [][]report.Cell, column int, kind report.Kind) bool {
	return !slices.ContainsFunc(rows, func(row []report.Cell) bool {
		return row[column].Known && (row[column].Text != "" || kind != report.KindText)
	})
}

// numberClass is the class of numbers, which stand to the right.
func numberClass(isNumber bool) string {
	if isNumber {
		return "n"
	}
	return ""
}

func isNumber(kind report.Kind) bool { return kind == report.KindNumber || kind == report.KindMoney }

// cell is a value with its column's name, which a phone shows beside it.
func (p *page) cell(c *report.Column, v *report.Cell) markup {
	attributes := attribute("data-label", c.Title) +
		classed(strings.TrimSpace(numberClass(isNumber(c.Kind))+" "+v.Tone))
	if c.Key == "record" || c.Key == "head" || c.Key == "sha256" {
		return element("td", attributes+classed("ref"), textOf(shortRecord(v.Text)))
	}
	words := p.words(c.Kind, v)
	if c.Key == "change" && v.Number > 0 {
		words = "+" + words
	}
	return element("td", attributes, words)
}

// words is a value for people. Of a long list the first are shown, and so many more where it is
// opened; on paper it is shut.
func (p *page) words(kind report.Kind, v *report.Cell) markup {
	const shut, open = 20, 200
	n := len(v.List)
	if n <= shut {
		return textOf(p.valueText(kind, v))
	}
	comma, more := p.s(", ", "、"), p.s("and %s more", "另有 %s 台")
	count := func(shown int) string {
		return fmt.Sprintf(more, p.locale().Number(int64(n-shown)+v.Unlisted))
	}
	behind := strings.Join(v.List[shut:min(n, open)], comma)
	if n > open || v.Unlisted > 0 {
		behind += p.s(" ", "，") + count(min(n, open))
	}
	return textOf(strings.Join(v.List[:shut], comma)) + element("details", classed("names"),
		textElement("summary", "", count(shut))+textElement("span", "", behind))
}

// shortRecord is a record without the account's folder, which stands beside it, and a hash's
// beginning.
func shortRecord(name string) string {
	const hash = 64
	if len(name) == hash && !strings.Contains(name, "/") {
		return name[:16] + "…"
	}
	if parts := strings.Split(name, "/"); len(parts) == 5 {
		return strings.Join(parts[1:], "/")
	}
	return name
}

// valueText is a value for people.
func (p *page) valueText(kind report.Kind, v *report.Cell) string {
	switch {
	case !v.Known && kind == report.KindText:
		return ""
	case !v.Known:
		return "–"
	case kind == report.KindNumber:
		return p.number(v.Number)
	case kind == report.KindMoney:
		return strings.TrimSpace(v.Text + " " + p.number(v.Number))
	case kind == report.KindDay:
		return v.Time.Format(time.DateOnly)
	case kind == report.KindTime:
		return v.Time.In(p.Now.Location()).Format("2006-01-02 15:04")
	default:
		return v.Text
	}
}

func (p *page) number(n float64) string { return p.locale().Number(int64(math.Round(n))) }
