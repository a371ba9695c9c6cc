// Command browser opens pages of the operator's command in headless Chromium:
// to check that they can be read, and to take pictures of them. It has a module
// of its own, so that nobody else needs what it needs.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

const usage = `
usage:
  browser check FILE...                       fail where a page cannot be read
  browser print [-most N] [-pdf PDF] FILE...  print pages on A4; fail where one is too long, or a row may be cut
  browser shot [-width N] [-height N] [-dark] FILE PNG    take a picture of a page
  browser which                               print where Chromium is; fail if there is none`

// errFound ends a check that found something and has said so.
var errFound = errors.New("some pages cannot be read as they should")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "browser:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	switch {
	case len(args) >= 2 && args[0] == "check":
		return check(ctx, args[1:], out)
	case len(args) >= 2 && args[0] == "print":
		return printPages(ctx, args[1:], out)
	case len(args) >= 2 && args[0] == "shot":
		return shot(ctx, args[1:])
	case len(args) == 1 && args[0] == "which":
		path, err := find()
		if err != nil {
			return err
		}
		fmt.Fprintln(out, path)
		return nil
	default:
		return errors.New("that is not how it is used" + usage)
	}
}

// check opens every page in every view, and says what is wrong.
func check(ctx context.Context, files []string, out io.Writer) error {
	b, err := start(ctx)
	if err != nil {
		return err
	}
	defer b.close()
	found := 0
	for _, file := range files {
		for _, v := range views {
			problems, err := b.audit(file, v)
			if err != nil {
				return fmt.Errorf("%s, %s: %w", file, v, err)
			}
			for _, problem := range problems {
				fmt.Fprintf(out, "%s, %s: %s\n", file, v, problem)
			}
			found += len(problems)
		}
	}
	if found > 0 {
		return errFound
	}
	fmt.Fprintf(out, "%d pages in %d views: nothing to complain of\n", len(files), len(views))
	return nil
}

func shot(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("shot", flag.ContinueOnError)
	width := flags.Int64("width", 1280, "of the window, in CSS pixels")
	height := flags.Int("height", 0, "of the picture, in CSS pixels; 0: the whole page")
	dark := flags.Bool("dark", false, "as a reader who prefers dark colours sees it")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 2 {
		return errors.New("a picture needs a page and a file to write" + usage)
	}
	b, err := start(ctx)
	if err != nil {
		return err
	}
	defer b.close()
	picture, err := b.picture(flags.Arg(0), view{width: *width, dark: *dark}, *height)
	if err != nil {
		return err
	}
	return os.WriteFile(flags.Arg(1), picture, 0o644)
}
