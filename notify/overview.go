package notify

import (
	"math"
	"slices"
	"time"

	"licensewatch/license"
)

// overview is the account in a few lines, whatever is firing.
func (c *composer) overview() []line {
	var lines []line
	s := c.report.Snapshot
	if c.has(license.SourceOverview) {
		o := c.words.overview
		lines = append(lines, c.entry(c.words.products.cwp,
			c.seats(s.Overview),
			fill(o.nearExpiry, values{"n": c.words.orUnknown(s.Overview.NearExpiryLicenseCnt)}),
			fill(o.expired, values{"n": c.words.orUnknown(s.Overview.ExpireLicenseCnt)})))
	}
	if c.has(license.SourcePurchaseState) {
		lines = append(lines, c.entry(c.words.products.tcss, c.purchaseState(s.PurchaseState, true)...))
	}
	lines = append(lines, c.ending()...)
	if len(lines) == 0 {
		return nil
	}
	return append([]line{styled(say(c.words.overview.title), span{strong: true})}, lines...)
}

// brief is the overview for when all is well: one line a product.
func (c *composer) brief() []line {
	var lines []line
	s, o := c.report.Snapshot, c.words.overview
	var cwp []line
	if c.has(license.SourceOverview) {
		cwp = append(cwp, c.seats(s.Overview))
		if n := s.Overview.NearExpiryLicenseCnt; n != nil && *n > 0 {
			cwp = append(cwp, fill(o.nearExpiry, values{"n": number(*n)}))
		}
		if n := s.Overview.ExpireLicenseCnt; n != nil && *n > 0 {
			cwp = append(cwp, fill(o.expired, values{"n": number(*n)}))
		}
	}
	if next := c.endingOrders(); len(next) > 0 {
		cwp = append(cwp, c.renewing(next[0].order, fill(o.nextInline, values{
			"date": c.words.day(next[0].deadline, c.report.At), "order": c.orderName(next[0].order),
		})))
	}
	if len(cwp) > 0 {
		lines = append(lines, c.entry(c.words.products.cwp, cwp...))
	}
	if c.has(license.SourcePurchaseState) {
		lines = append(lines, c.entry(c.words.products.tcss, c.purchaseState(s.PurchaseState, false)...))
	}
	if bad := c.badDates(); bad != nil {
		lines = append(lines, bad)
	}
	return lines
}

func (c *composer) entry(product string, state ...line) line {
	return fill(c.words.overview.entry, values{"product": say(product), "state": join(c.words.comma, state...)})
}

// seats tells how many licenses are used, with the share; 100% means all.
func (c *composer) seats(o *license.Overview) line {
	v := values{"used": c.words.orUnknown(o.UsedLicenseCnt), "total": c.words.orUnknown(o.NotExpiredLicenseCnt)}
	percent := o.UsedPercent()
	if percent == nil {
		return fill(c.words.overview.seats, v)
	}
	rounded := math.Round(*percent)
	if rounded == 100 && *percent < 100 {
		rounded = 99
	}
	v["percent"] = number(int64(rounded))
	return fill(c.words.overview.seatsWithPercent, v)
}

// endingOrder is an order with the date it ends.
type endingOrder struct {
	order    license.Order
	deadline time.Time
}

// endingOrders are the orders that are still to end, soonest first.
func (c *composer) endingOrders() []endingOrder {
	s := c.report.Snapshot
	if !c.has(license.SourceOrders) {
		return nil
	}
	var ending []endingOrder
	for _, o := range s.Orders.List {
		deadline, ok := o.DeadlineTime()
		if ok && !isDestroyed(o) && license.DaysLeft(deadline, c.report.At) >= 0 {
			ending = append(ending, endingOrder{o, deadline})
		}
	}
	slices.SortStableFunc(ending, func(a, b endingOrder) int { return a.deadline.Compare(b.deadline) })
	return ending
}

func isDestroyed(o license.Order) bool {
	return o.OrderStatus != nil && *o.OrderStatus == license.OrderDestroyed
}

// ending names the next orders to end, and those whose end cannot be read.
func (c *composer) ending() []line {
	var lines, items []line
	o := c.words.overview
	next := c.endingOrders()
	for _, e := range next[:min(c.bounds.orders, len(next))] {
		items = append(items, c.renewing(e.order, fill(o.order, values{
			"date":  c.words.day(e.deadline, c.report.At),
			"left":  c.inDays(int64(license.DaysLeft(e.deadline, c.report.At))),
			"order": c.orderName(e.order),
			"seats": c.orderSeats(e.order),
		})))
	}
	if len(items) > 0 {
		lines = append(lines, fill(o.next, values{"orders": join(" · ", items...)}))
	}
	if bad := c.badDates(); bad != nil {
		lines = append(lines, bad)
	}
	return lines
}

// inDays says how far off a day that is to come is.
func (c *composer) inDays(days int64) line {
	if days == 0 {
		return say(c.words.overview.today)
	}
	return fill(c.words.overview.days.of(days), values{"n": number(days)})
}

// renewing adds to an order's line that the order renews itself.
func (c *composer) renewing(o license.Order, l line) line {
	if o.AutoRenewFlag == nil || *o.AutoRenewFlag != license.RenewalOn {
		return l
	}
	return fill(c.words.overview.orderRenews, values{"order": l})
}

func (c *composer) orderName(o license.Order) line {
	if o.ResourceId == nil {
		return say(c.words.unknown)
	}
	return c.orUnknown(ident(*o.ResourceId, c.bounds.name))
}

func (c *composer) orderSeats(o license.Order) line {
	if o.LicenseCnt == nil && o.LicenseType == nil {
		return say(c.words.unknown)
	}
	return fill(c.words.overview.seatCount, values{"n": c.words.orUnknown(o.LicenseCnt), "edition": c.edition(o.LicenseType)})
}

func (c *composer) edition(kind *int64) line {
	if kind == nil {
		return say(c.words.unknown)
	}
	if known := c.words.overview.editions[*kind]; known != "" {
		return say(known)
	}
	return fill(c.words.unknownValue, values{"value": number(*kind)})
}

// badDates names the orders whose end the service wrote in a way that is no
// date, with what it wrote.
func (c *composer) badDates() line {
	s := c.report.Snapshot
	if !c.has(license.SourceOrders) {
		return nil
	}
	var bad []license.Order
	for _, o := range s.Orders.List {
		if _, ok := o.DeadlineTime(); !ok && o.Deadline != nil && !isDestroyed(o) && clean(*o.Deadline, 1) != "" {
			bad = append(bad, o)
		}
	}
	if len(bad) == 0 {
		return nil
	}
	return fill(c.words.overview.badDates, values{"orders": c.words.listing(len(bad), c.bounds.list, func(i int) line {
		return fill(c.words.overview.badDate, values{"order": c.orderName(bad[i]), "value": quote(*bad[i].Deadline, c.bounds.name)})
	})})
}
