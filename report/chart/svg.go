package chart

import (
	"fmt"
	"html"
	"strconv"
	"strings"
)

// Frame is what every picture has.
type Frame struct {
	// ID is unique on the page, and fit for an attribute.
	ID string
	// Title and Description are read aloud in the picture's place.
	Title, Description string
	Width              int // in pixels; the height follows
	Locale             Locale
}

// narrow is the width up to which a picture is one for a phone.
const narrow = 480

func (f *Frame) isNarrow() bool { return f.Width <= narrow }

// drawing is a picture on its way.
type drawing struct {
	body strings.Builder
}

// element writes an element; attributes are names and values, in turn.
func (d *drawing) element(name, content string, attributes ...any) {
	d.begin(name, attributes)
	if content == "" {
		d.body.WriteString("/>")
		return
	}
	d.body.WriteByte('>')
	d.body.WriteString(content)
	d.close(name)
}

func (d *drawing) open(name string, attributes ...any) {
	d.begin(name, attributes)
	d.body.WriteByte('>')
}

func (d *drawing) begin(name string, attributes []any) {
	d.body.WriteByte('<')
	d.body.WriteString(name)
	for i := 0; i+1 < len(attributes); i += 2 {
		d.body.WriteByte(' ')
		d.body.WriteString(attributes[i].(string)) //nolint:forcetypeassert // names are texts
		d.body.WriteString(`="`)
		d.body.WriteString(attribute(attributes[i+1]))
		d.body.WriteByte('"')
	}
}

func (d *drawing) close(name string) {
	d.body.WriteString("</")
	d.body.WriteString(name)
	d.body.WriteByte('>')
}

func attribute(value any) string {
	switch v := value.(type) {
	case float64:
		return number(v)
	case int:
		return strconv.Itoa(v)
	case string:
		return html.EscapeString(v)
	default:
		return html.EscapeString(fmt.Sprint(v))
	}
}

// number is a place in the picture, to a tenth of a pixel.
func number(v float64) string {
	text := strconv.FormatFloat(v, 'f', 1, 64)
	return strings.TrimSuffix(text, ".0")
}

// text writes a text; anchor is "start", "middle" or "end".
func (d *drawing) text(x, y float64, anchor, class, content string) {
	attributes := []any{"x", x, "y", y}
	if anchor != "start" {
		attributes = append(attributes, "text-anchor", anchor)
	}
	if class != "" {
		attributes = append(attributes, "class", class)
	}
	d.element("text", html.EscapeString(content), attributes...)
}

func (d *drawing) line(x1, y1, x2, y2 float64, class string) {
	d.element("path", "", "class", class, "d", "M"+number(x1)+" "+number(y1)+"L"+number(x2)+" "+number(y2))
}

// rect draws a box; title is shown where it is pointed at, and may be empty.
func (d *drawing) rect(x, y, width, height float64, class, title string) {
	content := ""
	if title != "" {
		content = "<title>" + html.EscapeString(title) + "</title>"
	}
	d.element("rect", content, "class", class, "x", x, "y", y, "width", max(0, width), "height", max(0, height))
}

// finish puts the frame around what was drawn.
func (d *drawing) finish(f *Frame, height float64) string {
	var out drawing
	out.open("svg", "xmlns", "http://www.w3.org/2000/svg", "class", "chart", "role", "img", "viewBox",
		fmt.Sprintf("0 0 %d %s", f.Width, number(height)), "aria-labelledby", f.ID+"-t "+f.ID+"-d")
	out.element("title", html.EscapeString(f.Title), "id", f.ID+"-t")
	out.element("desc", html.EscapeString(f.Description), "id", f.ID+"-d")
	out.body.WriteString(d.body.String())
	out.close("svg")
	return out.body.String()
}

// LegendEntry says what a class means.
type LegendEntry struct {
	Class string // of a box; with "line" in it, of a line
	Text  string
}

// legend writes the entries at the top, and gives where the last one ends.
func (d *drawing) legend(f *Frame, entries []LegendEntry) float64 {
	x, y := 4.0, 14.0
	for _, e := range entries {
		width := 26 + textWidth(e.Text) + 14
		if x > 4 && x+width > float64(f.Width) {
			x, y = 4, y+18
		}
		if strings.Contains(e.Class, "line") {
			d.line(x, y-4, x+18, y-4, e.Class)
		} else {
			d.rect(x+3, y-10, 12, 12, e.Class, "")
		}
		d.text(x+23, y, "start", "", e.Text)
		x += width
	}
	return y + 8
}

// textWidth is about how wide a text of 12 pixels is.
func textWidth(text string) float64 {
	width := 0.0
	for _, r := range text {
		if r >= 0x2e80 {
			width += 12
		} else {
			width += 6.6
		}
	}
	return width
}

// cut shortens a text to about a width.
func cut(text string, width float64) string {
	if textWidth(text) <= width {
		return text
	}
	width -= 10
	for i, r := range text {
		w := textWidth(string(r))
		if width -= w; width < 0 {
			return text[:i] + "…"
		}
	}
	return text
}

// Style are the colours of the pictures' classes. Whoever shows a picture puts it into a style
// element of the page.
const Style = `
:root{--c-blue:#0068a3;--c-red:#c04a00;--c-green:#00795a;--c-purple:#94447a;--c-grey:#6b7480;--c-grid:#d8dee6;--c-band:#c04a0030;--c-text:#1d2129;--c-back:#fff}
@media (prefers-color-scheme:dark){:root{--c-blue:#5ab4ec;--c-red:#ff9a4d;--c-green:#3fcf9f;--c-purple:#e39bc6;--c-grey:#9aa4b0;--c-grid:#343b45;--c-band:#ff9a4d38;--c-text:#dfe3e8;--c-back:#1a1d21}}
@media print{:root{--c-blue:#0068a3;--c-red:#c04a00;--c-green:#00795a;--c-purple:#94447a;--c-grey:#6b7480;--c-grid:#d8dee6;--c-band:#c04a0030;--c-text:#1d2129;--c-back:#fff}}
.chart{display:block;width:100%;height:auto;font:12px/1 inherit;font-family:inherit}
.chart text{fill:var(--c-text);font-size:12px}
.chart .small{font-size:11px}
.chart .strong{font-weight:700}
.chart .grid{stroke:var(--c-grid);fill:none}
.chart .today{stroke:var(--c-text);stroke-width:1.5;stroke-dasharray:3 3;fill:none}
.chart .blue{fill:var(--c-blue)}.chart .red{fill:var(--c-red)}.chart .green{fill:var(--c-green)}.chart .purple{fill:var(--c-purple)}.chart .grey{fill:var(--c-grey)}
.chart .hollow{fill:var(--c-back);stroke:var(--c-grey);stroke-width:1.5;stroke-dasharray:3 2}
.chart .outline{fill:none;stroke:var(--c-grey)}
.chart .half{fill:var(--c-green);fill-opacity:.4;stroke:var(--c-green)}
.chart .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.chart .line.blue{stroke:var(--c-blue);fill:none}.chart .line.red{stroke:var(--c-red);fill:none;stroke-width:2.5}.chart .line.green{stroke:var(--c-green);fill:none;stroke-dasharray:7 3}.chart .line.purple{stroke:var(--c-purple);fill:none;stroke-dasharray:2 4}.chart .line.grey{stroke:var(--c-grey);fill:none;stroke-dasharray:1 3}
.chart .dot.blue{fill:var(--c-blue)}.chart .dot.red{fill:var(--c-red)}
.chart .band{fill:var(--c-band)}
.chart .mark{stroke:var(--c-back);stroke-width:1.8;fill:none}
`
