package report

import (
	"strconv"
	"time"
)

// Kind is what a column holds.
type Kind int

// The kinds.
const (
	KindText Kind = iota
	KindNumber
	KindDay  // a day, without an hour
	KindTime // in the reader's zone, with the hour
	KindMoney
	KindLink
)

// Column is a column of a table: what it is called, how its values are written, and who sees it.
type Column struct {
	Key   string // for programs: it stays
	Title string // for people
	Kind  Kind
	// Sums: the column can be added up.
	Sums bool
	// IsMinor: a page leaves it out, files have it.
	IsMinor bool
}

// Cell is a value. The zero Cell is one that is not known.
type Cell struct {
	Known  bool
	Text   string
	Number float64
	Time   time.Time
	Tone   string // "critical", "warning", "good" or empty
	// List is what Text lists, where that may be long; Unlisted is how many more there are.
	List     []string
	Unlisted int64
}

// Table is a part of the report, or a part of one, in one language.
type Table struct {
	Key     string // also the name of its file
	Title   string
	Len     int // how many rows there are
	Columns []Column

	words wording
	fill  func(c *cells, row int)
}

// table makes a table. fill adds the cells of a row, each with what its column is: the first row
// makes the columns.
func (w wording) table(key, en, zh string, rows int, fill func(c *cells, row int)) *Table {
	t := &Table{Key: key, Title: w.s(en, zh), Len: rows, words: w, fill: fill}
	if rows > 0 {
		head := &cells{wording: w, isHead: true}
		fill(head, 0)
		t.Columns = head.columns
	}
	return t
}

// Row is one of the rows: there may be very many, so that none is kept.
func (t *Table) Row(i int) []Cell {
	c := &cells{wording: t.words, row: make([]Cell, 0, len(t.Columns))}
	t.fill(c, i)
	return c.row
}

// Place is the column with a key; -1 where there is none.
func (t *Table) Place(key string) int {
	for i := range t.Columns {
		if t.Columns[i].Key == key {
			return i
		}
	}
	return -1
}

// Total is the sum of what is known in a column.
func (t *Table) Total(key string) float64 {
	sum, column := 0.0, t.Place(key)
	for i := range t.Len {
		sum += t.Row(i)[column].Number
	}
	return sum
}

// cells are those of a row on their way: every call adds the next one. What a column is called, in
// English and Chinese, stands with its value. That costs the function one call a column; a value
// and a function for each cost six times as much.
type cells struct {
	wording

	row     []Cell
	columns []Column // of the row that isHead
	isHead  bool
}

// cell adds a value of any kind.
func (c *cells) cell(key, en, zh string, kind Kind, value Cell) *cells {
	if c.isHead {
		c.columns = append(c.columns, Column{Key: key, Title: c.s(en, zh), Kind: kind})
	}
	c.row = append(c.row, value)
	return c
}

func (c *cells) text(key, en, zh, value string) *cells {
	return c.cell(key, en, zh, KindText, text(value))
}

func (c *cells) number(key, en, zh string, value int) *cells {
	return c.decimal(key, en, zh, float64(value))
}

func (c *cells) decimal(key, en, zh string, value float64) *cells {
	return c.cell(key, en, zh, KindNumber, decimal(value))
}

// count adds a number that may not be known.
func (c *cells) count(key, en, zh string, value *int64) *cells {
	return c.cell(key, en, zh, KindNumber, count(value))
}

func (c *cells) time(key, en, zh string, value time.Time) *cells {
	return c.cell(key, en, zh, KindTime, at(value))
}

func (c *cells) day(key, en, zh string, value time.Time) *cells {
	return c.cell(key, en, zh, KindDay, at(value))
}

// toneLast gives the last cell a tone.
func (c *cells) toneLast(tone string) { c.row[len(c.row)-1].Tone = tone }

// summed has a sum below the last column in a workbook.
func (c *cells) summed() *cells {
	if c.isHead {
		c.columns[len(c.columns)-1].Sums = true
	}
	return c
}

// keepToFiles leaves the last column to files.
func (c *cells) keepToFiles() {
	if c.isHead {
		c.columns[len(c.columns)-1].IsMinor = true
	}
}

func text(s string) Cell { return Cell{Known: true, Text: s} }

func toned(s, tone string) Cell { return Cell{Known: true, Text: s, Tone: tone} }

func decimal(n float64) Cell { return Cell{Known: true, Number: n} }

func count(n *int64) Cell {
	if n == nil {
		return Cell{}
	}
	return decimal(float64(*n))
}

func at(t time.Time) Cell { return Cell{Known: !t.IsZero(), Time: t} }

// plain writes a number as programs read it.
func plain(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }

// Plain is the cell as programs read it; empty where it is not known. Times are in the zone.
func (c *Cell) Plain(kind Kind, zone *time.Location) string {
	switch {
	case !c.Known:
		return ""
	case kind == KindNumber:
		return plain(c.Number)
	case kind == KindMoney:
		return strconv.FormatFloat(c.Number, 'f', 2, 64)
	case kind == KindDay:
		return c.Time.Format(time.DateOnly)
	case kind == KindTime:
		return c.Time.In(zone).Format("2006-01-02T15:04:05Z07:00")
	default:
		return c.Text
	}
}
