package handler

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
	"licensewatch/rules"
)

// evidence gathers what a run says and why, for the record that is sealed of it. A nil
// *evidence is that of a run without an archive, and gathers nothing.
type evidence struct {
	mutex sync.Mutex // channels answer side by side
	said  []saidMessage

	findings []license.Finding // of the rules, where there are too many orders to judge them again
	previous *license.Snapshot // what the rules compared with, where there are not
}

// saidMessage is a message as one channel was sent it: a report, a file, or else a note.
type saidMessage struct {
	id      string
	report  *license.Report
	file    *exportFile
	note    license.Note
	at      time.Time
	verdict deliveryVerdict
}

// manyOrders is from how many orders on the record of a run has no conditions and does not
// count what is ok: to judge them again would take too long, and too much memory.
const manyOrders = 2000

// keepJudgement keeps what the rules went by, which a run otherwise lets go before it tells.
func (e *evidence) keepJudgement(snapshot *license.Snapshot, findings []license.Finding) {
	switch {
	case e == nil:
	case snapshot.Orders != nil && len(snapshot.Orders.List) >= manyOrders:
		e.findings = findings
	default:
		e.previous = snapshot.Previous
	}
}

// lacksConditions says whether the record has no conditions.
func (e *evidence) lacksConditions() bool { return e.findings != nil }

// addReport gathers what a channel answered to a message.
func (e *evidence) addReport(m life.Message, v deliveryVerdict, at time.Time) {
	if e != nil {
		e.add(saidMessage{id: m.ID, report: &m.Report, at: at, verdict: v})
	}
}

// addNote gathers what channels answered to a note.
func (e *evidence) addNote(note license.Note, verdicts []deliveryVerdict, at time.Time) {
	if e == nil {
		return
	}
	for _, v := range verdicts {
		e.add(saidMessage{id: note.ID, note: note, at: at, verdict: v})
	}
}

// addFile gathers what a channel answered to a file.
func (e *evidence) addFile(id string, file *exportFile, v deliveryVerdict, at time.Time) {
	if e != nil {
		e.add(saidMessage{id: id, file: file, at: at, verdict: v})
	}
}

func (e *evidence) add(m saidMessage) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.said = append(e.said, m)
}

// hasSaid says whether anybody was sent anything.
func (e *evidence) hasSaid() bool {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return len(e.said) > 0
}

// letGoReports lets go what was said once it is rendered.
func (e *evidence) letGoReports() {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	for i := range e.said {
		if said := e.said[i].report; said != nil {
			e.said[i].report = &license.Report{Mode: said.Mode}
		}
	}
}

// sealedMessages is messages.json.
type sealedMessages struct {
	Version  int              `json:"version"`
	Messages []*sealedMessage `json:"messages"`
	Export   sealedExport     `json:"export"`
}

// sealedMessage is a message as one channel was sent it.
type sealedMessage struct {
	ID          string       `json:"id"`
	Kind        string       `json:"kind"` // "report", "note" or "file"
	Mode        license.Mode `json:"mode"`
	Channel     string       `json:"channel"` // its name in the run
	ChannelKind string       `json:"channel_kind"`
	ChannelID   string       `json:"channel_id"` // where it leads, as a hash; empty without a store
	At          time.Time    `json:"at"`         // when it answered, or was given up
	Verdict     string       `json:"verdict"`    // "accepted", "refused" or "no-answer"
	Code        string       `json:"code,omitempty"`
	// Payload is what was posted first, with withheldLink in the place of a signed link; of a
	// file what it is. It is null in the record of one of many accounts.
	Payload json.RawMessage `json:"payload"`
}

// sealedFile is the payload of a message that is a file.
type sealedFile struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// sealedExport is what became of the export.
type sealedExport struct {
	Status license.ExportStatus `json:"status"`
	TaskID int64                `json:"task_id,omitempty"`
	Record string               `json:"record,omitempty"` // the earlier record that has begun it
}

// withheldLink stands in a record where a message has a signed link.
const withheldLink = "https://link-withheld.invalid/"

// sealMessages makes messages.json; where isAbout is not nil, of the messages that it gives,
// and without what was posted, since the record of the fleet has that.
func (e *evidence) sealMessages(channels []config.Channel, mode license.Mode, channelID func(name string) string,
	export sealedExport, isAbout func(*saidMessage) bool) ([]byte, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	file := sealedMessages{Version: 1, Messages: []*sealedMessage{}, Export: export}
	payloads := map[string]json.RawMessage{} // many channels are sent the same
	for i := range e.said {
		m := &e.said[i]
		if isAbout != nil && !isAbout(m) {
			continue
		}
		name := m.verdict.channel.Name()
		at := slices.IndexFunc(channels, func(c config.Channel) bool { return c.Name == name })
		if at < 0 {
			continue
		}
		channel := channels[at]
		sealed := &sealedMessage{ID: m.id, Kind: "note", Mode: mode, Channel: name, ChannelKind: channel.Kind.Name,
			ChannelID: channelID(name), At: m.at.UTC().Truncate(time.Millisecond), Verdict: "accepted"}
		if m.file != nil {
			sealed.Kind = "file"
		}
		if m.report != nil {
			sealed.Kind, sealed.Mode = "report", m.report.Mode
		}
		if refusal := m.verdict.refusal; refusal != nil {
			sealed.Verdict, sealed.Code = "refused", refusal.Code
			if refusal.Ambiguous {
				sealed.Verdict = "no-answer"
			}
		}
		file.Messages = append(file.Messages, sealed)
		key := sealed.Kind + sealed.ID + channel.Kind.Name + textOf(m.note) // notes of a run share its id
		if m.report != nil && m.report.Fleet != nil {
			key += name // what each channel hears of many accounts is its own
		}
		if payloads[key] == nil && isAbout == nil {
			payload, err := m.payload(channel)
			if err != nil {
				return nil, err
			}
			payloads[key] = payload
		}
		sealed.Payload = payloads[key]
	}
	slices.SortStableFunc(file.Messages, func(a, b *sealedMessage) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Channel, b.Channel))
	})
	return message.JSON(file)
}

// payload is the message in the channel's form, without signed links.
func (m *saidMessage) payload(c config.Channel) ([]byte, error) {
	if m.file != nil {
		return message.JSON(sealedFile{m.file.Name, m.file.Size, m.file.SHA256})
	}
	if m.report == nil {
		note := m.note
		note.Links = slices.Clone(note.Links)
		for i := range note.Links {
			note.Links[i].URL = withhold(note.Links[i].URL) // the note has them all
		}
		return message.JSON(c.Kind.Note(note).Body)
	}
	report := *m.report
	report.Export = c.Kind.ShownExport(report.Export)
	report.Export.Link = withhold(report.Export.Link)
	if report.Page = c.Kind.ShownPage(report.Page, report.Language); report.Page != nil {
		page := *report.Page
		page.Link, report.Page = withhold(page.Link), &page
	}
	if report.Fleet != nil && len(report.Fleet.Exports) > 0 {
		fleet := *report.Fleet
		fleet.Exports = slices.Clone(fleet.Exports)
		for i := range fleet.Exports {
			fleet.Exports[i].Export.Link = withholdAsLong(fleet.Exports[i].Export.Link)
		}
		report.Fleet = &fleet
	}
	return c.Kind.Payload(report, c.Mention)
}

func withhold(link license.SignedURL) license.SignedURL {
	if link.IsZero() {
		return link
	}
	return license.NewSignedURL(withheldLink)
}

// withholdAsLong is withhold, as long as the link was: how many have room depends on it.
func withholdAsLong(link license.SignedURL) license.SignedURL {
	if link.IsZero() {
		return link
	}
	return license.NewSignedURL(withheldLink + strings.Repeat("x", max(0, len(link.Reveal())-len(withheldLink))))
}

// sealedFindings is findings.json.
type sealedFindings struct {
	Version  int               `json:"version"`
	Rules    []rules.SourceSum `json:"rules"`
	Findings []sealedFinding   `json:"findings"`
	OK       *int              `json:"ok"` // how many are not listed, because nothing is wrong; nil with many orders
}

// sealedFinding is what a rule says of a subject.
type sealedFinding struct {
	Rule      string             `json:"rule"`
	Subject   string             `json:"subject,omitempty"` // empty: the account
	Others    []string           `json:"others,omitempty"`  // further subjects of the same
	State     license.State      `json:"state"`
	Severity  license.Severity   `json:"severity"`
	Title     string             `json:"title,omitempty"`
	Detail    string             `json:"detail,omitempty"`
	Deadline  time.Time          `json:"deadline,omitzero"`
	CoveredBy string             `json:"covered_by,omitempty"`
	Missing   []string           `json:"missing,omitempty"`
	Problem   string             `json:"problem,omitempty"`
	Evidence  []sealedConditions `json:"evidence"` // empty with many orders
}

// sealedConditions is a condition of a rule, with what it read.
type sealedConditions struct {
	Expression string            `json:"expression"`
	Value      license.State     `json:"value"`
	Fields     map[string]string `json:"fields"`
}

// sealFindings makes findings.json.
func (e *evidence) sealFindings(set *rules.Set, snapshot license.Snapshot, now time.Time,
	language license.Language) ([]byte, error) {
	findings := e.findings
	if findings == nil {
		snapshot.Previous = e.previous
		findings = set.Judge(snapshot, now, language)
	}
	file, ok := sealedFindings{Version: 1, Rules: set.SourceSums(), Findings: []sealedFinding{}}, 0
	for i := range findings {
		f := &findings[i]
		if f.State == license.OK {
			ok++
			continue
		}
		sealed := sealedFinding{Rule: f.Rule, Subject: f.Subject, Others: f.Others, State: f.State,
			Severity: f.Severity,
			Title:    f.Title.In(language), Detail: f.Detail.In(language), Deadline: f.Deadline, CoveredBy: f.CoveredBy,
			Missing: f.Missing, Problem: f.Problem, Evidence: []sealedConditions{}}
		for _, condition := range f.Evidence {
			fields := map[string]string{}
			for _, value := range condition.Values {
				fields[value.Field] = value.Text
			}
			sealed.Evidence = append(sealed.Evidence, sealedConditions{condition.Condition, condition.State, fields})
		}
		file.Findings = append(file.Findings, sealed)
	}
	if e.findings == nil { // else a run has the first only of a rule's that are ok
		file.OK = &ok
	}
	return message.JSON(file)
}
