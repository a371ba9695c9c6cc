package fleet_test

import (
	"fmt"
	"slices"
	"testing"

	"licensewatch/fleet"
)

// TestParseSlice reads what people write, and what is none.
func TestParseSlice(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]fleet.Slice{"1/1": {Number: 1, Of: 1}, "2/8": {Number: 2, Of: 8}, "64/64": {Number: 64, Of: 64}} {
		if got, ok := fleet.ParseSlice(text); !ok || got != want {
			t.Errorf("%s: %v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "8", "0/8", "9/8", "2/0", "0/0", "2/8/1", "x/8", "2/x", "-1/8", "+2/8", "2/65", "2/ 8", "/8", "2/", "300/300"} {
		if got, ok := fleet.ParseSlice(text); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}

// TestSlicesDivide: every account is in one slice of each number of them, slices are of about
// the same size, and a slice's accounts are all in each of its wider ones.
func TestSlicesDivide(t *testing.T) {
	t.Parallel()
	for _, of := range []int{1, 2, 3, 4, 8, 12, 64} {
		sizes := make([]int, of)
		for uin := range 6400 {
			in := 0
			for i := range of {
				s := fleet.Slice{Number: i + 1, Of: of}
				if !s.Has(fmt.Sprint(100000001000 + uin)) {
					continue
				}
				in++
				sizes[i]++
				for _, wider := range s.Wider() {
					if !wider.Has(fmt.Sprint(100000001000 + uin)) {
						t.Fatalf("%v has an account that %v has not", s, wider)
					}
				}
			}
			if in != 1 {
				t.Fatalf("an account is in %d slices of %d", in, of)
			}
		}
		if least, most := slices.Min(sizes), slices.Max(sizes); least*2 < most {
			t.Errorf("of %d the smallest has %d accounts, the largest %d", of, least, most)
		}
	}
}

// TestSlicesStay pins the division, by which ledgers are found again: it was computed with
// another program, sha256sum.
func TestSlicesStay(t *testing.T) {
	t.Parallel()
	for uin, want := range map[string]string{"100000000101": "slice-8-of-8", "100000000102": "slice-3-of-8", "100000000103": "slice-8-of-8", "200000000007": "slice-7-of-8"} {
		for i := range 8 {
			if s := (fleet.Slice{Number: i + 1, Of: 8}); s.Has(uin) != (s.Name() == want) {
				t.Errorf("%s is in %s, and should be in %s", uin, s.Name(), want)
			}
		}
	}
	if got := (fleet.Slice{Number: 6, Of: 8}).Wider(); !slices.Equal(got, []fleet.Slice{{Number: 2, Of: 4}, {Number: 2, Of: 2}, {}}) {
		t.Errorf("6/8 is within %v", got)
	}
}

// TestOverlappingSlices: of another division those are named that have an account in common, as
// a thousand accounts show.
func TestOverlappingSlices(t *testing.T) {
	t.Parallel()
	for _, s := range []fleet.Slice{{}, {Number: 1, Of: 1}, {Number: 3, Of: 4}, {Number: 6, Of: 6}, {Number: 8, Of: 8}} {
		for _, of := range []int{0, 1, 2, 3, 4, 6, 8, 12} {
			var want []fleet.Slice
			for number := min(1, of); number <= of; number++ {
				other := fleet.Slice{Number: number, Of: of}
				for uin := range 1000 {
					if text := fmt.Sprint(100000001000 + uin); s.Has(text) && other.Has(text) {
						want = append(want, other)
						break
					}
				}
			}
			if got := s.Overlapping(of); !slices.Equal(got, want) {
				t.Errorf("%v of %d: %v, want %v", s, of, got, want)
			}
		}
	}
}
