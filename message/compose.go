package message

import (
	"slices"

	"licensewatch/license"
)

// bounds say how much room outside text gets, in bytes once escaped. With roomy
// bounds nothing real is ever cut; with tight ones every fixed part fits WeCom's
// 4096 bytes together, whatever a report holds.
type bounds struct {
	title   int // of a finding
	detail  int // of a finding
	name    int // order, account, host, code, request id and the like
	list    int // an enumeration
	rules   int // the enumeration of what could not be judged
	orders  int // how many of those ending next
	notices int // how many
	links   int // bytes of the links of accounts

	reason   int  // of an acknowledgement
	key      int  // of a finding, where it is part of a command
	resolved int  // how many of those that are over, beside what is not
	acks     int  // how many
	memory   int  // how many remarks on what the run remembers
	doubts   int  // how many kinds of values that cannot be judged
	watch    int  // how many times without a run, and how many that are no longer watched
	brief    bool // what was in the past stays unsaid
	linkOnce bool // a page is linked at the first finding that needs it
}

var (
	roomyBounds = bounds{
		title: 240, detail: 360, name: 72, list: 240, rules: 240, orders: 3, notices: 4, links: 8000, reason: 300,
		key: 140, resolved: 4, acks: 4, memory: 3, doubts: 4, watch: 4,
	}
	tightBounds = bounds{
		title: 76, detail: 120, name: 23, list: 24, rules: 24, orders: 1, notices: 1, reason: 24,
		key: 60, memory: 1, doubts: 1, watch: 1, brief: true, linkOnce: true,
	}
)

// sparingBounds are the roomy bounds for when not every finding fits.
var sparingBounds = func() bounds {
	b := roomyBounds
	b.linkOnce, b.links = true, 1200
	return b
}()

// composer makes one report a document: it decides what the headline is about, the colour,
// and which sections follow in what order. Each section knows its own part of the report and
// none of the others; only what is not known is made of several.
type composer struct {
	*phrases

	report *license.Report
	lead   lead

	acks     ackSection
	doubts   doubtSection
	export   exportSection
	exports  accountExportSection
	findings findingSection
	notices  noticeSection
	overview overviewSection
	resolved resolvedSection
	sources  sourceSection
	unknown  unknownSection
	watch    watchSection
	fleet    fleetSection
	page     pageSection
}

func newComposer(r license.Report, b bounds) *composer {
	p := newPhrases(&r, b)
	items, acknowledged := itemsOf(r.Firing)
	c := &composer{
		phrases: p, report: &r,
		acks:     newAckSection(p, &r, acknowledged),
		doubts:   newDoubtSection(p, &r),
		export:   exportSection{p, r.Export, nil},
		findings: newFindingSection(p, &r, items),
		notices:  newNoticeSection(p, &r),
		overview: overviewSection{p, &r.Snapshot, r.Usage},
		resolved: newResolvedSection(p, &r),
		sources:  newSourceSection(p, &r),
		watch:    watchSection{phrases: p, gaps: r.Gaps, unheard: r.Unheard, unwatched: r.Unwatched},
		fleet:    newFleetSection(p, &r),
		page:     pageSection{p, r.Page},
	}
	if r.Fleet != nil {
		c.exports = accountExportSection{p, r.Fleet.Exports}
	}
	c.unknown = newUnknownSection(p, &r, c.sources, c.doubts, c.notices)
	// A section of which the headline says all there is does not say it again.
	c.lead = c.chooseLead()
	lead := c.lead
	if c.headlinesAccounts() { // and none of the sections
		lead = leadAccounts
	}
	c.findings.lead, c.resolved.lead, c.sources.lead, c.watch.lead = lead, lead, lead, lead
	return c
}

// composeDocument makes the document of a report.
func composeDocument(r license.Report, b bounds) document {
	c := newComposer(r, b)
	d := c.documentFrame()
	if r.Page != nil {
		d.addBlocks(c.page.aboutLines(), c.page.endLines(), c.page.whereLines(), c.notices.noticeLines())
		return d
	}
	d.rows, d.omitted = c.listedRows()
	d.unnamed = c.unnamedFacts
	d.addBlocks(c.sources.unreadBlocks()...)
	d.addBlocks(c.fleet.unreadBlocks()...)
	d.addBlocks(c.fleet.doubtBlock())
	d.addBlocks(c.doubts.doubtLines(), c.unknown.unknownRules())
	d.addBlocks(c.resolvedBelow(), c.sources.readAgain(), c.watch.watchLines())
	acks, notices, export := c.acks.ackLines(), c.notices.noticeLines(), c.export.exportLines()
	switch {
	case r.Fleet != nil:
		d.addBlocks(c.fleet.totalsLine(), acks, notices)
		d.addBlocks(c.exports.exportBlocks()...)
		if r.Mode == license.ModeAlert {
			d.addBlocks(nonEmptyLines(silenceHint(c.phrases, c.findings.items)))
		}
	case r.Mode == license.ModeAlert:
		d.addBlocks(acks, notices, export, nonEmptyLines(c.findings.nextReminder(),
			silenceHint(c.phrases, c.findings.items)))
	case d.level == levelWell:
		d.addBlocks(slices.Concat(c.overview.briefOverview(), notices, export), acks)
	case isUnchanged(c.report):
		d.addBlocks(acks, notices, export)
	default:
		d.addBlocks(c.overview.overviewLines(), acks, notices, export)
	}
	return d
}

// listedRows are the rows: what fires, or in an alert without that what is over.
func (c *composer) listedRows() (rows []row, left func(shown int) line) {
	if c.listsOnlyResolved() {
		return c.resolved.resolvedRows(), c.resolved.resolvedLeft
	}
	return c.findings.findingRows(), c.findings.omittedFindings
}

// listsOnlyResolved says whether the rows are what is over, since nothing fires.
func (c *composer) listsOnlyResolved() bool {
	return c.tellsOnlyChanges() && len(c.findings.items) == 0 && len(c.report.Resolved) > 0
}

// resolvedBelow is what is over, where that is not the rows.
func (c *composer) resolvedBelow() []line {
	if c.listsOnlyResolved() {
		return nil
	}
	return c.resolved.resolvedLines()
}

// unnamedFacts are the facts that the report's message does not name when it shows so many
// rows.
func (c *composer) unnamedFacts(rows int) []string {
	if !c.headlinesAccounts() && (c.lead == leadFinding || c.lead == leadResolved) { // the first item is the headline
		rows = max(rows, 1)
	}
	resolved := c.bounds.resolved
	if c.listsOnlyResolved() {
		resolved = rows
	}
	return slices.Concat(c.findings.unnamedFacts(rows), c.resolved.unnamedFacts(resolved), c.watch.unnamedFacts())
}

// composeShort makes the document for a channel that found the whole one too
// long: without the overview, without hints and without a link.
func composeShort(r license.Report) document {
	r.Export.Link = license.SignedURL{}
	c := newComposer(r, tightBounds)
	d := c.documentFrame()
	if r.Page != nil {
		d.addBlocks(c.page.aboutLines(), c.page.whereLines())
		return d
	}
	d.rows, d.omitted = c.listedRows()
	d.unnamed = c.unnamedFacts
	for i := range d.rows {
		d.rows[i].lines = d.rows[i].lines[:min(1, len(d.rows[i].lines))]
	}
	for _, source := range c.sources.unread {
		d.addBlocks([]line{c.sources.unreadSource(source)})
	}
	d.addBlocks(c.fleet.unreadBlocks()...)
	d.addBlocks(c.fleet.doubtBlock())
	d.addBlocks(c.doubts.doubtLines(), c.resolvedBelow(), c.sources.readAgain(), c.watch.watchLines(),
		c.acks.ackLines(), c.export.exportLines())
	if r.Fleet != nil {
		d.addBlocks(c.exports.exportBlocks()...)
	}
	return d
}

// documentFrame is what stands around the content: colour, headline, context, footer.
func (c *composer) documentFrame() document {
	d := document{level: c.documentLevel()}
	d.sign, d.headline = levelSigns[d.level], c.headlineLine()
	var run line
	if id := quote(c.report.ID, c.bounds.name); len(id) > 0 {
		run = fill(c.words.run, values{"id": id})
	}
	if c.report.Repeat {
		run = join(" · ", run, say(c.words.repeat))
	}
	context := c.contextLine()
	// Who reads that all is well, or a single alarm, wants that first.
	if d.level == levelWell || c.report.Mode == license.ModeAlert {
		d.footer = join(" · ", context, run)
	} else {
		d.context, d.footer = context, run
	}
	return d
}

// contextLine tells whose licenses these are, and when.
func (c *composer) contextLine() line {
	at := c.at
	moment := append(say(at.Format(c.words.moment)), fill(c.words.zone, values{"zone": say(zoneOf(at))})...)
	if c.report.Fleet != nil {
		return c.fleet.contextLine(moment)
	}
	return c.accountLine(c.report.Snapshot.Account, c.report.Snapshot.Site, moment)
}

// addBlocks appends a paragraph unless it is empty.
func (d *document) addBlocks(blocks ...[]line) {
	for _, block := range blocks {
		if len(block) > 0 {
			d.blocks = append(d.blocks, block)
		}
	}
}
