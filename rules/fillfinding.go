package rules

import (
	"fmt"
	"slices"
	"time"

	"licensewatch/license"
)

// A finding beside its state: how bad and how much it is, when it ends, whose it is, and
// its texts.

// fillFinding judges the account, or one order. Whatever goes wrong in it stays in this
// one finding.
func (e *evaluation) fillFinding(result *license.Finding, r *rule, outline *license.Finding, f *frame) {
	defer func() {
		f.evidence = nil
		if cause := recover(); cause != nil {
			*result = *outline
			result.State, result.Problem = license.Unknown, fmt.Sprintf("internal error: %v", cause)
		}
	}()
	e.setDeadline(r, f, result)
	if e.brief && r.isQuiet(f) {
		result.State = license.OK
		return
	}
	if e.matters == nil {
		f.evidence = &result.Evidence
	}
	a := r.when.root.eval(f)
	switch result.State = a.findingState(); result.State {
	case license.Unknown:
		result.Missing, result.Problem, result.Undocumented = a.missing, a.problem, a.odd
		e.setExtent(r, f, result)
	case license.OK:
		if r.clear != nil && !r.clear.eval(f).isTrue() {
			result.Lingers = true
			e.describeFinding(r, f, result)
		}
	case license.Firing:
		e.describeFinding(r, f, result)
		if r.change {
			result.EventID = r.eventText(f)
		}
	}
}

// setDeadline gives the finding the deadline of what it is about.
func (e *evaluation) setDeadline(r *rule, f *frame, result *license.Finding) {
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

// describeFinding gives a finding that fires, or lingers, all that is said of it.
func (e *evaluation) describeFinding(r *rule, f *frame, result *license.Finding) {
	result.Severity = r.severityNow(f)
	if r.coveredWhen != nil && !r.coveredWhen.eval(f).isTrue() {
		result.Covers = nil
	}
	e.setExtent(r, f, result)
	result.Title = e.writeTexts(r.title, f)
	result.Detail = e.writeTexts(r.detail, f)
	result.Detail = license.Text{En: e.details.Once(result.Detail.En), Zh: e.details.Once(result.Detail.Zh)}
	if r.detail.isEmpty() {
		result.Detail = license.Text{En: r.writeFacts(f, englishWords), Zh: r.writeFacts(f, chineseWords)}
	}
	if !r.over.isEmpty() {
		result.Over = e.writeTexts(r.over, f)
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

// setExtent says how much of it there is, and whose it is.
func (e *evaluation) setExtent(r *rule, f *frame, result *license.Finding) {
	result.Measure = r.measureNow(f)
	machines := r.machines.eval(f)
	if f.order != nil {
		if r.machines == nil {
			machines = orderMachines.eval(f)
		}
		result.Licenses = f.order.LicenseCnt
		result.Bound = f.boundAtStake()
		result.Owner, _ = ownerNode{}.eval(f).value.(string)
	}
	if machines.isKnown() {
		count := max(0, int64(min(toFloat(machines.value), maxMeasure)))
		result.Machines = &count
	}
}

// writeTexts writes the texts that are asked for. Compiling a text costs more than
// judging its rule, so the others are left alone.
func (e *evaluation) writeTexts(t localizedText, f *frame) license.Text {
	all := len(e.languages) == 0
	var written license.Text
	if all || t.chinese == nil || slices.Contains(e.languages, license.English) {
		written.En = t.english.renderText(f)
	}
	if all || t.english == nil || slices.Contains(e.languages, license.Chinese) {
		written.Zh = t.chinese.renderText(f)
	}
	return written
}

// writeFacts writes what the condition read, for a rule without a detail.
func (r *rule) writeFacts(f *frame, w *valueWords) string {
	var text []byte
	for i, field := range r.when.reads {
		if i > 0 {
			text = append(text, ", "...)
		}
		text = fmt.Appendf(text, "%s = %s", field.name, w.printValue(fieldNode{field}.eval(f).value))
	}
	return string(text)
}

// renderText writes the text; empty when the rule has none in this language.
func (t lazyTemplate) renderText(f *frame) string {
	if t == nil {
		return ""
	}
	return t().renderText(f)
}

// consoleURLs are the console's addresses by site; the product's name follows.
var consoleURLs = map[license.Site]string{
	license.SiteCN:   "https://console.cloud.tencent.com/",
	license.SiteIntl: "https://console.tencentcloud.com/",
}

// consoleURL is the console's page that the rule names, else that of the product it
// is about; empty when there is none.
func (r *rule) consoleURL(site license.Site) string {
	base, ok := consoleURLs[site]
	if !ok {
		return ""
	}
	about := r.mainOrigin()
	switch {
	case r.page != "":
		return base + r.page
	case about != nil:
		return base + about.info.Service
	default:
		return ""
	}
}

// mainOrigin is what the rule judges, the first of it when it is more than one; nil
// when its condition reads no source.
func (r *rule) mainOrigin() *origin {
	switch {
	case r.each:
		return originOrder
	default:
		for _, f := range r.when.reads {
			if f.origin.isOfSource() {
				return f.origin
			}
		}
		return nil
	}
}
