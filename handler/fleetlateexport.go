package handler

import (
	"context"
	"log/slog"
	"slices"
	"strconv"

	"licensewatch/internal/guard"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
)

// accountWord is the word about an export of an account that an earlier run has begun.
type accountWord struct {
	result *accountResult
	late   lateExport
	due    []string // the channels that are to hear it
}

// exportKey tells the words about exports apart in the ledger of their account.
func exportKey(taskID int64) string { return "export " + strconv.FormatInt(taskID, 10) }

// tellLate tells each channel once what became of the exports that earlier runs have begun, of
// all accounts that it hears of in one note. Those of this run are in the digest: a channel
// that did not take it is told by a later run.
func (x *fleetExports) tellLate(ctx context.Context, f *followUps, messages []life.Message, delivered []string) {
	if x == nil || !x.memory.Works() {
		return
	}
	guard.Run(ctx, x.logger, "exports", func() {
		var words []*accountWord
		for _, a := range x.fleet.results {
			if a.exporter == nil {
				continue
			}
			x.withLedger(ctx, a, func() {
				a.settleExport(messages, delivered)
				if word := a.lateWord(f); word != nil {
					words = append(words, word)
				}
			})
		}
		verdicts := x.tellWords(ctx, f, words)
		for _, word := range words {
			x.withLedger(ctx, word.result, func() { word.enter(f, verdicts) })
		}
	})
}

// settleExport remembers, of the export of this run, who has not heard of it: it is asked for
// again. One that is still running while nobody was told of it is given up.
func (a *accountResult) settleExport(messages []life.Message, delivered []string) {
	e := a.exporter
	var told, missed []string
	for _, m := range messages {
		channel := m.Channels[0]
		switch {
		case m.Mode != license.ModeDigest || m.Owed || !slices.Contains(a.channels, channel):
		case slices.Contains(delivered, channel):
			told = append(told, channel)
		default:
			missed = append(missed, channel)
		}
	}
	switch {
	case e.export.Status == license.ExportPending && len(told)+len(missed) == 0:
		e.tasks().End(e.export.TaskID)
	case e.export.Status == license.ExportFinished && len(missed) > 0:
		e.tasks().Begin(e.export.TaskID, e.since)
		for _, channel := range told {
			e.ledger().Notes().MarkTold(channel, exportKey(e.export.TaskID), e.since)
		}
	}
}

// lateWord is what is to be told of an earlier export of an account, and whom, which may be
// nobody any more; nil where there is nothing.
func (a *accountResult) lateWord(f *followUps) *accountWord {
	late, isThere := a.exporter.lateToTell(f.now())
	if !isThere {
		return nil
	}
	word := &accountWord{result: a, late: late}
	for _, c := range f.channels {
		if slices.Contains(a.channels, c.Name()) && !slices.Contains(f.refused, c.Name()) &&
			a.exporter.ledger().Notes().MayTell(c.Name(), exportKey(late.TaskID), f.slot, late.since) {
			word.due = append(word.due, c.Name())
		}
	}
	return word
}

// tellWords sends each channel one note, of all that it is to hear.
func (x *fleetExports) tellWords(ctx context.Context, f *followUps, words []*accountWord) map[string]deliveryVerdict {
	notes := map[string]noteIn{}
	for _, c := range f.channels {
		var exports []license.AccountExport
		for _, word := range words {
			if slices.Contains(word.due, c.Name()) {
				exports = append(exports, license.AccountExport{Account: word.result.account.Name,
					Export: word.late.Export})
			}
		}
		if len(exports) > 0 {
			notes[c.Name()] = func(language license.Language) license.Note {
				return message.AccountExportsNote(language, exports, f.id)
			}
		}
	}
	due := slices.DeleteFunc(slices.Clone(f.channels), func(c Channel) bool { return notes[c.Name()] == nil })
	if len(due) == 0 {
		return nil
	}
	x.logger.LogAttrs(ctx, slog.LevelInfo, "the word about exports of accounts", slog.Int("accounts", len(words)))
	verdicts := map[string]deliveryVerdict{}
	for _, v := range f.sendAll(ctx, due, func(ctx context.Context, c Channel) error {
		return c.Note(ctx, f.noteFor(c, notes[c.Name()]))
	}) {
		name := v.channel.Name()
		verdicts[name] = v
		f.noteHead(notes[name], []deliveryVerdict{v})
		f.evidence.addNote(f.noteFor(v.channel, notes[name]), []deliveryVerdict{v}, f.now())
	}
	return verdicts
}

// enter has the ledger of an account remember who was told of its export, which is
// forgotten once nobody waits for that any more.
func (word *accountWord) enter(f *followUps, verdicts map[string]deliveryVerdict) {
	e, key := word.result.exporter, exportKey(word.late.TaskID)
	notes, isWaiting := e.ledger().Notes(), false
	for _, channel := range word.result.channels {
		v, isSent := verdicts[channel]
		isSent = isSent && slices.Contains(word.due, channel)
		switch {
		case isSent && v.refusal == nil:
			notes.MarkTold(channel, key, word.late.since)
		case isSent && v.refusal.Ambiguous:
			notes.DoubtTold(channel, key, f.slot, word.late.since)
		}
		isDead := isSent && v.refusal != nil && !v.refusal.Retryable
		isWaiting = isWaiting || !isDead && notes.MayTell(channel, key, "", word.late.since)
	}
	if !isWaiting || f.now().Sub(word.late.since) > longestLate {
		e.tasks().End(word.late.TaskID)
	}
}
