package page

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	g "maragu.dev/gomponents"
	h "maragu.dev/gomponents/html"

	"licensewatch/report"
)

// shown says how a table is shown.
type shown struct {
	key  string
	most int // rows; the others are counted
	skip []string
	// keep chooses the rows; nil: all.
	keep func(row []report.Cell) bool
	// open: without a line that opens it.
	folded bool
}

// table shows a table of the report; nil where it has no rows. What a page has no room for is
// counted, and where all of it is said.
func (p *page) table(how shown) g.Node {
	t, ok := p.tables[how.key]
	if !ok {
		return nil
	}
	kept, left := how.rows(t)
	if len(kept) == 0 {
		return nil
	}
	var columns []int
	for i, c := range t.Columns {
		if !c.IsMinor && !slices.Contains(how.skip, c.Key) && !isEmpty(kept, i, c.Kind) {
			columns = append(columns, i)
		}
	}
	var rows []g.Node
	for _, row := range kept {
		var cells []g.Node
		for _, i := range columns {
			cells = append(cells, p.cell(&t.Columns[i], &row[i]))
		}
		rows = append(rows, h.Tr(cells...))
	}
	var heads []g.Node
	for _, i := range columns {
		heads = append(heads, h.Th(g.Attr("scope", "col"), g.If(isNumber(t.Columns[i].Kind), h.Class("n")),
			g.Text(t.Columns[i].Title)))
	}
	node := h.Table(h.Class("t-"+t.Key), h.THead(h.Tr(heads...)), h.TBody(rows...))
	var more g.Node
	if left > 0 {
		more = note(fmt.Sprintf(p.s("%s more rows are left out here; --xlsx and --csv have all of them (%s).",
			"此处另有 %s 行未列出，完整内容见 --xlsx 或 --csv（%s）。"), p.locale().Number(int64(left)), t.Key))
	}
	if how.folded {
		return g.Group{h.Details(h.Summary(g.Text(t.Title)), node), more}
	}
	return g.Group{node, more}
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
		switch row := t.Row(i); {
		case !s.keep(row):
		case len(rows) == s.most:
			left++
		default:
			rows = append(rows, row)
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

func isNumber(kind report.Kind) bool { return kind == report.KindNumber || kind == report.KindMoney }

// cell is a value with its column's name, which a phone shows beside it.
func (p *page) cell(c *report.Column, v *report.Cell) g.Node {
	class := v.Tone
	if isNumber(c.Kind) {
		class = strings.TrimSpace("n " + class)
	}
	attributes := g.Group{g.Attr("data-label", c.Title)}
	if class != "" {
		attributes = append(attributes, h.Class(class))
	}
	if c.Key == "record" || c.Key == "head" || c.Key == "sha256" {
		return h.Td(attributes, h.Class("ref"), g.Text(shortRecord(v.Text)))
	}
	if c.Key == "change" && v.Number > 0 {
		attributes = append(attributes, g.Text("+"))
	}
	return h.Td(attributes, p.words(c.Kind, v))
}

// words is a value for people. Of a long list the first are shown, and so many more where it is
// opened; on paper it is shut.
func (p *page) words(kind report.Kind, v *report.Cell) g.Node {
	const shut, open = 20, 200
	n := len(v.List)
	if n <= shut {
		return g.Text(p.value(kind, v))
	}
	comma, more := p.s(", ", "、"), p.s("and %s more", "另有 %s 台")
	count := func(shown int) string {
		return fmt.Sprintf(more, p.locale().Number(int64(n-shown)+v.Unlisted))
	}
	behind := strings.Join(v.List[shut:min(n, open)], comma)
	if n > open || v.Unlisted > 0 {
		behind += p.s(" ", "，") + count(min(n, open))
	}
	return g.Group{g.Text(strings.Join(v.List[:shut], comma)),
		h.Details(h.Class("names"), h.Summary(g.Text(count(shut))), h.Span(g.Text(behind)))}
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

// value is a value for people.
func (p *page) value(kind report.Kind, v *report.Cell) string {
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
