package rules

import (
	"reflect"
	"time"

	"licensewatch/license"
)

// origin is a name that expressions begin a field with, and where its fields
// come from. Fields of the struct are found by reflection, so that a new one
// needs no change here.
type origin struct {
	name    string
	source  license.Source
	info    license.SourceInfo
	shape   reflect.Type
	derived []derivedField
	present *origin // of a previous reading: the same origin of this one; else nil
}

// originOf is the origin of a source's fields, with those that are derived.
func originOf(source license.Source, derived []derivedField) *origin {
	info := source.Info()
	return &origin{name: info.Prefix, source: source, info: info, shape: info.Shape(), derived: derived}
}

// exampleField is one of the origin's fields, for messages.
func (o *origin) exampleField() string {
	if o.present != nil {
		return previousName + "." + o.info.Example
	}
	return o.info.Example
}

// structValue is the struct with the fields; called only when the source was read.
func (o *origin) structValue(r *readings) reflect.Value {
	switch {
	case o.isPerOrder():
		return reflect.ValueOf(r.order).Elem()
	case o == originFleet:
		return reflect.ValueOf(r.snapshot.Fleet).Elem()
	}
	return reflect.ValueOf(r.snapshot.Answer(o.source)).Elem()
}

// derivedField is a value that is computed from the struct's fields; it returns
// nil when it cannot be known.
type derivedField struct {
	name string
	kind valueKind
	read func(*readings) any
}

// isRead says whether the source was read in this snapshot.
func (o *origin) isRead(s *license.Snapshot) bool {
	if o.present != nil {
		return s.Previous != nil && o.present.isRead(s.Previous)
	}
	return !o.isOfSource() || s.IsRead(o.source)
}

// originCwp, originTcss, originMachines and originOrder are what the sources answer.
var (
	originCwp = originOf(license.SourceOverview, []derivedField{
		{"UsedPercent", kindFloat, func(r *readings) any { return valueOrNil(r.snapshot.Overview.UsedPercent()) }},
		// What the orders are together belongs to the overview, so that a rule
		// which adds it goes on when the orders were not read: 0 then.
		{"OrdersComplete", kindBool, func(r *readings) any { return r.summary.totalsAt(r.now).complete }},
		{"ListedOrderCnt", kindInt, func(r *readings) any { return r.summary.totalsAt(r.now).orders }},
		{"ExpiredByOrders", kindInt, func(r *readings) any { return r.summary.totalsAt(r.now).expired }},
		{"DestroyedByOrders", kindInt, func(r *readings) any { return r.summary.totalsAt(r.now).destroyed }},
		{"NearExpiryByOrders", kindInt, func(r *readings) any { return r.summary.totalsAt(r.now).near }},
		{"NearExpiryRenewing", kindInt, func(r *readings) any { return r.summary.totalsAt(r.now).renewing }},
		{"LapsedLicenseCnt", kindInt, func(r *readings) any { return valueOrNil(r.summary.lapsedLicenses(r.now)) }},
		{"FullestUsed", kindInt, func(r *readings) any {
			return fullestPart(r, func(f license.EditionUse) int64 { return f.Used })
		}},
		{"FullestCnt", kindInt, func(r *readings) any {
			return fullestPart(r, func(f license.EditionUse) int64 { return f.Valid })
		}},
		{"FullestType", kindInt, func(r *readings) any {
			return fullestPart(r, func(f license.EditionUse) int64 { return f.LicenseType })
		}},
		// The forecast needs a memory: not known without one.
		{"RunOutDays", kindInt, func(r *readings) any {
			return runOutPart(r, func(o *license.RunOut) any { return daysUntil(o.Day, r.now) })
		}},
		{"RunOutMaybeDays", kindInt, func(r *readings) any {
			return runOutPart(r, func(o *license.RunOut) any { return daysUntil(o.MayBe, r.now) })
		}},
		{"RunOutDate", kindText, func(r *readings) any {
			return runOutPart(r, func(o *license.RunOut) any { return apiTime(o.Day) })
		}},
		{"RunOutType", kindInt, func(r *readings) any {
			return runOutPart(r, func(o *license.RunOut) any { return valueOrNil(o.LicenseType) })
		}},
		{"RunOutUsed", kindInt, func(r *readings) any {
			return runOutPart(r, func(o *license.RunOut) any { return o.Used })
		}},
		{"RunOutCnt", kindInt, func(r *readings) any {
			return runOutPart(r, func(o *license.RunOut) any { return o.Valid })
		}},
	})
	originTcss = originOf(license.SourcePurchaseState, []derivedField{
		{"DaysLeft", kindInt, func(r *readings) any { return valueOrNil(r.snapshot.PurchaseState.DaysLeft(r.now)) }},
		{"Ended", kindBool, func(r *readings) any { return valueOrNil(r.snapshot.PurchaseState.Ended(r.now)) }},
	})
	originMachines = originOf(license.SourceMachines, []derivedField{
		{"LicensedMachineCnt", kindInt, func(r *readings) any {
			return valueOrNil(r.snapshot.Machines.LicensedMachineCnt())
		}},
		{"UncountedMachineCnt", kindInt, func(r *readings) any {
			return valueOrNil(r.snapshot.Machines.UncountedMachineCnt())
		}},
		// As with cwp: 0 when the orders were not read.
		{"OrdersComplete", kindBool, func(r *readings) any { return r.summary.totalsAt(r.now).complete }},
		{"EndingByOrders", kindInt, func(r *readings) any { return r.summary.totalsAt(r.now).near }},
	})
	originOrder = originOf(license.SourceOrders, []derivedField{
		{"DaysLeft", kindInt, (*readings).orderDaysLeft},
		{"UsedPercent", kindFloat, func(r *readings) any { return valueOrNil(r.order.UsedPercent()) }},
		{"Ended", kindBool, (*readings).orderEnded},
		{"Machines", kindInt, func(r *readings) any { return valueOrNil(r.machineCount()) }},
		{"BoundMachines", kindInt, func(r *readings) any {
			if bound := r.boundMachines(); bound != nil {
				return bound.Count
			}
			return nil
		}},
		{"IdleMachines", kindInt, func(r *readings) any {
			if bound := r.boundNow(); bound != nil {
				return valueOrNil(bound.Idle)
			}
			return nil
		}},
		{"LapsedUse", kindInt, func(r *readings) any { return valueOrNil(r.lapsedUse()) }},
		{"TakenOver", kindBool, func(r *readings) any { return valueOrNil(r.takenOver()) }},
		{"Listed", kindBool, func(r *readings) any { return r.order.Missed == 0 }},
		{"DestroyedDaysAgo", kindInt, func(r *readings) any { return valueOrNil(r.destroyedDaysAgo()) }},
	})
	origins = []*origin{originCwp, originTcss, originMachines, originOrder, originAccount, originFleet}
)

// fullestPart is one number of the fullest edition, nil when there is none.
func fullestPart(r *readings, part func(license.EditionUse) int64) any {
	f := r.summary.fullestEdition(r.now)
	if f == nil {
		return nil
	}
	return part(*f)
}

// runOutPart is one part of when licenses run out, nil where there is no forecast.
func runOutPart(r *readings, part func(*license.RunOut) any) any {
	if r.snapshot.RunOut == nil {
		return nil
	}
	return part(r.snapshot.RunOut)
}

// daysUntil counts the calendar days to a day, nil where there is none.
func daysUntil(day, now time.Time) any {
	if day.IsZero() {
		return nil
	}
	return int64(license.DaysLeft(day, now))
}

// apiTime is a time as the API writes it, nil where there is none.
func apiTime(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.In(license.APIZone).Format(time.DateTime)
}

// originNames are the names of all origins.
func originNames() []string {
	var names []string
	for _, o := range origins {
		names = append(names, o.name)
	}
	return names
}

// sourceNames are the names of those that the sources answer.
func sourceNames() []string {
	var names []string
	for _, o := range origins {
		if o.isOfSource() {
			names = append(names, o.name)
		}
	}
	return names
}

// originNamed is the origin with the name, nil when there is none.
func originNamed(name string) *origin {
	for _, o := range origins {
		if o.name == name {
			return o
		}
	}
	return nil
}
