package license

import (
	"cmp"
	"slices"
	"strconv"
)

// namelessOrder is the subject of an order that tells neither of its ids.
const namelessOrder = "unnamed"

// Subjects are the names of the orders of a reading, in the order of its list. An order
// that only the reading before told, because this one is a part, still has its name.
func (s *Snapshot) Subjects() []string {
	listed := s.Orders.List
	if !s.Orders.Incomplete || s.Previous == nil || s.Previous.Orders == nil {
		return Subjects(listed)
	}
	all, isListed := slices.Clone(listed), listedIn(s.Orders.List)
	for _, o := range s.Previous.Orders.List {
		if !isListed(o) {
			all = append(all, o)
		}
	}
	return Subjects(all)[:len(listed)]
}

// Subjects names orders, as the rules do that judge each of them: by ResourceId, else by
// LicenseId. Names are unique and do not depend on the order in which the orders are
// listed: orders that share a ResourceId all get "#" and their LicenseId, and twins, which
// share both, all but the first their number.
func Subjects(orders []Order) []string {
	names, isUnique := subjectNames(orders)
	if !isUnique {
		orders = ToldApart(orders)
		names, isUnique = subjectNames(orders)
	}
	if !isUnique {
		makeUnique(names, orders)
	}
	return names
}

// subjectNames are the names of orders that are told apart.
func subjectNames(orders []Order) (names []string, isUnique bool) {
	first, shared := make(map[string]*int64, len(orders)), map[string]bool{}
	for i := range orders {
		name := textOrEmpty(orders[i].ResourceId)
		if id, known := first[name]; !known {
			first[name] = orders[i].LicenseId
		} else if !isSame(id, orders[i].LicenseId) {
			shared[name] = true
		}
	}
	names = make([]string, len(orders))
	taken := make(map[string]struct{}, len(orders))
	for i := range orders {
		names[i] = subjectName(orders[i], shared[textOrEmpty(orders[i].ResourceId)])
		taken[names[i]] = struct{}{}
	}
	return names, len(taken) == len(names)
}

func isSame(a, b *int64) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// subjectName names an order. isShared: others have its ResourceId and another LicenseId.
func subjectName(order Order, isShared bool) string {
	switch name := order.Name(); {
	case name == "" && order.Twin > 0:
		return namelessOrder + "#" + strconv.Itoa(order.Twin)
	case name == "":
		return namelessOrder
	case order.Twin > 0 || isShared:
		return order.FullName()
	default:
		return name
	}
}

// makeUnique makes names unique: one order's id may be another one's name.
func makeUnique(names []string, orders []Order) {
	places := make([]int, len(names))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(i, j int) int {
		a, b := orders[i], orders[j]
		return cmp.Or(cmp.Compare(a.Key(), b.Key()), cmp.Compare(a.Name(), b.Name()), cmp.Compare(a.Twin, b.Twin))
	})
	taken := map[string]int{}
	for _, i := range places {
		name := names[i]
		for taken[names[i]] > 0 {
			taken[name]++
			names[i] = name + "#" + strconv.Itoa(taken[name])
		}
		taken[names[i]]++
	}
}
