package reportfile

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"licensewatch/report"
)

// CSV writes tables into a directory, a file each, and the days of every account while they
// are read.
type CSV struct {
	dir   string
	bom   bool
	zone  *time.Location
	days  *csvFile // of all accounts; nil until the first one
	names []string // of the files
}

// NewCSV makes the directory where it is not there. With bom a file begins with the mark by
// which Excel takes it for UTF-8.
func NewCSV(dir string, bom bool, zone *time.Location) (*CSV, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	return &CSV{dir: dir, bom: bom, zone: zone}, nil
}

// csvFile is a file that is being written.
type csvFile struct {
	*csv.Writer

	buffer *bufio.Writer
	file   *os.File
}

func (c *CSV) create(key string) (*csvFile, error) {
	name := key + ".csv"
	path := filepath.Join(c.dir, name)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o640) //nolint:gosec // to be shown around
	if err != nil {
		return nil, err
	}
	c.names = append(c.names, name)
	f := &csvFile{buffer: bufio.NewWriter(file), file: file}
	f.Writer = csv.NewWriter(f.buffer)
	if c.bom {
		_, _ = f.buffer.WriteString("\uFEFF") // an error stays, and is told at the end
	}
	return f, nil
}

func (f *csvFile) close() error {
	f.Flush()
	return errors.Join(f.Error(), f.buffer.Flush(), f.file.Close())
}

// Day writes a day of an account. An error is kept and told by Close.
func (c *CSV) Day(account *report.Account, day time.Time, record string, values *report.Values) error {
	if c.days == nil {
		var err error
		if c.days, err = c.create(daysKey); err != nil {
			return err
		}
		_ = c.days.Write(slices.Concat([]string{"day", "account"}, report.DayKeys(), []string{"record"}))
	}
	row := []string{day.Format(time.DateOnly), field(account.Label())}
	for _, cell := range report.DayCells(values) {
		row = append(row, cell.Plain(report.KindNumber, c.zone))
	}
	return c.days.Write(append(row, field(record)))
}

// daysKey is the key of the table of every account's days, which no Report has.
const daysKey = "days-by-account"

// RemoveStale removes the tables of an earlier report that this one has not written, and gives
// their names: beside those of today they would be taken for these. What does not begin as a table
// of ours does is somebody else's, and stays. It comes after Write.
func (c *CSV) RemoveStale() (removed []string, err error) {
	for _, key := range append(report.TableKeys(), daysKey) {
		name := key + ".csv"
		path := filepath.Join(c.dir, name)
		if slices.Contains(c.names, name) || !isTable(path) {
			continue
		}
		if err := os.Remove(path); err != nil {
			return removed, err
		}
		removed = append(removed, name)
	}
	return removed, nil
}

// isTable says whether a file begins with the keys of columns, as those of a report do.
func isTable(path string) bool {
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() {
		return false
	}
	file, err := os.Open(path) //nolint:gosec // in the directory that the reader named
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }() // it is only read
	const longest = 1000                // of a line of keys
	head, _ := bufio.NewReader(io.LimitReader(file, longest)).ReadString('\n')
	head, isWhole := strings.CutSuffix(strings.TrimPrefix(head, "\uFEFF"), "\n")
	return isWhole && strings.Contains(head, ",") &&
		strings.Trim(head, "abcdefghijklmnopqrstuvwxyz0123456789_,") == ""
}

// Write writes the tables, and gives the names of all files.
func (c *CSV) Write(tables []*report.Table) ([]string, error) {
	if c.days != nil {
		if err := c.days.close(); err != nil {
			return nil, err
		}
	}
	for _, t := range tables {
		if err := c.writeTable(t); err != nil {
			return nil, err
		}
	}
	return c.names, nil
}

func (c *CSV) writeTable(t *report.Table) error {
	f, err := c.create(t.Key)
	if err != nil {
		return err
	}
	heads := make([]string, len(t.Columns))
	for i, column := range t.Columns {
		heads[i] = column.Key
	}
	_ = f.Write(heads)
	row := make([]string, len(t.Columns))
	for n := range t.Len {
		for i, cell := range t.Row(n) {
			row[i] = cell.Plain(t.Columns[i].Kind, c.zone)
			if kind := t.Columns[i].Kind; kind == report.KindText || kind == report.KindLink {
				row[i] = field(row[i])
			}
		}
		_ = f.Write(row)
	}
	return f.close()
}

// field is a text that no table takes for a formula.
func field(words string) string {
	words = clean(words)
	if words != "" && strings.ContainsAny(words[:1], "=+-@\t\r") {
		return "'" + words
	}
	return words
}
