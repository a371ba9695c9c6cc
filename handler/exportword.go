package handler

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"licensewatch/config"
	"licensewatch/internal/instant"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
	"licensewatch/notify"
)

// exportWord is what is said of an export in a message of its own: a note, or the file
// itself.
type exportWord struct {
	export license.Export
	file   *exportFile // nil: it is not there
	isKept bool        // an earlier run has sealed it
	since  time.Time   // when the export was begun; the word is told once for that day
	id     string
	key    string // tells words apart
}

// fileChannel is a Channel that may take files.
type fileChannel interface {
	Channel
	TakesFiles() bool
	// Takes says whether it takes a file of so many bytes.
	Takes(size int64) bool
	// ShownExport is how the channel shows an export: File.Follows says that it is sent
	// the file.
	ShownExport(e license.Export) license.Export
	// SendFile delivers a file. A refusal is a *notify.Error.
	SendFile(ctx context.Context, file notify.File) error
}

// takersOf are those of the channels that take files.
func takersOf(channels []Channel) []Channel {
	return slices.DeleteFunc(slices.Clone(channels), func(c Channel) bool {
		taker, ok := c.(fileChannel)
		return !ok || !taker.TakesFiles()
	})
}

// takersOfFile are those of the channels that are sent the file of an export.
func takersOfFile(channels []Channel, e license.Export) []Channel {
	return slices.DeleteFunc(takersOf(channels), func(c Channel) bool { return !isSentFile(c, e) })
}

// shownIn is how a channel shows an export.
func shownIn(c Channel, e license.Export) license.Export {
	if taker, ok := c.(fileChannel); ok {
		return taker.ShownExport(e)
	}
	return e
}

func isSentFile(c Channel, e license.Export) bool {
	shown := shownIn(c, e)
	return shown.File != nil && shown.File.Follows
}

// exportTeller tells of exports in messages of their own, behind all that the run has to say:
// what became of one that an earlier run has begun, and the files themselves.
type exportTeller struct {
	*exporter

	followUps *followUps
	uin       string // of the account; may be empty
}

// tellWord tells the channels a word once: those that take the file get it, the others a
// note. Who refuses the file gets the note as well, with why.
func (t *exportTeller) tellWord(ctx context.Context, channels []Channel, word exportWord) []deliveryVerdict {
	f := t.followUps
	due := f.dueChannels(channels, word.since, word.key)
	if len(due) == 0 {
		return nil
	}
	f.logger.LogAttrs(ctx, slog.LevelInfo, "the word about an export", slog.String("message_id", word.id),
		slog.Int64("task_id", word.export.TaskID))
	verdicts := f.sendAll(ctx, due, func(ctx context.Context, c Channel) error {
		if word.file != nil && isSentFile(c, word.export) {
			file := notify.File{Path: word.file.Path, Name: word.file.Name, Size: word.file.Size}
			return c.(fileChannel).SendFile(ctx, file)
		}
		return c.Note(ctx, message.ExportNote(f.language, shownIn(c, word.export), word.id))
	})
	f.enterNote(func(language license.Language) license.Note {
		return message.ExportNote(language, word.export, word.id)
	}, verdicts, word.since, word.key)
	for i, v := range verdicts {
		if word.file == nil || !isSentFile(v.channel, word.export) {
			note := message.ExportNote(f.language, shownIn(v.channel, word.export), word.id)
			f.evidence.addNote(note, []deliveryVerdict{v}, f.now())
			continue
		}
		f.evidence.addFile(word.id, word.file, v, f.now())
		if v.refusal == nil || v.refusal.Ambiguous {
			continue
		}
		if again := t.tellRefusedFile(ctx, v, word); len(again) > 0 {
			verdicts[i] = again[0]
		}
	}
	return verdicts
}

// tellRefusedFile gives a channel the link whose chat did not take the file, and why.
func (t *exportTeller) tellRefusedFile(ctx context.Context, v deliveryVerdict, word exportWord) []deliveryVerdict {
	export, file := word.export, *word.export.File
	file.Refused = v.refusal.Code
	if file.Refused == "" {
		file.Refused = "HTTP " + strconv.Itoa(v.refusal.HTTPStatus)
	}
	export.File = &file
	return t.followUps.noteOnce(ctx, []Channel{v.channel}, func(language license.Language) license.Note {
		return message.ExportNote(language, export, word.id)
	}, word.since, word.key)
}

// fileKey tells the word apart that is the file of a report's export.
func fileKey(taskID int64) string { return "file " + strconv.FormatInt(taskID, 10) }

// shareFile sends the file of the run's export to the chats that were told that it
// follows.
func (t *exportTeller) shareFile(ctx context.Context, messages []life.Message) {
	f := t.followUps
	if t.file == nil || t.share != config.ShareFile {
		return
	}
	word := exportWord{export: t.export, file: t.file, since: t.since, id: f.id, key: fileKey(t.export.TaskID)}
	told := slices.DeleteFunc(takersOfFile(f.channels, word.export), func(c Channel) bool {
		return slices.Contains(f.refused, c.Name()) || !isFor(messages, c)
	})
	t.releaseFile(word, t.tellWord(ctx, told, word))
}

// releaseFile remembers of the file of a word that no chat waits for it any more.
func (t *exportTeller) releaseFile(word exportWord, verdicts []deliveryVerdict) {
	waiting := takersOfFile(t.followUps.channels, word.export)
	if t.memory.Works() && !t.followUps.waitsFor(waiting, verdicts, word.key, word.since) {
		t.endSending(word.export.TaskID)
	}
}

// tellHeldFiles sends the files of earlier reports' exports to who was promised them and has not
// got them, and fetches what is to be kept.
func (t *exportTeller) tellHeldFiles(ctx context.Context) {
	if !t.memory.Works() || t.files == nil {
		return
	}
	for _, task := range t.memory.Ledger.Exports().HeldFiles(t.followUps.now()) {
		if task.TaskID != t.export.TaskID && task.TaskID != t.late.TaskID {
			t.tellHeldFile(ctx, task)
		}
	}
}

func (t *exportTeller) tellHeldFile(ctx context.Context, task life.ExportTask) {
	f := t.followUps
	word := exportWord{isKept: task.Kept, since: task.StartedAt.In(f.now().Location()), id: f.id,
		key: fileKey(task.TaskID)}
	var takers []Channel
	if t.share == config.ShareFile && !task.Sent {
		takers = takersOf(f.channels)
	}
	due := f.dueChannels(takers, word.since, word.key)
	if len(due) == 0 && (task.Kept || !t.keepsFiles) {
		if !t.followUps.waitsFor(takers, nil, word.key, word.since) {
			t.memory.Ledger.Exports().Release(task.TaskID)
		}
		return
	}
	ctx, cancel := context.WithDeadline(ctx, instant.Halfway(time.Now(), f.end))
	defer cancel()
	word.export = license.Export{Status: license.ExportPending, TaskID: task.TaskID}
	answer, err := t.client.ExportTasks(ctx, task.TaskID)
	if !judgeTask(&word.export, answer, err) || word.export.Status != license.ExportFinished {
		return // a later run asks again, for a day
	}
	t.shareLink(&word.export, answer)
	if t.fetchFor(ctx, answer.DownloadURL, &word); word.file == nil {
		return
	}
	t.releaseFile(word, t.tellWord(ctx, takersOfFile(due, word.export), word))
}
