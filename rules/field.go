package rules

import (
	"reflect"
	"time"

	"licensewatch/license"
)

// readings is what the expressions of a rule can read: the snapshot, and one of
// its orders for a rule that judges each order.
type readings struct {
	snapshot *license.Snapshot
	order    *license.Order
	now      time.Time
	before   *readings       // the same of the previous reading, with the same now; nil when there is none
	summary  *orderSummary   // the orders together
	deadline *cachedDeadline // of the order; nil: it is worked out each time
}

// cachedDeadline is an order's, read once however many rules ask for it.
type cachedDeadline struct {
	at       time.Time
	ok, read bool
}

// orderDeadline is when the order ends; false when that is not known.
func (r *readings) orderDeadline() (time.Time, bool) {
	if r.deadline == nil {
		return r.order.DeadlineTime()
	}
	if !r.deadline.read {
		r.deadline.at, r.deadline.ok = r.order.DeadlineTime()
		r.deadline.read = true
	}
	return r.deadline.at, r.deadline.ok
}

// orderDaysLeft is license.Order.DaysLeft.
func (r *readings) orderDaysLeft() any {
	deadline, ok := r.orderDeadline()
	if !ok {
		return nil
	}
	return int64(license.DaysLeft(deadline, r.now))
}

// orderEnded is license.Order.Ended.
func (r *readings) orderEnded() any {
	deadline, ok := r.orderDeadline()
	if !ok {
		return nil
	}
	return !r.now.Before(deadline)
}

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

// field is one field of an origin.
type field struct {
	origin *origin
	name   string // as written in an expression, for example "order.DaysLeft"
	kind   valueKind
	read   func(*readings) any // nil when not known; called only when the source was read
	// check looks at a value of an enumerated field, and says what it is when that
	// is nothing the API documents; nil for other fields.
	check func(r *readings, value any) oddity
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

// findField finds a field by its name behind the dot, nil when there is none.
func (o *origin) findField(name string) *field {
	if o.present != nil {
		return o.previousField(name)
	}
	for _, d := range o.derived {
		if d.name == name {
			return &field{origin: o, name: o.name + "." + name, kind: d.kind, read: d.read}
		}
	}
	member, ok := o.shape.FieldByName(name)
	if !ok || memberKind(member.Type) == kindNone {
		return nil
	}
	index := member.Index[0]
	f := &field{origin: o, name: o.name + "." + name, kind: memberKind(member.Type), read: func(r *readings) any {
		return memberValue(o.structValue(r).Field(index).Interface())
	}}
	f.check = checkOf(f.name, member)
	return f
}

// fieldNames lists the fields, for suggestions.
func (o *origin) fieldNames() []string {
	var names []string
	for member := range o.shape.Fields() {
		if memberKind(member.Type) != kindNone {
			names = append(names, member.Name)
		}
	}
	for _, d := range o.derived {
		names = append(names, d.name)
	}
	return names
}

// isRead says whether the source was read in this snapshot.
func (o *origin) isRead(s *license.Snapshot) bool {
	if o.present != nil {
		return s.Previous != nil && o.present.isRead(s.Previous)
	}
	return !o.isOfSource() || s.IsRead(o.source)
}

// memberKind is the kind of a struct member; kindNone for one that is not the
// API's, like Unparsed.
func memberKind(t reflect.Type) valueKind {
	switch t {
	case reflect.TypeFor[*int64]():
		return kindInt
	case reflect.TypeFor[*bool]():
		return kindBool
	case reflect.TypeFor[*string]():
		return kindText
	case reflect.TypeFor[[]license.Tag]():
		return kindTags
	default:
		return kindNone
	}
}

// memberValue is the value behind a member, nil when there is none.
func memberValue(member any) any {
	switch member := member.(type) {
	case *int64:
		return valueOrNil(member)
	case *bool:
		return valueOrNil(member)
	case *string:
		return valueOrNil(member)
	case []license.Tag:
		return tagMap(member)
	default:
		return nil
	}
}

// valueOrNil is the value p points to, nil when it points to none.
func valueOrNil[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// tagMap is the tags by key, nil when the answer held none.
func tagMap(tags []license.Tag) any {
	if tags == nil {
		return nil
	}
	byKey := make(map[string]string, len(tags))
	for _, tag := range tags {
		byKey[tag.TagKey] = tag.TagValue
	}
	return byKey
}
