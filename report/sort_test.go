package report //nolint:testpackage // it is not for others

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSortBy compares with the sorting of the standard library, equal values included.
func TestSortBy(t *testing.T) {
	t.Parallel()
	type large struct{ key, place int }
	chance := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		list := make([]large, chance.IntN(40))
		for i := range list {
			list[i] = large{chance.IntN(12), i}
		}
		want := slices.Clone(list)
		slices.SortStableFunc(want, func(a, b large) int { return cmp.Compare(a.key, b.key) })
		given := slices.Clone(list)
		if sortBy(list, func(i, j int) int { return cmp.Compare(list[i].key, list[j].key) }); !slices.Equal(list, want) {
			t.Fatalf("%v became %v, want %v", given, list, want)
		}
	}
}
