// Package config turns an environment into a Config: every
// LICENSEWATCH_ variable and the credentials of Tencent Cloud. It reports all
// mistakes together, each with what to write instead, and never a secret.
//
// Nothing is read before Load or LoadCredentials is called, and nothing is kept
// between calls: the platform sets the environment anew for each invocation.
package config

import (
	"log/slog"
	"slices"
	"time"

	"licensewatch/internal/suggest"
	"licensewatch/license"
	"licensewatch/notify"
)

// Config is the settings of a run.
type Config struct {
	Channels []Channel           // kind by kind, in the order of the settings
	Mentions map[string][]string // who is called, by the name of the kind of channel

	Site     license.Site
	Sources  []license.Source // at least one, in reading order
	Language license.Language
	Zone     *time.Location
	Hours    license.Hours // when alerts say what is only due by the calendar; in Zone
	Digest   DigestWhen
	Mode     license.Mode // when the event does not say

	RulesFile     string // empty: the built-in rules
	Export        ExportWhen
	ExportShare   ExportShare
	ExportHistory ExportHistory
	Machines      MachinesShown
	StateURL      string // as written, its form is the store's to check; empty: no memory
	ArchiveURL    string // as StateURL; empty: no archive
	ReportLink    ReportLink
	AccountsFile  string // several accounts, channels and routes; empty: the function's own account
	HeartbeatURL  Secret // zero: nobody is called
	LogLevel      slog.Level
	APIEndpoint   string // base URL without a slash at its end; empty: the site's own

	Unknown  []UnknownName // variables of ours that do not exist
	Empty    []string      // variables set to nothing, which the platform refuses; they count as unset
	Warnings []string      // what is allowed but may not be meant; one line each

	environment Environment // where the keys are; nil: the process's own
}

// DigestWhen says which digests are posted.
type DigestWhen string

// The choices of LICENSEWATCH_DIGEST.
const (
	DigestDaily DigestWhen = "daily" // every one
	// those that say something else than the last one, and one at least every 7 days
	DigestChanges DigestWhen = "changes"
)

// ExportWhen says in which runs the license details are exported.
type ExportWhen string

// The choices of LICENSEWATCH_EXPORT.
const (
	ExportOff    ExportWhen = "off"
	ExportDigest ExportWhen = "digest"
	ExportAlways ExportWhen = "always"
)

// ExportShare says how much of an export the chats are told.
type ExportShare string

// The choices of LICENSEWATCH_EXPORT_SHARE.
const (
	ShareLink ExportShare = "link"
	ShareFile ExportShare = "file" // to chats that take one; the others get the link
	ShareNone ExportShare = "none"
)

// ExportHistory says whether the usage history of a month is exported.
type ExportHistory string

// The choices of LICENSEWATCH_EXPORT_HISTORY.
const (
	HistoryMonthly ExportHistory = "monthly" // last month's, with the first digest of a month
	HistoryOff     ExportHistory = "off"
)

// ReportLink says whether the message of a page links it.
type ReportLink string

// The choices of LICENSEWATCH_REPORT_LINK.
const (
	ReportLinkOn  ReportLink = "on"
	ReportLinkOff ReportLink = "off"
)

// WantsFile says whether somebody has a use for an exported file itself: an archive that
// keeps it, or a chat that is sent it.
func (c Config) WantsFile() bool { return c.ArchiveURL != "" || c.ExportShare == ShareFile }

// MachinesShown says how much is told of the machines that hang on an order which ends.
type MachinesShown string

// The choices of LICENSEWATCH_MACHINES.
const (
	MachinesOff   MachinesShown = "off" // they are not read
	MachinesCount MachinesShown = "count"
	MachinesNames MachinesShown = "names"
)

// Load reads the settings. Its error is an *Errors with every mistake. The
// Config is usable all the same: it has every part that is right, and the
// defaults elsewhere, so that the mistakes can be told to a webhook.
func Load(read Environment) (Config, error) { return loadConfig(read, true) }

// LoadWithoutChannels is Load for a run that posts nothing: no webhook need be
// set.
func LoadWithoutChannels(read Environment) (Config, error) { return loadConfig(read, false) }

func loadConfig(read Environment, needChannel bool) (Config, error) {
	var f settingMistakes
	all := read()
	e := pickVariables(all, &f)
	c := e.parseSettings(&f)
	c.environment = read
	e.checkChannels(&f, c, misnamedWebhooks(all), needChannel && c.AccountsFile == "")
	e.checkMemory(&f, c)
	e.checkExport(&f, c)
	var known []string
	for v := range e.allVariables() {
		known = append(known, v.name)
		if v.empty {
			c.Empty = append(c.Empty, v.name)
		}
	}
	c.Unknown = unknownNames(all, known)
	c.Warnings = f.warnings
	return c, f.asError(known)
}

func (e *variables) parseSettings(f *settingMistakes) Config {
	c := Config{
		Mentions:      map[string][]string{},
		Site:          readChoice(f, e.Site, license.SiteCN, license.SiteIntl),
		Sources:       readSources(f, e.Sources),
		Language:      readChoice(f, e.Language, license.Chinese, license.English),
		Zone:          readZone(f, e.Timezone),
		Hours:         readHours(f, e.Hours),
		Digest:        readChoice(f, e.Digest, DigestDaily, DigestChanges),
		Mode:          readMode(f, e.Mode),
		RulesFile:     e.RulesFile.value,
		Export:        readChoice(f, e.Export, ExportOff, ExportDigest, ExportAlways),
		ExportShare:   readChoice(f, e.ExportShare, ShareLink, ShareFile, ShareNone),
		ExportHistory: readChoice(f, e.ExportHistory, HistoryMonthly, HistoryOff),
		Machines:      readChoice(f, e.Machines, MachinesOff, MachinesCount, MachinesNames),
		StateURL:      e.StateURL.value,
		ArchiveURL:    e.ArchiveURL.value,
		ReportLink:    readChoice(f, e.ReportLink, ReportLinkOn, ReportLinkOff),
		AccountsFile:  e.AccountsFile.value,
		HeartbeatURL:  readHeartbeat(f, e.HeartbeatURL),
		LogLevel:      readLogLevel(f, e.LogLevel),
		APIEndpoint:   readEndpoint(f, e.APIEndpoint),
	}
	if c.Language == "" {
		c.Language = languageOf(c.Site)
	}
	if c.ExportHistory == "" {
		c.ExportHistory = HistoryOff
		if c.WantsFile() && c.Export != ExportOff {
			c.ExportHistory = HistoryMonthly
		}
	}
	if c.Machines == MachinesOff {
		c.Sources = slices.DeleteFunc(c.Sources, func(s license.Source) bool { return s == license.SourceBindings })
	}
	e.readChannels(f, &c)
	return c
}

func languageOf(site license.Site) license.Language {
	if site == license.SiteIntl {
		return license.English
	}
	return license.Chinese
}

// readChannels reads the channels of every kind, and who is called there.
func (e *variables) readChannels(f *settingMistakes, c *Config) {
	for _, kind := range notify.ChannelKinds() {
		mention := readMentions(f, e.variableNamed(kind.MentionSetting), kind)
		if len(mention) > 0 {
			c.Mentions[kind.Name] = mention
		}
		c.Channels = append(c.Channels, readWebhooks(f, e.variableNamed(kind.WebhookSetting), kind, mention)...)
	}
}

// checkChannels looks for what no setting shows by itself: that there is
// somebody to tell, and a channel for those who are to be called. misnamed are the
// variables that are meant to be settings, by the settings.
func (e *variables) checkChannels(f *settingMistakes, c Config, misnamed map[string]string, needChannel bool) {
	isMissed := needChannel && len(c.Channels) == 0
	var settings []string
	for _, kind := range notify.ChannelKinds() {
		v := e.variableNamed(kind.WebhookSetting)
		settings = append(settings, v.name)
		isMissed = isMissed && !f.hasMistake(v)
	}
	for _, setting := range settings {
		v := e.variableNamed(setting)
		name := misnamed[setting]
		switch {
		case v.value != "" || name == "":
		case needChannel && len(c.Channels) == 0:
			isMissed = false
			f.addMistake(v, "not set, but %s is, which nobody reads: write it with the prefix %s", name, namePrefix)
		default:
			f.addWarning(v, "not set, but %s is, which nobody reads: to have it told, write it with the prefix %s",
				name, namePrefix)
		}
	}
	if isMissed {
		f.addMistake(e.variableNamed(settings[0]),
			"not set, and neither is %s: set at least one of them, or nobody is told", suggest.List(settings[1:], "or"))
	}
	for _, kind := range notify.ChannelKinds() {
		if len(c.Mentions[kind.Name]) > 0 && e.variableNamed(kind.WebhookSetting).value == "" {
			f.addWarning(e.variableNamed(kind.MentionSetting), "has no effect without %s", kind.WebhookSetting)
		}
	}
}

// checkMemory looks for what means something to a run with a memory only.
func (e *variables) checkMemory(f *settingMistakes, c Config) {
	if c.Digest == DigestChanges && e.StateURL.value == "" {
		f.addWarning(e.Digest, "changes has no effect without %s: a run that remembers nothing cannot tell what has changed", e.StateURL.name)
	}
}

// checkExport looks for what nobody has any use of.
func (e *variables) checkExport(f *settingMistakes, c Config) {
	wecom := notify.KindOf("wecom")
	switch {
	case c.ExportShare != ShareFile:
	case c.Export == ExportOff:
		f.addWarning(e.ExportShare, "file has no effect while %s is off", e.Export.name)
	case len(c.Channels) > 0 && !slices.ContainsFunc(c.Channels, func(c Channel) bool { return c.Kind == wecom }):
		f.addWarning(e.ExportShare, "file has no effect without %s: no other chat takes a file by its webhook, they get the link",
			wecom.WebhookSetting)
	}
	switch {
	case c.ExportHistory != HistoryMonthly:
	case c.Export == ExportOff:
		f.addWarning(e.ExportHistory, "monthly has no effect while %s is off", e.Export.name)
	case c.ExportShare == ShareNone && c.ArchiveURL == "":
		f.addWarning(e.ExportHistory, "monthly has no effect while %s is none and %s is not set", e.ExportShare.name,
			e.ArchiveURL.name)
	}
}
