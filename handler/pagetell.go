package handler

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"licensewatch/archive"
	"licensewatch/config"
	"licensewatch/internal/download"
	"licensewatch/internal/instant"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
	"licensewatch/notify"
)

// linkLife is how long the link to a page works, unless its keys end before.
const linkLife = 7 * 24 * time.Hour

// linkPages puts into messages that tell of a page how it is reached now: no link is ever
// stored, so that a message of an earlier run gets one of its own.
func (r *run) linkPages(messages []life.Message) {
	for i := range messages {
		m := &messages[i]
		if m.Report.Page == nil {
			continue
		}
		shown := *m.Report.Page
		shown.Link, shown.IsBrief = r.pageLink(&shown, m.Report.Language)
		isOwn := !m.Owed && r.page.isMade()
		shown.IsAtHand = isOwn || r.holdsPage(m.ID)
		m.Report.Page = &shown
		if isOwn {
			r.holdPage(m.ID, m.Channels)
		}
	}
}

// holdsPage says whether the page of an earlier run's message can still be sent as a file: the
// message is owed for longer than that.
func (r *run) holdsPage(messageID string) bool {
	if !r.memory.Works() || r.archive == nil {
		return false
	}
	held := r.memory.Ledger.HeldPage(r.reportTime())
	return held != nil && held.ID == messageID
}

// pageLink is a link to a sealed page; none where it is not wanted, or the archive has none.
func (r *run) pageLink(p *license.Page, language license.Language) (link license.SignedURL, isBrief bool) {
	if r.archive == nil || p.Record == "" || r.config.ReportLink != config.ReportLinkOn {
		return link, false
	}
	text, isBrief := r.archive.store.Link(p.Record+"/"+p.File(language).Name, r.reportTime().Add(linkLife))
	return license.NewSignedURL(text), isBrief
}

// pageWord is a page that chats are sent as a file, after the message that tells of it.
type pageWord struct {
	life.HeldPage

	isOwn bool // of this run, which has it at hand
}

// key tells it apart from other words.
func (w *pageWord) key() string { return "page " + w.ID }

// sharePage sends the page to the chats that were told that it follows: that of this run, or
// of an earlier one to whom has not got it.
func (r *run) sharePage(ctx context.Context) {
	word, ok := r.pageToShare()
	if !ok {
		return
	}
	f := &r.followUps
	takers := slices.DeleteFunc(takersOf(r.channels), func(c Channel) bool {
		taker, _ := c.(fileChannel)
		return !slices.Contains(word.To, c.Name()) || !taker.Takes(word.Page.File(f.languageOf(c)).Size)
	})
	told := slices.DeleteFunc(slices.Clone(takers), func(c Channel) bool {
		return slices.Contains(f.refused, c.Name()) || f.memory.Works() &&
			f.memory.Ledger.OwesMessage(word.ID, c.Name())
	})
	due := f.dueChannels(told, word.At, word.key())
	var verdicts []deliveryVerdict
	if len(due) > 0 {
		verdicts = r.sendPage(ctx, due, word)
	}
	if f.memory.Works() && !r.exportTeller().waitsFor(takers, verdicts, word.key(), word.At) {
		f.memory.Ledger.ReleasePage()
	}
}

// pageToShare is the page that chats may wait for.
func (r *run) pageToShare() (pageWord, bool) {
	if r.memory.Works() {
		if held := r.memory.Ledger.HeldPage(r.reportTime()); held != nil {
			isOwn := r.page.isMade() && r.page.page.Record == held.Page.Record
			word := pageWord{*held, isOwn}
			word.At = word.At.In(r.reportTime().Location())
			return word, isOwn || r.archive != nil
		}
	}
	if !r.page.isMade() || r.page.told == nil {
		return pageWord{}, false
	}
	return pageWord{*r.page.told, true}, true
}

// languageOf is that of a channel.
func (f *followUps) languageOf(c Channel) license.Language {
	if own, ok := f.own[c.Name()]; ok {
		return own
	}
	return f.language
}

// sendPage sends the page to chats. One that does not take it is told why, and where it is.
func (r *run) sendPage(ctx context.Context, due []Channel, word pageWord) []deliveryVerdict {
	f := &r.followUps
	files := r.pagesOnDisk(ctx, due, word)
	due = slices.DeleteFunc(slices.Clone(due), func(c Channel) bool { return files[f.languageOf(c)] == nil })
	verdicts := f.sendAll(ctx, due, func(ctx context.Context, c Channel) error {
		file := files[f.languageOf(c)]
		return c.(fileChannel).SendFile(ctx, notify.File{Path: file.Path, Name: file.Name, Size: file.Size})
	})
	f.enterNote(r.pageNote(word, ""), verdicts, word.At, word.key())
	for i, v := range verdicts {
		f.evidence.addFile(word.ID, files[f.languageOf(v.channel)], v, f.now())
		if v.refusal == nil || v.refusal.Ambiguous {
			continue
		}
		code := v.refusal.Code
		if code == "" {
			code = "HTTP " + strconv.Itoa(v.refusal.HTTPStatus)
		}
		if again := f.noteOnce(ctx, []Channel{v.channel}, r.pageNote(word, code), word.At, word.key()); len(again) > 0 {
			verdicts[i] = again[0]
		}
	}
	return verdicts
}

// pageNote says that a chat did not take the page.
func (r *run) pageNote(word pageWord, code string) noteIn {
	return func(language license.Language) license.Note {
		p := word.Page
		p.Link, p.IsBrief = r.pageLink(&p, language)
		return message.PageFileNote(language, p, word.At, word.ID, code)
	}
}

// pagesOnDisk puts the pages that channels are sent on the disk, by language.
func (r *run) pagesOnDisk(ctx context.Context, due []Channel, word pageWord) map[license.Language]*exportFile {
	files := map[license.Language]*exportFile{}
	for _, c := range due {
		language := r.followUps.languageOf(c)
		if _, ok := files[language]; ok {
			continue
		}
		file, err := r.pageOnDisk(ctx, word, language)
		if err != nil {
			r.logger.LogAttrs(ctx, slog.LevelWarn, "the report cannot be sent as a file",
				slog.String("error", err.Error()))
			files[language] = nil
			continue
		}
		files[language] = file
	}
	return files
}

func (r *run) pageOnDisk(ctx context.Context, word pageWord, language license.Language) (*exportFile, error) {
	about := word.Page.File(language)
	name := about.Name[strings.LastIndexByte(about.Name, '/')+1:]
	file := &exportFile{File: download.File{Size: about.Size, SHA256: about.SHA256}, Name: name}
	disk := &r.pageDisk
	dir, err := disk.directory()
	if err != nil {
		return nil, errors.New("the disk has no room")
	}
	file.Path = dir + "/" + name
	to, err := os.OpenFile(file.Path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, errors.New("the disk has no room")
	}
	defer func() { _ = to.Close() }() // what was not written is missed below
	if word.isOwn {
		_, err = to.Write(r.page.dataOf(about.Name))
		return file, err
	}
	ctx, cancel := context.WithDeadline(ctx, instant.Halfway(time.Now(), r.followUps.end))
	defer cancel()
	folder, record, _ := strings.Cut(word.Page.Record, "/")
	m, _, err := archive.ReadManifest(ctx, r.archive.store, folder, record)
	if err == nil {
		err = m.CopyFile(ctx, r.archive.store, about.Name, to)
	}
	return file, err
}

// dataOf is the file of a name.
func (p *pageRun) dataOf(name string) []byte {
	for _, file := range p.files {
		if file.name == name {
			return file.data
		}
	}
	return nil
}
