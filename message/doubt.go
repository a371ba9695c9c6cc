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
	doubtKinds                          // how many kinds there are
)

// doubt is something that was read and cannot be judged: the same value, of the
// same field, of one or several orders.
type doubt struct {
	kind   doubtKind
	field  string   // as the rules name it: "order.OrderStatus"
	value  string   // as it was written
	orders []string // the names of the orders; one that has none is empty; nil: of the account
	judged bool     // a rule wanted to know it
	used   int64    // of the counts that contradict each other
	total  int64
}

// findDoubts gathers what was read and cannot be judged, whether a rule reads it
// or not: nothing of it may look as if all were well.
func findDoubts(r *license.Report) *doubtIndex {
	x := &doubtIndex{alike: map[doubtContent]int{}, ofOrder: map[string][]int{}}
	s := &r.Snapshot
	for _, v := range s.Undocumented() {
		switch {
		case v.Field == "tcss.State" && s.PurchaseState.Contradicts() && v.Text == s.PurchaseState.Contradiction():
			x.addDoubt(doubt{kind: doubtContradiction, field: v.Field, value: v.Text})
		case strings.HasPrefix(v.Field, "order."):
			x.addOrderDoubt(doubt{kind: doubtUndocumented, field: v.Field, value: v.Text}, v.Order)
		default:
			x.addDoubt(doubt{kind: doubtUndocumented, field: v.Field, value: v.Text})
		}
	}
	if s.Has(license.SourceOrders) {
		for _, o := range s.Orders.List {
			if d, found := endDoubt(o); found {
				x.addOrderDoubt(d, o.Name())
			}
		}
	}
	if d, found := purchaseEndDoubt(s); found {
		x.addDoubt(d)
	}
	if d, found := overuseDoubt(r); found {
		x.addDoubt(d)
	}
	if d, found := tooManyMachines(s); found {
		x.addDoubt(d)
	}
	x.noteJudged(r.Unknown)
	return x
}

// endDoubt says whether the end of a running order cannot be known. Pay as you go
// has none.
func endDoubt(o license.Order) (doubt, bool) {
	isPostpaid := o.LicenseType != nil && *o.LicenseType == license.LicenseTypeProPostpay
	if _, ok := o.DeadlineTime(); ok || isPostpaid || o.IsLapsed() {
		return doubt{}, false
	}
	if o.Deadline != nil && text.OneLine(*o.Deadline, 1) != "" {
		return doubt{kind: doubtBadEnd, field: "order.Deadline", value: *o.Deadline}, true
	}
	isRunning := o.OrderStatus != nil && *o.OrderStatus == license.OrderNormal
	// of another type than pay as you go
	return doubt{kind: doubtNoEnd, field: "order.Deadline"}, isRunning && o.LicenseType != nil
}

// purchaseEndDoubt says whether the end of Container Security cannot be known
// although it runs.
func purchaseEndDoubt(s *license.Snapshot) (doubt, bool) {
	p := s.PurchaseState
	if !s.Has(license.SourcePurchaseState) || p.State == nil ||
		*p.State != license.StateTrial && *p.State != license.StatePro {
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
func overuseDoubt(r *license.Report) (doubt, bool) {
	if !r.Snapshot.Has(license.SourceOverview) {
		return doubt{}, false
	}
	used, valid := r.Snapshot.Overview.UsedLicenseCnt, r.Snapshot.Overview.NotExpiredLicenseCnt
	if used == nil || valid == nil || *used <= *valid {
		return doubt{}, false
	}
	for _, f := range r.Firing {
		if title := f.Title.In(r.Language); hasNumber(title, *used) && hasNumber(title, *valid) {
			return doubt{}, false
		}
	}
	return countsDoubt(doubtOveruse, "cwp.UsedLicenseCnt", *used, *valid), true
}

// countsDoubt is a doubt about more than there are in all.
func countsDoubt(kind doubtKind, field string, used, total int64) doubt {
	return doubt{kind: kind, field: field, used: used, total: total,
		value: strconv.FormatInt(used, 10) + " / " + strconv.FormatInt(total, 10)}
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
