package report

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"licensewatch/license"
)

// addOrders adds what ends of an account, and what ended and is listed no more.
func (b *Builder) addOrders(g *Gatherer) {
	s := &g.newest.Snapshot
	add := func(row Order) {
		row.Account, row.ID, row.Site, row.Record = g.account.Label(), g.account.ID, g.account.Site, g.newest.Record
		row.LatestEnd = row.End
		if h := g.orders[row.Key]; h != nil {
			row.Moves, row.MovedBack, row.LastMove, row.LatestEnd = h.moves, h.back, h.moved, h.latest
			if row.IsOver() {
				row.UsedBefore = h.used
			}
			delete(g.orders, row.Key)
		}
		b.report.Orders = append(b.report.Orders, row)
		b.addGap(&row)
	}
	if s.Orders != nil {
		subjects := license.Subjects(s.Orders.List)
		for i := range s.Orders.List {
			o := &s.Orders.List[i]
			if !isPrepaid(o) && o.LicenseType != nil {
				continue // it has no end
			}
			row := newOrder(o, subjects[i], s.ReadAt)
			b.addBoundMachines(&row, s.Bindings.Of(o))
			add(row)
		}
	}
	if row, ok := containers(s.PurchaseState, s.ReadAt); ok {
		add(row)
	}
	if s.Orders == nil || s.Orders.Incomplete {
		return // who is not in such a list is not gone
	}
	for key, h := range g.orders {
		if key != "tcss" {
			add(Order{Name: nameOfKey(key), Key: key, Edition: OtherEdition, End: h.end, State: StateGone,
				Renewal: RenewalUnknown})
		}
	}
}

// Bounds of the machines' names, in bytes.
const (
	mostNamesOfOrder = 30_000  // as a cell of a workbook holds
	mostNames        = 2 << 20 // of all orders
)

// addBoundMachines adds the machines that hang on an order.
func (b *Builder) addBoundMachines(row *Order, binding *license.Binding) {
	row.Machines = binding.Summary()
	if row.Machines == nil || int64(len(row.Machines.Names)) == row.Machines.Count {
		return
	}
	names, size := binding.MachineNames(), 0
	for i, name := range names {
		if size+len(name) > mostNamesOfOrder {
			names = names[:i]
			break
		}
		size += len(name) + len(", ")
	}
	if b.names+size <= mostNames {
		b.names += size
		row.MachineNames = names
	}
}

// nameOfKey is what people call an order of which only its key is left.
func nameOfKey(key string) string {
	for i := range key {
		if key[i] == '#' && i > 0 {
			return key[:i]
		}
	}
	return key
}

// Losing is how many machines lose their edition when it ends, as far as is known.
func (o *Order) Losing() int64 {
	if o.Edition == Containers || o.InUse == nil {
		return 0
	}
	if o.Licenses != nil {
		return min(*o.InUse, *o.Licenses)
	}
	return *o.InUse
}

// addGap notes when an order's machines lose their edition, if nobody renews it.
func (b *Builder) addGap(o *Order) {
	if !o.Ends(b.report.Until) || o.Edition == Containers || o.InUse == nil {
		return
	}
	lost := o.Losing()
	end := o.End
	if end.Before(b.report.Now) {
		end = b.report.Now
	}
	d := dayIn(end, b.report.Now.Location())
	if b.gaps[d] == nil {
		b.gaps[d] = &GapDay{Day: d}
	}
	b.gaps[d].Lost += lost
	b.gaps[d].Orders++
}

// dayIn is the day of a time in a zone.
func dayIn(t time.Time, zone *time.Location) time.Time {
	year, month, day := t.In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, zone)
}

// makeGap lines up the days ahead, up to the last on which something is lost; none where
// nothing is.
func (b *Builder) makeGap() {
	if len(b.gaps) == 0 {
		return
	}
	var lost int64
	r := &b.report
	for d := dayIn(r.Now, r.Now.Location()); !d.After(r.Until); d = d.AddDate(0, 0, 1) {
		row := GapDay{Day: d}
		if g := b.gaps[d]; g != nil {
			row.Orders = g.Orders
			lost += g.Lost
		}
		row.Lost = lost
		r.Gap = append(r.Gap, row)
	}
}

// PlannedOrder is an order that has to be renewed, or will be missed.
type PlannedOrder struct {
	*Order

	// Idle is how many of its licenses hang on machines that are stopped or gone; nil when not
	// known.
	Idle *int64
	// Suggested is how many licenses to renew: those in use on machines that run, or that were in
	// use before it ended; nil when not known how many.
	Suggested *int64
	// Latest is the last working day before its end, or before it is destroyed where it is over:
	// Monday to Friday, holidays are not known. Zero: not known.
	Latest time.Time
	// Estimate is what the suggested licenses cost for the order's term, by prices of the
	// reader's own; nil: there is none. Currency is of the Estimate.
	Estimate *float64
	Currency string
}

// unusedLicenses are those of an order that hang on no machine that runs.
type unusedLicenses struct {
	*Order

	licenses int64
}

// unusedOf are the orders that run and hold more licenses than are needed, the most first.
func unusedOf(orders []Order) []unusedLicenses {
	var all []unusedLicenses
	for i := range orders {
		o := &orders[i]
		needed := o.neededLicenses()
		if o.Edition == Containers || o.Licenses == nil || needed == nil || *needed >= *o.Licenses {
			continue
		}
		all = append(all, unusedLicenses{o, *o.Licenses - *needed})
	}
	sortBy(all, func(i, j int) int { return cmp.Compare(all[j].licenses, all[i].licenses) })
	return all
}

// countMachines counts those that hang on it: as they were read, or the licenses in use.
func (o *Order) countMachines() *int64 {
	if o.Machines != nil {
		return &o.Machines.Count
	}
	return o.InUse
}

// idleLicenses is how many of its licenses hang on machines that are stopped or gone; nil when not known.
func (o *Order) idleLicenses() *int64 {
	if o.Machines == nil {
		return nil
	}
	return o.Machines.Idle
}

// neededLicenses is how many licenses are in use on machines that run; nil when not known how many are
// in use, or where it does not run.
func (o *Order) neededLicenses() *int64 {
	if o.InUse == nil || o.State != StateRuns {
		return nil
	}
	needed := *o.InUse
	if idle := o.idleLicenses(); idle != nil {
		needed = max(0, needed-*idle)
	}
	return &needed
}

// toRenew is how many licenses to renew: those needed, or what was in use where it is over.
func (o *Order) toRenew() *int64 {
	switch {
	case !o.IsOver():
		return o.neededLicenses()
	case o.InUse != nil && *o.InUse > 0: // not yet isolated
		return o.InUse
	default:
		return o.UsedBefore
	}
}

// renewableUntil is when it can no more be renewed; zero: not known.
func (o *Order) renewableUntil() time.Time {
	switch {
	case !o.IsOver():
		return o.End
	case o.Edition == Containers || o.End.IsZero():
		return time.Time{}
	default:
		return o.End.AddDate(0, 0, license.IsolationDays)
	}
}

// planOf are the orders that end without renewing themselves, the soonest first; what is
// isolated can still be renewed.
func planOf(orders []Order, now, until time.Time) []PlannedOrder {
	var plan []PlannedOrder
	for i := range orders {
		o := &orders[i]
		if !o.Ends(until) && !o.IsOver() {
			continue
		}
		plan = append(plan, PlannedOrder{Order: o, Latest: workingDayBefore(o.renewableUntil(), now.Location()),
			Idle: o.idleLicenses(), Suggested: o.toRenew()})
	}
	return plan
}

// isMissed says whether the last working day to renew it is over.
func (r *Report) isMissed(p *PlannedOrder) bool {
	return !p.Latest.IsZero() && p.Latest.Before(dayIn(r.Now, r.Now.Location()))
}

// workingDayBefore is the last Monday to Friday before the day of a time; zero for none.
func workingDayBefore(end time.Time, zone *time.Location) time.Time {
	if end.IsZero() {
		return end
	}
	d := dayIn(end, zone).AddDate(0, 0, -1)
	for d.Weekday() == time.Saturday || d.Weekday() == time.Sunday {
		d = d.AddDate(0, 0, -1)
	}
	return d
}

// Console is the page of the console where it is renewed or bought.
func (p *PlannedOrder) Console() string {
	base := "https://console.cloud.tencent.com/"
	if p.Site == license.SiteIntl {
		base = "https://console.tencentcloud.com/"
	}
	switch {
	case p.IsBought:
		return base + "account/renewal"
	case p.Edition == Containers:
		return base + "tcss"
	default:
		return base + "cwp"
	}
}

// Command is a command line that renews an order of CWPP, to be completed and run by whoever
// decides that; empty where there is none: only the China site's API renews it, and only what
// was bought. The code of the edition's product is documented nowhere: the reader fills it in.
func (p *PlannedOrder) Command() string {
	if p.Site != license.SiteCN || !p.IsBought || p.Edition == Containers || p.Resource == "" {
		return ""
	}
	return "tccli billing RenewInstance --cli-unfold-argument --RegionCode ap-guangzhou --ProductCode p_yunjing" +
		" --SubProductCode SUB_PRODUCT_CODE --InstanceId " + shellQuoted(p.Resource) + " --Period " +
		strconv.Itoa(min(36, max(1, p.Months()))) +
		" --ClientToken UNIQUE_TEXT"
}

// Months is the order's term in months, to the nearest; 12 where it is not known.
func (o *Order) Months() int {
	if o.Begin.IsZero() || !o.End.After(o.Begin) {
		return 12
	}
	const month = 30.44 * 24
	return max(1, int(o.End.Sub(o.Begin).Hours()/month+.5))
}

// shellQuoted is a text as one word of a shell.
func shellQuoted(word string) string {
	if strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == "" &&
		!strings.HasPrefix(word, "-") {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// Price is what a license of an edition costs.
type Price struct {
	Edition  Edition
	Months   int // of the term
	Amount   float64
	Currency string
}

// Estimate puts prices to the plan: of the order's term, or of a month times its months.
func (r *Report) Estimate(prices []Price) {
	for i := range r.Plan {
		p := &r.Plan[i]
		if p.Suggested == nil || !p.IsBought {
			continue
		}
		months := p.Months()
		for _, price := range prices {
			if price.Edition != p.Edition || price.Months != months && price.Months != 1 {
				continue
			}
			if p.Estimate != nil && price.Months == 1 && months != 1 {
				continue // that of the term is better
			}
			amount := price.Amount * float64(*p.Suggested)
			if price.Months != months {
				amount *= float64(months)
			}
			p.Estimate, p.Currency = &amount, price.Currency
		}
	}
}
