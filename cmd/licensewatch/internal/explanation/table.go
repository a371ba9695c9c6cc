package explanation

import (
	"io"
	"slices"
	"strings"
)

// row is a line of the table.
type row struct {
	tone  Tone
	order int
	cells []string
}

// Table writes a line for every rule and subject, what needs attention first.
func (e Explanation) Table(out io.Writer, paint Paint) {
	p := page{out, paint, e.Memory}
	p.top(e)
	var rows []row
	for _, r := range e.Rules {
		if r.NotJudged != nil {
			rows = append(rows, row{Faint, 4, []string{"not judged", string(r.Severity), r.ID, "–", "–", r.NotJudged.Text}})
		}
		for _, f := range r.Findings {
			rows = append(rows, p.row(f))
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return a.order - b.order })
	p.line("")
	p.rows(append([]row{{Heading, 0, []string{"STATE", "SEVERITY", "RULE/SUBJECT", "SINCE", "LAST TOLD", "NEXT ALERT, OR WHY NOT"}}}, rows...))
	p.bottom(e)
}

func (p page) row(f Finding) row {
	r := row{cells: []string{string(f.State), string(f.Severity), f.Key, "–", p.lastTold(f), nextAlert(f)}}
	if f.Since != nil {
		r.cells[3] = stamp(*f.Since)
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
func (p page) lastTold(f Finding) string {
	return each(f, func(c Channel) string {
		switch {
		case c.Told == nil && (f.State != Firing || p.memory != MemoryStore):
			return "–"
		case c.Told == nil:
			return "never"
		case c.Told.At == nil:
			return "as " + c.Told.Before
		default:
			return stamp(*c.Told.At)
		}
	})
}

func nextAlert(f Finding) string {
	return each(f, func(c Channel) string {
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
			return stamp(*c.NextAt)
		}
	})
}

func each(f Finding, text func(Channel) string) string {
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

// rows writes cells under each other. The last one may be as long as it likes.
func (p page) rows(rows []row) {
	widths := make([]int, len(rows[0].cells)-1)
	for _, r := range rows {
		for i := range widths {
			widths[i] = max(widths[i], len([]rune(r.cells[i])))
		}
	}
	for _, r := range rows {
		var line strings.Builder
		for i, width := range widths {
			line.WriteString(padded(r.cells[i], width) + "  ")
		}
		line.WriteString(r.cells[len(widths)])
		p.line("%s", tint(r.tone, strings.TrimRight(line.String(), " ")))
	}
}
