package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/cmd/licensewatch/internal/reportfile"
	"licensewatch/internal/smallfile"
	"licensewatch/internal/suggest"
	"licensewatch/report"
	"licensewatch/report/calendar"
	"licensewatch/report/page"
	"licensewatch/setup"
)

// reportOutputs are the files that a report is written to.
type reportOutputs struct {
	html, xlsx, csv, ics string
	bom                  bool
	prices               string

	priceTable []report.Price
	tables     *reportfile.CSV // nil: none are written
}

func (o *reportOutputs) addTo(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&o.html, "html", "", "write the page to this `FILE`")
	flags.StringVar(&o.xlsx, "xlsx", "", "write a workbook for Excel to this `FILE`")
	flags.StringVar(&o.csv, "csv", "", "write the tables as comma separated values into this `DIRECTORY`")
	flags.BoolVar(&o.bom, "bom", false, "begin the files of --csv with the mark by which Excel knows UTF-8")
	flags.StringVar(&o.ics, "ics", "", "write the ends as a calendar to this `FILE`")
	flags.StringVar(&o.prices, "prices", "", "a `FILE` of your own prices, for estimates in the renewal plan")
}

// check refuses a report of which nothing would be written.
func (o *reportOutputs) check() error {
	switch {
	case o.html == "" && o.xlsx == "" && o.csv == "" && o.ics == "":
		return errors.New("where to? Write one or more of --html, --xlsx and --ics with a file, --csv with a directory")
	case o.bom && o.csv == "":
		return errors.New("--bom is about the files of --csv: leave it out, or write --csv and a directory")
	}
	for _, flag := range []struct{ name, value string }{{"--html", o.html}, {"--xlsx", o.xlsx}, {"--csv", o.csv},
		{"--ics", o.ics}} {
		if flag.value == "-" {
			return fmt.Errorf("%s -: standard output is not written to: name a file or, for --csv, a directory", flag.name)
		}
	}
	return nil
}

// begin reads the prices, and prepares what is written while records are read; nil where
// nothing is.
func (o *reportOutputs) begin(zone *time.Location) (
	func(*report.Account, time.Time, string, *report.Values) error, error) {
	var err error
	if o.prices != "" {
		if o.priceTable, err = readPrices(o.prices); err != nil {
			return nil, err
		}
	}
	if o.csv == "" {
		return nil, nil
	}
	if o.tables, err = reportfile.NewCSV(o.csv, o.bom, zone); err != nil {
		return nil, fmt.Errorf("--csv %s: %w; name a directory that you may write to", o.csv, smallfile.Reason(err))
	}
	return o.tables.Day, nil
}

// write writes the files, and says so.
func (o *reportOutputs) write(c console, r *report.Report, g *gatheredReport) error {
	r.Estimate(o.priceTable)
	err := errors.Join(
		o.writeTo(c, "--html", o.html, "the page", func(w io.Writer) error { return page.Write(w, r, g.language) }),
		o.writeTo(c, "--xlsx", o.xlsx, "the workbook", func(w io.Writer) error {
			return reportfile.XLSX(w, aboutReport(r, g), r.Tables(g.language), r.Now.Location())
		}),
		o.writeTo(c, "--ics", o.ics, "the calendar", func(w io.Writer) error { return writeCalendar(w, r, g) }))
	if err != nil || o.tables == nil {
		return err
	}
	names, err := o.tables.Write(r.Tables(g.language))
	if err != nil {
		return fmt.Errorf("--csv %s: %w", o.csv, smallfile.Reason(err))
	}
	c.print("%s: %s\n", o.csv, countOf(len(names), "table"))
	removed, err := o.tables.RemoveStale()
	if len(removed) > 0 {
		c.print("%s: %s of an earlier report removed: %s\n", o.csv, countOf(len(removed), "table"),
			suggest.List(removed, "and"))
	}
	if err != nil {
		return fmt.Errorf("--csv %s: a table of an earlier report is in the way: %w", o.csv, smallfile.Reason(err))
	}
	return nil
}

// writeTo writes one of the files, where it is asked for, and says so.
func (o *reportOutputs) writeTo(c console, flag, name, what string, write func(io.Writer) error) error {
	if name == "" {
		return nil
	}
	// to be shown around: it holds no secret
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644) //nolint:gosec // see above
	if err != nil {
		return flagFileError(flag, name, err)
	}
	buffer := bufio.NewWriter(file)
	if err := errors.Join(write(buffer), buffer.Flush()); err != nil {
		_ = file.Close() // the other error says more
		return err
	}
	info, err := file.Stat()
	if err = errors.Join(err, file.Close()); err != nil {
		return flagFileError(flag, name, err)
	}
	c.print("%s: %s, %s\n", name, what, sizeText(info.Size()))
	return nil
}

// writeCalendar writes the ends as events, with reminders when the rule about orders would
// remind.
func writeCalendar(w io.Writer, r *report.Report, g *gatheredReport) error {
	options := calendar.Options{Language: g.language}
	known, err := setup.DescribeRules(g.settings.RulesFile)
	if err != nil {
		return mistakesError(err)
	}
	for _, rule := range known {
		if rule.ID == reminderRule {
			options.Reminders = rule.RemindAt
		}
	}
	_, err = calendar.Write(w, r, options)
	return err
}

// reminderRule is the rule that tells of orders that end.
const reminderRule = "cwp-order-expiring"

// aboutReport is what a workbook says of itself.
func aboutReport(r *report.Report, g *gatheredReport) reportfile.About {
	lines := page.Lines(r, g.language)
	return reportfile.About{Title: lines[0][0], Lines: lines[1:], Cores: report.ContainersWord(g.language)}
}
