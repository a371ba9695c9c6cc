// Package config turns the process environment into a Config: every
// LICENSEWATCH_ variable and the credentials of Tencent Cloud. It reports all
// mistakes together, each with what to write instead, and never a secret.
//
// Nothing is read before Load or LoadCredentials is called, and nothing is kept
// between calls: the platform sets the environment anew for each invocation.
package config

import (
	"log/slog"
	"time"

	"licensewatch/license"
)

// Config is the settings of a run.
type Config struct {
	SlackWebhookURLs []Secret
	WeComWebhookURLs []Secret
	SlackMention     []string // here, channel, everyone, member and group ids; without @
	WeComMention     []string // @all, user ids

	Site     license.Site
	Sources  []license.Source // at least one, in reading order
	Language license.Language
	Zone     *time.Location
	Hours    license.Hours // when alerts say what is only due by the calendar; in Zone
	Digest   DigestWhen
	Mode     license.Mode // when the event does not say

	RulesFile    string // empty: the built-in rules
	Export       ExportWhen
	ExportShare  ExportShare
	StateURL     string // as written, its form is the store's to check; empty: no memory
	HeartbeatURL Secret // zero: nobody is called
	LogLevel     slog.Level
	APIEndpoint  string // base URL without a slash at its end; empty: the site's own

	Unknown  []UnknownName // variables of ours that do not exist
	Empty    []string      // variables set to nothing, which the platform refuses; they count as unset
	Warnings []string      // what is allowed but may not be meant; one line each
}

// DigestWhen says which digests are posted.
type DigestWhen string

// The choices of LICENSEWATCH_DIGEST.
const (
	DigestDaily   DigestWhen = "daily"   // every one
	DigestChanges DigestWhen = "changes" // those that say something else than the last one, and one at least every 7 days
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
	ShareNone ExportShare = "none"
)

// Load reads the settings. Its error is an *Errors with every mistake. The
// Config is usable all the same: it has every part that is right, and the
// defaults elsewhere, so that the mistakes can be told to a webhook.
func Load() (Config, error) { return load(true) }

// LoadWithoutChannels is Load for a run that posts nothing: no webhook need be
// set.
func LoadWithoutChannels() (Config, error) { return load(false) }

func load(needChannel bool) (Config, error) {
	var f findings
	env := readEnvironment(&f)
	c := env.parse(&f, needChannel)
	var known []string
	for v := range env.variables() {
		known = append(known, v.name)
		if v.empty {
			c.Empty = append(c.Empty, v.name)
		}
	}
	c.Unknown = unknownNames(known)
	c.Warnings = f.warnings
	return c, f.err()
}

func (e *environment) parse(f *findings, needChannel bool) Config {
	c := Config{
		SlackWebhookURLs: webhooks(f, e.SlackWebhookURL, slack()),
		WeComWebhookURLs: webhooks(f, e.WeComWebhookURL, wecom()),
		SlackMention:     slackMentions(f, e.SlackMention),
		WeComMention:     wecomMentions(f, e.WeComMention),
		Site:             choice(f, e.Site, license.SiteCN, license.SiteIntl),
		Sources:          sources(f, e.Sources),
		Language:         choice(f, e.Language, license.Chinese, license.English),
		Zone:             zone(f, e.Timezone),
		Hours:            hours(f, e.Hours),
		Digest:           choice(f, e.Digest, DigestDaily, DigestChanges),
		Mode:             choice(f, e.Mode, license.ModeDigest, license.ModeAlert),
		RulesFile:        e.RulesFile.value,
		Export:           choice(f, e.Export, ExportOff, ExportDigest, ExportAlways),
		ExportShare:      choice(f, e.ExportShare, ShareLink, ShareNone),
		StateURL:         e.StateURL.value,
		HeartbeatURL:     heartbeat(f, e.HeartbeatURL),
		LogLevel:         logLevel(f, e.LogLevel),
		APIEndpoint:      endpoint(f, e.APIEndpoint),
	}
	if c.Language == "" {
		c.Language = languageOf(c.Site)
	}
	e.checkChannels(f, c, needChannel)
	e.checkMemory(f, c)
	return c
}

func languageOf(site license.Site) license.Language {
	if site == license.SiteIntl {
		return license.English
	}
	return license.Chinese
}

// checkChannels looks for what no setting shows by itself: that there is
// somebody to tell, and a channel for those who are to be called.
func (e *environment) checkChannels(f *findings, c Config, needChannel bool) {
	channels := len(c.SlackWebhookURLs) + len(c.WeComWebhookURLs)
	isMissed := needChannel && channels == 0 && !f.about(e.SlackWebhookURL) && !f.about(e.WeComWebhookURL)
	for _, v := range []variable{e.SlackWebhookURL, e.WeComWebhookURL} {
		name := misnamed(v)
		switch {
		case v.value != "" || name == "":
		case needChannel && channels == 0:
			isMissed = false
			f.problem(v, "not set, but %s is, which nobody reads: write it with the prefix %s", name, prefix)
		default:
			f.warn(v, "not set, but %s is, which nobody reads: to have it told, write it with the prefix %s", name, prefix)
		}
	}
	if isMissed {
		f.problem(e.SlackWebhookURL, "not set, and neither is %s: set at least one of the two, or nobody is told", e.WeComWebhookURL.name)
	}
	if len(c.SlackMention) > 0 && e.SlackWebhookURL.value == "" {
		f.warn(e.SlackMention, "has no effect without %s", e.SlackWebhookURL.name)
	}
	if len(c.WeComMention) > 0 && e.WeComWebhookURL.value == "" {
		f.warn(e.WeComMention, "has no effect without %s", e.WeComWebhookURL.name)
	}
}

// checkMemory looks for what means something to a run with a memory only.
func (e *environment) checkMemory(f *findings, c Config) {
	if c.Digest == DigestChanges && e.StateURL.value == "" {
		f.warn(e.Digest, "changes has no effect without %s: a run that remembers nothing cannot tell what has changed", e.StateURL.name)
	}
}
