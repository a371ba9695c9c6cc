package future

import (
	"slices"

	"licensewatch/license"
)

// stepBindings leaves the machines of the orders that a run would look at by then: a renewed
// order is not looked at, and the machines of an isolated one are unbound. Of an order that
// only then ends soon nobody knows them: it was not looked at.
func (a *account) stepBindings() {
	if a.Bindings == nil || a.Orders == nil {
		return
	}
	bindings := license.Bindings{}
	for _, o := range a.Orders.List {
		if !o.NeedsBinding(a.ReadAt) {
			continue
		}
		if known := a.Bindings.Of(&o); known != nil {
			binding := *known
			if o.IsLapsed() {
				binding.Machines, binding.TotalCount, binding.Incomplete = []license.BoundMachine{}, 0, false
			}
			bindings.List = append(bindings.List, binding)
		}
	}
	a.Bindings = &bindings
	if len(bindings.List) == 0 {
		a.Bindings = nil
		a.Wanted = slices.DeleteFunc(slices.Clone(a.Wanted),
			func(s license.Source) bool { return s == license.SourceBindings })
	}
}
