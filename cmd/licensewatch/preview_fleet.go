package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"licensewatch/cmd/licensewatch/internal/page"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
)

// runFolder shows the message that each channel would get about the accounts of a folder.
func (p *preview) runFolder(ctx context.Context, c console, dir string) error {
	switch {
	case p.site != "":
		return errors.New("--site is of one snapshot: the index of the folder has that of each account")
	case len(p.mention) > 0:
		return errors.New("--mention is of one snapshot: the accounts file says who is called in which channel")
	}
	settings, err := settingsFor(folderSite(), p.settingFlags())
	if err != nil {
		return err
	}
	set, err := loadRules(settings)
	if err != nil {
		return err
	}
	working := c.startProgress("reading the snapshots of %s", dir)
	defer working.done()
	f, err := readFolder(ctx, c, dir, settings, p.folder)
	if err != nil {
		return err
	}
	if p.language != "" {
		for i := range f.fleet.Channels {
			f.fleet.Channels[i].Language = settings.Language
		}
	}
	now, err := p.folderTime(c, f)
	if err != nil {
		return err
	}
	now = now.In(settings.Zone)
	id, _ := handler.ScheduledRun("", "preview", now)
	messages := handler.FleetDecision{ID: id, Now: now, Mode: settings.Mode, Settings: settings, Rules: set,
		Fleet: f.fleet, Accounts: f.accounts, Read: f.snapshots, IsPick: len(p.folder.account.patterns) > 0}.Decide(ctx)
	working.done()
	if len(messages) == 0 {
		writeStyled(c.err, "No message: nothing that any channel hears of.\n")
		return nil
	}
	return p.printFolder(c, f, messages, settings)
}

// folderTime is when the messages are written: when the last of the snapshots was read.
func (p *preview) folderTime(c console, f *snapshotFolder) (time.Time, error) {
	newest := license.Snapshot{}
	for _, s := range f.snapshots {
		if s.ReadAt.After(newest.ReadAt) {
			newest = s
		}
	}
	return p.messageTime(c, newest)
}

// printFolder writes the messages in the form of --to.
func (p *preview) printFolder(c console, f *snapshotFolder, messages []life.Message, settings config.Config) error {
	s := styleFor(c.out)
	if p.to == "html" {
		return writeFolderPage(c, f, messages, settings)
	}
	shown := 0
	for _, m := range messages {
		channel := f.channel(m.Channels[0])
		switch {
		case p.to == "terminal":
			c.print("%s\n", s.titleLine(channelTitle(channel)))
			if err := message.Terminal(c.out, m.Report, s.on); err != nil {
				return err
			}
			c.print("\n")
		case channel.Kind.Name == p.to:
			if err := writePayload(c, channel.Kind, m.Report, channel.Mention); err != nil {
				return err
			}
		default:
			continue
		}
		shown++
	}
	if shown == 0 {
		return &exitError{text: fmt.Sprintf("no channel of the kind %s gets a message: %s", p.to, kindsOf(f, messages))}
	}
	if p.to == "terminal" {
		writeStyled(c.err, "%s, %s.\n", countOf(len(f.accounts), "account"), f.accountsNote(p.folder.accounts))
	}
	return nil
}

// channelTitle names a channel and its kind.
func channelTitle(c *fleet.Channel) string {
	if title := c.Kind.Title(license.English); c.Name != c.Kind.Name {
		return c.Name + " · " + title
	}
	return chatName(c.Name)
}

// kindsOf says which channels get a message.
func kindsOf(f *snapshotFolder, messages []life.Message) string {
	var names []string
	for _, m := range messages {
		c := f.channel(m.Channels[0])
		names = append(names, c.Name+" ("+c.Kind.Name+")")
	}
	return namesOf(names, accountsShown)
}

// writeFolderPage writes a page that shows the messages in their chats.
func writeFolderPage(c console, f *snapshotFolder, messages []life.Message, settings config.Config) error {
	first := messages[0].Report
	p := page.Page{
		Title:    "licensewatch preview",
		Facts:    []string{countOf(len(f.accounts), "account"), "mode " + string(first.Mode), "not posted"},
		Language: settings.Language,
		Now:      first.At,
	}
	if settings.Language == license.Chinese {
		p.Title = "licensewatch 预览"
		p.Facts = []string{fmt.Sprintf("%d 个账号", len(f.accounts)), "模式 " + string(first.Mode), "未发送"}
	}
	for _, m := range messages {
		channel := f.channel(m.Channels[0])
		payload, err := channel.Kind.Payload(m.Report, channel.Mention)
		if err != nil {
			return err
		}
		used, limit := channel.Kind.Size(payload)
		shown := page.Message{Channel: channel.Kind.Name, Payload: json.RawMessage(payload), Used: used, Limit: limit}
		if f.hasFile {
			shown.Name = channel.Name
		}
		p.Messages = append(p.Messages, shown)
	}
	return page.Write(c.out, p)
}
