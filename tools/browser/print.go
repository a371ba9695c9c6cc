package main

import (
	"context"
	_ "embed" // for what runs in the page
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// A4 with the margins that Chromium gives it, in inches, and what is left in CSS pixels.
const (
	paperWidth, paperHeight = 8.27, 11.69
	margin                  = .4
	printedWidth            = 717
	printedHeight           = 1045
)

// paper is how a printed page is looked at.
var paper = view{width: printedWidth, isPaper: true}

// uncutJS finds what a printed page may cut in two: rows and pictures that a page break may go
// through, and those that are higher than a page.
//
//go:embed uncut.js
var uncutJS string

// pageObject is a page in a PDF as Chromium writes it.
var pageObject = regexp.MustCompile(`/Type\s*/Page\b`)

// printPages prints pages on A4, and says what is wrong with that.
func printPages(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("print", flag.ContinueOnError)
	most := flags.Int("most", 0, "of how many printed pages a file may have; 0: any")
	pdf := flags.String("pdf", "", "also write the PDF to this file")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() == 0 || *pdf != "" && flags.NArg() > 1 {
		return errors.New("nothing is printed without a page" + usage)
	}
	b, err := start(ctx)
	if err != nil {
		return err
	}
	defer b.close()
	found := 0
	for _, file := range flags.Args() {
		pages, problems, err := b.print(file, *pdf)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if *most > 0 && pages > *most {
			problems = append(problems, fmt.Sprintf("it has %d printed pages, %d are the most", pages, *most))
		}
		for _, problem := range problems {
			fmt.Fprintf(out, "%s, %s: %s\n", file, paper, problem)
		}
		found += len(problems)
		fmt.Fprintf(out, "%s: %d printed pages\n", file, pages)
	}
	if found > 0 {
		return errFound
	}
	return nil
}

// print prints a page, to a file where one is named, and audits it as it stands on paper.
func (b *browser) print(file, pdf string) (pages int, problems []string, err error) {
	if problems, err = b.audit(file, paper); err != nil {
		return 0, nil, err
	}
	err = b.open(file, paper, func(any) {}, func(tab context.Context) error {
		script := fmt.Sprintf("(%s)(%d)", strings.TrimSpace(uncutJS), printedHeight)
		cut, err := chromedp.Run(tab, chromedp.Evaluate[[]string](script))
		if err != nil {
			return err
		}
		problems = append(problems, cut...)
		printed, err := chromedp.Call(tab, page.PrintToPDF, page.PrintToPDFParams{
			PaperWidth: paperWidth, PaperHeight: paperHeight, PrintBackground: new(true)})
		if err != nil {
			return err
		}
		pages = len(pageObject.FindAllIndex(printed.Data, -1))
		if pages == 0 {
			return errors.New("the PDF has no pages that are understood")
		}
		if pdf != "" {
			return os.WriteFile(pdf, printed.Data, 0o644)
		}
		return nil
	})
	return pages, problems, err
}
