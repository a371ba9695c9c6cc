package rules

import (
	"slices"

	"licensewatch/license"
)

// previousName is the name of the previous reading: previous.cwp.LicenseCnt is what
// cwp.LicenseCnt was in it.
const previousName = "previous"

// previousOrigins are the origins of the previous reading, in the order of
// origins.
var previousOrigins = func() []*origin {
	all := make([]*origin, len(origins))
	for i, o := range origins {
		p := *o
		p.name, p.present = previousName+"."+o.name, o
		all[i] = &p
	}
	return all
}()

// inPrevious is what an origin of this reading was in the previous one.
func (o *origin) inPrevious() *origin { return previousOrigins[slices.Index(origins, o)] }

// isPerOrder says whether the origin is one order and not the account.
func (o *origin) isPerOrder() bool { return o.source == license.SourceOrders }

// previousField is the field of an origin of the previous reading, nil when
// there is none.
func (o *origin) previousField(name string) *field {
	present := o.present.findField(name)
	if present == nil {
		return nil
	}
	f := &field{origin: o, name: previousName + "." + present.name, kind: present.kind, read: func(r *readings) any {
		if r.before == nil || o.isPerOrder() && r.before.order == nil {
			return nil
		}
		return present.read(r.before)
	}}
	if present.check != nil {
		f.check = func(r *readings, value any) oddity { return present.check(r.before, value) }
	}
	return f
}

// readsPrevious says whether a field of the previous reading is read, of the
// given origin when there is one.
func (e *expression) readsPrevious(of ...*origin) bool {
	return e != nil && slices.ContainsFunc(e.reads, func(f *field) bool {
		return f.origin.present != nil && (len(of) == 0 || slices.Contains(of, f.origin.present))
	})
}
