package message

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// pair encloses a text.
type pair [2]string

func (p pair) around(text string) string { return p[0] + text + p[1] }

// markup is how a channel writes a document as text.
type markup struct {
	// escape gives a text with what stands for the runes that mean something to the
	// channel; escapeCode does so between the marks of code, nil where that is no
	// different. Neither may take more bytes than escapedRuneSize allows for.
	escape     func(string) string
	escapeCode func(string) string
	// apart: marks must stand apart from letters and from what is as wide as an
	// ideograph.
	apart bool
	// opening are the characters that mean something at the start of a line,
	// with what stands for them there.
	opening map[byte]string

	strong, code pair
	tones        map[tone]pair
	link         func(label, url string) string

	headline, context, footer pair
	indent                    string // of a numbered finding's second line
	spaced                    bool   // an empty line stands between findings
}

// lineText writes a line.
func (m *markup) lineText(l line) string {
	w := lineWriter{m: m}
	for _, s := range l {
		w.writeSpan(s)
	}
	w.setStrong(false)
	text := w.text.String()
	if text == "" {
		return ""
	}
	if safe, ok := m.opening[text[0]]; ok {
		return safe + text[1:]
	}
	return text
}

// lineWriter writes the spans of a line.
type lineWriter struct {
	m      *markup
	text   strings.Builder
	strong bool
	last   rune // that was written last; 0 at the beginning of the line
	marked bool // a mark ended there
}

func (w *lineWriter) writeSpan(s span) {
	if s.text == "" {
		return
	}
	if s.strong != w.strong {
		w.setStrong(s.strong)
	}
	first, _ := utf8.DecodeRuneInString(s.text)
	if w.m.apart && w.last != 0 && (w.marked && isClose(first) || s.code && isClose(w.last)) {
		w.text.WriteByte(' ')
	}
	w.text.WriteString(w.m.spanText(s))
	w.last, _ = utf8.DecodeLastRuneInString(s.text)
	w.marked = s.code
}

// setStrong begins or ends what is strong.
func (w *lineWriter) setStrong(strong bool) {
	if strong == w.strong {
		return
	}
	mark := w.m.strong[boolToInt(!strong)]
	if w.m.apart && strong && isClose(w.last) {
		w.text.WriteByte(' ')
	}
	w.text.WriteString(mark)
	w.strong, w.marked = strong, !strong && mark != ""
	if mark != "" && strong {
		w.last = 0
	}
}

// isClose says whether a rune beside a mark keeps a channel that wants marks to
// stand apart from seeing it.
func isClose(r rune) bool {
	if r <= unicode.MaxASCII {
		return unicode.IsLetter(r) || unicode.IsDigit(r)
	}
	return r != utf8.RuneError && !unicode.IsSpace(r)
}

func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (m *markup) spanText(s span) string {
	var text string
	switch {
	case s.url != "":
		text = m.link(m.escape(s.text), s.url)
	case s.code && m.escapeCode != nil:
		text = m.code.around(m.escapeCode(s.text))
	case s.code:
		text = m.code.around(m.escape(s.text))
	default:
		text = m.escape(s.text)
	}
	return m.tones[s.tone].around(text)
}

// linesText writes lines, the second and later ones indented.
func (m *markup) linesText(lines []line, indent string) string {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteString("\n" + indent)
		}
		b.WriteString(m.lineText(l))
	}
	return b.String()
}

// headText is the document's headline with its sign, without heading marks.
func (m *markup) headText(d document) string {
	return strings.TrimPrefix(d.sign+" ", " ") + m.lineText(d.headline)
}

// rowTexts writes the given number of rows and what is left out.
func (m *markup) rowTexts(d document, rows int) []string {
	var parts []string
	for _, r := range d.rows[:rows] {
		indent := ""
		if r.numbered {
			indent = m.indent
		}
		parts = append(parts, m.linesText(r.lines, indent))
	}
	if d.omitted != nil {
		if omitted := m.lineText(d.omitted(rows)); omitted != "" {
			parts = append(parts, omitted)
		}
	}
	return parts
}

// blockTexts writes the paragraphs.
func (m *markup) blockTexts(d document) []string {
	var parts []string
	for _, block := range d.blocks {
		parts = append(parts, m.linesText(block, ""))
	}
	return parts
}

// documentText writes the whole document, as one text.
func (m *markup) documentText(d document, rows int) string {
	var top []string
	if len(d.context) > 0 {
		top = append(top, m.context.around(m.lineText(d.context))+"\n")
	}
	if parts := m.rowTexts(d, rows); len(parts) > 0 {
		between := "\n"
		if m.spaced {
			between = "\n\n"
		}
		top = append(top, strings.Join(parts, between))
	}
	if blocks := m.blockTexts(d); len(blocks) > 0 {
		if len(top) > 0 && len(d.rows) > 0 {
			top = append(top, "")
		}
		top = append(top, strings.Join(blocks, "\n\n"))
	}
	if len(d.footer) > 0 {
		top = append(top, m.footer.around(m.lineText(d.footer)))
	}
	return m.headline.around(m.headText(d)) + "\n" + strings.Join(top, "\n")
}

// fitToLimits makes the fullest message that keeps the channel's limits: with room for
// whole texts if any finding then fits, else with tight bounds, by which
// everything that must stay does fit. Rather than to leave a finding out, it links
// each page only once. unnamed are the facts that it does not name.
func fitToLimits[T any](compose func(bounds) document,
	render func(d document, rows int) (T, bool)) (message T, unnamed []string) {
	d := compose(roomyBounds)
	if message, ok := render(d, len(d.rows)); ok {
		return message, d.unnamedBeyond(len(d.rows))
	}
	for _, b := range []bounds{sparingBounds, tightBounds} {
		d = compose(b)
		for rows := len(d.rows); rows >= min(1, len(d.rows)); rows-- {
			if message, ok := render(d, rows); ok {
				return message, d.unnamedBeyond(rows)
			}
		}
	}
	message, _ = render(d, 0)
	return message, d.unnamedBeyond(0)
}

func (d *document) unnamedBeyond(rows int) []string {
	if d.unnamed == nil {
		return nil
	}
	return d.unnamed(rows)
}

// writeMentions keeps what the channel can call, as it writes it, while it fits into
// limit bytes.
func writeMentions(names []string, limit int, write func(name string) string) string {
	var called []string
	for _, name := range names {
		text := write(name)
		if text == "" || slices.Contains(called, text) {
			continue
		}
		if limit -= len(text) + 1; limit < 0 {
			break
		}
		called = append(called, text)
	}
	return strings.Join(called, " ")
}
