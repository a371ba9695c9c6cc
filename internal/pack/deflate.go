package main

import (
	"bytes"
	"io"
)

// The standard library's deflate takes 2 % more room for a program: it looks for
// repetitions of four bytes and more, the format knows those of three. The package
// is read at every cold start, and made rarely, so this one takes its time.

const (
	minMatch  = 3
	maxMatch  = 258
	window    = 1 << 15
	maxChain  = 4096 // earlier places that are looked at
	farShort  = 4096 // farther away than that, a repetition of three bytes costs more than it saves
	hashBits  = 15
	blockSize = 1 << 14 // symbols
	endBlock  = 256
)

// deflater compresses what is written to it when it is closed.
type deflater struct {
	to   io.Writer
	data bytes.Buffer
}

// newDeflater is for archive/zip.
func newDeflater(w io.Writer) (io.WriteCloser, error) { return &deflater{to: w}, nil }

func (d *deflater) Write(p []byte) (int, error) { return d.data.Write(p) }

func (d *deflater) Close() error {
	_, err := d.to.Write(deflate(d.data.Bytes()))
	return err
}

// symbol is a byte, or a repetition: so many bytes, so far back.
type symbol struct {
	length   uint16 // 0: a byte
	distance uint16 // or the byte
}

// deflate compresses as RFC 1951 has it.
func deflate(data []byte) []byte {
	symbols := parse(data)
	out := &bitWriter{}
	for {
		block := symbols[:min(blockSize, len(symbols))]
		symbols = symbols[len(block):]
		out.block(block, len(symbols) == 0)
		if len(symbols) == 0 {
			return out.end()
		}
	}
}

// finder finds what was there before.
type finder struct {
	data []byte
	head []int32 // by hash: the last place, plus one
	last []int32 // by place in the window: the one before
	at   int     // what is before it was entered
}

func (f *finder) hash(at int) int {
	v := uint32(f.data[at])<<16 | uint32(f.data[at+1])<<8 | uint32(f.data[at+2])
	return int(v * 0x9E3779B1 >> (32 - hashBits))
}

// enter enters the places before at.
func (f *finder) enter(at int) {
	for ; f.at < at; f.at++ {
		if f.at+minMatch <= len(f.data) {
			h := f.hash(f.at)
			f.last[f.at%window] = f.head[h]
			f.head[h] = int32(f.at + 1) //nolint:gosec // a program is smaller
		}
	}
}

// longest is the longest repetition at a place that is longer than so many bytes, the
// nearest of those; length 0 where there is none.
func (f *finder) longest(at, longer int) (length, distance int) {
	f.enter(at)
	rest := f.data[at:]
	limit := min(maxMatch, len(rest))
	if limit < minMatch || longer >= limit {
		return 0, 0
	}
	place := int(f.head[f.hash(at)]) - 1
	for range maxChain {
		if place < 0 || at-place >= window {
			break
		}
		if earlier := f.data[place:]; earlier[longer] == rest[longer] {
			n := 0
			for n < limit && earlier[n] == rest[n] {
				n++
			}
			if n > longer && n >= minMatch && (n > minMatch || at-place <= farShort) {
				length, distance, longer = n, at-place, n
				if n == limit {
					break
				}
			}
		}
		next := int(f.last[place%window]) - 1
		if next >= place {
			break // that place was overwritten
		}
		place = next
	}
	return length, distance
}

// parse writes the data as symbols. A repetition gives way to a longer one that
// begins a byte later.
func parse(data []byte) []symbol {
	f := &finder{data: data, head: make([]int32, 1<<hashBits), last: make([]int32, window)}
	var symbols []symbol
	length, distance := f.longest(0, minMatch-1)
	for at := 0; at < len(data); {
		next, nextDistance := 0, 0
		if length < maxMatch && at+1 < len(data) {
			next, nextDistance = f.longest(at+1, max(length, minMatch-1))
		}
		if length >= minMatch && next <= length {
			symbols = append(symbols, symbol{uint16(length), uint16(distance)}) //nolint:gosec // within the window
			at += length
			length, distance = f.longest(at, minMatch-1)
			continue
		}
		symbols = append(symbols, symbol{distance: uint16(data[at])})
		at++
		length, distance = next, nextDistance
	}
	return symbols
}

// bitWriter writes bits, the lowest first.
type bitWriter struct {
	out   []byte
	value uint64
	count int
}

func (w *bitWriter) bits(value, count int) {
	w.value |= uint64(value) << w.count //nolint:gosec // never negative
	for w.count += count; w.count >= 8; w.count -= 8 {
		w.out = append(w.out, byte(w.value))
		w.value >>= 8
	}
}

func (w *bitWriter) end() []byte {
	if w.count > 0 {
		w.out = append(w.out, byte(w.value))
	}
	return w.out
}

// block writes a block with codes of its own.
func (w *bitWriter) block(symbols []symbol, final bool) {
	var literals [286]int
	var distances [30]int
	literals[endBlock] = 1
	for _, s := range symbols {
		if s.length == 0 {
			literals[s.distance]++
			continue
		}
		code, _, _ := lengthCode(int(s.length))
		literals[code]++
		code, _, _ = distanceCode(int(s.distance))
		distances[code]++
	}
	literalCodes, distanceCodes := newCodes(literals[:], 15), newCodes(distances[:], 15)
	last := 0
	if final {
		last = 1
	}
	w.bits(last, 1)
	w.bits(2, 2)
	w.header(literalCodes, distanceCodes)
	for _, s := range symbols {
		if s.length == 0 {
			w.code(literalCodes[s.distance])
			continue
		}
		code, extra, count := lengthCode(int(s.length))
		w.code(literalCodes[code])
		w.bits(extra, count)
		code, extra, count = distanceCode(int(s.distance))
		w.code(distanceCodes[code])
		w.bits(extra, count)
	}
	w.code(literalCodes[endBlock])
}
