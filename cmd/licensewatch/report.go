package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/archive"
	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/report"
	"licensewatch/rules"
)

// reportCommand is what the command line says about a report.
type reportCommand struct {
	place     archivePlace
	accounts  []string
	snapshots []string
	live      bool
	from, to  string
	language  string
	outputs   reportOutputs
}

func newReport(c console) *cobra.Command {
	r := &reportCommand{}
	command := &cobra.Command{
		Use:   "report",
		Short: "Make a page for people: what ends, what to renew, what the records prove",
		Long: `report makes files for people who were not in the chat: what needs somebody, what ends
and when, licenses and machines over time, what has to be renewed, which machines lose
protection if nobody does, and on which days there is evidence. The HTML page is one file
without scripts or requests, to open, print and send on.

It reads the records of LICENSEWATCH_ARCHIVE_URL, or of another archive (--archive), and
verifies them: values of a record that was changed are left out. Without an archive it
takes snapshot files (--snapshot), or reads the account as run does (--live); then there
is no history. It writes nothing but the files that are named, and posts nothing.`,
		Example: `  licensewatch report --html report.html
  licensewatch report --archive ./copy --from 2026-10-01 --to 2026-12-31 --language zh --html report.html
  licensewatch report --html report.html --xlsx report.xlsx --csv tables --ics ends.ics
  licensewatch report --snapshot account.json --html report.html`,
		Args: noArgsBut("snapshot"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			defer boundReportMemory()()
			return r.run(cmd.Context(), c, cmd.InOrStdin())
		},
	}
	r.addFlags(command)
	return command
}

// boundReportMemory has the collector keep the memory below 256 MB, until what it gives is called.
func boundReportMemory() (restore func()) {
	const bound = 200 << 20 // the program itself is not counted
	// percent: until the bound is near, what is read comes and goes too fast to be worth looking for
	const rarely = 400
	before := debug.SetMemoryLimit(-1)
	debug.SetMemoryLimit(min(before, bound))
	percent := debug.SetGCPercent(rarely)
	return func() {
		debug.SetMemoryLimit(before)
		debug.SetGCPercent(percent)
	}
}

func (r *reportCommand) addFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&r.place.url, "archive", "", "the archive's `URL`, or the directory of a copy (default: that of "+
		archiveSetting+")")
	flags.StringArrayVar(&r.accounts, "account", nil,
		"only this `ACCOUNT`, by its number or name, or those that fit a pattern (repeatable)")
	flags.StringArrayVar(&r.snapshots, "snapshot", nil,
		"a snapshot `FILE` in the place of an archive, as capture writes it; - is standard input (repeatable)")
	flags.BoolVar(&r.live, "live", false, "read the account now, in the place of an archive")
	flags.StringVar(&r.from, "from", "", "look back to this `DAY` (default: 90 days)")
	flags.StringVar(&r.to, "to", "", "look ahead to this `DAY` (default: 365 days); one that is over: the report is as of then")
	flags.StringVar(&r.language, "language", "", "en or zh (default: LICENSEWATCH_LANGUAGE, else by the site)")
	completeFlag(command, "language", "en", "zh")
	r.outputs.addTo(command)
}

func (r *reportCommand) run(ctx context.Context, c console, stdin io.Reader) error {
	if err := r.checkFlags(); err != nil {
		return err
	}
	gathered, err := r.gather(ctx, c, stdin)
	if err != nil {
		return err
	}
	made := gathered.builder.Report()
	working := c.startProgress("writing the report")
	defer working.done()
	if err := r.outputs.write(c, made, gathered); err != nil {
		return err
	}
	if n := made.Summary.Broken; n > 0 {
		return &exitError{text: fmt.Sprintf(
			"the report lacks what does not verify in the archive (%s): see licensewatch archive verify", countOf(n, "record"))}
	}
	return nil
}

// checkFlags finds what is wrong with the flags by themselves.
func (r *reportCommand) checkFlags() error {
	if r.language != "" {
		if err := oneOf("--language", r.language, "en", "zh"); err != nil {
			return err
		}
	}
	sources := 0
	for _, is := range []bool{r.place.url != "", len(r.snapshots) > 0, r.live} {
		if is {
			sources++
		}
	}
	switch {
	case sources > 1:
		return errors.New("--archive, --snapshot and --live exclude each other: say where the report comes from")
	case len(r.accounts) > 0 && (r.live || len(r.snapshots) > 0):
		return errors.New("--account chooses accounts of an archive: leave it out with --snapshot and --live")
	}
	return r.outputs.check()
}

// gatheredReport is a report that is about to be made.
type gatheredReport struct {
	builder  *report.Builder
	settings config.Config
	language license.Language
	set      *rules.Set
}

// gather reads what the report is about.
func (r *reportCommand) gather(ctx context.Context, c console, stdin io.Reader) (*gatheredReport, error) {
	if r.live || len(r.snapshots) > 0 {
		return r.gatherReadings(ctx, c, stdin)
	}
	opened, err := r.place.open(ctx, c)
	if err != nil {
		return nil, err
	}
	accounts, err := r.findAccounts(ctx, c, opened)
	if err != nil {
		return nil, err
	}
	g := &gatheredReport{settings: opened.settings}
	if g.set, err = loadRules(opened.settings); err != nil {
		return nil, err
	}
	span, err := r.span(c.now().In(zoneOf(opened.settings)))
	if err != nil {
		return nil, err
	}
	options := reportOptions(span)
	options.HasHistory, options.Acks = true, accounts.acks
	if options.EachDay, err = r.outputs.begin(span.now.Location()); err != nil {
		return nil, err
	}
	g.builder = report.NewBuilder(options)
	reading := reportArchive{store: opened.store, set: g.set, names: accounts.names, builder: g.builder,
		span: span}
	if err := reading.read(ctx, c, accounts.folders); err != nil {
		return nil, err
	}
	g.language = r.chooseLanguage(opened.settings, reading.site)
	return g, nil
}

func zoneOf(settings config.Config) *time.Location {
	if settings.Zone != nil {
		return settings.Zone
	}
	return license.APIZone
}

// chooseLanguage is that of the flag, of the settings, or of the site.
func (r *reportCommand) chooseLanguage(settings config.Config, site license.Site) license.Language {
	switch {
	case r.language != "":
		return license.Language(r.language)
	case settings.Language != "" && os.Getenv("LICENSEWATCH_LANGUAGE") != "":
		return settings.Language
	case site == license.SiteCN:
		return license.Chinese
	default:
		return license.English
	}
}

// gatherReadings takes snapshot files, or the account as it is now.
func (r *reportCommand) gatherReadings(ctx context.Context, c console, stdin io.Reader) (*gatheredReport, error) {
	readings, settings, err := r.readings(ctx, c, stdin)
	if err != nil {
		return nil, err
	}
	g := &gatheredReport{settings: settings}
	if g.set, err = loadRules(settings); err != nil {
		return nil, err
	}
	span, err := r.span(c.now().In(zoneOf(settings)))
	if err != nil {
		return nil, err
	}
	options := reportOptions(span)
	if r.live {
		if options.Acks, err = acknowledged(ctx, c, settings); err != nil {
			return nil, err
		}
	}
	if options.EachDay, err = r.outputs.begin(span.now.Location()); err != nil {
		return nil, err
	}
	g.builder = report.NewBuilder(options)
	var ids []string
	byAccount := map[string][]report.Reading{}
	for _, reading := range readings {
		id := archive.AccountFolder(reading.Snapshot.Account)
		if byAccount[id] == nil {
			ids = append(ids, id)
		}
		byAccount[id] = append(byAccount[id], reading)
	}
	for _, id := range ids {
		if err := g.builder.Add(gatherSnapshots(id, byAccount[id], g.set)); err != nil {
			return nil, err
		}
	}
	g.language = r.chooseLanguage(settings, readings[0].Snapshot.Site)
	return g, nil
}

// gatherSnapshots takes the readings of an account, which are judged by the rules.
func gatherSnapshots(id string, readings []report.Reading, set *rules.Set) *report.Gatherer {
	slices.SortStableFunc(readings, func(a, b report.Reading) int {
		return a.Snapshot.ReadAt.Compare(b.Snapshot.ReadAt)
	})
	g := report.NewGatherer(id, "")
	for _, reading := range readings {
		g.AddFindings(reading.Record, reading.Snapshot.ReadAt,
			judgedFindings(set, reading.Snapshot, reading.Snapshot.ReadAt))
		g.AddReading(reading)
	}
	return g
}

// readings are those of the snapshot files, or of the account as it is now.
func (r *reportCommand) readings(ctx context.Context, c console,
	stdin io.Reader) ([]report.Reading, config.Config, error) {
	if r.live {
		settings, err := loadSettings()
		if err != nil {
			return nil, settings, err
		}
		s, err := readAccount(ctx, c)
		return []report.Reading{{Record: "live", Snapshot: s}}, settings, err
	}
	var readings []report.Reading
	for _, name := range r.snapshots {
		s, err := readSnapshot(stdin, name)
		if err != nil {
			return nil, config.Config{}, err
		}
		if s.ReadAt.IsZero() {
			s.ReadAt = c.now()
		}
		readings = append(readings, report.Reading{Record: shownFile(name), Snapshot: s})
	}
	settings, err := settingsFor(readings[0].Snapshot.Site,
		map[string]settingFlag{"LICENSEWATCH_LANGUAGE": {"--language", r.language}})
	return readings, settings, err
}
