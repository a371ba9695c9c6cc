package handler

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"licensewatch/account"
	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/message"
	"licensewatch/notify"
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
	r.client = account.NewClient(r.accountOptions())
	r.memory = r.openMemory()
	r.archive = r.openArchive()
	r.channels = r.newChannels()
	r.followUps = followUps{
		sender: sender{end: r.budget.tell, logger: r.logger}, memory: r.memory, evidence: r.archive.gathered(),
		channels: r.channels, id: r.id,
		slot: r.event.digestSlot(),
		mode: r.mode, language: settings.Language, own: r.ownLanguages(), hours: settings.Hours, now: r.reportTime,
	}
	r.exporter.client, r.exporter.memory = r.client, r.memory
	r.exporter.share, r.exporter.logger = settings.ExportShare, r.logger
	takesFiles := len(takersOf(r.channels)) > 0
	if r.config.ArchiveURL != "" || r.config.WantsFile() && takesFiles {
		r.files = &exportFiles{transport: r.handler.transport, endpoint: settings.APIEndpoint, sleep: r.handler.sleep,
			logger: r.logger}
		r.exporter.files, r.exporter.keepsFiles = r.files, r.config.ArchiveURL != ""
		r.exporter.takesFiles = takesFiles
	}
	r.logStart(ctx)
	r.logLeftOut(ctx)
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
