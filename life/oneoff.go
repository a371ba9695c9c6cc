package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// oneOff is something that is told once: a finding that is over, an event, a
// source that can be read again, what is not watched any more, a time without
// any run, an alert that got no answer. Exactly one of them is set.
type oneOff struct {
	Number   int64             `json:"number"`
	At       time.Time         `json:"at"`
	Resolved *license.Resolved `json:"resolved,omitempty"`
	// Superseded goes with the next message that tells something else.
	Superseded *license.Resolved     `json:"superseded,omitempty"`
	Event      *license.Finding      `json:"event,omitempty"`
	Source     *license.SourceChange `json:"source,omitempty"`

	Unwatched *license.Unwatched `json:"unwatched,omitempty"`
	Gap       *license.Gap       `json:"gap,omitempty"`
	Unheard   *license.Unheard   `json:"unheard,omitempty"`

	// Several share these lists: they are replaced, never changed.
	Tell []string `json:"tell,omitempty" by:"channel"` // the channels that were not told yet
	List []string `json:"list,omitempty" by:"channel"` // the channels whose next digest lists it
}

func (n *oneOff) saysSomething() bool {
	return n.Resolved != nil || n.Superseded != nil || n.Event != nil || n.Source != nil ||
		n.Unwatched != nil || n.Gap != nil || n.Unheard != nil
}

// reportFact is what it tells, as a message may leave it unnamed; empty for what none leaves
// unnamed.
func (n *oneOff) reportFact() string {
	switch {
	case n.Resolved != nil:
		return n.Resolved.Fact()
	case n.Superseded != nil:
		return n.Superseded.Fact()
	case n.Event != nil:
		return n.Event.Fact()
	case n.Unwatched != nil:
		return n.Unwatched.Fact()
	default:
		return ""
	}
}

// hasNumber says whether it has one of the numbers, which are in order: there may be
// thousands.
func hasNumber(numbers []int64, n *oneOff) bool {
	_, found := slices.BinarySearch(numbers, n.Number)
	return found
}

// shareChannels has each name the same list as the one before it, where both have the same
// channels: there may be 10,000 of them, and ten channels.
func shareChannels(all []*oneOff) {
	var tell, list []string
	for _, n := range all {
		if !slices.Equal(n.List, list) {
			list = n.List
		}
		if slices.Equal(n.Tell, list) {
			tell = list
		} else if !slices.Equal(n.Tell, tell) {
			tell = n.Tell
		}
		n.Tell, n.List = tell, list
	}
}

// channelRemover takes one channel out of lists that one-offs share.
type channelRemover struct {
	channel   string
	from, out []string // the last list, and what is left of it
}

// remove is the list without the channel, which stays as it is.
func (r *channelRemover) remove(list []string) []string {
	switch {
	case len(list) == 0:
		return nil
	case len(list) == len(r.from) && &list[0] == &r.from[0]:
		return r.out
	}
	r.from = list
	r.out = slices.DeleteFunc(slices.Clone(list), func(c string) bool { return c == r.channel })
	return r.out
}

// markTold marks that the remover's channel was told, by a digest or by an alert.
func (n *oneOff) markTold(of *channelRemover, digest bool) {
	n.Tell = of.remove(n.Tell)
	if digest {
		n.List = of.remove(n.List)
	}
}

// eventRecord is an event that fires, or did within the last day.
type eventRecord struct {
	eventID
	// At is when it was first told within the last day, and Times how often.
	At    time.Time `json:"at,omitzero"`
	Times int       `json:"times,omitempty"`
	Over  bool      `json:"over,omitempty"` // it does not fire now
}

type eventID struct {
	Rule    string `json:"rule"`
	Subject string `json:"subject,omitempty"`
	Event   string `json:"event"` // Finding.EventID
}

// maxTimes is how often the same event is told within a day: what comes and goes
// all the time is not told each time.
const maxTimes = 2
