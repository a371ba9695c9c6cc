package message

import "licensewatch/license"

// webhookHead begins every body.
type webhookHead struct {
	Version int    `json:"version"`
	Type    string `json:"type"` // report, note
	ID      string `json:"id"`   // of the run
	Level   string `json:"level"`
	Summary string `json:"summary"` // one sentence
	Text    string `json:"text"`    // all of it, for people
}

const webhookVersion = 1

// webhookLevels are the names of the levels.
var webhookLevels = map[level]string{
	levelWell:     "ok",
	levelInfo:     "info",
	levelWarning:  "warning",
	levelUnknown:  "unknown",
	levelCritical: "critical",
}

// webhookReportBody is the body of a report. What is empty is not known, or does not
// apply; the lists are always there. Times are RFC 3339, in the report's zone.
type webhookReportBody struct {
	webhookHead
	Mode      license.Mode     `json:"mode"`
	At        string           `json:"at"`
	SentAt    string           `json:"sent_at,omitempty"` // where that is later
	Language  license.Language `json:"language"`
	Account   string           `json:"account,omitempty"`
	Site      license.Site     `json:"site,omitempty"`
	Fleet     *webhookFleet    `json:"fleet,omitempty"` // in the place of account and site
	Call      bool             `json:"call"`            // people are to be called
	Repeat    bool             `json:"repeat"`          // it may have arrived before
	Unchanged string           `json:"unchanged_since,omitempty"`

	Findings    []any           `json:"findings"` // worst first, soonest first
	Resolved    []any           `json:"resolved"`
	Omitted     webhookOmitted  `json:"omitted"`
	Sources     []webhookSource `json:"sources"`
	Ending      []webhookEnding `json:"ending"` // soonest first
	Unjudged    []any           `json:"unjudged_rules"`
	Doubts      []any           `json:"doubts"`
	Acks        []any           `json:"acknowledgements"`
	Unwatched   []any           `json:"unwatched"`
	Gaps        []any           `json:"gaps"`
	Undelivered []any           `json:"undelivered"`
	Notices     []any           `json:"notices"`
	Export      *webhookExport  `json:"export,omitempty"`
	Page        *webhookPage    `json:"page,omitempty"` // of the mode report
}

// webhookFleet is how many accounts a report is about, and how they are.
type webhookFleet struct {
	Accounts   int             `json:"accounts"`
	Read       int             `json:"read"`
	Partly     int             `json:"partly"` // of those
	Failed     int             `json:"failed"`
	NotReached int             `json:"not_reached"`
	NeedAction int             `json:"need_action"`
	Well       int             `json:"well"`
	Unread     []webhookUnread `json:"unread"` // the first 100
	Sites      []license.Site  `json:"sites"`
	// Exports are those of the accounts whose license details are exported, the first 100.
	Exports []webhookAccountExport `json:"exports,omitempty"`
}

// webhookAccountExport is what became of the export of one of many accounts.
type webhookAccountExport struct {
	Account string `json:"account_name"`
	webhookExport
}

// webhookUnread is a source of an account that could not be read.
type webhookUnread struct {
	Account string         `json:"account_name"`
	Source  license.Source `json:"source"`
	Code    string         `json:"code"`
	Action  string         `json:"action,omitempty"`
}

// webhookOmitted counts what there was no room for.
type webhookOmitted struct {
	Findings int `json:"findings"`
	Resolved int `json:"resolved"`
	Others   int `json:"others"`
}

// webhookFinding is something that fires.
type webhookFinding struct {
	Account     string           `json:"account,omitempty"` // of a report about many
	AccountName string           `json:"account_name,omitempty"`
	DedupKey    string           `json:"dedup_key"`
	Rule        string           `json:"rule"`
	Subject     string           `json:"subject,omitempty"` // an order; empty: the account
	Severity    license.Severity `json:"severity"`
	Title       string           `json:"title"`
	Detail      string           `json:"detail,omitempty"`
	Deadline    string           `json:"deadline,omitempty"`
	DaysLeft    *int64           `json:"days_left,omitempty"`
	Licenses    *int64           `json:"licenses,omitempty"`
	Machines    *int64           `json:"machines,omitempty"`
	Bound       *webhookBound    `json:"bound,omitempty"`
	Owner       string           `json:"owner,omitempty"`
	Runbook     string           `json:"runbook,omitempty"`
	Source      license.Source   `json:"source,omitempty"`
	Event       bool             `json:"event"` // it is told once, and never resolved
	// What only a run with memory knows.
	Change license.Change `json:"change,omitempty"`
	Since  string         `json:"since,omitempty"`
	Next   string         `json:"next_at,omitempty"`
	Was    *webhookWas    `json:"was,omitempty"`
	Ack    *webhookAck    `json:"acknowledgement,omitempty"`
}

// webhookBound are the machines that hang on an order which ends, or hung on it before its end.
type webhookBound struct {
	Machines int64    `json:"machines"`
	Idle     *int64   `json:"idle,omitempty"`
	Names    []string `json:"names,omitempty"` // some of them, where they are to be named
	At       string   `json:"at,omitempty"`    // when they were seen, where that was before
}

// webhookWas is what was told of a finding before.
type webhookWas struct {
	DedupKey string           `json:"dedup_key,omitempty"` // of the finding that it took over from
	Title    string           `json:"title,omitempty"`
	Severity license.Severity `json:"severity,omitempty"`
	DaysLeft *int64           `json:"days_left,omitempty"`
	Deadline string           `json:"deadline,omitempty"`
}

// webhookAck is an acknowledgement.
type webhookAck struct {
	State   string `json:"state"` // holds, ended, worse, earlier
	Rule    string `json:"rule"`
	Subject string `json:"subject,omitempty"` // empty: all of the rule
	By      string `json:"by,omitempty"`
	Reason  string `json:"reason,omitempty"`
	At      string `json:"at,omitempty"`
	Until   string `json:"until,omitempty"`
}

// webhookResolved is something that is over.
type webhookResolved struct {
	Account     string           `json:"account,omitempty"` // of a report about many
	AccountName string           `json:"account_name,omitempty"`
	DedupKey    string           `json:"dedup_key"`
	Rule        string           `json:"rule"`
	Subject     string           `json:"subject,omitempty"`
	Severity    license.Severity `json:"severity,omitempty"`
	Title       string           `json:"title"`                // as it last was
	Now         string           `json:"now"`                  // what is true instead
	Why         string           `json:"why"`                  // over, gone, destroyed, replaced
	Superseded  bool             `json:"superseded,omitempty"` // told for its key alone
	Since       string           `json:"since,omitempty"`
	At          string           `json:"at,omitempty"`
}

// webhookSource is one of the readings, and what it gave.
type webhookSource struct {
	Source  license.Source  `json:"source"`
	Title   string          `json:"title"`
	State   string          `json:"state"` // read, partly, unread
	Back    bool            `json:"back"`  // it can be read again
	Since   string          `json:"since,omitempty"`
	Runs    int             `json:"runs,omitempty"` // that failed to read it
	Failure *webhookFailure `json:"failure,omitempty"`
	Figures map[string]any  `json:"figures,omitempty"` // under the API's own names
}

// webhookFailure is why something could not be read.
type webhookFailure struct {
	Kind       license.FailureKind `json:"kind"`
	Code       string              `json:"code,omitempty"`
	Action     string              `json:"action,omitempty"` // as CAM names it
	RequestID  string              `json:"request_id,omitempty"`
	HTTPStatus int                 `json:"http_status,omitempty"`
	Hint       string              `json:"hint,omitempty"`
}

// webhookEnding is one of the orders that end next.
type webhookEnding struct {
	Order    string `json:"order"`
	Deadline string `json:"deadline"`
	DaysLeft int64  `json:"days_left"`
	Licenses *int64 `json:"licenses,omitempty"`
	InUse    *int64 `json:"in_use,omitempty"`
	Renews   *bool  `json:"renews,omitempty"` // by itself
}

// webhookExport is what became of the license details' export.
type webhookExport struct {
	Status  license.ExportStatus  `json:"status"`
	TaskID  int64                 `json:"task_id,omitempty"`
	URL     string                `json:"url,omitempty"` // signed: it works for a short time
	Problem license.ExportProblem `json:"problem,omitempty"`
	Failure *webhookFailure       `json:"failure,omitempty"`
}

// webhookUnjudged is a rule that could not be judged.
type webhookUnjudged struct {
	Rule     string   `json:"rule"`
	Subjects int      `json:"subjects"`          // of how many orders; 0: of the account, or sources and doubts say why
	Missing  []string `json:"missing,omitempty"` // what neither sources nor doubts explain
	Problem  string   `json:"problem,omitempty"`
}

// webhookDoubt is something that was read and cannot be judged.
type webhookDoubt struct {
	Kind   string   `json:"kind"`
	Field  string   `json:"field"`
	Value  string   `json:"value,omitempty"`
	Orders []string `json:"orders,omitempty"` // the first ones
	Count  int      `json:"count"`            // of orders; 0: it is of the account
}

// webhookUnwatched is a rule or a source that is not watched any more.
type webhookUnwatched struct {
	Rule   string         `json:"rule,omitempty"`
	Source license.Source `json:"source,omitempty"`
	Title  string         `json:"title,omitempty"` // what the rule last said
	Count  int            `json:"count,omitempty"` // of the findings it had
}

// webhookGap is a time without any run.
type webhookGap struct {
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// webhookUndelivered is an alert that a channel gave no answer to.
type webhookUndelivered struct {
	Channel string `json:"channel"`
	ID      string `json:"id"`
	At      string `json:"at,omitempty"`
}

// webhookNotice is a remark on the run itself.
type webhookNotice struct {
	Code  license.NoticeCode `json:"code"`
	Facts []string           `json:"facts,omitempty"`
}

// webhookNoteBody is the body of a note.
type webhookNoteBody struct {
	webhookHead
	Lines []string      `json:"lines"`
	Link  *webhookLink  `json:"link,omitempty"`
	Links []webhookLink `json:"links,omitempty"` // where there are several; the first is link
}

// webhookLink is a link that a note has; a signed one works for a short time.
type webhookLink struct {
	Label string `json:"label"`
	URL   string `json:"url"`
}

// webhookPage is a report for people that a run has made. Days are those of UTC.
type webhookPage struct {
	Sentence string           `json:"sentence"`        // what the page says first
	Worst    license.Severity `json:"worst,omitempty"` // of what fires
	From     string           `json:"from"`            // day
	To       string           `json:"to"`              // day
	Until    string           `json:"until"`           // how far is looked ahead
	Accounts int              `json:"accounts"`        // all
	Read     int              `json:"read"`            // fully and lately
	History  bool             `json:"history"`         // there is an archive that could be read
	Records  int              `json:"records"`         // that were read
	Broken   int              `json:"broken"`          // that do not verify
	NotRead  string           `json:"not_read_why,omitempty"`
	LeftOut  string           `json:"left_out_before,omitempty"` // day
	Why      string           `json:"left_out_why,omitempty"`    // empty: there was no time
	Ending   []webhookPageEnd `json:"ending"`                    // soonest first
	More     int              `json:"more_ending"`               // within 90 days
	Record   string           `json:"record,omitempty"`          // that the page is sealed in
	Unsealed string           `json:"unsealed_why,omitempty"`
	File     string           `json:"file,omitempty"` // in the record
	Bytes    int64            `json:"bytes,omitempty"`
	SHA256   string           `json:"sha256,omitempty"`
	URL      string           `json:"url,omitempty"` // signed: for 7 days
	Brief    bool             `json:"url_is_brief"`  // it ends earlier, with temporary keys
}

// webhookPageEnd is one of the orders that end next.
type webhookPageEnd struct {
	Account  string `json:"account_name,omitempty"`
	Order    string `json:"order"`
	Deadline string `json:"deadline"`
	Licenses *int64 `json:"licenses,omitempty"`
	Renews   *bool  `json:"renews,omitempty"` // by itself
}
