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

// Column is a column of a table: what it is called, how its values are written, who sees it, and
// what it says of a row.
type Column struct {
	Key   string // for programs: it stays
	Title string // for people
	Kind  Kind
	// Sums: the column can be added up.
	Sums bool
	// IsMinor: a page leaves it out, files have it.
	IsMinor bool

	cell func(row int) Cell
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
	Columns []*Column
}

// Row is one of the rows: there may be very many, so that none is kept.
func (t Table) Row(i int) []Cell {
	row := make([]Cell, len(t.Columns))
	for j := range t.Columns {
		row[j] = t.Columns[j].cell(i)
	}
	return row
}

// Total is the sum of what is known in a column.
func (t Table) Total(key string) float64 {
	sum := 0.0
	for _, c := range t.Columns {
		for i := 0; c.Key == key && i < t.Len; i++ {
			sum += c.cell(i).Number
		}
	}
	return sum
}

// texts, numbers, counts, times and days make columns of one kind of value, with a title in English
// and Chinese.
func (w wording) texts(key, en, zh string, of func(row int) string) *Column {
	return w.cells(key, en, zh, KindText, func(i int) Cell { return text(of(i)) })
}

func (w wording) numbers(key, en, zh string, of func(row int) int) *Column {
	return w.cells(key, en, zh, KindNumber, func(i int) Cell { return number(of(i)) })
}

// counts are numbers that may not be known.
func (w wording) counts(key, en, zh string, of func(row int) *int64) *Column {
	return w.cells(key, en, zh, KindNumber, func(i int) Cell { return count(of(i)) })
}

func (w wording) times(key, en, zh string, of func(row int) time.Time) *Column {
	return w.cells(key, en, zh, KindTime, func(i int) Cell { return at(of(i)) })
}

func (w wording) days(key, en, zh string, of func(row int) time.Time) *Column {
	return w.cells(key, en, zh, KindDay, func(i int) Cell { return at(of(i)) })
}

// cells are any other values.
func (w wording) cells(key, en, zh string, kind Kind, of func(row int) Cell) *Column {
	return &Column{Key: key, Title: w.s(en, zh), Kind: kind, cell: of}
}

// summed has a sum below the column in a workbook.
func (c *Column) summed() *Column {
	c.Sums = true
	return c
}

// minor leaves the column to files.
func (c *Column) minor() *Column {
	c.IsMinor = true
	return c
}

func text(s string) Cell { return Cell{Known: true, Text: s} }

func toned(s, tone string) Cell { return Cell{Known: true, Text: s, Tone: tone} }

func number(n int) Cell { return decimal(float64(n)) }

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
func (c Cell) Plain(kind Kind, zone *time.Location) string {
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
