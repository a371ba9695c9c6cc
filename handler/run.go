package handler

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"github.com/tencentyun/scf-go-lib/functioncontext"

	"licensewatch/config"
	"licensewatch/internal/guard"
	"licensewatch/internal/instant"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
	"licensewatch/rules"
	"licensewatch/session"
	"licensewatch/state"
	"licensewatch/tencent"
)

// run is the state of one run. The steps fill it from top to bottom.
type run struct {
	handler *Handler
	host    *functioncontext.FunctionContext
	budget  budget
	event   triggerEvent
	id      string
	logger  *slog.Logger

	config   config.Config
	mode     license.Mode
	rules    *rules.Set
	channels []Channel
	client   *tencent.Client
	memory   *session.Session // nil: no store is configured
	busy     bool             // another run holds the lock
	mistaken bool             // there are mistakes, in the settings or elsewhere
	oddEvent bool             // one of them is the event's
	rerun    bool             // the platform runs the event again
	skew     time.Duration    // how far the clock is ahead, where the cloud has refused the time

	snapshot  license.Snapshot
	findings  []license.Finding // until it is decided what to say
	counts    Counts            // of them
	fleet     *fleetRun         // nil: one account
	exporter  exporter
	history   *historyExport // nil: not looked at
	files     *exportFiles   // nil: nobody has a use for exported files
	followUps followUps

	page        *pageMaking      // of the mode report; nil in the others
	pageScratch scratchDirectory // where pages lie that are sent
	readable    state.Archive    // the archive, also in a dry run; nil: there is none
	archive     *archiving       // nil: there is none

	decided time.Time // when it was decided what to say; zero when it did not come so far
	blind   bool      // all there is to say is that nothing could be read
	answers answerBook
	ending
}

// doSteps takes the steps in order.
func (r *run) doSteps(ctx context.Context) error {
	r.outcome, r.reason = OutcomeFailed, "the run did not get far"
	r.exporter.export.Status = license.ExportOff
	if !r.budget.canRun() {
		r.reason = "too little time"
		return &DeadlineError{Milliseconds: max(0, r.budget.total.Milliseconds())}
	}
	mistakes := r.setUp(ctx)
	defer func() {
		if r.memory.Works() {
			r.enterOutcome(r.outcome)
		}
		r.memory.Close(ctx)
	}()
	if len(mistakes) > 0 {
		return r.tellMistakes(ctx, mistakes)
	}
	switch {
	case r.event.division.asks.Run != "":
		return r.readSlice(ctx)
	case r.fleet != nil:
		return r.doFleet(ctx)
	}
	now := r.reportTime()
	r.beginPage(now)
	waitForRecords, endReading := r.page.readRecords(ctx, []string{r.archiveFolder()})
	defer endReading() // where the run ends before
	r.readAccount(ctx, now)
	r.rerun = r.event.isRerun(now.Add(-r.skew))
	// two runs took over the same lock: the other one speaks
	if r.busy || r.memory.LooksTaken(ctx, instant.Halfway(time.Now(), r.budget.tell)) {
		return r.giveWay()
	}
	endWatch := watchTime(ctx, r.followUps, r.budget, &r.snapshot)
	defer endWatch()
	now = r.reportTime() // what is written now is newer than what the ledger holds, also after a wait
	r.noteDecided(now)
	r.judgeByRules(ctx, now)
	if r.page != nil {
		waitForRecords()
		r.page.makeOfAccount(ctx, now, r.snapshot, r.findings)
	}
	err := r.decideAndTell(ctx, now, endWatch)
	(&runSealing{archiving: r.archive, rules: r.rules, snapshot: r.snapshot, exporter: &r.exporter,
		files: r.files}).seal(ctx)
	if err != nil {
		return err
	}
	r.admitOwed(r.answers.isOwing())
	r.reportHeartbeat(ctx)
	return nil
}

// noteDecided notes when it is decided what to say.
func (r *run) noteDecided(now time.Time) {
	r.decided = now
	r.archive.noteDecided(now)
}

// decideAndTell decides what is to be said and says it. The ledger is saved before
// anything is sent: what is in its outbox cannot get lost.
func (r *run) decideAndTell(ctx context.Context, now time.Time, endWatch func() (isTimeUp bool)) error {
	r.followUps.askSilent(ctx, now)
	messages := r.decideMessages(now)
	r.pageTeller().linkPages(ctx, messages)
	if len(messages) > 0 && r.memory != nil && time.Now().Before(r.budget.tell) {
		r.archive.begin()
		r.memory.Save(ctx, instant.Halfway(time.Now(), r.budget.tell))
	}
	switch {
	case endWatch():
		return r.endTooLate(r.budget.total)
	case len(messages) == 0:
		if r.memory.Works() { // nobody was told of an export that this run began, and waits for it
			r.memory.Ledger.Exports().End(r.exporter.export.TaskID)
			r.exporter.endSending(r.exporter.export.TaskID)
		}
		r.pageTeller().sharePage(ctx)
		r.tellBesides(ctx)
		return nil
	case r.memory.IsTaken(): // this run was frozen
		return r.giveWay()
	case r.memory != nil:
		r.exporter.renewLinks(ctx, messages)
		admitNoMemory(r.memory, messages)
	}
	err := r.newTelling().tell(ctx, messages)
	r.exportTeller().shareFile(ctx, messages)
	r.pageTeller().sharePage(ctx)
	r.tellBesides(ctx)
	if r.blind { // who was told that knows no more than before, and a rerun would say nothing
		if r.outcome == OutcomeSent {
			r.outcome = OutcomeUnknown
		}
		return nil
	}
	return err
}

// decideMessages says what is to be sent. With nothing to say there is no message;
// outcome and reason then tell why.
func (r *run) decideMessages(now time.Time) []life.Message {
	// the rules have compared it: from here on only what is said is held, there may be 10,000 orders
	r.archive.gathered().keepJudgement(&r.snapshot, r.findings)
	r.snapshot.Previous = nil
	if r.page != nil {
		r.counts, r.findings = countFindings(r.findings), nil
		plan := r.page.planOfAccount(now, &r.snapshot, namesOf(r.channels))
		if r.reason = plan.Reason; len(plan.Messages) == 0 {
			r.outcome = OutcomeQuiet
		}
		return plan.Messages
	}
	d := newBaseDecision(r.id, now, r.mode, r.config, r.rules)
	d.Slot, d.Rerun, d.Channels = r.event.digestSlot(), r.rerun, namesOf(r.channels)
	d.Snapshot, d.Findings, d.Export = r.snapshot, r.findings, r.exporter.export
	d.Notices = append(memoryNotices(r.memory), r.archive.notices()...)
	d.Unknown, d.Digest = r.config.Unknown, r.config.Digest
	r.findings = nil
	decided := d.Decide(r.knownLedger())
	r.counts = countFindings(decided.Findings)
	r.reason = decided.Reason
	if len(decided.Messages) == 0 {
		r.outcome = decided.Outcome
	}
	r.blind = len(decided.Messages) > 0 && decided.Outcome == OutcomeUnknown
	return decided.Messages
}

// newTelling makes what sends the run's messages.
func (r *run) newTelling() *telling {
	return &telling{ending: &r.ending, channels: r.channels, followUps: &r.followUps, memory: r.memory,
		answers: r.answers, mode: r.mode, now: r.reportTime}
}

// tellBesides sends the follow-ups that a run has whether or not it has messages.
func (r *run) tellBesides(ctx context.Context) {
	exports := r.exportTeller()
	exports.tellLate(ctx)
	exports.tellHeldFiles(ctx)
	r.followUps.tellUnheard(ctx)
	r.followUps.tellRefused(ctx, r.snapshot.Refused(), r.rerun)
	if r.handler.dryRun == nil && wantsHistory(r.config, r.budget) {
		now := r.reportTime()
		month, isDue := dueHistory(r.memory, r.archive.isBroken(), r.mode == license.ModeDigest, r.rerun, now)
		r.history = newHistoryExport(*exports, month)
		r.history.run(ctx, isDue, now)
	}
}

// exportTeller is what tells of the exports of the license details.
func (r *run) exportTeller() *exportTeller {
	return &exportTeller{&r.exporter, &r.followUps, r.host.TencentcloudUin}
}

// pageTeller is what tells of the pages of the mode report.
func (r *run) pageTeller() *pageTeller {
	return &pageTeller{page: r.page, decided: r.decided, followUps: &r.followUps, archive: r.archive,
		disk: &r.pageScratch}
}

// reportTime is the time reports are written and days counted by, in the configured
// zone. A clock of which the cloud has said that it is wrong is put right.
func (r *run) reportTime() time.Time {
	now := r.handler.now().Add(-r.skew)
	if r.config.Zone != nil {
		now = now.In(r.config.Zone)
	}
	return now
}

// reportPanic turns a panic of the run itself into an error, and tells the chats as
// well as it can. The panic's message is not shown anywhere, because it could
// hold data; the stack holds none.
func (r *run) reportPanic(ctx context.Context, cause any) error {
	kind := fmt.Sprintf("%T", cause)
	r.logger.LogAttrs(ctx, slog.LevelError, "internal error", slog.String("kind", kind),
		slog.String("stack", string(debug.Stack())))
	r.outcome, r.reason = OutcomeFailed, "internal error"
	note := func(language license.Language) license.Note { return message.InternalErrorNote(language, r.id) }
	r.guardPart(ctx, "note", func() {
		r.followUps.sendNote(ctx, r.channels, note)
	})
	return &InternalError{Kind: kind, ID: r.id}
}

// guardPart runs one part so that its panic ends that part and nothing else;
// it reports whether the part came to its end.
func (r *run) guardPart(ctx context.Context, part string, f func()) (ok bool) {
	return guard.Run(ctx, r.logger, part, f)
}

// reportHeartbeat calls the configured URL after a good run: one that read something, and
// owes nobody anything.
func (r *run) reportHeartbeat(ctx context.Context) {
	isGood := r.outcome == OutcomeSent || r.outcome == OutcomeQuiet
	if r.handler.dryRun == nil && !r.config.HeartbeatURL.IsZero() && isGood && !isBlind(r.snapshot) {
		reportHeartbeat(ctx, r.handler.transport, r.config.HeartbeatURL, r.budget, r.logger)
	}
}

// enterOutcome has the ledger remember how the run ended.
func (r *run) enterOutcome(outcome Outcome) {
	at := r.decided
	if at.IsZero() {
		at = r.reportTime()
	}
	r.memory.Ledger.EnterRun(life.Run{At: at, Mode: r.mode, Outcome: string(outcome), Reason: r.reason},
		namesOf(r.channels))
}

// exportSummary is what the Summary says of exports.
func (r *run) exportSummary() ExportSummary {
	if r.fleet != nil {
		return r.fleet.exportSummary()
	}
	return ExportSummary{Status: r.exporter.export.Status, TaskID: r.exporter.export.TaskID,
		History: r.history.summary(), Files: r.files.summaries()}
}

func (r *run) newSummary(elapsed time.Duration) Summary {
	return Summary{
		Outcome:     r.outcome,
		Reason:      r.reason,
		Mode:        r.mode,
		RunID:       r.id,
		Findings:    r.counts,
		Sources:     sourceCodes(r.snapshot),
		Delivered:   append([]string{}, r.delivered...),
		Undelivered: append([]string{}, r.undelivered...),
		Export:      r.exportSummary(),
		Memory:      memoryStatus(r.memory),
		Archive:     r.archive.summary(),
		Report:      r.page.summary(),
		Accounts:    r.fleet.summary(), AccountSources: r.fleet.sourceCounts(),
		ElapsedMS: elapsed.Milliseconds(),
	}
}
