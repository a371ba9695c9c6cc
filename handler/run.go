package handler

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	"github.com/tencentyun/scf-go-lib/functioncontext"

	"licensewatch/archive"
	"licensewatch/config"
	"licensewatch/internal/guard"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
	"licensewatch/rules"
	"licensewatch/session"
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

	snapshot       license.Snapshot
	findings       []license.Finding         // until it is decided what to say
	counts         Counts                    // of them
	fleet          *fleetRun                 // nil: one account
	unread         []string                  // why slices were not read for the run that scattered them
	accounts       *AccountCounts            // of a fleet
	accountSources map[string]map[string]int // how many accounts, by source and code
	exporter       exporter
	history        *exporter    // of a usage history; nil: not looked at
	files          *exportFiles // nil: nobody has a use for exported files
	followUps      followUps

	archive  archive.Store // nil: there is none
	evidence *evidence     // what is to be sealed; nil without an archive
	head     *archive.Link // the newest record, where there is no store to remember it
	begun    string        // the name of the run's record, where it was about to tell
	archived ArchiveSummary

	decided     time.Time // when it was decided what to say; zero when it did not come so far
	blind       bool      // all there is to say is that nothing could be read
	outcome     Outcome
	reason      string
	unanswered  int // how many acceptances are still to come; guarded by the session
	delivered   []string
	undelivered []string
}

// doSteps takes the steps in order.
func (r *run) doSteps(ctx context.Context) error {
	r.outcome, r.reason = OutcomeFailed, "the run did not get far"
	r.exporter = exporter{sleep: r.handler.sleep, budget: r.budget, export: license.Export{Status: license.ExportOff}}
	if !r.budget.canRun() {
		r.reason = "too little time"
		return &DeadlineError{Milliseconds: max(0, r.budget.total.Milliseconds())}
	}
	mistakes := r.setUp(ctx)
	defer func() {
		r.enterEnd()
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
	r.readAccount(ctx, now)
	r.rerun = r.event.isRerun(now.Add(-r.skew))
	// two runs took over the same lock: the other one speaks
	if r.busy || r.memory.LooksTaken(ctx, halfwayBetween(time.Now(), r.budget.tell)) {
		return r.giveWay()
	}
	endWatch := r.watchTime(ctx)
	defer endWatch()
	now = r.reportTime() // what is written now is newer than what the ledger holds, also after a wait
	r.decided = now
	r.judgeByRules(ctx, now)
	err := r.decideAndTell(ctx, now, endWatch)
	r.sealRecord(ctx)
	if err != nil {
		return err
	}
	if r.outcome != OutcomeFailed && r.owesMessages() {
		r.outcome = OutcomePartial
	}
	r.reportHeartbeat(ctx)
	return nil
}

// decideAndTell decides what is to be said and says it. The ledger is saved before
// anything is sent: what is in its outbox cannot get lost.
func (r *run) decideAndTell(ctx context.Context, now time.Time, endWatch func() (isTimeUp bool)) error {
	r.followUps.askSilent(ctx, now)
	messages := r.decideMessages(now)
	if len(messages) > 0 && r.memory != nil && time.Now().Before(r.budget.tell) {
		r.beginRecord()
		r.memory.Save(ctx, halfwayBetween(time.Now(), r.budget.tell))
	}
	switch {
	case endWatch():
		return r.endTooLate()
	case len(messages) == 0:
		if r.memory.Works() { // nobody was told of an export that this run began, and waits for it
			r.memory.Ledger.Exports().End(r.exporter.export.TaskID)
			r.exporter.endSending(r.exporter.export.TaskID)
		}
		r.tellBesides(ctx)
		return nil
	case r.memory.IsTaken(): // this run was frozen
		return r.giveWay()
	case r.memory != nil:
		r.exporter.renewLinks(ctx, messages)
		r.admitNoMemory(messages)
	}
	for _, message := range messages {
		r.unanswered += len(message.Channels)
	}
	err := r.tellChannels(ctx, messages)
	r.shareFile(ctx, messages)
	r.tellBesides(ctx)
	if r.blind { // who was told that knows no more than before, and a rerun would say nothing
		if r.outcome == OutcomeSent {
			r.outcome = OutcomeUnknown
		}
		return nil
	}
	return err
}

// tellBesides sends the follow-ups that a run has whether or not it has messages.
func (r *run) tellBesides(ctx context.Context) {
	r.tellLateExport(ctx, &r.exporter)
	r.tellHeldFiles(ctx)
	r.followUps.tellUnheard(ctx)
	r.followUps.tellRefused(ctx, r.snapshot.Refused(), r.rerun)
	r.exportHistory(ctx)
}

// giveWay ends a run that says nothing because another one has the lock.
func (r *run) giveWay() error {
	r.outcome, r.reason = OutcomeFailed, "another run is under way"
	return &OwedError{Busy: true}
}

// admitNoMemory says so in messages that were decided on before the store
// failed.
func (r *run) admitNoMemory(messages []life.Message) {
	if r.memory.Works() {
		return
	}
	for i := range messages {
		notices := messages[i].Report.Notices
		isSaid := func(n license.Notice) bool {
			return n.Code == license.NoticeNoMemory || n.Code == license.NoticeOtherOwner
		}
		if !slices.ContainsFunc(notices, isSaid) {
			messages[i].Report.Notices = append(r.memoryNotices(), notices...)
		}
	}
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

// judgeByRules lets the rules speak. A rule that breaks is reported as unknown by the
// rules themselves.
func (r *run) judgeByRules(ctx context.Context, now time.Time) {
	matters := func(string, string) bool { return false }
	if r.memory.Knows() {
		matters = r.memory.Ledger.Remembers()
	}
	r.findings = r.rules.JudgeFor(r.snapshot, now, matters, r.config.Language)
	for _, f := range r.findings {
		if f.Problem != "" {
			r.logger.LogAttrs(ctx, slog.LevelWarn, "a rule could not be judged",
				slog.String("rule", f.Rule), slog.String("subject", f.Subject), slog.String("problem", f.Problem))
		}
	}
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

// reportHeartbeat calls the configured URL after a good run, so that silence is
// noticed elsewhere: one that read something, and owes nobody anything. Its own
// failure is only logged.
func (r *run) reportHeartbeat(ctx context.Context) {
	isGood := r.outcome == OutcomeSent || r.outcome == OutcomeQuiet
	if r.handler.dryRun != nil || r.config.HeartbeatURL.IsZero() || !isGood || isBlind(r.snapshot) {
		return
	}
	now := time.Now()
	ctx, cancel := context.WithDeadline(ctx, earlierTime(now.Add(heartbeatTime), halfwayBetween(now, r.budget.end)))
	defer cancel()
	if problem := callHeartbeat(ctx, r.handler.transport, r.config.HeartbeatURL); problem != "" {
		r.logger.LogAttrs(ctx, slog.LevelWarn, "the heartbeat was not accepted", slog.String("problem", problem))
	}
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
		Export: ExportSummary{Status: r.exporter.export.Status, TaskID: r.exporter.export.TaskID,
			History: r.history.historySummary(), Files: r.files.summaries()},
		Memory:   r.memoryStatus(),
		Archive:  r.archived,
		Accounts: r.accounts, AccountSources: r.accountSources,
		ElapsedMS: elapsed.Milliseconds(),
	}
}
