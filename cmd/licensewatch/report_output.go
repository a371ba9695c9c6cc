package main

import (
	"bytes"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/report"
	"licensewatch/report/page"
)

// reportOutputs are the files that a report is written to.
type reportOutputs struct {
	html string
}

func (o *reportOutputs) addTo(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&o.html, "html", "", "write the page to this `FILE`")
}

// check refuses a report of which nothing would be written.
func (o *reportOutputs) check() error {
	if o.html == "" {
		return errors.New("where to? Write --html and a file")
	}
	return nil
}

// begin prepares what is written while records are read; nil where nothing is.
func (o *reportOutputs) begin() (func(*report.Account, time.Time, string, *report.Values) error, error) {
	return nil, nil
}

// write writes the files, and says so.
func (o *reportOutputs) write(c console, r *report.Report, g *gatheredReport) error {
	if o.html != "" {
		var out bytes.Buffer
		if err := page.Write(&out, r, g.language); err != nil {
			return err
		}
		if err := writeFile("--html", o.html, out.Bytes()); err != nil {
			return err
		}
		c.print("%s: the page, %s\n", o.html, sizeText(int64(out.Len())))
	}
	return nil
}
