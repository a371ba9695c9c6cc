package life

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"licensewatch/license"
)

// digestPause is how long digests that say nothing new may be left out.
const digestPause = 7 * day

// acceptedDigest is the last digest that a channel accepted.
type acceptedDigest struct {
	Hash  string    `json:"hash"`  // of what it said, without days and counts of days
	Since time.Time `json:"since"` // when the first of those was written that said just that
	At    time.Time `json:"at"`    // when it was accepted
}

// compareDigest finds out whether the digest says what the last one said that
// the channel accepted.
func (t *telling) compareDigest(c *messageContent, channel string) {
	c.hash = t.situationHash(*c)
	if besides := t.in.of(channel).Besides; len(besides) > 0 {
		c.hash = hashOf(c.hash + "\n" + strings.Join(besides, "\n"))
	}
	if slices.ContainsFunc(c.firing, func(told toldFinding) bool {
		return told.finding.Event && deservesAlert(told.finding.Severity)
	}) {
		// without them the next one says something else: green after yellow is no repetition
		c.hash = hashOf(c.hash + "\nevents")
	}
	last := t.ledger.stored.Digests[channel]
	if last != nil && last.Hash == c.hash && !last.Since.After(t.in.Now) && !t.saysSomethingNew(*c) {
		c.unchangedSince = writable(last.Since.In(t.in.Now.Location()))
	}
}

// isLeftOut says whether nobody needs the digest: it says nothing new, calls
// nobody, and one was sent within the last days.
func (t *telling) isLeftOut(c messageContent, channel string) bool {
	if !t.in.of(channel).OnlyChanges || !t.in.isDigest() || c.unchangedSince.IsZero() || c.mention {
		return false
	}
	return !isDueAgain(t.in.Now, t.ledger.stored.Digests[channel].At, digestPause)
}

// saysSomethingNew says whether the content tells what no digest said before, however
// things stand now.
func (t *telling) saysSomethingNew(c messageContent) bool {
	if len(c.resolved) > 0 || len(c.gaps) > 0 || len(c.unwatched) > 0 || len(c.unheard) > 0 || c.dropped > 0 {
		return true
	}
	if slices.ContainsFunc(c.sources, func(s license.SourceChange) bool { return s.Readable }) {
		return true
	}
	if slices.ContainsFunc(t.in.Base.Notices, tellsAside) {
		return true
	}
	return slices.ContainsFunc(c.firing, func(told toldFinding) bool {
		f := told.withStory()
		isNew := f.Story.Change == license.ChangeNew || f.Story.Change == license.ChangeWorse
		return f.Event || isNew && !f.IsAcknowledged()
	})
}

// situationHash is a hash of how things stand: what fires and how badly, what is
// known of it, what could not be read or judged.
func (t *telling) situationHash(c messageContent) string {
	var lines []string
	add := func(words ...string) { lines = append(lines, strings.Join(words, "\t")) }
	zone := t.in.Now.Location()
	for _, told := range c.firing {
		f := told.withStory()
		if f.Event {
			continue
		}
		add("fires", f.Key(), string(f.Severity), deadlineDay(f, zone), measureStep(f))
		if f.IsAcknowledged() { // an order that begins to fire is not, once, where its rule is
			add("is acknowledged", f.Key())
		}
	}
	for _, f := range t.unknownFindings() {
		add("unknown", f.Rule, strings.Join(slices.Sorted(f.Subjects()), " "))
	}
	s := t.in.Snapshot
	for _, source := range s.Wanted {
		if !s.Has(source) {
			add("unread", string(source))
		} else {
			add("read", string(source))
		}
	}
	if s.Orders != nil && s.Orders.Incomplete {
		add("incomplete")
	}
	for _, v := range s.Undocumented() {
		add("undocumented", v.Order, v.Field, v.Text)
	}
	for _, a := range t.acks {
		add("acknowledged", a.Rule, a.Subject, a.Until.UTC().Format(time.RFC3339), a.By, a.Reason)
	}
	for _, n := range t.in.Base.Notices {
		// the list is looked at above; these are said once, and differ each time
		if n.Code != license.NoticeOrdersIncomplete && n.Code != license.NoticeEvidence && !tellsAside(n) {
			add(append([]string{string(n.Code)}, n.Args...)...)
		}
	}
	slices.Sort(lines)
	return hashOfLines(lines)
}

// measureStep is how much of the finding there is, in the steps in which more of it is
// worse.
func measureStep(f license.Finding) string {
	switch {
	case f.Measure == nil:
		return ""
	case f.WorseBy > 0:
		return strconv.FormatFloat(math.Floor(*f.Measure/f.WorseBy), 'f', 0, 64)
	default:
		crossed := slices.DeleteFunc(slices.Clone(f.WorseAt), func(threshold float64) bool {
			return threshold > *f.Measure
		})
		return strconv.Itoa(len(crossed))
	}
}

// deadlineDay is the day of a finding's deadline in a zone; empty when it has none.
func deadlineDay(f license.Finding, zone *time.Location) string {
	if f.Deadline.IsZero() {
		return ""
	}
	return dateOf(f.Deadline.In(zone))
}
