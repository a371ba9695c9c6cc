package license

import (
	"time"
)

// Report is one message as data, without markup; each channel renders it in
// its own way.
type Report struct {
	ID       string // short id a reader can quote; the same when a message is repeated
	Mode     Mode
	Language Language
	At       time.Time // in the zone the texts are written in
	Snapshot Snapshot
	// Fleet is what is said of many accounts together; nil in a report about one. Firing,
	// Resolved and Unwatched name theirs then, and Snapshot is empty.
	Fleet   *Fleet    `json:",omitempty"`
	Firing  []Finding // worst first, soonest first
	Unknown []Finding // rules that could not be judged
	Export  Export
	Notices []Notice // what else the reader should know about this run
	// Page is the report for people that the run has made, of which the message tells and of
	// nothing else; nil in every other one.
	Page *Page `json:",omitempty"`
	// NameMachines: machines that lose their protection are named, not only counted.
	NameMachines bool `json:",omitempty"`
	Mention      bool // call the people who are configured to be called

	// Sent is when it is delivered, where that is hours after At, when it was
	// written; zero otherwise.
	Sent time.Time
	// Repeat: it was sent before and got no answer, so that it may be there already.
	Repeat bool
	// OnlyCall: the channel has accepted the message; only the call is to be made.
	OnlyCall bool
	// Unchanged: a digest that says what the digests said since then; zero when it
	// says something else.
	Unchanged time.Time

	// Usage is how many licenses were in use on each of the last days, in a digest of a run
	// with memory; the last one is that of At. One that is sent later does without it.
	Usage []DailyUsage `json:"-"`

	// What only a run with memory knows.
	Resolved []Resolved // what is over since the channel was last told
	// Superseded is what is over as well, but of which another finding tells now, or did, or which
	// nobody judges any more: people hear of the other one, or of the rule, and who goes by keys has
	// to close this one too.
	Superseded    []Resolved     `json:",omitempty"`
	Acks          []Ack          // digest: the acknowledgements that hold
	SourceChanges []SourceChange // sources that stay unread, or can be read again
	Unjudged      int            // alert about what was read and cannot be judged: in how many runs in a row; else 0
	Unwatched     []Unwatched    // what fired, or could not be read, and is not watched any more
	Gaps          []Gap          // the times without any run
	Unheard       []Unheard      // digest: the alerts that a channel gave no answer to
}

// Unheard is an alert that a channel gave no answer to in several runs: it may have
// arrived or not, and was given up.
type Unheard struct {
	Channel string // as the run names it
	ID      string
	At      time.Time // when it was written
	GivenUp time.Time
}

// Fleet is what a report says of many accounts together.
type Fleet struct {
	FleetCount // of those that the channel hears of

	// Slice of Slices is which of all accounts the report is about; zero: all.
	Slice, Slices int

	NeedAction int      // accounts with something that fires and is worse than info
	Well       int      // accounts of which all is known, and where nothing of that kind fires
	Doubtful   []string // accounts that were read whole, and where not everything could be judged
	Late       []string // the accounts that were not reached
	Sites      []Site
	Again      []string        // accounts that can be read again
	New, Gone  []string        // accounts that came to the organization, and that left it
	NotAllowed []UnreadAccount // sources that the roles do not allow yet; nothing else is missing
	Unlisted   *Failure        // why the members of the organization were not listed; nil: they were, or need not be
	Unread     []UnreadAccount // in the order of the accounts
	LeftOut    []string        // accounts whose entry in the accounts file is wrong, as it was told
	Exports    []AccountExport // digest: of the accounts whose license details are exported, in their order
}

// AccountExport is what became of the export of one of many accounts.
type AccountExport struct {
	Account string
	Export  Export
}

// UnreadAccount is a source of an account that could not be read.
type UnreadAccount struct {
	Account string
	Source  Source
	Partly  bool         // something else of the account was read, or a part of the source
	Failure *Failure     // nil: not known
	Lasting SourceChange // zero: nobody knows since when
}

// FailureOrUnread is why it could not be read; where nobody knows, that it was not.
func (u *UnreadAccount) FailureOrUnread() Failure {
	if u.Failure == nil {
		return Failure{Kind: FailureInternal, Code: "NotRead"}
	}
	return *u.Failure
}

// DailyUsage is how many licenses were in use on a day.
type DailyUsage struct {
	Day  time.Time // noon of the day, in the report's zone
	Used *int64    // nil: it was not read
}

// Gap is a time in which no run was seen, much longer than usual.
type Gap struct {
	From, To time.Time // the runs before and after it
}

// Unwatched is a rule that was switched off or removed while it fired, or a
// source that is not read any more.
type Unwatched struct {
	Account string `json:",omitempty"` // its name, in a report about many; else empty
	Rule    string // empty: it is a source
	Source  Source // empty: it is a rule
	Title   Text   // Rule: what it last said, of one of its findings
	Count   int    // Rule: how many findings it had
}

// Fact names what it tells among all that a message may tell.
func (u *Unwatched) Fact() string {
	return factOf(u.Account, "unwatched "+u.Rule+string(u.Source))
}

// Worst is the greatest severity that is firing and not acknowledged; empty when
// nothing is.
func (r Report) Worst() Severity {
	var worst Severity
	for _, f := range r.Firing {
		if f.Severity.Rank() > worst.Rank() && !f.IsAcknowledged() {
			worst = f.Severity
		}
	}
	return worst
}

// ExportStatus is how the export of the license details ended.
type ExportStatus string

// The export's endings.
const (
	ExportFinished ExportStatus = "finished"
	ExportPending  ExportStatus = "pending" // started, not ready in time
	ExportFailed   ExportStatus = "failed"
	ExportSkipped  ExportStatus = "skipped" // too little time to try
	ExportOff      ExportStatus = "off"
)

// Export is what became of the license details' export, or of that of a month's usage
// history.
type Export struct {
	Status ExportStatus
	Month  string    `json:"-"` // of the usage history, as "2026-10"; empty: the license details
	TaskID int64     // 0: none was given
	Link   SignedURL // empty unless it may be shared
	// Withheld is the host of a download link that is not safe to show;
	// "invalid" when it has none.
	Withheld string
	// Problem says why there is no result; empty otherwise.
	Problem ExportProblem
	// Failure is the API's refusal behind Problem; nil when there was none.
	Failure *Failure
	// File is the file itself, where it was to be fetched; nil otherwise. It lies with
	// the run, so that no message that waits for another run has it.
	File *ExportFile `json:"-"`
}

// ExportProblem is why an export has no result.
type ExportProblem string

// The reasons.
const (
	ExportRefused   ExportProblem = "refused"   // ExportLicenseDetail or ExportTasks failed
	ExportNothing   ExportProblem = "nothing"   // there is nothing to export
	ExportNoTask    ExportProblem = "no-task"   // the answer held no task id
	ExportAmbiguous ExportProblem = "ambiguous" // no answer: it may or may not have started
	ExportError     ExportProblem = "error"     // the task ended with ERROR
	ExportNoLink    ExportProblem = "no-link"   // finished, but without a link
	// it did not finish in time, and nobody will ask for it again
	ExportUnfinished ExportProblem = "unfinished"
)

// Notice is something about the run itself the reader should know. Code says
// what; Args are the facts it needs, in the order Code documents.
type Notice struct {
	Code NoticeCode
	Args []string
}

// NoticeCode is the kind of a Notice.
type NoticeCode string

// The notices.
const (
	NoticeOrdersIncomplete NoticeCode = "orders-incomplete" // args: orders read, orders announced
	NoticeUnknownSetting   NoticeCode = "unknown-setting"   // args: name, the name that was meant or ""
	NoticeFieldsUnread     NoticeCode = "fields-unread"     // args: the fields, as "tcss.State"
	// args: a source that is not asked for because the role does not allow it yet, its action
	NoticeNotAllowed NoticeCode = "not-allowed"
	// args: how many earlier messages were given up before this channel took them
	NoticeDropped  NoticeCode = "messages-dropped"
	NoticeNoMemory NoticeCode = "state-failed" // args: the code of why; the run remembers nothing
	// args: the account and the site whose memory was found, or ""; the run remembers nothing
	NoticeOtherOwner NoticeCode = "state-other-owner"
	// args: the name under which the unreadable state was kept, or ""
	NoticeStateCorrupt NoticeCode = "state-corrupt"
	// args: where things were moved that stood in the memory's way
	NoticeStateDisplaced NoticeCode = "state-displaced"
	// args: the time of the newest record in the archive, the beginning of its manifest's hash
	NoticeEvidence NoticeCode = "evidence"
	// args: since when nothing could be sealed, the code of why
	NoticeNotArchived NoticeCode = "not-archived"
	// NoticeAccountsNotArchived is the same of many accounts, of which some may be archived.
	NoticeAccountsNotArchived NoticeCode = "accounts-not-archived"
	NoticeStateShed           NoticeCode = "state-shed" // no args; the memory was too large to be stored whole
	// What Fleet says in a report about many accounts, for who compares digests: why the
	// members were not listed.
	NoticeUnlisted NoticeCode = "members-unlisted"
)

// Note is a short message of its own beside the reports: a follow-up about a
// channel, or a mistake in the settings. Its texts are plain, in the reader's
// language.
type Note struct {
	Severity Severity
	Title    string
	Lines    []string
	ID       string // the run's short id

	// Links stand above the lines. The first has room; several have while together they are
	// not longer than one may be.
	Links []NoteLink
}

// NoteLink is a link of a Note.
type NoteLink struct {
	URL   SignedURL
	Label string // what the link reads
}
