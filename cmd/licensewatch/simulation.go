package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"licensewatch/cmd/licensewatch/internal/calendar"
	"licensewatch/cmd/licensewatch/internal/future"
	"licensewatch/cmd/licensewatch/internal/snapshot"
	"licensewatch/config"
	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
	"licensewatch/session"
)

// simulation is a course of days to come, and what came of it.
type simulation struct {
	settings config.Config
	file     string // the snapshot's; empty for the built-in sample

	accountsNote string // of a folder: where its routes come from
	snapshot     license.Snapshot
	deployment   calendar.Deployment
	remembers    bool // it goes on from what the store holds

	from, until time.Time
	messages    []calendar.Message
	firing      []license.Finding // at the end
	ending      *calendar.Ending  // with --until-silent
}

func (f *simulation) forDays(ctx context.Context, days int) (err error) {
	course := f.deployment.Start(f.from)
	f.until = f.from.AddDate(0, 0, days)
	f.messages, err = course.Until(ctx, f.until)
	f.firing = course.Firing()
	return err
}

func (f *simulation) untilSilent(ctx context.Context) error {
	course := f.deployment.Start(f.from)
	messages, ending, err := course.UntilSilent(ctx)
	f.messages, f.ending, f.until = messages, &ending, ending.At
	f.firing = course.Firing()
	return err
}

// summarize counts what was said.
func (f *simulation) summarize() simulatedSummary {
	s := simulatedSummary{Firing: []string{}}
	for _, m := range f.messages {
		if m.Report.Mention {
			s.Mentions++
		}
		if m.Mode == license.ModeDigest {
			s.Digests++
			continue
		}
		s.Alerts++
		s.LastAlert = &m.At
	}
	for _, finding := range f.firing {
		s.Firing = append(s.Firing, finding.Key())
	}
	if f.ending != nil {
		silent := f.ending.IsSilent()
		s.Silent = &silent
		s.Repeating = append([]string{}, f.ending.Going...)
	}
	return s
}

// messageHeadline is the first line of a message.
func messageHeadline(r license.Report) string {
	var text bytes.Buffer
	_ = message.Terminal(&text, r, false) // a buffer takes everything
	first, _, _ := strings.Cut(text.String(), "\n")
	return first
}

// prepareSimulation makes the deployment that is to be simulated.
func (s *simulate) prepareSimulation(ctx context.Context, c console, stdin io.Reader) (*simulation, error) {
	f := &simulation{file: s.file}
	if s.file != "" {
		var err error
		if f.snapshot, err = readSnapshot(stdin, s.file); err != nil {
			return nil, err
		}
	}
	var err error
	if f.settings, err = s.loadSettings(f.snapshot.Site); err != nil {
		return nil, err
	}
	set, err := loadRules(f.settings)
	if err != nil {
		return nil, err
	}
	if err := s.setBeginning(ctx, f, c.now()); err != nil {
		return nil, err
	}
	plan, err := s.parseRenewals(f)
	if err != nil {
		return nil, err
	}
	timers, err := s.chooseTimers(c, f.settings)
	if err != nil {
		return nil, err
	}
	f.deployment = calendar.Deployment{
		Snapshot: f.snapshot, Renewals: plan, Rules: set, Timers: timers, Channels: handler.ChannelNames(f.settings),
		Zone: f.settings.Zone, Language: f.settings.Language, Hours: f.settings.Hours, Digest: f.settings.Digest,
		Machines: f.settings.Machines, Unknown: f.settings.Unknown, Memory: !s.withoutMemory,
		Mentions: f.settings.Mentions,
	}
	if err := s.readLedger(ctx, f); err != nil {
		return nil, err
	}
	if len(f.deployment.Channels) == 0 { // nobody is set up yet
		f.deployment.Channels = sampleChats
	}
	return f, nil
}

// readLedger begins with what the store holds. The sample is nobody's account, so the
// store has nothing to say about it.
func (s *simulate) readLedger(ctx context.Context, f *simulation) error {
	if s.file == "" || s.fresh || s.withoutMemory || f.settings.StateURL == "" {
		return nil
	}
	ledger, err := session.Read(ctx, session.OptionsOf(f.settings))
	if err == nil { // a run would leave it alone
		err = session.CheckOwner(ledger, life.Owner{Site: f.settings.Site, Account: f.snapshot.Account})
	}
	if err != nil {
		failure := storeError(err)
		failure.text += "; --fresh simulates without it"
		return failure
	}
	handler.BindChannels(ledger, f.settings, f.from)
	f.deployment.Ledger, f.remembers = ledger, true
	return nil
}

// loadSettings are those for a snapshot of the site. Without a file, whoever tries the
// command may not have set anything: then it speaks English, as demo does.
func (s *simulate) loadSettings(site license.Site) (config.Config, error) {
	language := s.language
	if s.file == "" {
		site = license.Site(os.Getenv("LICENSEWATCH_SITE"))
		if os.Getenv("LICENSEWATCH_LANGUAGE") == "" {
			language = cmp.Or(language, string(license.English))
		}
	}
	return settingsFor(site, map[string]settingFlag{
		"LICENSEWATCH_LANGUAGE":   {"--language", language},
		"LICENSEWATCH_RULES_FILE": {"--rules", s.rules},
	})
}

// setBeginning finds the first instant, and what the account looks like as far as the
// settings want to know, with nothing of the past.
func (s *simulate) setBeginning(ctx context.Context, f *simulation, now time.Time) error {
	f.from = now.In(f.settings.Zone).Truncate(time.Second)
	var err error
	if s.from != "" {
		if f.from, err = parseDay("--from", s.from, "2026-12-01", f.settings.Zone); err != nil {
			return err
		}
	}
	if s.file == "" {
		f.snapshot, err = snapshot.Sample(ctx, sampleScenario, f.settings.Site, f.from)
	} else {
		err = s.beginRead(f)
	}
	if err != nil {
		return err
	}
	f.snapshot = keepSources(f.snapshot, f.settings.Sources)
	f.snapshot.Previous = nil
	if len(f.snapshot.Wanted) == 0 {
		return fmt.Errorf("--snapshot %s holds none of the sources that LICENSEWATCH_SOURCES names", s.file)
	}
	return nil
}

// beginRead begins when the snapshot was read, or later.
func (s *simulate) beginRead(f *simulation) error {
	if f.snapshot.ReadAt.IsZero() {
		f.snapshot.ReadAt = f.from
	}
	read := f.snapshot.ReadAt.In(f.settings.Zone)
	switch {
	case s.from == "", s.from == read.Format(time.DateOnly):
		f.from = read
	case f.from.Before(read):
		return fmt.Errorf("--from %s lies before the snapshot, which was read at %s: what was before is not known",
			s.from, read.Format(time.DateTime))
	}
	return nil
}

func (s *simulate) parseRenewals(f *simulation) ([]future.Renewal, error) {
	var plan []future.Renewal
	for _, text := range s.renew {
		r, err := future.ParseRenewal(text, f.from)
		if err != nil {
			return nil, fmt.Errorf("--renew: %w", err)
		}
		plan = append(plan, r)
	}
	if err := future.Check(f.snapshot, plan); err != nil {
		return nil, fmt.Errorf("--renew: %w", err)
	}
	return plan, nil
}
