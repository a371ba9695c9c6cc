package rules

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"licensewatch/license"
)

// Evaluate judges the snapshot. Days are counted in now's zone. The findings
// are in the order of the rules, and for a rule that judges each order in the
// order of the orders; a rule that reads a source that was not wanted gives
// none, and so does a rule about a change without a previous reading to compare
// with, or about an order that was not in it. The snapshot is only read, and
// nothing but it, now and the set decides about the result.
//
// The texts are written in the languages named, or in all when none is. A rule
// without a text in any of them has the one it has.
func (s *Set) Evaluate(snap license.Snapshot, now time.Time, languages ...license.Language) []license.Finding {
	return s.evaluate(snap, now, false, nil, languages)
}

// Judge is Evaluate without the evidence of what is ok, which is most of the work
// where there are many orders.
func (s *Set) Judge(snap license.Snapshot, now time.Time, languages ...license.Language) []license.Finding {
	return s.evaluate(snap, now, true, nil, languages)
}

// JudgeFor is Judge for a run, which has little memory for many orders: of a rule's
// findings that are ok it has the first one, and those that linger or that matter; of those
// that are unknown for the same reason one, with the Others, and those that matter. None has
// evidence.
func (s *Set) JudgeFor(snap license.Snapshot, now time.Time, matters func(rule, subject string) bool, languages ...license.Language) []license.Finding {
	return s.evaluate(snap, now, true, matters, languages)
}

func (s *Set) evaluate(
	snap license.Snapshot, now time.Time, brief bool, matters func(rule, subject string) bool, languages []license.Language,
) []license.Finding {
	work := maxWork
	e := &evaluation{snapshot: &snap, now: now, work: &work, languages: languages, owner: s.owner, list: newListing(&snap), brief: brief, matters: matters}
	if originOrder.isRead(&snap) {
		e.subjects = snap.Subjects()
		e.deadlines = make([]deadline, len(snap.Orders.List))
		if originOrder.previous().isRead(&snap) {
			e.earlier = earlierOrders(snap.Orders.List, snap.Previous.Orders.List)
		}
	}
	judged := s.judged(snap)
	most := e.most(judged)
	if matters != nil {
		most = len(judged) + len(e.subjects)
	}
	findings := make([]license.Finding, 0, most)
	e.judged = make([]judgement, 0, len(judged))
	for _, r := range judged {
		if !r.isWanted(&snap) || !r.hasPrevious(&snap) {
			continue
		}
		first := len(findings)
		var places []int
		findings, places = e.judge(r, findings)
		e.judged = append(e.judged, judgement{r, first, len(findings), places})
	}
	e.cover(findings)
	e.setCalendar(findings)
	return findings
}

// evaluation is one call of Evaluate.
type evaluation struct {
	snapshot  *license.Snapshot
	now       time.Time
	work      *int
	operands  []any              // of the step that runs, see frame
	subjects  []string           // of the orders, in their order
	deadlines []deadline         // theirs
	earlier   []*license.Order   // the same orders in the previous reading, nil where there is none; empty without one
	languages []license.Language // of the texts; empty: all
	owner     later              // who looks after an order
	list      *listing           // what the orders are together
	judged    []judgement        // in the order of the rules

	brief bool // no evidence of what is ok
	// matters says which findings about orders are asked for one by one although they are
	// ok or unknown; nil: all are. Where it is not, none has evidence.
	matters func(rule, subject string) bool
}

// most is how many findings there can be.
func (e *evaluation) most(judged []*rule) int {
	n := len(judged)
	for _, r := range judged {
		if r.each && len(e.subjects) > 1 {
			n += len(e.subjects) - 1
		}
	}
	return n
}

// judgement is a rule and where its findings are.
type judgement struct {
	rule      *rule
	first, to int
	places    []int // of their orders in the list; empty where they are about none
}

// isWanted says whether everything the rule reads was asked for.
func (r *rule) isWanted(s *license.Snapshot) bool {
	return (!r.each || s.Wants(originOrder.source)) &&
		!slices.ContainsFunc(r.when.reads, func(f *field) bool { return !s.Wants(f.origin.source) })
}

// judge adds what a rule says: one finding, or one for every order, but those that
// nobody asks for. places are those of the orders in the list.
func (e *evaluation) judge(r *rule, findings []license.Finding) (_ []license.Finding, places []int) {
	outline, f := e.outline(r), e.frame(e.account())
	if !r.each {
		findings = append(findings, outline)
		e.fill(&findings[len(findings)-1], r, &outline, f)
		return findings, nil
	}
	if e.isBlind() {
		outline.State, outline.Missing = license.Unknown, []string{string(originOrder.source)}
		return append(findings, outline), nil
	}
	first, alike := len(findings), map[string]int{}
	for i, subject := range e.subjects {
		f.order, f.deadline = &e.snapshot.Orders.List[i], &e.deadlines[i]
		if f.before != nil {
			f.before.order = e.earlierOrder(i)
		}
		if r.follows && f.before.order == nil {
			continue
		}
		if *e.work < 0 {
			outline.Subject, outline.State, outline.Problem = "", license.Unknown, tooMuchWork
			return append(findings, outline), append(places, i)
		}
		outline.Subject = subject
		at := len(findings)
		findings = append(findings, outline)
		e.fill(&findings[at], r, &outline, f)
		if e.isNeedless(findings, first, alike) {
			findings = findings[:at]
			continue
		}
		places = append(places, i)
	}
	return findings, places
}

// isNeedless says whether nobody asks for the last finding, which is about an order: those
// of the rule, from the first, do without it. alike are the places of those that are
// unknown, by reason; they take its subject in.
func (e *evaluation) isNeedless(findings []license.Finding, first int, alike map[string]int) bool {
	at := len(findings) - 1
	f := &findings[at]
	if e.matters == nil || f.Lingers || f.State == license.Firing || e.matters(f.Rule, f.Subject) {
		return false
	}
	if f.State == license.OK {
		return at > first
	}
	reason := f.Problem + "\n" + strings.Join(f.Missing, "\n")
	same, isKnown := alike[reason]
	if !isKnown {
		alike[reason] = at
		return false
	}
	findings[same].Others = append(findings[same].Others, f.Subject)
	return true
}

// isBlind says whether nothing can be said about any order: they were not read,
// or none came although there are some.
func (e *evaluation) isBlind() bool {
	if !originOrder.isRead(e.snapshot) {
		return true
	}
	return e.snapshot.Orders.Incomplete && len(e.subjects) == 0
}

// outline is what the rule's findings hold whatever the answer is.
func (e *evaluation) outline(r *rule) license.Finding {
	runbook := r.runbook
	if runbook == "" {
		runbook = r.console(e.snapshot.Site)
	}
	f := license.Finding{
		Rule: r.id, Severity: r.severity, Runbook: runbook,
		RemindAt: slices.Clone(r.remindAt), RemindEvery: r.remindEvery, RemindLater: r.remindLater, Event: r.change,
		WorseBy: r.worseBy, WorseAt: slices.Clone(r.worseAt), Covers: slices.Clone(r.coveredBy), Group: r.group,
	}
	if about := r.about(); about != nil {
		f.Source = about.source
	}
	return f
}

// account is what a rule about the whole account reads.
func (e *evaluation) account() readings {
	r := readings{snapshot: e.snapshot, now: e.now, list: e.list}
	if e.snapshot.Previous != nil {
		r.before = &readings{snapshot: e.snapshot.Previous, now: e.now, list: e.list.previous}
	}
	return r
}

// fill judges the account, or one order. Whatever goes wrong in it stays in this
// one finding.
func (e *evaluation) fill(result *license.Finding, r *rule, outline *license.Finding, f *frame) {
	defer func() {
		f.evidence = nil
		if cause := recover(); cause != nil {
			*result = *outline
			result.State, result.Problem = license.Unknown, fmt.Sprintf("internal error: %v", cause)
		}
	}()
	e.date(r, f, result)
	if e.brief && r.isQuiet(f) {
		result.State = license.OK
		return
	}
	if e.matters == nil {
		f.evidence = &result.Evidence
	}
	a := r.when.root.eval(f)
	switch result.State = a.state(); result.State {
	case license.Unknown:
		result.Missing, result.Problem, result.Undocumented = a.missing, a.problem, a.odd
		e.size(r, f, result)
	case license.OK:
		if r.clear != nil && !r.clear.eval(f).isTrue() {
			result.Lingers = true
			e.describe(r, f, result)
		}
	case license.Firing:
		e.describe(r, f, result)
		if r.change {
			result.EventID = r.event(f)
		}
	}
}

// isQuiet says whether the rule has nothing to say.
func (r *rule) isQuiet(f *frame) bool {
	return r.when.root.eval(f).isFalse() && (r.clear == nil || r.clear.eval(f).isTrue())
}

// frame is for one judgement.
func (e *evaluation) frame(at readings) *frame {
	return &frame{readings: at, work: e.work, operands: &e.operands, owner: e.owner}
}

// date gives the finding the deadline of what it is about.
func (e *evaluation) date(r *rule, f *frame, result *license.Finding) {
	var deadline time.Time
	var ok bool
	switch {
	case f.order != nil:
		deadline, ok = f.orderDeadline()
	case r.readsTcssDate() && originTcss.isRead(e.snapshot):
		deadline, ok = e.snapshot.PurchaseState.ExpirationDate()
	}
	if !ok {
		return
	}
	days := int64(license.DaysLeft(deadline, e.now))
	result.Deadline, result.DaysLeft = deadline.In(e.now.Location()), &days
}

// describe gives a finding that fires, or lingers, all that is said of it.
func (e *evaluation) describe(r *rule, f *frame, result *license.Finding) {
	result.Severity = r.severityNow(f)
	if r.coveredWhen != nil && !r.coveredWhen.eval(f).isTrue() {
		result.Covers = nil
	}
	e.size(r, f, result)
	result.Title = e.write(r.title, f)
	result.Detail = e.write(r.detail, f)
	if r.detail.isEmpty() {
		result.Detail = license.Text{En: r.facts(f, english), Zh: r.facts(f, chinese)}
	}
	if !r.over.isEmpty() {
		result.Over = e.write(r.over, f)
	}
}

// severityNow is how bad it is that the rule fires.
func (r *rule) severityNow(f *frame) license.Severity {
	// Both are judged, so that both are there as evidence.
	info, critical := r.info.eval(f).isTrue(), r.critical.eval(f).isTrue()
	switch {
	case info:
		return license.Info
	case critical:
		return license.Critical
	default:
		return r.severity
	}
}

// measureNow is how much there is of it; nil when that is not known.
func (r *rule) measureNow(f *frame) *float64 {
	measure := r.measure.eval(f)
	if !measure.isKnown() {
		return nil
	}
	value := toFloat(measure.value)
	return &value
}

// size says how much of it there is, and whose it is.
func (e *evaluation) size(r *rule, f *frame, result *license.Finding) {
	result.Measure = r.measureNow(f)
	machines := r.machines.eval(f)
	if f.order != nil {
		if r.machines == nil {
			machines = orderMachines.eval(f)
		}
		result.Licenses = f.order.LicenseCnt
		result.Owner, _ = ownerOf{}.eval(f).value.(string)
	}
	if machines.isKnown() {
		count := max(0, int64(min(toFloat(machines.value), maxMeasure)))
		result.Machines = &count
	}
}

// write writes the texts that are asked for. Compiling a text costs more than
// judging its rule, so the others are left alone.
func (e *evaluation) write(t texts, f *frame) license.Text {
	all := len(e.languages) == 0
	var written license.Text
	if all || t.chinese == nil || slices.Contains(e.languages, license.English) {
		written.En = t.english.render(f)
	}
	if all || t.english == nil || slices.Contains(e.languages, license.Chinese) {
		written.Zh = t.chinese.render(f)
	}
	return written
}

// facts writes what the condition read, for a rule without a detail.
func (r *rule) facts(f *frame, w *words) string {
	var text []byte
	for i, field := range r.when.reads {
		if i > 0 {
			text = append(text, ", "...)
		}
		text = fmt.Appendf(text, "%s = %s", field.name, w.print(read{field}.eval(f).value))
	}
	return string(text)
}

// render writes the text; empty when the rule has none in this language.
func (t text) render(f *frame) string {
	if t == nil {
		return ""
	}
	return t().render(f)
}

// consoles are the console's addresses by site; the product's name follows.
var consoles = map[license.Site]string{
	license.SiteCN:   "https://console.cloud.tencent.com/",
	license.SiteIntl: "https://console.tencentcloud.com/",
}

// console is the console's page that the rule names, else that of the product it
// is about; empty when there is none.
func (r *rule) console(site license.Site) string {
	base, ok := consoles[site]
	if !ok {
		return ""
	}
	about := r.about()
	switch {
	case r.page != "":
		return base + r.page
	case about != nil:
		return base + about.info.Service
	default:
		return ""
	}
}

// about is what the rule judges, the first of it when it is more than one; nil
// when its condition reads nothing.
func (r *rule) about() *origin {
	switch {
	case r.each:
		return originOrder
	case len(r.when.reads) > 0:
		return r.when.reads[0].origin
	default:
		return nil
	}
}
