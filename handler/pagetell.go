package handler

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"slices"
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

// pageTeller tells of a page: by a link in the message, and by the page itself, which chats are sent
// as a file behind it. Both may be of a page that an earlier run has made.
type pageTeller struct {
	page      *pageMaking // of the run; nil: it makes none
	decided   time.Time   // when it was decided what to say
	followUps *followUps
	archive   *archiving        // nil: pages have no link
	disk      *scratchDirectory // where pages lie that are sent
	gone      map[string]bool   // by record: pages of earlier runs that were looked for
}

// linkPages puts into messages that tell of a page how it is reached now: no link is ever
// stored, so that a message of an earlier run gets one of its own, unless the page is gone.
func (t *pageTeller) linkPages(ctx context.Context, messages []life.Message) {
	for i := range messages {
		m := &messages[i]
		if m.Report.Page == nil {
			continue
		}
		shown := *m.Report.Page
		isOwn := !m.Owed && t.page.isMade()
		shown.IsGone = !isOwn && t.isGone(ctx, &shown)
		shown.Link, shown.IsBrief = t.pageLink(&shown, m.Report.Language)
		shown.IsAtHand = isOwn || !shown.IsGone && t.holdsPage(m.ID)
		m.Report.Page = &shown
		switch memory := t.followUps.memory; {
		case isOwn:
			t.holdPage(m.ID, m.Channels)
		case !shown.IsAtHand && memory.Works():
			memory.Ledger.PageToSend().Withdraw(m.ID, m.Channels)
		}
	}
}

// holdsPage says whether the page of an earlier run's message can still be sent as a file: the
// message is owed for longer than that.
func (t *pageTeller) holdsPage(messageID string) bool {
	memory := t.followUps.memory
	if !memory.Works() || t.archive == nil {
		return false
	}
	held, isOver := memory.Ledger.PageToSend().Held(t.followUps.now())
	return held != nil && held.ID == messageID && !isOver
}

// longestLook is for how long a page of an earlier run is looked for before anybody is told.
const longestLook = time.Second

// isGone says whether the page of an earlier run's message is surely not in the archive any more.
// Its record is looked for once, and not for long: alerts wait for it.
func (t *pageTeller) isGone(ctx context.Context, page *license.Page) bool {
	if page.Record == "" || t.archive == nil {
		return page.Record != ""
	}
	isGone, isKnown := t.gone[page.Record]
	if !isKnown {
		ctx, cancel := context.WithTimeout(ctx, longestLook)
		defer cancel()
		folder, record, _ := strings.Cut(page.Record, "/")
		_, _, err := archive.ReadManifest(ctx, t.archive.store, folder, record)
		isGone = isLost(err)
		if t.gone == nil {
			t.gone = map[string]bool{}
		}
		t.gone[page.Record] = isGone
	}
	return isGone
}

// errNoArchive says that the settings name no archive any more.
var errNoArchive = errors.New("there is no archive")

// isLost says whether a page cannot be had for an error that no later run will see mended.
func isLost(err error) bool {
	return slices.ContainsFunc([]error{errNoArchive, archive.ErrNoRecord, archive.ErrNotSealed, archive.ErrNoFile,
		archive.ErrChanged}, func(lost error) bool { return errors.Is(err, lost) })
}

// holdPage remembers which page chats are to be sent: before they are told that it follows.
func (t *pageTeller) holdPage(messageID string, to []string) {
	held := life.HeldPage{ID: messageID, At: t.decided, Page: *t.page.page, To: to}
	if t.page.told != nil { // a fleet has a message for each channel
		held.To = slices.Concat(t.page.told.To, to)
	}
	t.page.told = &held
	switch memory := t.followUps.memory; {
	case !memory.Works():
	case held.Page.Record != "" && len(takersOf(t.followUps.channels)) > 0:
		memory.Ledger.PageToSend().Hold(held)
	default: // this page comes in the place of one that was held
		memory.Ledger.PageToSend().Release()
	}
}

// pageLink is a link to a sealed page; none where it is not wanted, or the archive has none.
func (t *pageTeller) pageLink(p *license.Page, language license.Language) (link license.SignedURL, isBrief bool) {
	if t.archive == nil || p.Record == "" || p.IsGone || t.archive.settings.ReportLink != config.ReportLinkOn {
		return link, false
	}
	text, isBrief := t.archive.store.Link(p.Record+"/"+p.File(language).Name, t.followUps.now().Add(linkLife))
	return license.NewSignedURL(text), isBrief
}

// pageWord is a page that chats are sent as a file, after the message that tells of it.
type pageWord struct {
	life.HeldPage

	isOwn  bool // of this run, which has it at hand
	isOver bool // it was waited for long enough: whoever does not get it now is told
}

// key tells it apart from other words.
func (w *pageWord) key() string { return "page " + w.ID }

// sharePage sends the page to the chats that were told that it follows: that of this run, or
// of an earlier one to whom has not got it.
func (t *pageTeller) sharePage(ctx context.Context) {
	word, ok := t.pageToShare()
	if !ok {
		return
	}
	f := t.followUps
	takers := slices.DeleteFunc(takersOf(f.channels), func(c Channel) bool {
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
		verdicts = t.sendPage(ctx, due, word)
	}
	if f.memory.Works() && !f.waitsFor(takers, verdicts, word.key(), word.At) {
		f.memory.Ledger.PageToSend().Release()
	}
}

// pageToShare is the page that chats may wait for.
func (t *pageTeller) pageToShare() (pageWord, bool) {
	if t.followUps.memory.Works() {
		if held, isOver := t.followUps.memory.Ledger.PageToSend().Held(t.followUps.now()); held != nil {
			isOwn := t.page.isMade() && t.page.page.Record == held.Page.Record
			word := pageWord{*held, isOwn, isOver}
			word.At = word.At.In(t.followUps.now().Location())
			return word, true
		}
	}
	if !t.page.isMade() || t.page.told == nil {
		return pageWord{}, false
	}
	return pageWord{*t.page.told, true, false}, true
}

// sendPage sends the page to chats. One that does not take it, or cannot be sent it any more, is
// told why, and where it is.
func (t *pageTeller) sendPage(ctx context.Context, due []Channel, word pageWord) []deliveryVerdict {
	f := t.followUps
	files := t.pagesOnDisk(ctx, due, word)
	fileOf := func(c Channel) onDisk { return files[f.languageOf(c)] }
	have := slices.DeleteFunc(slices.Clone(due), func(c Channel) bool { return fileOf(c).err != nil })
	verdicts := f.sendAll(ctx, have, func(ctx context.Context, c Channel) error {
		file := fileOf(c).file
		return c.(fileChannel).SendFile(ctx, notify.File{Path: file.Path, Name: file.Name, Size: file.Size})
	})
	f.enterNote(t.pageNote(word, message.PageUnsent{}), verdicts, word.At, word.key())
	for i, v := range verdicts {
		f.evidence.addFile(word.ID, fileOf(v.channel).file, v, f.now())
		if v.refusal == nil || v.refusal.Ambiguous {
			continue
		}
		why := message.PageUnsent{Refused: v.refusal.Failure().CodeOrStatus()}
		if again := t.tellUnsent(ctx, v.channel, word, why); len(again) > 0 {
			verdicts[i] = again[0]
		}
	}
	for _, c := range due {
		switch err := fileOf(c).err; {
		case isLost(err):
			word := word
			word.Page.IsGone = true
			verdicts = append(verdicts, t.tellUnsent(ctx, c, word, message.PageUnsent{})...)
		case err != nil && word.isOver:
			why := message.PageUnsent{Unread: archiveCode(err)}
			verdicts = append(verdicts, t.tellUnsent(ctx, c, word, why)...)
		}
	}
	return verdicts
}

// tellUnsent tells a chat why it does not get the page.
func (t *pageTeller) tellUnsent(ctx context.Context, c Channel, word pageWord,
	why message.PageUnsent) []deliveryVerdict {
	return t.followUps.noteOnce(ctx, []Channel{c}, t.pageNote(word, why), word.At, word.key())
}

// pageNote says that a chat does not get the page.
func (t *pageTeller) pageNote(word pageWord, why message.PageUnsent) noteIn {
	return func(language license.Language) license.Note {
		p := word.Page
		p.Link, p.IsBrief = t.pageLink(&p, language)
		return message.PageFileNote(language, p, word.At, word.ID, why)
	}
}

// onDisk is a page on the disk, or why it is not there.
type onDisk struct {
	file *exportFile
	err  error
}

// pagesOnDisk puts the pages that channels are sent on the disk, by language.
func (t *pageTeller) pagesOnDisk(ctx context.Context, due []Channel, word pageWord) map[license.Language]onDisk {
	files := map[license.Language]onDisk{}
	for _, c := range due {
		language := t.followUps.languageOf(c)
		if _, ok := files[language]; ok {
			continue
		}
		file, err := t.pageOnDisk(ctx, word, language)
		if err != nil {
			t.followUps.logger.LogAttrs(ctx, slog.LevelWarn, "the report cannot be sent as a file",
				slog.String("error", err.Error()))
		}
		files[language] = onDisk{file, err}
	}
	return files
}

func (t *pageTeller) pageOnDisk(ctx context.Context, word pageWord, language license.Language) (*exportFile, error) {
	about := word.Page.File(language)
	name := about.Name[strings.LastIndexByte(about.Name, '/')+1:]
	file := &exportFile{File: download.File{Size: about.Size, SHA256: about.SHA256}, Name: name}
	dir, err := t.disk.directory()
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
		_, err = to.Write(t.page.dataOf(about.Name))
		return file, err
	}
	return file, t.copyPage(ctx, &word.Page, about.Name, to)
}

// copyPage copies a page from the archive.
func (t *pageTeller) copyPage(ctx context.Context, page *license.Page, name string, to io.Writer) error {
	if t.archive == nil {
		return errNoArchive
	}
	ctx, cancel := context.WithDeadline(ctx, instant.Halfway(time.Now(), t.followUps.end))
	defer cancel()
	folder, record, _ := strings.Cut(page.Record, "/")
	m, _, err := archive.ReadManifest(ctx, t.archive.store, folder, record)
	if err == nil {
		err = m.CopyFile(ctx, t.archive.store, name, to)
	}
	return err
}
