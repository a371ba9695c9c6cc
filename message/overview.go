package message

import "licensewatch/license"

// overviewSection is the account in a few lines, whatever is firing.
type overviewSection struct {
	*phrases

	snapshot *license.Snapshot
	usage    []license.DailyUsage
}

// overviewLines are a few lines about each product.
func (s overviewSection) overviewLines() []line {
	var lines []line
	if s.snapshot.Has(license.SourceOverview) {
		o := s.words.overview
		lines = append(lines, s.productLine(s.words.products.cwpFull,
			append([]line{
				s.inUse(s.snapshot.Overview),
				fill(o.nearExpiry, values{"n": s.words.countOrUnknown(s.snapshot.Overview.NearExpiryLicenseCnt)}),
				fill(o.expired, values{"n": s.words.countOrUnknown(s.snapshot.Overview.ExpireLicenseCnt)}),
			}, s.addOns(s.snapshot.Overview)...)...))
	}
	for _, course := range []line{s.usageLine(), s.runOutLine()} {
		if len(course) > 0 {
			lines = append(lines, course)
		}
	}
	lines = append(lines, machineLines(s.phrases, s.snapshot)...)
	if s.snapshot.Has(license.SourcePurchaseState) {
		lines = append(lines, s.productLine(s.words.products.tcssFull,
			s.purchaseState(s.snapshot.PurchaseState, true)...))
	}
	lines = append(lines, s.endingLine()...)
	if len(lines) == 0 {
		return nil
	}
	return append([]line{styled(say(s.words.overview.title), span{strong: true})}, lines...)
}

// briefOverview is the overview for when all is well: one line a product.
func (s overviewSection) briefOverview() []line {
	var lines []line
	o := s.words.overview
	var cwp []line
	if s.snapshot.Has(license.SourceOverview) {
		cwp = append(cwp, s.inUse(s.snapshot.Overview))
		if n := s.snapshot.Overview.NearExpiryLicenseCnt; n != nil && *n > 0 {
			cwp = append(cwp, fill(o.nearExpiry, values{"n": number(*n)}))
		}
		if n := s.snapshot.Overview.ExpireLicenseCnt; n != nil && *n > 0 {
			cwp = append(cwp, fill(o.expired, values{"n": number(*n)}))
		}
		cwp = append(cwp, s.addOns(s.snapshot.Overview)...)
	}
	if next := endingOrders(s.snapshot, s.at, 1); len(next) > 0 {
		template := o.nextInline
		if next[0].isOver {
			template = o.endedInline
		}
		cwp = append(cwp, s.withRenewal(next[0], fill(template, values{
			"date": s.endDate(next[0].deadline), "order": s.orderName(next[0].order),
		})))
	}
	if len(cwp) > 0 {
		lines = append(lines, s.productLine(s.words.products.cwpFull, cwp...))
	}
	for _, course := range []line{s.usageLine(), s.runOutLine()} {
		if len(course) > 0 {
			lines = append(lines, course)
		}
	}
	lines = append(lines, machineLines(s.phrases, s.snapshot)...)
	if s.snapshot.Has(license.SourcePurchaseState) {
		lines = append(lines, s.productLine(s.words.products.tcssFull,
			s.purchaseState(s.snapshot.PurchaseState, false)...))
	}
	return lines
}

func (s overviewSection) productLine(product string, state ...line) line {
	return fill(s.words.overview.entry, values{"product": say(product), "state": join(s.words.comma, state...)})
}

// inUse tells how many licenses are in use, with the share.
func (s overviewSection) inUse(o *license.Overview) line {
	v := values{"used": s.words.countOrUnknown(o.UsedLicenseCnt),
		"total": s.words.countOrUnknown(o.NotExpiredLicenseCnt)}
	percent := o.UsedPercent()
	if percent == nil {
		return fill(s.words.overview.inUse, v)
	}
	v["percent"] = number(license.WholePercent(*percent))
	return fill(s.words.overview.inUsePercent, v)
}

// addOns are the licenses that not every account has: AI protection and
// application protection (RASP).
func (s overviewSection) addOns(o *license.Overview) []line {
	w := s.words.overview
	if s.bounds.brief {
		return nil
	}
	var all []line
	isThere := func(n *int64) bool { return n != nil && *n != 0 }
	switch available := o.AvailableAISecurityLicenseCnt; {
	case isThere(o.AISecurityVersionLicenseCnt) && available != nil:
		all = append(all, fill(w.aiProtection,
			values{"n": count(*o.AISecurityVersionLicenseCnt), "available": count(*available)}))
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

// endingLine names the next orders to end, those that have ended first.
func (s overviewSection) endingLine() []line {
	o := s.words.overview
	var items []line
	for _, e := range endingOrders(s.snapshot, s.at, s.bounds.orders) {
		items = append(items, s.withRenewal(e, fill(o.order, values{
			"date":  s.endDate(e.deadline),
			"left":  s.untilEnd(e),
			"order": s.orderName(e.order),
			"count": s.orderLicenses(e.order),
		})))
	}
	if len(items) == 0 {
		return nil
	}
	return []line{fill(o.next, values{"orders": join(" · ", items...)})}
}

// untilEnd says how far off an order's end is, or how long ago it was.
func (s overviewSection) untilEnd(e endingOrder) line {
	w, days := s.words.overview, int64(license.DaysLeft(e.deadline, s.at))
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
func (s overviewSection) withRenewal(e endingOrder, l line) line {
	if e.order.AutoRenewFlag == nil || *e.order.AutoRenewFlag != license.RenewalOn {
		return l
	}
	template := s.words.overview.orderRenews
	if e.isOver {
		template = s.words.overview.orderNotRenewed
	}
	return fill(template, values{"order": l})
}

func (s overviewSection) orderName(o *license.Order) line {
	return s.orUnknown(ident(o.Name(), s.bounds.name))
}

func (s overviewSection) orderLicenses(o *license.Order) line {
	if o.LicenseCnt == nil && o.LicenseType == nil {
		return say(s.words.unknown)
	}
	return fill(s.words.overview.licenses, values{"n": s.words.countOrUnknown(o.LicenseCnt),
		"edition": s.editionName(o.LicenseType)})
}

func (s overviewSection) editionName(kind *int64) line {
	if kind == nil {
		return say(s.words.unknown)
	}
	if known := license.EditionTitle(*kind).In(s.language); known != "" {
		return say(known)
	}
	return fill(s.words.overview.editionOther, values{"value": number(*kind)})
}
