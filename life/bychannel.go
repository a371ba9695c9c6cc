package life

import (
	"strings"

	"licensewatch/license"
)

// byChannel is what the channels were told of something. Of 10,000 findings ten channels mostly
// were told the same, so what they share stands once: a map for each finding would take more
// memory than all the rest of it. The ledger as it is written has maps.
type byChannel[P any] []toldAlike[P]

// toldAlike is what one channel was told, or several.
type toldAlike[P any] struct {
	names string // of the channels, in order, with commas between them, of which no name has any
	told  P      // a pointer to what is replaced, never changed
}

// of is what the channel was told; nil for nothing.
func (b byChannel[P]) of(channel string) (told P) {
	if at := b.indexOf(channel); at >= 0 {
		told = b[at].told
	}
	return told
}

func (b byChannel[P]) indexOf(channel string) int {
	for i := range b {
		var name string
		for rest := b[i].names; rest != ""; { // not strings.SplitSeq: this takes no memory
			if name, rest, _ = strings.Cut(rest, ","); name == channel {
				return i
			}
		}
	}
	return -1
}

// channels are the names of those that were told something.
func (b byChannel[P]) channels() []string { return sortedKeys(b.split()) }

// set enters what the channel was told; nil for nothing. words hold the names of channels once.
func (b *byChannel[P]) set(channel string, told P, words license.Words) {
	b.remove(channel, words)
	if nothing := *new(P); any(told) == any(nothing) {
		return
	}
	for i := range *b {
		if alike := &(*b)[i]; any(alike.told) == any(told) {
			alike.names = changeNames(alike.names, channel, "", words)
			return
		}
	}
	*b = append(*b, toldAlike[P]{words.Once(channel), told})
}

// remove forgets what the channel was told.
func (b *byChannel[P]) remove(channel string, words license.Words) {
	at := b.indexOf(channel)
	if at < 0 {
		return
	}
	if (*b)[at].names = changeNames((*b)[at].names, "", channel, words); (*b)[at].names == "" {
		*b = append((*b)[:at], (*b)[at+1:]...)
	}
}

// replace puts something else in the place of all that was told.
func (b byChannel[P]) replace(by func(told P) P) {
	for i := range b {
		b[i].told = by(b[i].told)
	}
}

// joined is the map for a packed ledger: what several were told stands once.
func (b byChannel[P]) joined() map[string]P {
	all := make(map[string]P, len(b))
	for _, alike := range b {
		all[alike.names] = alike.told
	}
	return all
}

// split is the map by channel.
func (b byChannel[P]) split() map[string]P {
	all := map[string]P{}
	for _, alike := range b {
		for name := range strings.SplitSeq(alike.names, ",") {
			all[name] = alike.told
		}
	}
	return all
}

// hold takes over what stands in a map, of either kind.
func (b *byChannel[P]) hold(stored map[string]P, words license.Words) {
	for _, names := range sortedKeys(stored) {
		for name := range strings.SplitSeq(names, ",") {
			b.set(name, stored[names], words)
		}
	}
}

// changeNames are names with one more and without another one; empty for neither.
func changeNames(names, more, less string, words license.Words) string {
	var room [256]byte // most names together are no longer
	changed := room[:0]
	add := func(name string) { changed = append(append(changed, name...), ',') }
	var name string
	for rest := names; rest != ""; {
		name, rest, _ = strings.Cut(rest, ",")
		if more != "" && more < name {
			add(more)
			more = ""
		}
		if name != less {
			add(name)
		}
	}
	if more != "" {
		add(more)
	}
	if len(changed) == 0 {
		return ""
	}
	changed = changed[:len(changed)-1]
	if same, isKnown := words[string(changed)]; isKnown { // without a copy of it
		return same
	}
	return words.Once(string(changed))
}
