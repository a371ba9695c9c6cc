package notify

import (
	"slices"
	"strings"
)

// pair encloses a text.
type pair [2]string

func (p pair) around(text string) string { return p[0] + text + p[1] }

// markup is how a channel writes a document as text.
type markup struct {
	// escape gives what stands for runes that mean something to the channel, as
	// the arguments of strings.NewReplacer. None may take more bytes than cost
	// allows for.
	escape *strings.Replacer
	// opening are the characters that mean something at the start of a line,
	// with what stands for them there.
	opening map[byte]string

	strong, code pair
	tones        map[tone]pair
	link         func(label, url string) string

	headline, context, footer pair
	indent                    string // of a numbered finding's second line
}

// text writes a line.
func (m *markup) text(l line) string {
	var b strings.Builder
	strong := false
	for _, s := range l {
		if s.strong != strong {
			b.WriteString(m.strong[boolToInt(strong)])
			strong = s.strong
		}
		b.WriteString(m.span(s))
	}
	if strong {
		b.WriteString(m.strong[1])
	}
	text := b.String()
	if text == "" {
		return ""
	}
	if safe, ok := m.opening[text[0]]; ok {
		return safe + text[1:]
	}
	return text
}

func boolToInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (m *markup) span(s span) string {
	text := m.escape.Replace(s.text)
	switch {
	case s.url != "":
		text = m.link(text, s.url)
	case s.code:
		text = m.code.around(text)
	}
	return m.tones[s.tone].around(text)
}

// texts writes lines, the second and later ones indented.
func (m *markup) texts(lines []line, indent string) string {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteString("\n" + indent)
		}
		b.WriteString(m.text(l))
	}
	return b.String()
}

// head is the document's headline with its sign, without heading marks.
func (m *markup) head(d document) string {
	return strings.TrimPrefix(d.sign+" ", " ") + m.text(d.headline)
}

// rows writes the given number of rows and what is left out.
func (m *markup) rows(d document, rows int) []string {
	var parts []string
	for _, r := range d.rows[:rows] {
		indent := ""
		if r.numbered {
			indent = m.indent
		}
		parts = append(parts, m.texts(r.lines, indent))
	}
	if d.omitted != nil {
		if omitted := m.text(d.omitted(rows)); omitted != "" {
			parts = append(parts, omitted)
		}
	}
	return parts
}

// blocks writes the paragraphs.
func (m *markup) blocks(d document) []string {
	var parts []string
	for _, block := range d.blocks {
		parts = append(parts, m.texts(block, ""))
	}
	return parts
}

// page writes the whole document, as one text.
func (m *markup) page(d document, rows int) string {
	var top []string
	if len(d.context) > 0 {
		top = append(top, m.context.around(m.text(d.context))+"\n")
	}
	top = append(top, m.rows(d, rows)...)
	if blocks := m.blocks(d); len(blocks) > 0 {
		if len(top) > 0 && len(d.rows) > 0 {
			top = append(top, "")
		}
		top = append(top, strings.Join(blocks, "\n\n"))
	}
	if len(d.footer) > 0 {
		top = append(top, m.footer.around(m.text(d.footer)))
	}
	return m.headline.around(m.head(d)) + "\n" + strings.Join(top, "\n")
}

// fit makes the fullest message that keeps the channel's limits: with room for
// whole texts if any finding then fits, else with tight bounds, by which
// everything that must stay does fit.
func fit[T any](compose func(bounds) document, render func(d document, rows int) (T, bool)) T {
	d := compose(roomy)
	for rows := len(d.rows); rows >= min(1, len(d.rows)); rows-- {
		if message, ok := render(d, rows); ok {
			return message
		}
	}
	d = compose(tight)
	for rows := len(d.rows); rows > 0; rows-- {
		if message, ok := render(d, rows); ok {
			return message
		}
	}
	message, _ := render(d, 0)
	return message
}

// mentions keeps what the channel can call, as it writes it, while it fits into
// limit bytes.
func mentions(names []string, limit int, write func(name string) string) string {
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
