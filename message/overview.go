package message

import (
	"slices"
	"time"

	"licensewatch/license"
)

// overviewLines is the account in a few lines, whatever is firing.
func (c *composer) overviewLines() []line {
	var lines []line
	s := c.report.Snapshot
	if c.hasRead(license.SourceOverview) {
		o := c.words.overview
		lines = append(lines, c.productLine(c.words.products.cwpFull,
			append([]line{
				c.inUse(s.Overview),
				fill(o.nearExpiry, values{"n": c.words.orUnknown(s.Overview.NearExpiryLicenseCnt)}),
				fill(o.expired, values{"n": c.words.orUnknown(s.Overview.ExpireLicenseCnt)}),
			}, c.addOns(s.Overview)...)...))
	}
	lines = append(lines, c.machines()...)
	if c.hasRead(license.SourcePurchaseState) {
		lines = append(lines, c.productLine(c.words.products.tcssFull, c.purchaseState(s.PurchaseState, true)...))
	}
	lines = append(lines, c.endingLine()...)
	if len(lines) == 0 {
		return nil
	}
	return append([]line{styled(say(c.words.overview.title), span{strong: true})}, lines...)
}

// briefOverview is the overview for when all is well: one line a product.
func (c *composer) briefOverview() []line {
	var lines []line
	s, o := c.report.Snapshot, c.words.overview
	var cwp []line
	if c.hasRead(license.SourceOverview) {
		cwp = append(cwp, c.inUse(s.Overview))
		if n := s.Overview.NearExpiryLicenseCnt; n != nil && *n > 0 {
			cwp = append(cwp, fill(o.nearExpiry, values{"n": number(*n)}))
		}
		if n := s.Overview.ExpireLicenseCnt; n != nil && *n > 0 {
			cwp = append(cwp, fill(o.expired, values{"n": number(*n)}))
		}
		cwp = append(cwp, c.addOns(s.Overview)...)
	}
	if next := c.endingOrders(1); len(next) > 0 {
		template := o.nextInline
		if next[0].isOver {
			template = o.endedInline
		}
		cwp = append(cwp, c.withRenewal(next[0], fill(template, values{
			"date": c.endDate(next[0].deadline), "order": c.orderName(next[0].order),
		})))
	}
	if len(cwp) > 0 {
		lines = append(lines, c.productLine(c.words.products.cwpFull, cwp...))
	}
	lines = append(lines, c.machines()...)
	if c.hasRead(license.SourcePurchaseState) {
		lines = append(lines, c.productLine(c.words.products.tcssFull, c.purchaseState(s.PurchaseState, false)...))
	}
	return lines
}

func (c *composer) productLine(product string, state ...line) line {
	return fill(c.words.overview.entry, values{"product": say(product), "state": join(c.words.comma, state...)})
}

// inUse tells how many licenses are in use, with the share.
func (c *composer) inUse(o *license.Overview) line {
	v := values{"used": c.words.orUnknown(o.UsedLicenseCnt), "total": c.words.orUnknown(o.NotExpiredLicenseCnt)}
	percent := o.UsedPercent()
	if percent == nil {
		return fill(c.words.overview.inUse, v)
	}
	v["percent"] = number(license.WholePercent(*percent))
	return fill(c.words.overview.inUsePercent, v)
}

// addOns are the licenses that not every account has: AI protection and
// application protection (RASP).
func (c *composer) addOns(o *license.Overview) []line {
	w := c.words.overview
	if c.bounds.brief {
		return nil
	}
	var all []line
	isThere := func(n *int64) bool { return n != nil && *n != 0 }
	switch available := o.AvailableAISecurityLicenseCnt; {
	case isThere(o.AISecurityVersionLicenseCnt) && available != nil:
		all = append(all, fill(w.aiProtection, values{"n": count(*o.AISecurityVersionLicenseCnt), "available": count(*available)}))
	case isThere(o.AISecurityVersionLicenseCnt):
		all = append(all, fill(w.aiProtectionAll, values{"n": count(*o.AISecurityVersionLicenseCnt)}))
	case isThere(available):
		all = append(all, fill(w.aiProtectionAvailable, values{"n": count(*available)}))
	}
	if isThere(o.ApplicationAvailableLicenseCnt) {
		all = append(all, fill(w.rasp, values{"n": count(*o.ApplicationAvailableLicenseCnt)}))
	}
	return all
}

// endingOrder is an order with the time it ends, or has ended.
type endingOrder struct {
	order    *license.Order
	deadline time.Time
	isOver   bool
}

// endingOrders are the orders that are still to end, and those that have ended and
// were neither renewed nor isolated, soonest first: so many of them.
func (c *composer) endingOrders(most int) []endingOrder {
	s := c.report.Snapshot
	if !c.hasRead(license.SourceOrders) {
		return nil
	}
	var ending []endingOrder
	for i := range s.Orders.List {
		o := &s.Orders.List[i]
		deadline, ok := o.DeadlineTime()
		if !ok || o.IsLapsed() {
			continue
		}
		at := len(ending)
		for at > 0 && deadline.Before(ending[at-1].deadline) {
			at--
		}
		if at < most {
			deadline = deadline.In(c.at.Location())
			ending = slices.Insert(ending, at, endingOrder{o, deadline, !deadline.After(c.at)})
			ending = ending[:min(most, len(ending))]
		}
	}
	return ending
}

// endingLine names the next orders to end, those that have ended first.
func (c *composer) endingLine() []line {
	o := c.words.overview
	var items []line
	for _, e := range c.endingOrders(c.bounds.orders) {
		items = append(items, c.withRenewal(e, fill(o.order, values{
			"date":  c.endDate(e.deadline),
			"left":  c.untilEnd(e),
			"order": c.orderName(e.order),
			"count": c.orderLicenses(e.order),
		})))
	}
	if len(items) == 0 {
		return nil
	}
	return []line{fill(o.next, values{"orders": join(" · ", items...)})}
}

// untilEnd says how far off an order's end is, or how long ago it was.
func (c *composer) untilEnd(e endingOrder) line {
	w, days := c.words.overview, int64(license.DaysLeft(e.deadline, c.at))
	switch {
	case days == 0 && e.isOver:
		return say(w.endedToday)
	case days == 0:
		return say(w.today)
	case e.isOver:
		return fill(w.endedDays.of(-days), values{"n": number(-days)})
	default:
		return fill(w.days.of(days), values{"n": number(days)})
	}
}

// withRenewal adds to an order's line that the order renews itself, or should have.
func (c *composer) withRenewal(e endingOrder, l line) line {
	if e.order.AutoRenewFlag == nil || *e.order.AutoRenewFlag != license.RenewalOn {
		return l
	}
	template := c.words.overview.orderRenews
	if e.isOver {
		template = c.words.overview.orderNotRenewed
	}
	return fill(template, values{"order": l})
}

func (c *composer) orderName(o *license.Order) line {
	return c.orUnknown(ident(o.Name(), c.bounds.name))
}

func (c *composer) orderLicenses(o *license.Order) line {
	if o.LicenseCnt == nil && o.LicenseType == nil {
		return say(c.words.unknown)
	}
	return fill(c.words.overview.licenses, values{"n": c.words.orUnknown(o.LicenseCnt), "edition": c.editionName(o.LicenseType)})
}

func (c *composer) editionName(kind *int64) line {
	if kind == nil {
		return say(c.words.unknown)
	}
	if known := c.words.overview.editions[*kind]; known != "" {
		return say(known)
	}
	return fill(c.words.overview.editionOther, values{"value": number(*kind)})
}
