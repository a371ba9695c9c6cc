package report

import (
	"reflect"
	"slices"
)

// sortBy sorts a slice of large values stably and where they lie, by what compare says of their
// places before: a list of 100,000 orders is not held twice, and the function has the sorting
// once, not once for each kind of value.
func sortBy(list any, compare func(i, j int) int) {
	order := make([]int, reflect.ValueOf(list).Len())
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, compare)
	swap := reflect.Swapper(list)
	for i := range order {
		at := i
		for order[at] != i {
			next := order[at]
			swap(at, next)
			at, order[at] = next, at
		}
		order[at] = at
	}
}
