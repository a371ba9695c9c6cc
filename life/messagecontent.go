package life

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"licensewatch/license"
)

// messageContent is what one message says beyond what all messages of the run say, and
// what accepting it means.
type messageContent struct {
	channels []string

	firing   []toldFinding
	resolved []license.Resolved
	sources  []license.SourceChange
	unjudged int // alert: the runs in which something could not be judged, where that is due
	mention  bool

	unwatched      []license.Unwatched
	gaps           []license.Gap
	unheard        []license.Unheard
	hash           string    // digest: how things stand
	unchangedSince time.Time // digest: since when the digests said the same; zero when they did not

	findings map[string]*notification
	fresh    []string // digest: the keys of those that are not merely going on
	oneOffs  []int64
	outages  map[license.Source]time.Time
	dropped  int
	covers   []string
}

// toldFinding is a finding that fires, as a message tells it: all but its story is the same
// for every channel, and there may be 10,000 of them.
type toldFinding struct {
	finding *license.Finding // not changed
	story   *license.Story
}

// withStory is the finding with its story.
func (t toldFinding) withStory() license.Finding {
	f := *t.finding
	f.Story = t.story
	return f
}

// sortedFindings are the findings that fire, worst first.
func (c *messageContent) sortedFindings() []license.Finding {
	all := make([]license.Finding, 0, len(c.firing))
	for _, told := range c.firing {
		all = append(all, told.withStory())
	}
	license.SortFindings(all)
	return all
}

// dueMessages are the messages that are due, each with its channels: normally one
// for all.
func (t *transition) dueMessages() []messageContent {
	var groups []messageContent
	for _, channel := range t.in.Channels {
		var like *messageContent // most channels are told the same
		if n := len(groups); n > 0 {
			like = &groups[n-1]
		}
		c := t.contentFor(channel, like)
		if !t.in.isDigest() && (c.isEmpty() || !c.isWorthAnAlert()) {
			continue
		}
		if t.isLeftOut(c, channel) {
			t.unchangedSince = c.unchangedSince
			continue
		}
		same := slices.IndexFunc(groups, func(g messageContent) bool {
			g.channels = nil
			return isSameContent(g, c)
		})
		if same < 0 {
			same, groups = len(groups), append(groups, c)
		}
		groups[same].channels = append(groups[same].channels, channel)
	}
	return groups
}

func (c *messageContent) isEmpty() bool {
	return len(c.firing) == 0 && len(c.resolved) == 0 && len(c.sources) == 0 && len(c.unwatched) == 0 && c.unjudged == 0
}

// contentFor gathers what one channel is to be told. What it has in common with what another one
// is told, like, which may be nil, is held once.
func (t *transition) contentFor(channel string, like *messageContent) messageContent {
	p := t.sentBefore[channel]
	c := messageContent{findings: map[string]*notification{}, outages: map[license.Source]time.Time{}}
	if t.in.isDigest() {
		c.firing = make([]toldFinding, 0, len(t.firing))
	}
	for _, f := range t.firing {
		if h := t.channelViewOf(f, channel); t.isTold(*f.Finding, h) {
			t.addFinding(&c, f, h, channel, like)
		}
	}
	for _, n := range t.ledger.oneOffsFor(channel, t.in.Mode, p) {
		if !t.waitsForLater(n) {
			t.addOneOff(&c, n, channel)
		}
	}
	t.addReturned(&c, channel, like)
	c.firing = lastOf(c.firing, func(told toldFinding) string {
		if !told.finding.Event {
			return ""
		}
		return told.finding.Fact()
	})
	c.resolved = lastOf(c.resolved, func(r license.Resolved) string { return r.Key })
	c.dropTold()
	if !t.in.isClosed() {
		unread := t.outagesFor(channel, p)
		for _, u := range unread {
			c.outages[u.Source] = u.Since
		}
		c.sources = append(unread, c.sources...)
		if o, ok := t.unjudgedFor(channel, p); ok {
			c.outages[sourceUnjudged] = o.Since
			if !t.in.isDigest() {
				c.unjudged = o.Runs
			}
		}
	}
	c.noteCall(t.in.Now)
	c.dropped = max(0, t.ledger.stored.Dropped[channel]-p.dropped)
	if t.in.isDigest() {
		c.covers = t.coveredAlerts(c, channel)
		t.compareDigest(&c, channel)
	}
	return c
}

// addFinding adds a firing finding. like is as contentFor has it.
func (t *transition) addFinding(c *messageContent, finding firingFinding, h channelView, channel string, like *messageContent) {
	f, key := *finding.Finding, finding.key
	m := newNotification(f, h.record)
	if h.ack == nil && isCall(f, h.record, h.baseline, h.reason.change(), t.in.Now) {
		c.mention, m.Called = true, t.in.Now
	}
	story := t.storyOf(f, h.record, h.baseline, h.reason.change())
	story.NextAt = nextAt(f, h.record, h.last.updatedBy(m, t.in.Now, t.in.Now, t.in.Now).notification, t.in.Now, h.ack, t.in.Hours)
	story.Ack, story.FirstOfAckedRule = t.ackToName(key, h)
	if was := h.record.Superseded[channel]; was != nil { // also when it was said in a message that is on its way, and may get lost
		story.WasTitle, story.WasKey = was.Title, was.Key
	}
	m.TellsAckEnd, m.Next = h.ackEnded, story.NextAt
	mark := &m
	if at := len(c.firing); like != nil && at < len(like.firing) && like.firing[at].finding == finding.Finding {
		story = sharedValue(story, like.firing[at].story)
		mark = sharedValue(mark, like.findings[key])
	}
	c.firing = append(c.firing, toldFinding{finding.Finding, story})
	if h.ack == nil || h.last == nil { // while it is acknowledged, no threshold counts as told
		c.findings[key] = mark
		if t.in.isDigest() && h.reason != notDue {
			c.fresh = append(c.fresh, key)
		}
	}
}

// dropTold leaves out what the message tells already: an event that was told
// before, where what has come of it fires as well; an event that is only good to know
// and the end of what is over; and a finding of which a new event tells that is as bad.
func (c *messageContent) dropTold() {
	if !slices.ContainsFunc(c.firing, func(told toldFinding) bool { return told.finding.Event }) {
		return
	}
	about, over := map[string][]toldFinding{}, map[string][]string{} // by subject: thousands of orders are not compared with each other
	for _, told := range c.firing {
		about[told.finding.Subject] = append(about[told.finding.Subject], told)
	}
	for _, r := range c.resolved {
		rule, subject, _ := strings.Cut(r.Key, "/")
		over[subject] = append(over[subject], rule)
	}
	all := slices.Clone(c.firing)
	c.firing = slices.DeleteFunc(c.firing, func(told toldFinding) bool {
		f := told.finding
		isItsEnd := func(rule string) bool { return !deservesAlert(f.Severity) && slices.Contains(f.Covers, rule) }
		others := all
		if f.Subject != "" {
			others = slices.Concat(about[f.Subject], about[""])
		}
		return f.Event && slices.ContainsFunc(over[f.Subject], isItsEnd) || slices.ContainsFunc(others, func(otherTold toldFinding) bool {
			other := otherTold.finding
			switch {
			case f.Event == other.Event:
				return false
			case f.Event:
				isLess := told.story.Change == license.ChangeOngoing || f.Severity.Rank() < other.Severity.Rank()
				return isLess && slices.Contains(other.Covers, f.Rule) || slices.Contains(f.Covers, other.Rule)
			default:
				isAsMuch := otherTold.story.Change != license.ChangeOngoing && other.Severity.Rank() >= f.Severity.Rank()
				return isAsMuch && slices.Contains(f.Covers, other.Rule)
			}
		})
	})
}

// noteCall notes in what accepting the message means that people were called
// about all of it that is critical.
func (c *messageContent) noteCall(now time.Time) {
	calls := func(told toldFinding) bool { return isCallable(told.withStory()) }
	isNews := func(told toldFinding) bool {
		return told.finding.Event && told.story.Change == license.ChangeNew && calls(told)
	}
	c.mention = c.mention && slices.ContainsFunc(c.firing, calls) || slices.ContainsFunc(c.firing, isNews)
	if !c.mention {
		return
	}
	for _, told := range c.firing {
		if !calls(told) {
			continue
		}
		key := told.finding.Key()
		if m, ok := c.findings[key]; ok && !m.Called.Equal(now) {
			called := *m
			called.Called = now
			c.findings[key] = &called
		}
	}
}

// waitsForLater says whether a one-off is left to a later message: to the hours, to the
// digest where an event was acknowledged since, or until a source stays readable.
func (t *transition) waitsForLater(n *oneOff) bool {
	switch {
	case t.in.isClosed() && !isOneOffUrgent(n):
		return true
	case n.Event != nil:
		return !t.in.isDigest() && silencingAck(t.acks, n.Event.Rule, n.Event.Subject) != nil
	case n.Source != nil:
		_, failing := t.ledger.stored.Outages[n.Source.Source]
		return failing
	default:
		return false
	}
}

// addOneOff adds a one-off.
func (t *transition) addOneOff(c *messageContent, n *oneOff, channel string) {
	c.oneOffs = append(c.oneOffs, n.Number)
	switch {
	case n.Resolved != nil:
		if t.ledger.stored.Records[n.Resolved.Key] == nil { // else it has come back by now
			c.resolved = append(c.resolved, *n.Resolved)
		}
	case n.Gap != nil:
		c.gaps = append(c.gaps, gapIn(*n.Gap, t.in.Now.Location()))
	case n.Unheard != nil:
		u := *n.Unheard
		u.At, u.GivenUp = writable(u.At.In(t.in.Now.Location())), writable(u.GivenUp.In(t.in.Now.Location()))
		c.unheard = append(c.unheard, u)
	case n.Unwatched != nil:
		if !t.isWatched(*n.Unwatched) {
			c.unwatched = append(c.unwatched, *n.Unwatched)
		}
	case n.Source != nil: // the last time, if it was so more than once
		c.sources = slices.DeleteFunc(c.sources, func(other license.SourceChange) bool { return other.Source == n.Source.Source })
		c.sources = append(c.sources, *n.Source)
	case n.Event != nil:
		f := n.Event
		story := &license.Story{Change: license.ChangeOngoing, Since: writable(earlierOf(n.At, t.in.Now).In(t.in.Now.Location()))}
		story.Ack = silencingAck(t.acks, f.Rule, f.Subject)
		if slices.Contains(n.Tell, channel) && !t.sentBefore[channel].oneOffs[n.Number] {
			story.Change = license.ChangeNew
		}
		c.firing = append(c.firing, toldFinding{f, story})
	}
}

// lastOf leaves of those that have the same name the last, and all that have none.
func lastOf[T any](all []T, name func(T) string) []T {
	last := make(map[string]int, len(all))
	for i, one := range all {
		last[name(one)] = i
	}
	kept := all[:0]
	for i, one := range all {
		if key := name(one); key == "" || last[key] == i {
			kept = append(kept, one)
		}
	}
	return kept
}

// tellsOneOff says whether the message tells a one-off.
func (c *messageContent) tellsOneOff(n *oneOff) bool { return hasNumber(c.oneOffs, n) }

// coveredAlerts are the alerts that a digest makes needless where they have not come
// before it: it says all that they say, as far as that is not over.
func (t *transition) coveredAlerts(c messageContent, channel string) (ids []string) {
	for _, m := range t.ledger.stored.Outbox {
		if m.isAlert() && m.isOwed(channel) && t.coversAlert(c, m, channel) {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

func (t *transition) coversAlert(c messageContent, m *pendingMessage, channel string) bool {
	for key, mark := range m.Findings {
		s := t.ledger.stored.Records[key]
		if _, told := c.findings[key]; !told && s != nil && s.Away.IsZero() && s.hasNotification(*mark) {
			return false
		}
	}
	return !slices.ContainsFunc(t.ledger.stored.OneOffs, func(n *oneOff) bool {
		return m.tellsOneOff(n) && slices.Contains(n.Tell, channel) && !c.tellsOneOff(n)
	})
}

// identityWords are the content in a form that tells it from others.
func (c *messageContent) identityWords() []string {
	var words []string
	for _, told := range c.firing {
		words = append(words, told.finding.Key()+" "+told.finding.EventID+" "+string(told.story.Change))
	}
	for _, r := range c.resolved {
		words = append(words, r.Key+" resolved")
	}
	for _, u := range c.unwatched {
		words = append(words, u.Rule+string(u.Source)+" unwatched")
	}
	for _, s := range c.sources {
		words = append(words, string(s.Source)+" "+strconv.FormatBool(s.Readable)+" "+strconv.Itoa(s.Runs))
	}
	if c.unjudged > 0 {
		words = append(words, string(sourceUnjudged)+" "+strconv.Itoa(c.unjudged))
	}
	return words
}
