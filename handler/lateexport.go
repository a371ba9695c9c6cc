package handler

import (
	"context"
	"strconv"
	"time"

	"licensewatch/config"
	"licensewatch/internal/instant"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
)

// longestLate is how long a channel that is down is waited for with the word about
// an export. The marks of who was told are kept no longer.
const longestLate = 48 * time.Hour

// lateExport is an export that an earlier run has begun, and what became of it. TaskID
// 0: there is none.
type lateExport struct {
	license.Export
	link      license.SignedURL // of one that has finished
	since     time.Time         // when it was begun
	isGivenUp bool              // it was waited for too long
	isKept    bool              // an earlier run has sealed its file
	isTold    bool              // an earlier task's was: only the archive waits for it
}

func newLateExport(task life.ExportTask, state life.ExportState, now time.Time) lateExport {
	return lateExport{
		Export: license.Export{Status: license.ExportPending, TaskID: task.TaskID, Month: task.Month},
		since:  task.StartedAt.In(now.Location()), isGivenUp: state != life.ExportRunning, isKept: task.Kept,
		isTold: task.Sent,
	}
}

// tellLate posts what became of an earlier run's export, as a short follow-up or as the file.
// It is forgotten once nobody waits for it any more.
func (t *exportTeller) tellLate(ctx context.Context) {
	f := t.followUps
	late, isThere := t.lateToTell(f.now())
	if !isThere {
		return
	}
	word := t.wordAbout(late)
	t.fetchLate(ctx, late, &word)
	verdicts := t.tellWord(ctx, f.channels, word)
	isOver := !f.waitsFor(f.channels, verdicts, word.key, late.since) || f.now().Sub(late.since) > longestLate
	if isOver && t.memory.Works() {
		t.tasks().End(late.TaskID)
	}
}

// lateToTell is the export of an earlier run that is to be told: it has come to its end, or
// was given up.
func (e *exporter) lateToTell(now time.Time) (late lateExport, isThere bool) {
	if e.late.TaskID != 0 && (e.late.Status != license.ExportPending || e.late.isGivenUp) {
		return e.late, true
	}
	if !e.memory.Works() {
		return lateExport{}, false
	}
	before, state := e.tasks().GivenUp()
	if state == life.ExportNone {
		return lateExport{}, false
	}
	return newLateExport(before, state, now), true
}

// wordAbout is the word about an export that an earlier run has begun. A repeat has the same
// id, whichever run makes it.
func (t *exportTeller) wordAbout(late lateExport) exportWord {
	task := strconv.FormatInt(late.TaskID, 10)
	id := shortID(t.uin, triggerEvent{trigger: "export " + task, time: late.since.UTC().Format(time.RFC3339)}, "",
		late.since)
	key := textOf(message.ExportNote(t.followUps.language, late.Export, id)) + task
	return exportWord{export: late.Export, isKept: late.isKept, since: late.since, id: id, key: key}
}

// fetchLate brings the file of an earlier run's export to the disk, where it is kept or a
// chat waits for it. It comes after what the run has to say.
func (t *exportTeller) fetchLate(ctx context.Context, late lateExport, word *exportWord) {
	f := t.followUps
	if t.files == nil || word.export.Status != license.ExportFinished {
		return
	}
	isDue := t.share == config.ShareFile && len(takersOf(f.dueChannels(f.channels, word.since, word.key))) > 0
	if !isDue && (late.isKept || !t.keepsFiles) {
		return
	}
	ctx, cancel := context.WithDeadline(ctx, instant.Halfway(time.Now(), f.end))
	defer cancel()
	t.fetchFor(ctx, late.link, word)
}

// fetchFor brings the file that a word is about to the disk.
func (e *exporter) fetchFor(ctx context.Context, link license.SignedURL, word *exportWord) {
	file, failure := e.files.fetch(ctx, link, word.export, word.isKept)
	word.export.File = e.describeFile(file, failure)
	if failure == nil {
		word.file = &file
	}
	if e.memory.Works() && !word.isKept && e.month == "" { // a history is begun anew
		e.holdFile(word.export.TaskID, word.since, failure, false) // who is told waits for the word
	}
}

// fetchEarlier brings the files of exports that earlier runs have begun to the disk, where
// they are still to be kept.
func (e *exporter) fetchEarlier(ctx context.Context) {
	if e.files == nil || !e.memory.Works() {
		return
	}
	if e.late.Status == license.ExportFinished && !e.late.isKept {
		e.fetchFor(ctx, e.late.link, &exportWord{export: e.late.Export, since: e.late.since})
	}
	for _, task := range e.tasks().HeldFiles(e.since) {
		if task.Kept || task.TaskID == e.export.TaskID || task.TaskID == e.late.TaskID {
			continue
		}
		word := exportWord{export: license.Export{Status: license.ExportPending, TaskID: task.TaskID},
			since: task.StartedAt}
		answer, err := e.client.ExportTasks(ctx, task.TaskID)
		if judgeTask(&word.export, answer, err) && word.export.Status == license.ExportFinished {
			e.fetchFor(ctx, answer.DownloadURL, &word)
		}
	}
}
