package report

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"licensewatch/license"
)

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
