package message

import (
	"strconv"
	"strings"

	"licensewatch/internal/text"
	"licensewatch/license"
)

// doubtKind is why something that was read cannot be judged.
type doubtKind uint8

// The kinds.
const (
	doubtUndocumented  doubtKind = iota // a value that the API does not document
	doubtContradiction                  // State and SubState of Container Security cannot both be true
	doubtBadEnd                         // an end date that is no date
	doubtNoEnd                          // no end date, where there has to be one
	doubtOveruse                        // more licenses in use than there are
	doubtMachines                       // more machines by their protection than there are
)

// doubt is something that was read and cannot be judged: the same value, of the
// same field, of one or several orders.
type doubt struct {
	kind   doubtKind
	field  string   // as the rules name it: "order.OrderStatus"
	value  string   // as it was written
	orders []string // the names of the orders; one that has none is empty; nil: of the account
	judged bool     // a rule wanted to know it
}

// findDoubts gathers what was read and cannot be judged, whether a rule reads it
// or not: nothing of it may look as if all were well.
func (c *composer) findDoubts() {
	c.doubtIndex = doubtIndex{alike: map[doubtContent]int{}, ofOrder: map[string][]int{}}
	s := c.report.Snapshot
	for _, v := range s.Undocumented() {
		switch {
		case v.Field == "tcss.State" && s.PurchaseState.Contradicts() && v.Text == s.PurchaseState.Contradiction():
			c.addDoubt(doubt{kind: doubtContradiction, field: v.Field, value: v.Text})
		case strings.HasPrefix(v.Field, "order."):
			c.addOrderDoubt(doubt{kind: doubtUndocumented, field: v.Field, value: v.Text}, v.Order)
		default:
			c.addDoubt(doubt{kind: doubtUndocumented, field: v.Field, value: v.Text})
		}
	}
	if c.hasRead(license.SourceOrders) {
		for _, o := range s.Orders.List {
			if d, found := endDoubt(o); found {
				c.addOrderDoubt(d, o.Name())
			}
		}
	}
	if d, found := c.purchaseEndDoubt(); found {
		c.addDoubt(d)
	}
	if d, found := c.overuseDoubt(); found {
		c.addDoubt(d)
	}
	if d, found := c.tooManyMachines(); found {
		c.addDoubt(d)
	}
	c.noteJudged()
}

// endDoubt says whether the end of a running order cannot be known. Pay as you go
// has none.
func endDoubt(o license.Order) (doubt, bool) {
	isPostpaid := o.LicenseType != nil && *o.LicenseType == license.LicenseTypeProPostpay
	isOver := o.IsLapsed()
	if _, ok := o.DeadlineTime(); ok || isPostpaid || isOver {
		return doubt{}, false
	}
	if o.Deadline != nil && text.OneLine(*o.Deadline, 1) != "" {
		return doubt{kind: doubtBadEnd, field: "order.Deadline", value: *o.Deadline}, true
	}
	isPrepaid := o.LicenseType != nil && o.OrderStatus != nil && *o.OrderStatus == license.OrderNormal
	return doubt{kind: doubtNoEnd, field: "order.Deadline"}, isPrepaid
}

// purchaseEndDoubt says whether the end of Container Security cannot be known
// although it runs.
func (c *composer) purchaseEndDoubt() (doubt, bool) {
	p := c.report.Snapshot.PurchaseState
	if !c.hasRead(license.SourcePurchaseState) || p.State == nil || *p.State != license.StateTrial && *p.State != license.StatePro {
		return doubt{}, false
	}
	if _, ok := p.ExpirationDate(); ok {
		return doubt{}, false
	}
	if p.ExpirationTime != nil && text.OneLine(*p.ExpirationTime, 1) != "" {
		return doubt{kind: doubtBadEnd, field: "tcss.ExpirationTime", value: *p.ExpirationTime}, true
	}
	return doubt{kind: doubtNoEnd, field: "tcss.ExpirationTime"}, true
}

// overuseDoubt says whether more licenses are in use than there are, unless a finding
// tells so.
func (c *composer) overuseDoubt() (doubt, bool) {
	if !c.hasRead(license.SourceOverview) {
		return doubt{}, false
	}
	used, valid := c.report.Snapshot.Overview.UsedLicenseCnt, c.report.Snapshot.Overview.NotExpiredLicenseCnt
	if used == nil || valid == nil || *used <= *valid {
		return doubt{}, false
	}
	for _, f := range c.report.Firing {
		if title := f.Title.In(c.language); hasNumber(title, *used) && hasNumber(title, *valid) {
			return doubt{}, false
		}
	}
	return doubt{kind: doubtOveruse, field: "cwp.UsedLicenseCnt", value: strconv.FormatInt(*used, 10) + " / " + strconv.FormatInt(*valid, 10)}, true
}

// explainsField says whether the doubt is why a rule lacked the field.
func (d *doubt) explainsField(field string) bool {
	switch d.kind {
	case doubtBadEnd, doubtNoEnd:
		origin, name, _ := strings.Cut(field, ".")
		mine, _, _ := strings.Cut(d.field, ".")
		return field == d.field || origin == mine && (name == "DaysLeft" || name == "Ended")
	default:
		return field == d.field
	}
}

// doubtHeadline is the first doubt in a sentence, and how many more there are.
func (c *composer) doubtHeadline() line {
	w, d := c.words.doubts, c.doubts[0]
	v, n := c.doubtValues(d), int64(max(1, len(d.orders)))
	var headline line
	switch d.kind {
	case doubtUndocumented:
		template := w.undocumented
		if !d.judged {
			template = w.undocumentedUnasked
		}
		headline = fill(template.of(n), v)
	case doubtContradiction:
		headline = fill(w.contradiction, v)
	case doubtBadEnd:
		headline = fill(w.badEnd.of(n), v)
	case doubtNoEnd:
		headline = fill(w.noEnd.of(n), v)
	case doubtMachines:
		headline = fill(w.machines, v)
	default:
		headline = fill(w.overuse, v)
	}
	if more := int64(len(c.doubts) - 1); more > 0 {
		headline = append(headline, fill(w.more.of(more), values{"n": number(more)})...)
	}
	return headline
}

// alsoDoubted says behind something else what cannot be judged.
func (c *composer) alsoDoubted() line {
	w, n := c.words.doubts, int64(len(c.doubts))
	switch {
	case n == 0:
		return nil
	case n > 1:
		return fill(w.alsoSeveral.of(n), values{"n": number(n)})
	}
	template := map[doubtKind]string{
		doubtUndocumented: w.alsoUndocumented, doubtContradiction: w.alsoContradiction,
		doubtBadEnd: w.alsoBadEnd, doubtNoEnd: w.alsoNoEnd, doubtOveruse: w.alsoOveruse, doubtMachines: w.alsoMachines,
	}[c.doubts[0].kind]
	return fill(template, c.doubtValues(c.doubts[0]))
}

// doubtValues are what the texts about a doubt need.
func (c *composer) doubtValues(d doubt) values {
	w := c.words.doubts
	v := values{"field": c.fieldName(d.field), "value": c.orUnknown(quote(d.value, c.bounds.name))}
	switch {
	case len(d.orders) == 1:
		v["subject"] = fill(w.order, values{"order": c.orUnknown(ident(d.orders[0], c.bounds.name))})
	case len(d.orders) > 1:
		v["subject"] = fill(w.orders, values{"n": count(int64(len(d.orders)))})
	default:
		v["subject"] = say(c.words.products.of(license.SourceOf(d.field).Info().Service))
	}
	v["Subject"] = capitalizeFirst(v["subject"])
	if d.kind == doubtContradiction {
		p := c.report.Snapshot.PurchaseState
		v["state"], v["sub"] = number(*p.State), quote(*p.SubState, c.bounds.name)
	}
	if d.kind == doubtOveruse {
		o := c.report.Snapshot.Overview
		v["used"], v["total"] = count(*o.UsedLicenseCnt), count(*o.NotExpiredLicenseCnt)
	}
	if d.kind == doubtMachines {
		m := c.report.Snapshot.Machines
		counted, _ := m.Counted()
		v["used"], v["total"] = count(counted), count(*m.MachineCnt)
	}
	return v
}

// fieldName is what a reader calls a field; its own name where there is no other.
func (c *composer) fieldName(field string) line {
	if name := c.words.doubts.fields[field]; name != "" {
		return say(name)
	}
	return ident(field, c.bounds.name)
}

// doubtLines tell what was read and cannot be judged, and where to look it up.
func (c *composer) doubtLines() []line {
	w := c.words.doubts
	if len(c.doubts) == 0 {
		return nil
	}
	var lines []line
	shown := c.doubts[:min(len(c.doubts), c.bounds.doubts)]
	for _, d := range shown {
		lines = append(lines, c.doubtLine(d))
	}
	if left := int64(len(c.doubts) - len(shown)); left > 0 {
		lines = append(lines, fill(w.moreLines.of(left), values{"n": number(left)}))
	}
	if link := c.doubtLink(); len(link) > 0 {
		lines = append(lines, fill(w.hint, values{"link": link}))
	}
	return lines
}

func (c *composer) doubtLine(d doubt) line {
	w, v := c.words.doubts, c.doubtValues(d)
	if d.orders != nil {
		v["orders"] = c.words.listItems(len(d.orders), c.bounds.list, func(i int) line { return c.orUnknown(ident(d.orders[i], c.bounds.name)) })
	}
	switch {
	case d.kind == doubtUndocumented && d.orders != nil:
		return fill(w.undocumentedOrders, v)
	case d.kind == doubtUndocumented:
		return fill(w.undocumentedHere, v)
	case d.kind == doubtContradiction:
		return fill(w.contradictionLine, v)
	case d.kind == doubtBadEnd && d.orders != nil:
		return fill(w.badEndOrders, v)
	case d.kind == doubtBadEnd:
		return fill(w.badEndHere, v)
	case d.kind == doubtNoEnd && d.orders != nil:
		return fill(w.noEndOrders, v)
	case d.kind == doubtNoEnd:
		return fill(w.noEndHere, v)
	case d.kind == doubtMachines:
		return fill(w.machinesLine, v)
	default:
		return fill(w.overuseLine, v)
	}
}

// consoleURLs are the consoles of the sites; the product's name follows.
var consoleURLs = map[license.Site]string{
	license.SiteCN:   "https://console.cloud.tencent.com/",
	license.SiteIntl: "https://console.tencentcloud.com/",
}

// doubtLink leads to the console of the first doubt's product.
func (c *composer) doubtLink() line {
	site, known := consoleURLs[c.report.Snapshot.Site]
	if !known || c.bounds.brief {
		return nil
	}
	page := license.SourceOf(c.doubts[0].field).Info().Service
	return line{{text: c.words.doubts.label, url: site + page}}
}
