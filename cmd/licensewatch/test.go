package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"licensewatch/cmd/licensewatch/internal/ruletest"
	"licensewatch/internal/smallfile"
)

// ruleTests is what the command line says about tests of rules.
type ruleTests struct {
	run      string
	coverage bool
	output   output
}

func newTest(c console) *cobra.Command {
	r := ruleTests{}
	command := &cobra.Command{
		Use:   "test FILE…",
		Short: "Run unit tests of rules",
		Long: `test runs unit tests of rules: given a reading of the account and a time, these
findings are expected, with severity and text, and silence of all other rules.
A failure shows what was expected, what came, and the conditions of the rule with
their values. Nothing is read but the files, and nothing is posted.

The tests of the built-in rules, rules/tests/*.yaml, are written this way and
serve as examples; docs/commands/test.md describes the format. It exits with 1
when a test fails or a file has mistakes.`,
		Example: `  licensewatch test rules.test.yaml
  licensewatch test rules/tests/*.yaml --coverage
  licensewatch test rules.test.yaml --run "12 days" --output json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("which tests? Name one or more test files, as in: licensewatch test rules.test.yaml")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return r.runFiles(cmd.Context(), c, args) },
	}
	flags := command.Flags()
	flags.StringVar(&r.run, "run", "", "run only the tests whose names match this regular expression, a `REGEXP`")
	flags.BoolVar(&r.coverage, "coverage", false, "also list the rules that fired in no test")
	r.output.addTo(command)
	return command
}

func (r ruleTests) runFiles(ctx context.Context, c console, names []string) error {
	pattern, err := regexp.Compile(r.run)
	if err != nil {
		return fmt.Errorf("--run %q is no regular expression: %w", r.run, err)
	}
	files, err := readTestFiles(names)
	if err != nil {
		return err
	}
	p := c.startProgress("running the tests of %s", countOf(len(files), "file"))
	defer p.done()
	report := testReport{Files: []ruletest.Result{}}
	var covered ruletest.Coverage
	for _, file := range files {
		suite, mistakes := ruletest.Load(ctx, file.name, file.data, readTestFile)
		if len(mistakes) > 0 {
			report.addFile(ruletest.Result{File: file.name, Mistakes: mistakes})
			continue
		}
		report.addFile(suite.Run(pattern.MatchString, &covered))
	}
	if report.Passed+report.Failed+report.WrongFiles == 0 {
		return fmt.Errorf("--run %q matches the name of no test", r.run)
	}
	if r.coverage {
		report.Coverage = covered.Report()
	}
	p.done()
	return r.printReport(c, report)
}

// printReport writes the report, and fails when not all is well.
func (r ruleTests) printReport(c console, report testReport) error {
	found := &exitError{}
	if r.output.isJSON() {
		if err := c.printJSON(report); err != nil {
			return err
		}
		found.text = report.summaryLine()
	} else {
		testPrinter{out: c.out, style: styleFor(c.out)}.printReport(report)
	}
	if report.Failed+report.WrongFiles > 0 {
		return found
	}
	return nil
}

// testFile is a file of the command line.
type testFile struct {
	name string
	data []byte
}

// readTestFiles reads all files, before any test is run; the error names every
// one that cannot be.
func readTestFiles(names []string) ([]testFile, error) {
	var files []testFile
	var wrong []string
	for _, name := range names {
		data, err := readTestFile(name)
		switch {
		case err == nil:
			files = append(files, testFile{name, data})
		case isDirectory(name):
			wrong = append(wrong, fmt.Sprintf("%s is a directory; name the files in it: %s", name,
				filepath.Join(name, "*.yaml")))
		case strings.ContainsAny(name, "*?["):
			wrong = append(wrong, fmt.Sprintf("no file matches %s", name))
		default:
			wrong = append(wrong, unreadableFile(name, err).Error())
		}
	}
	if len(wrong) > 0 {
		for i := range wrong[1:] {
			wrong[1+i] = "licensewatch: " + wrong[1+i]
		}
		return nil, severalLines(wrong)
	}
	return files, nil
}

// readTestFile reads a test file, or a file that one names. The error does not
// repeat the name.
func readTestFile(name string) ([]byte, error) {
	data, err := os.ReadFile(name) //nolint:gosec // the operator names the file
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, errors.New("there is no such file")
	case err != nil:
		return nil, smallfile.Reason(err)
	}
	return data, nil
}
