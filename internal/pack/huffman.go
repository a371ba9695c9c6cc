package main

import (
	"cmp"
	"math/bits"
	"slices"
)

// code is how a symbol is written: the bits of its code, the first one lowest.
type code struct{ value, length int }

// node is a symbol, or two nodes together.
type node struct {
	weight int
	symbol int
	pair   *[2]node
}

// newCodes gives the shortest codes for symbols that occur so often, none longer than
// the limit (the package-merge algorithm). A symbol that does not occur has none.
func newCodes(counts []int, limit int) []code {
	var leaves []node
	for s, n := range counts {
		if n > 0 {
			leaves = append(leaves, node{weight: n, symbol: s})
		}
	}
	slices.SortStableFunc(leaves, byWeight)
	codes := make([]code, len(counts))
	if len(leaves) == 1 {
		codes[leaves[0].symbol].length = 1
		return codes
	}
	nodes := leaves
	for range limit - 1 {
		var pairs []node
		for i := 0; i+1 < len(nodes); i += 2 {
			pairs = append(pairs, node{nodes[i].weight + nodes[i+1].weight, 0, &[2]node{nodes[i], nodes[i+1]}})
		}
		nodes = slices.Concat(leaves, pairs)
		slices.SortStableFunc(nodes, byWeight)
	}
	var count func(n node)
	count = func(n node) {
		if n.pair == nil {
			codes[n.symbol].length++
			return
		}
		count(n.pair[0])
		count(n.pair[1])
	}
	for _, n := range nodes[:max(0, 2*len(leaves)-2)] {
		count(n)
	}
	number(codes, limit)
	return codes
}

func byWeight(a, b node) int { return cmp.Compare(a.weight, b.weight) }

// number gives codes their values by their lengths.
func number(codes []code, limit int) {
	next := 0
	for length := 1; length <= limit; length++ {
		next <<= 1
		for s := range codes {
			if codes[s].length == length {
				codes[s].value = int(bits.Reverse16(uint16(next))) >> (16 - length) //nolint:gosec // at most 15 bits
				next++
			}
		}
	}
}

func (w *bitWriter) code(c code) { w.bits(c.value, c.length) }

// lengthOrder is the order in which the header has the lengths of the codes for
// lengths.
var lengthOrder = [...]int{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}

// run is a length of a code, or a repetition of lengths.
type run struct{ symbol, extra, count int }

// header writes the lengths of the codes.
func (w *bitWriter) header(literals, distances []code) {
	literals, distances = trim(literals, 257), trim(distances, 1)
	runs := runsOf(slices.Concat(literals, distances))
	var counts [19]int
	for _, r := range runs {
		counts[r.symbol]++
	}
	codes := newCodes(counts[:], 7)
	last := len(lengthOrder)
	for last > 4 && codes[lengthOrder[last-1]].length == 0 {
		last--
	}
	w.bits(len(literals)-257, 5)
	w.bits(len(distances)-1, 5)
	w.bits(last-4, 4)
	for _, s := range lengthOrder[:last] {
		w.bits(codes[s].length, 3)
	}
	for _, r := range runs {
		w.code(codes[r.symbol])
		w.bits(r.extra, r.count)
	}
}

// trim leaves out codes at the end that no symbol has, down to a least number.
func trim(codes []code, least int) []code {
	for len(codes) > least && codes[len(codes)-1].length == 0 {
		codes = codes[:len(codes)-1]
	}
	return codes
}

// runsOf writes lengths with repetitions.
func runsOf(codes []code) []run {
	var runs []run
	for i := 0; i < len(codes); {
		length, n := codes[i].length, 1
		for i+n < len(codes) && codes[i+n].length == length {
			n++
		}
		switch {
		case length == 0 && n >= 11:
			n = min(n, 138)
			runs = append(runs, run{18, n - 11, 7})
		case length == 0 && n >= 3:
			runs = append(runs, run{17, n - 3, 3})
		case n >= 4:
			n = min(n, 7)
			runs = append(runs, run{symbol: length}, run{16, n - 4, 2})
		default:
			n = 1
			runs = append(runs, run{symbol: length})
		}
		i += n
	}
	return runs
}

// lengthCode is the symbol for a length of 3 to 258, with the bits that follow it.
func lengthCode(length int) (symbol, extra, count int) {
	switch n := length - minMatch; {
	case length == maxMatch:
		return 285, 0, 0
	case n < 8:
		return 257 + n, 0, 0
	default:
		count = bits.Len(uint(n)) - 3
		return 257 + 4*count + n>>count, n & (1<<count - 1), count
	}
}

// distanceCode is the symbol for a distance of 1 to 32768, with the bits that follow it.
func distanceCode(distance int) (symbol, extra, count int) {
	n := distance - 1
	if n < 4 {
		return n, 0, 0
	}
	count = bits.Len(uint(n)) - 2
	return 2*count + n>>count, n & (1<<count - 1), count
}
