package reportfile

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"licensewatch/report"
)

// About are the lines of a workbook's first sheet.
type About struct {
	Title string
	Lines [][2]string
	// Cores is the edition of the rows that have cores, which are no licenses and not added to them.
	Cores string
}

// workbook is one that is being written.
type workbook struct {
	file   *excelize.File
	zone   *time.Location
	styles map[string]int
	cores  string // see About
}

// Bounds of a cell and of a sheet.
const (
	mostCharacters = 32_000
	mostRows       = 1_000_000
)

// XLSX writes the tables as a workbook, a sheet each: real numbers and times, frozen heads,
// sums as formulas. Times are those of the zone, which a workbook does not know.
func XLSX(w io.Writer, about About, tables []*report.Table, zone *time.Location) (err error) {
	b := &workbook{file: excelize.NewFile(), zone: zone, styles: map[string]int{}, cores: about.Cores}
	defer func() { err = errors.Join(err, b.file.Close()) }()
	if err := b.makeStyles(); err != nil {
		return err
	}
	const first = "Sheet1" // which a new file has
	if err := b.writeAbout(first, about); err != nil {
		return err
	}
	for _, t := range tables {
		name := sheetName(t.Title)
		if _, err := b.file.NewSheet(name); err != nil {
			return err
		}
		if err := b.writeTable(name, t); err != nil {
			return fmt.Errorf("%s: %w", t.Key, err)
		}
	}
	if err := b.file.SetSheetName(first, sheetName(about.Title)); err != nil {
		return err
	}
	return b.file.Write(w)
}

// sheetName is a title within what a sheet's name may be.
func sheetName(title string) string {
	title = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\'`, r) {
			return ' '
		}
		return r
	}, title)
	const most = 31
	if runes := []rune(title); len(runes) > most {
		title = strings.TrimSpace(string(runes[:most]))
	}
	return title
}

func (b *workbook) makeStyles() error {
	for name, style := range map[string]*excelize.Style{
		"head": {Font: &excelize.Font{Bold: true},
			Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF6"}}},
		"number": {CustomNumFmt: new("#,##0")},
		"money":  {CustomNumFmt: new("#,##0.00")},
		"day":    {CustomNumFmt: new("yyyy-mm-dd")},
		"time":   {CustomNumFmt: new("yyyy-mm-dd hh:mm")},
		"sum": {Font: &excelize.Font{Bold: true}, CustomNumFmt: new("#,##0"),
			Border: []excelize.Border{{Type: "top", Style: 1, Color: "808080"}}},
	} {
		id, err := b.file.NewStyle(style)
		if err != nil {
			return err
		}
		b.styles[name] = id
	}
	return nil
}

func (b *workbook) writeAbout(sheet string, about About) error {
	stream, err := b.file.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	const wide, wider = 24, 100
	err = errors.Join(stream.SetColWidth(1, 1, wide), stream.SetColWidth(2, 2, wider),
		stream.SetRow("A1", []any{excelize.Cell{StyleID: b.styles["head"], Value: about.Title}}))
	for i, line := range about.Lines {
		err = errors.Join(err, stream.SetRow(fmt.Sprint("A", i+2), []any{clean(line[0]), clean(line[1])}))
	}
	return errors.Join(err, stream.Flush())
}

func (b *workbook) writeTable(sheet string, t *report.Table) error {
	stream, err := b.file.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	heads := make([]any, len(t.Columns))
	for i, column := range t.Columns {
		heads[i] = excelize.Cell{StyleID: b.styles["head"], Value: column.Title}
		if err := stream.SetColWidth(i+1, i+1, b.width(t, i)); err != nil {
			return err
		}
	}
	frozen := &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}
	if err := errors.Join(stream.SetPanes(frozen), stream.SetRow("A1", heads)); err != nil {
		return err
	}
	row := make([]any, len(t.Columns))
	rows := min(t.Len, mostRows)
	for n := range rows {
		for i, cell := range t.Row(n) {
			row[i] = b.cell(t.Columns[i].Kind, cell)
		}
		if err := stream.SetRow(fmt.Sprint("A", n+2), row); err != nil {
			return err
		}
	}
	if err := b.writeSums(stream, t, rows); err != nil {
		return err
	}
	return stream.Flush()
}

// writeSums writes a row of sums, with a row between that filters end at.
func (b *workbook) writeSums(stream *excelize.StreamWriter, t *report.Table, rows int) error {
	row, hasSums := make([]any, len(t.Columns)), false
	for i, column := range t.Columns {
		if !column.Sums {
			continue
		}
		formula, err := b.sum(t, i, rows)
		if err != nil {
			return err
		}
		row[i] = excelize.Cell{StyleID: b.styles["sum"], Formula: formula, Value: b.sumOf(t, i, rows)}
		hasSums = true
	}
	if !hasSums {
		return nil
	}
	return stream.SetRow(fmt.Sprint("A", rows+3), row)
}

// sum adds a column up, without the rows that have cores.
func (b *workbook) sum(t *report.Table, column, rows int) (string, error) {
	cells := func(column int) (string, error) {
		name, err := excelize.ColumnNumberToName(column + 1)
		return fmt.Sprintf("%s2:%s%d", name, name, rows+1), err
	}
	added, err := cells(column)
	edition := editionColumn(t)
	if edition < 0 || err != nil {
		return "SUM(" + added + ")", err
	}
	editions, err := cells(edition)
	return fmt.Sprintf(`SUMIF(%s,"<>%s",%s)`, editions, b.cores, added), err
}

// sumOf is what the formula gives, for those who show a workbook and do not calculate.
func (b *workbook) sumOf(t *report.Table, column, rows int) (sum float64) {
	edition := editionColumn(t)
	for n := range rows {
		row := t.Row(n)
		if edition < 0 || !strings.EqualFold(row[edition].Text, b.cores) { // as SUMIF compares
			sum += row[column].Number
		}
	}
	return sum
}

// editionColumn is the column that says what a row's licenses are; -1 for none.
func editionColumn(t *report.Table) int {
	return slices.IndexFunc(t.Columns, func(c report.Column) bool { return c.Key == "edition" })
}

// cell is a value of a sheet; nothing where it is not known.
func (b *workbook) cell(kind report.Kind, c report.Cell) any {
	wall := func(t time.Time) time.Time { // as it stands on the wall, for a workbook has no zones
		year, month, day := t.Date()
		return time.Date(year, month, day, t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
	}
	switch {
	case !c.Known:
		return nil
	case kind == report.KindNumber:
		return excelize.Cell{StyleID: b.styles["number"], Value: c.Number}
	case kind == report.KindMoney:
		return excelize.Cell{StyleID: b.styles["money"], Value: c.Number}
	case kind == report.KindDay:
		return excelize.Cell{StyleID: b.styles["day"], Value: wall(c.Time)}
	case kind == report.KindTime:
		return excelize.Cell{StyleID: b.styles["time"], Value: wall(c.Time.In(b.zone))}
	default:
		words := clean(c.Text)
		if runes := []rune(words); len(runes) > mostCharacters {
			words = string(runes[:mostCharacters]) + "…"
		}
		return words
	}
}

// width is about how wide a column has to be, by its head and its first rows.
func (b *workbook) width(t *report.Table, column int) float64 {
	const looked, narrowest, widest = 50, 9.0, 60.0
	most := float64(textWidth(t.Columns[column].Title)) + 2
	for i := range min(looked, t.Len) {
		most = max(most, float64(textWidth(t.Row(i)[column].Plain(t.Columns[column].Kind, b.zone)))+1)
	}
	if t.Columns[column].Kind == report.KindTime {
		most = 17
	}
	return min(max(most, narrowest), widest)
}

// textWidth counts characters, those of Chinese twice.
func textWidth(words string) int {
	n := 0
	for _, r := range words {
		n++
		if r >= 0x2e80 {
			n++
		}
	}
	return n
}
