package explanation

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
)

// tableRow is a line of the table.
type tableRow struct {
	tone  Tone
	order int
	rank  int // of the severity
	cells []string

	rule     string
	subjects []string // those that share the row
}

const (
	// foldedOrders is how many orders of a rule with the same answer have a row
	// each, where they fire; others share one from the second on.
	foldedOrders = 5
	// namedOrders is how many of those that share a row are named in it.
	namedOrders = 3
)

// OnlyFiring leaves out what does not fire.
func (e *Explanation) OnlyFiring() {
	for i := range e.Rules {
		e.Rules[i].Findings = slices.DeleteFunc(e.Rules[i].Findings, func(f Finding) bool { return f.State != Firing })
	}
	e.Rules = slices.DeleteFunc(e.Rules, func(r Rule) bool { return len(r.Findings) == 0 })
}

// Table writes a line for every rule and subject, what needs attention first. Those
// of one rule with the same answer share one. On a terminal with fewer columns than
// that takes, each has two lines; a width of 0 is any.
func (e *Explanation) Table(out io.Writer, paint Paint, width int) {
	p := pageWriter{out, paint, e.Memory}
	p.writeTop(e)
	var rows []tableRow
	for _, r := range e.Rules {
		if r.NotJudged != nil {
			rows = append(rows, tableRow{tone: Faint, order: 4,
				cells: []string{"not judged", string(r.Severity), r.ID, "–", "–", r.NotJudged.Text}})
		}
		rows = append(rows, p.foldedRows(r.Findings)...)
	}
	slices.SortStableFunc(rows, func(a, b tableRow) int { return cmp.Or(a.order-b.order, b.rank-a.rank) })
	p.writeLine("")
	head := tableRow{tone: Heading, cells: []string{"STATE", "SEVERITY", "RULE/SUBJECT", "SINCE", "LAST TOLD",
		"NEXT ALERT, OR WHY NOT"}}
	p.writeRows(append([]tableRow{head}, rows...), width)
	p.writeBottom(e)
}

// foldedRows are the rows of a rule's findings. Orders with the same answer share one.
func (p pageWriter) foldedRows(findings []Finding) []tableRow {
	var rows []tableRow
	for _, f := range findings {
		r := p.newRow(f)
		same := slices.IndexFunc(rows, func(other tableRow) bool {
			return f.Subject != "" && len(other.subjects) > 0 && slices.Equal(answerOf(other), answerOf(r))
		})
		if same >= 0 {
			rows[same].subjects = append(rows[same].subjects, f.Subject)
			continue
		}
		rows = append(rows, r)
	}
	var all []tableRow
	for _, r := range rows {
		switch n := len(r.subjects); {
		case n < 2:
			all = append(all, r)
		case n <= foldedOrders && r.order == 0:
			for _, subject := range r.subjects {
				one := r
				one.cells = slices.Clone(r.cells)
				one.cells[2] = r.rule + "/" + subject
				all = append(all, one)
			}
		case r.order == 0:
			r.cells[2] = fmt.Sprintf("%s: %d orders, %s, …", r.rule, n, strings.Join(r.subjects[:namedOrders], ", "))
			all = append(all, r)
		default:
			r.cells[2] = fmt.Sprintf("%s: %d orders", r.rule, n)
			all = append(all, r)
		}
	}
	return all
}

// answerOf is what a row says beside whom it is about.
func answerOf(r tableRow) []string { return slices.Delete(slices.Clone(r.cells), 2, 3) }

func (p pageWriter) newRow(f Finding) tableRow {
	rule, _, _ := strings.Cut(f.Key, "/")
	r := tableRow{rule: rule, rank: f.Severity.Rank(),
		cells: []string{string(f.State), string(f.Severity), f.Key, "–", p.lastTold(f), nextAlert(f)}}
	if f.Subject != "" {
		r.subjects = []string{f.Subject}
	}
	if f.Since != nil {
		r.cells[3] = formatTime(*f.Since)
	}
	if f.Ack != nil && !f.Ack.Over {
		r.cells[0] += ", acked"
	}
	switch f.State {
	case Firing:
		r.tone, r.order = toneOf(f.Severity), 0
	case Covered:
		r.tone, r.order, r.cells[5] = Faint, 3, "covered by "+f.CoveredBy
	case Gone:
		r.tone, r.order = Good, 1
	case Unknown:
		r.tone, r.order = Warning, 2
		r.cells[5] = "unknown: " + strings.Join(f.Missing, ", ")
		if f.Problem != "" {
			r.cells[5] = f.Problem
		}
	case NotJudged:
		r.tone, r.order = Faint, 4
		r.cells[0], r.cells[5] = "not judged", f.Problem
	default:
		r.tone, r.order = Good, 3
	}
	return r
}

// lastTold and nextAlert give one text where it is the same for all channels,
// and else one for each.
func (p pageWriter) lastTold(f Finding) string {
	return eachChannel(f, func(c Channel) string {
		switch {
		case c.Told == nil && (f.State != Firing || p.memory != MemoryStore):
			return "–"
		case c.Told == nil:
			return "never"
		case c.Told.At == nil:
			return "as " + c.Told.Before
		default:
			return formatTime(*c.Told.At)
		}
	})
}

func nextAlert(f Finding) string {
	return eachChannel(f, func(c Channel) string {
		switch {
		case c.Alert == AlertSpeaks:
			return "now"
		case c.Alert == AlertOwed:
			return "owed"
		case c.Alert == AlertOpen:
			return "not known"
		case c.NextAt == nil:
			return "–"
		default:
			return formatTime(*c.NextAt)
		}
	})
}

func eachChannel(f Finding, text func(Channel) string) string {
	var texts, named []string
	for _, c := range f.Channels {
		texts = append(texts, text(c))
		named = append(named, c.Channel+" "+text(c))
	}
	if texts = slices.Compact(texts); len(texts) == 1 {
		return texts[0]
	}
	if len(texts) == 0 {
		return "–"
	}
	return strings.Join(named, ", ")
}

// writeRows writes cells under each other. The last one may be as long as it likes. Where
// the others leave it no room, the cells behind the name have a line of their own.
func (p pageWriter) writeRows(rows []tableRow, width int) {
	widths := make([]int, len(rows[0].cells)-1)
	for _, r := range rows {
		for i := range widths {
			widths[i] = max(widths[i], len([]rune(r.cells[i])))
		}
	}
	needed := len("NEXT ALERT")
	for _, w := range widths {
		needed += w + len("  ")
	}
	if width > 0 && needed > width {
		p.writeNarrowRows(rows)
		return
	}
	for _, r := range rows {
		var line strings.Builder
		for i, width := range widths {
			line.WriteString(padRight(r.cells[i], width) + "  ")
		}
		line.WriteString(r.cells[len(widths)])
		p.writeLine("%s", withTone(r.tone, strings.TrimRight(line.String(), " ")))
	}
}

// writeNarrowRows writes each row on two lines: what, and since when and what is next.
func (p pageWriter) writeNarrowRows(rows []tableRow) {
	for _, r := range rows[1:] {
		p.writeLine("%s", withTone(r.tone, r.cells[0]+" "+r.cells[1]+" "+r.cells[2]))
		var rest []string
		for i, label := range []string{"since ", "last told ", "next "} {
			if text := r.cells[3+i]; text != "–" {
				rest = append(rest, label+text)
			}
		}
		if len(rest) > 0 {
			p.writeLine("    %s", withTone(Faint, strings.Join(rest, " · ")))
		}
	}
}
