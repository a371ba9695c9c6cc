package handler

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"licensewatch/account"
	"licensewatch/archive"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/license"
	"licensewatch/message"
	"licensewatch/notify"
	"licensewatch/report/records"
	"licensewatch/session"
	"licensewatch/setup"
	"licensewatch/state"
)

// setUp reads the settings and the rules and makes the channels. It gives all
// mistakes there are; the channels whose own setting is right exist anyway.
func (r *run) setUp(ctx context.Context) (mistakes []string) {
	settings, err := r.loadSettings()
	r.config = settings
	r.logger = newLogger(r.handler.log, settings.LogLevel, r.host.RequestID)
	mistakes = append(mistakes, setup.Mistakes(err)...)

	mode, mistake := r.event.reportMode(settings.Mode)
	r.mode = mode
	if mistake == "" {
		mistake = r.event.division.mistakeFor(settings)
	}
	if r.oddEvent = mistake != ""; r.oddEvent {
		mistakes = append(mistakes, mistake)
	}
	mistakes = append(mistakes, r.loadFleet(ctx)...)
	settings = r.config
	if settings.RulesFile != "" { // the built-in ones have no mistakes: they are loaded beside the reading
		r.rules, err = setup.LoadRules(settings.RulesFile)
		mistakes = append(mistakes, setup.Unquoted(err)...)
	}
	mistakes = append(mistakes, r.checkStoreURLs()...)
	r.client = account.NewClient(r.accountOptions())
	r.memory = r.openMemory()
	r.archive = r.openArchive()
	r.channels = r.newChannels()
	r.answers = r.newAnswers()
	r.followUps = r.newFollowUps()
	r.setUpExporter()
	r.logStart(ctx)
	r.fleet.logLeftOut(ctx, r.logger)
	return mistakes
}

// checkStoreURLs finds what is wrong with where the memory and the archive lie, and leaves that out.
func (r *run) checkStoreURLs() (mistakes []string) {
	settings := r.config
	if url := settings.StateURL; url != "" {
		if err := state.CheckURL(url); err != nil {
			mistakes = append(mistakes, "LICENSEWATCH_STATE_URL: "+err.Error())
			r.config.StateURL = ""
		}
	}
	if url := settings.ArchiveURL; url != "" {
		if err := state.CheckArchiveURL(url, settings.StateURL); err != nil {
			mistakes = append(mistakes, "LICENSEWATCH_ARCHIVE_URL: "+err.Error())
			r.config.ArchiveURL = ""
		}
	}
	return mistakes
}

// loadFleet reads the accounts file of the settings, and has its channels take the place of
// those of the environment.
func (r *run) loadFleet(ctx context.Context) (mistakes []string) {
	if r.config.AccountsFile == "" {
		return nil
	}
	loaded, err := setup.LoadAccounts(ctx, r.config.AccountsFile, fleet.OptionsOf(r.config, r.handler.environment()),
		state.Options{Credentials: r.config.Keys, Transport: r.handler.transport, Sleep: r.handler.sleep,
			Logger: r.logger})
	mistakes = setup.Unquoted(err)
	if loaded == nil { // nobody knows whom to tell but the channels of the environment, if there are any
		settings, _ := config.Load(r.handler.environment)
		r.config.Channels = settings.Channels
		return mistakes
	}
	slice := r.event.division.slice
	r.fleet = &fleetRun{Fleet: loaded, slice: slice, pick: r.handler.accounts,
		isPick: len(r.handler.accounts) > 0, uins: map[string]string{}}
	r.config.Channels = nil
	for _, c := range loaded.Channels {
		r.config.Channels = append(r.config.Channels,
			config.Channel{Name: c.Name, Kind: c.Kind, Webhook: c.Webhook, Mention: c.Mention})
		r.fleet.addLanguage(c.Language)
	}
	r.config = r.config.WithKnown(loaded.Variables...)
	loaded.LeftOut = slices.DeleteFunc(loaded.LeftOut, func(a fleet.LeftOut) bool { return !slice.Has(a.Uin) })
	return mistakes
}

// loadSettings reads the settings, without the channels where others are told.
func (r *run) loadSettings() (config.Config, error) {
	switch {
	case strings.TrimSpace(r.handler.environment()[setup.AccountsSetting]) != "":
		settings, _, err := config.LoadForAccounts(r.handler.environment)
		return settings, err
	case r.handler.dryRun != nil:
		return config.LoadWithoutChannels(r.handler.environment)
	default:
		return config.Load(r.handler.environment)
	}
}

func (r *run) logStart(ctx context.Context) {
	r.logger.LogAttrs(ctx, slog.LevelInfo, "run started", slog.String("run_id", r.id),
		slog.String("mode", string(r.mode)),
		slog.String("trigger", r.event.trigger), slog.Int("event_bytes", r.event.bytes),
		slog.Int64("budget_ms", r.budget.total.Milliseconds()))
	for _, unknown := range r.config.Unknown {
		r.logger.LogAttrs(ctx, slog.LevelWarn, "a setting of this name does not exist",
			slog.String("name", unknown.Name), slog.String("meant", unknown.Meant))
	}
}

// tellMistakes logs all mistakes, posts them wherever the settings allow, and
// returns them as the run's error.
func (r *run) tellMistakes(ctx context.Context, mistakes []string) error {
	for _, mistake := range mistakes {
		r.logger.LogAttrs(ctx, slog.LevelError, "mistake to correct", slog.String("mistake", mistake))
	}
	err := &ConfigError{Mistakes: mistakes}
	r.mistaken = true
	r.reason = countNoun(len(mistakes), "mistake", "mistakes") + " in settings, rules or event"
	if r.recallMemory(ctx); r.busy && !r.oddEvent {
		return err // the run that has the lock tells the same mistakes
	}
	note := func(language license.Language) license.Note { return message.MistakesNote(language, mistakes, r.id) }
	for _, v := range r.followUps.noteOnce(ctx, r.channels, note, r.reportTime(), "") {
		r.countDelivery(v)
	}
	return err
}

// openMemory opens the run's session; nothing is read yet.
func (r *run) openMemory() *session.Session {
	if r.config.StateURL == "" || r.handler.dryRun != nil { // a dry run leaves no trace
		return nil
	}
	o := session.OptionsOf(r.config)
	o.Store.Transport, o.Store.Disk, o.Store.Sleep = r.handler.transport, r.handler.disk, r.handler.sleep
	o.Store.Logger, o.Logger = r.logger, r.logger
	o.Holder, o.Now = r.id, r.reportTime
	o.Wait, o.End = r.budget.collect, r.budget.end // at the end of reading there is still time to read again
	o.OfMany = r.fleet != nil
	r.event.division.divideMemory(&o, r.config)
	return session.Open(o)
}

// openArchive opens the archive of the settings; nothing is read yet.
func (r *run) openArchive() *archiving {
	if r.config.ArchiveURL == "" {
		return nil
	}
	store, err := state.OpenArchive(r.config.ArchiveURL, "LICENSEWATCH_ARCHIVE_URL",
		r.budget.end.Truncate(time.Second).Add(2*time.Second),
		state.Options{Credentials: r.config.Keys, Transport: r.handler.transport, Disk: r.handler.archiveDisk,
			Sleep: r.handler.sleep, Logger: r.logger})
	if err != nil { // the settings were checked
		return nil
	}
	if r.readable = store; r.handler.dryRun != nil { // which leaves no trace, and reads what a page is made of
		return nil
	}
	return &archiving{
		store: store, folder: r.archiveFolder(), isOfMany: r.fleet != nil, runID: r.id, mode: r.mode,
		settings: r.config,
		memory:   r.memory, evidence: &evidence{}, budget: r.budget, now: r.reportTime, logger: r.logger,
		outcome: ArchiveSummary{Status: ArchiveNone},
	}
}

// archiveFolder is the folder of the run's own record. Slices have one each: they run side by
// side.
func (r *run) archiveFolder() string {
	if r.fleet != nil {
		return archive.SliceFolder(r.event.division.slice.Number, r.event.division.slice.Of)
	}
	return archive.AccountFolder(r.host.TencentcloudUin)
}

// beginPage makes what the mode report has.
func (r *run) beginPage(now time.Time) {
	if r.mode != license.ModeReport {
		return
	}
	to := now.UTC().Truncate(24 * time.Hour)
	r.page = &pageMaking{
		runID: r.id, slot: r.event.digestSlot(), folder: r.archiveFolder(), isOfMany: r.fleet != nil,
		settings: r.config, memory: r.memory, readable: r.readable, archive: r.archive, budget: r.budget,
		now: r.reportTime, logger: r.logger, acks: map[string][]license.Ack{},
		records: records.New(records.Options{Store: r.readable, From: to.AddDate(0, 0, 1-pageBack), To: to,
			MostHeld: mostHeld(r.host.MemoryLimitInMb), ChannelName: channelTitle, Logger: r.logger}),
	}
}

// newChannels makes the channels the settings name, in their order.
func (r *run) newChannels() []Channel {
	dryRun := r.handler.dryRun
	if dryRun != nil && r.fleet == nil {
		return []Channel{dryRun("")}
	}
	client := &http.Client{Transport: r.handler.transport}
	channels := make([]Channel, len(r.config.Channels))
	for i, c := range r.config.Channels {
		if dryRun != nil {
			channels[i] = dryRun(c.Name)
			continue
		}
		channels[i] = notify.NewChannel(c.Kind, notify.Options{
			Name: c.Name, URL: c.Webhook.Reveal(), Mention: c.Mention, Client: client, Logger: r.logger,
			Sleep: r.handler.sleep,
		})
	}
	return channels
}

// newFollowUps makes what tells what is told once, beside the messages.
func (r *run) newFollowUps() followUps {
	return followUps{
		sender: sender{end: r.budget.tell, logger: r.logger}, memory: r.memory, evidence: r.archive.gathered(),
		channels: r.channels, id: r.id, slot: r.event.digestSlot(), mode: r.mode,
		language: r.config.Language, languages: r.fleet.channelLanguages(), hours: r.config.Hours,
		now: r.reportTime,
	}
}

// setUpExporter makes what exports the license details, with the files of that where somebody has a
// use for them.
func (r *run) setUpExporter() {
	takesFiles := len(takersOf(r.channels)) > 0
	if r.config.ArchiveURL != "" || r.config.WantsFile() && takesFiles {
		r.files = &exportFiles{transport: r.handler.transport, endpoint: r.config.APIEndpoint, sleep: r.handler.sleep,
			logger: r.logger}
	}
	r.exporter = exporter{
		client: r.client, memory: r.memory, sleep: r.handler.sleep, share: r.config.ExportShare, budget: r.budget,
		logger: r.logger, export: license.Export{Status: license.ExportOff},
		files: r.files, keepsFiles: r.config.ArchiveURL != "", takesFiles: r.files != nil && takesFiles,
	}
}

// newAnswers makes what the answers of the channels are entered in.
func (r *run) newAnswers() answerBook {
	if r.fleet != nil {
		r.fleet.memory = &fleetMemory{session: r.memory, fleet: r.fleet, channels: namesOf(r.channels),
			now: r.reportTime}
		return r.fleet.memory
	}
	return &accountAnswers{memory: r.memory, channels: namesOf(r.channels), hours: r.config.Hours, now: r.reportTime,
		enterSent: func() { r.enterOutcome(OutcomeSent) }}
}
