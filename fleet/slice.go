package fleet

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// MaxSlices is into how many slices accounts may be divided.
const MaxSlices = 64

// Slice is one of the parts into which accounts are divided by their uins. The zero value is
// all of them.
type Slice struct {
	Number int // counted from 1
	Of     int
}

// ParseSlice reads a slice as people write it: "2/8". ok is false where it is none.
func ParseSlice(text string) (s Slice, ok bool) {
	number, of, ok := strings.Cut(text, "/")
	if !ok {
		return Slice{}, false
	}
	n, err := strconv.ParseUint(number, 10, 8)
	m, ofErr := strconv.ParseUint(of, 10, 8)
	s = Slice{int(n), int(m)} //nolint:gosec // eight bits
	if err != nil || ofErr != nil || !s.IsValid() {
		return Slice{}, false
	}
	return s, true
}

// IsValid says whether there is such a slice.
func (s Slice) IsValid() bool { return 1 <= s.Number && s.Number <= s.Of && s.Of <= MaxSlices }

// Has says whether an account is in the slice: the first eight bytes of the SHA-256 of its
// uin, as a big-endian number, modulo Of, are Number-1. That never changes: the memory of a
// slice has those accounts.
func (s Slice) Has(uin string) bool {
	if s.Of == 0 {
		return true
	}
	sum := sha256.Sum256([]byte(uin))
	return binary.BigEndian.Uint64(sum[:8])%uint64(s.Of) == uint64(s.Number-1) //nolint:gosec // from 1 to 64
}

// Name is a word for what is the slice's own, fit for the name of an object:
// "slice-2-of-8"; empty for all accounts.
func (s Slice) Name() string {
	if s.Of == 0 {
		return ""
	}
	return fmt.Sprintf("slice-%d-of-%d", s.Number, s.Of)
}

// String is the slice as a timer's argument says it: "2/8".
func (s Slice) String() string { return fmt.Sprintf("%d/%d", s.Number, s.Of) }

// SliceNamed is the slice of a Name.
func SliceNamed(name string) (s Slice, ok bool) {
	numbers, isOne := strings.CutPrefix(name, "slice-")
	s, ok = ParseSlice(strings.Replace(numbers, "-of-", "/", 1))
	return s, isOne && ok && s.Name() == name
}

// Wider are the slices, each of fewer parts, that have all of this one's accounts, the
// narrowest first and all accounts last: of 2/8 they are 2/4, 2/2 and the zero value.
func (s Slice) Wider() (wider []Slice) {
	for of := s.Of / 2; of > 1; of-- {
		if s.Of%of == 0 {
			wider = append(wider, Slice{(s.Number-1)%of + 1, of})
		}
	}
	if s.Of > 0 {
		wider = append(wider, Slice{})
	}
	return wider
}

// Overlapping are those of so many slices, 0 for all accounts together, that have accounts of this
// one: those whose numbers leave the same rest by the greatest common divisor.
func (s Slice) Overlapping(of int) (slices []Slice) {
	if of == 0 {
		return []Slice{{}}
	}
	divisor, rest := of, s.Of
	for rest > 0 {
		divisor, rest = rest, divisor%rest
	}
	for number := 1; number <= of; number++ {
		if s.Of == 0 || (number-s.Number)%divisor == 0 {
			slices = append(slices, Slice{number, of})
		}
	}
	return slices
}
