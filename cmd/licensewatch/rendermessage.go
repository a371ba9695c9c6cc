package main

import (
	"fmt"
	"strings"

	"licensewatch/cmd/licensewatch/internal/chat"
	"licensewatch/cmd/licensewatch/internal/terminal"
)

// renderMessage shows a message in a terminal, as near to its chat as that can be.
func renderMessage(m chat.Message, s style) terminal.Styled {
	var lines []terminal.Styled
	for _, part := range m.Parts {
		var bar terminal.Styled
		if part.Bar != "" {
			bar = s.paint(barColor(part.Bar), "┃") + " "
		}
		for _, line := range renderBlocks(part.Blocks, s) {
			lines = append(lines, terminal.Styled(strings.TrimRight(string(bar+line), " ")))
		}
	}
	return terminal.Join(lines, "\n")
}

// barColor is the terminal's code for the colour of a bar.
func barColor(color string) string {
	switch color {
	case "good":
		return ansiGreen
	case "danger":
		return ansiRed
	case "warning":
		return ansiYellow
	}
	var r, g, b int
	if _, err := fmt.Sscanf(color, "#%02x%02x%02x", &r, &g, &b); err != nil {
		return ansiBlue
	}
	return fmt.Sprintf("\x1b[38;2;%d;%d;%dm", r, g, b)
}

func renderBlocks(blocks []chat.Block, s style) []terminal.Styled {
	var lines []terminal.Styled
	for i, b := range blocks {
		if b.Kind == chat.Divider {
			lines = append(lines, s.paint(ansiDim, strings.Repeat("─", 40)))
			continue
		}
		if i > 0 {
			lines = append(lines, "")
		}
		for _, line := range b.Lines {
			lines = append(lines, renderLine(line, b.Kind, s))
		}
	}
	return lines
}

func renderLine(line chat.Line, kind chat.Kind, s style) terminal.Styled {
	var spans []terminal.Styled
	if line.Quote {
		spans = append(spans, s.paint(ansiDim, "▏"))
	}
	for _, span := range line.Spans {
		span.Strong = span.Strong || line.Heading
		spans = append(spans, s.paint(spanCodes(span, kind), spanText(span)))
	}
	return terminal.Join(spans, "")
}

// spanText keeps the marks of code, since identifiers are copied from it, and
// of a link as much as may be shown.
func spanText(span chat.Span) string {
	text := span.Text
	if span.Code {
		text = "`" + text + "`"
	}
	if site := span.Site() + "/…"; span.Link != "" && span.Text != site {
		text += " ‹" + site + "›"
	}
	return text
}

// spanCodes are the terminal's codes for a span's look.
func spanCodes(span chat.Span, kind chat.Kind) string {
	var codes strings.Builder
	codes.WriteString(map[chat.Tone]string{chat.Info: ansiGreen, chat.Comment: ansiDim,
		chat.Warning: ansiYellow}[span.Tone])
	for _, look := range []struct {
		on   bool
		code string
	}{
		{kind == chat.Context && span.Tone != chat.Comment, ansiDim},
		{span.Strong, ansiBold},
		{span.Italic, ansiItalic},
		{span.Struck, ansiStruck},
	} {
		if look.on {
			codes.WriteString(look.code)
		}
	}
	return codes.String()
}
