package handler

import (
	"sync"
	"time"

	"licensewatch/license"
	"licensewatch/life"
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
