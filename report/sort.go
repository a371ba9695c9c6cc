package report

import "slices"

// sortBy sorts large values stably and where they lie: a list of 100,000 orders is not held
// twice, and the function has the sorting once, not once for each kind of value.
func sortBy[T any](list []T, compare func(a, b *T) int) {
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return compare(&list[i], &list[j]) })
	for i := range order {
		first := list[i]
		at := i
		for order[at] != i && order[at] >= 0 {
			next := order[at]
			list[at], order[at] = list[next], -1
			at = next
		}
		if order[at] >= 0 {
			list[at], order[at] = first, -1
		}
	}
}
