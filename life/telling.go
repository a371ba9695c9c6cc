package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// telling is what one run is to tell the channels, once it is entered what was seen.
type telling struct {
	*runAcks
	// sentBefore is, by channel, what it is sent before the run's own messages.
	sentBefore map[string]undelivered
	// unchangedSince is since when a digest that is left out says the same.
	unchangedSince time.Time
}

// newTelling is what is to be told after a step of the ledger.
func newTelling(t *transition) *telling {
	told := &telling{runAcks: t.runAcks, sentBefore: map[string]undelivered{}}
	for _, channel := range t.in.Channels {
		told.sentBefore[channel] = t.ledger.stored.sentBefore(channel, t.in)
	}
	return told
}

// dueMessages are the messages that are due, each with its channels: normally one
// for all.
func (t *telling) dueMessages() []messageContent {
	var groups []messageContent
	for _, channel := range t.in.Channels {
		var like *messageContent // most channels are told the same
		if n := len(groups); n > 0 {
			like = &groups[n-1]
		}
		c := t.contentFor(channel, like)
		if len(c.resolved)+len(c.superseded) == 0 && t.in.hearsOnlyEnds(channel) {
			continue
		}
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
			if like != nil {
				c.resolved = slices.Clone(c.resolved) // each message may rename what is in it
			}
			same, groups = len(groups), append(groups, c)
		}
		groups[same].channels = append(groups[same].channels, channel)
	}
	return groups
}

// contentFor gathers what one channel is to be told. What it has in common with what another one
// is told, like, which may be nil, is held once.
func (t *telling) contentFor(channel string, like *messageContent) messageContent {
	p := t.sentBefore[channel]
	c := messageContent{findings: map[string]*notification{}, outages: map[license.Source]time.Time{}}
	if t.in.isDigest() {
		c.firing = make([]toldFinding, 0, len(t.firing))
	}
	for _, f := range t.firing {
		if !t.in.isRouted(f.Finding, channel) {
			continue
		}
		if view := t.channelViewOf(f, channel); t.isTold(*f.Finding, view) {
			t.addFinding(&c, f, view, channel, like)
		}
	}
	for _, n := range t.ledger.stored.oneOffsFor(channel, t.in.Mode, p) {
		if !t.waitsForLater(n, channel) {
			t.addOneOff(&c, n, channel, like)
		}
	}
	t.addReturned(&c, channel, like)
	c.firing = lastOf(c.firing, func(told toldFinding) string {
		if !told.finding.Event {
			return ""
		}
		return told.finding.Fact()
	})
	c.keepLastEnds()
	c.dropTold()
	if !t.in.isClosed(channel) && !t.in.hearsOnlyEnds(channel) {
		unread := t.ledger.stored.unreadFor(channel, p, t.in)
		for _, u := range unread {
			c.outages[u.Source] = u.Since
		}
		c.sources = append(unread, c.sources...)
		if o, ok := t.ledger.stored.unjudgedFor(channel, p, t.in); ok {
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
func (t *telling) addFinding(c *messageContent, finding firingFinding, view channelView, channel string,
	like *messageContent) {
	f, key := *finding.Finding, finding.key
	m := newNotification(f, view.record)
	if view.ack == nil && isCall(f, view.record, view.baseline, view.reason.change(), t.in.Now) {
		c.mention, m.Called = true, t.in.Now
	}
	story := t.storyOf(f, view.record, view.baseline, view.reason.change())
	story.NextAt = nextAt(f, view.record, view.last.updatedBy(m, t.in.Now, t.in.Now, t.in.Now).notification, t.in.Now,
		view.ack, view.hours)
	story.Ack, story.FirstOfAckedRule = t.ackToName(key, view)
	// also when it was said in a message that is on its way, and may get lost
	if was := view.record.Superseded.of(channel); was != nil {
		story.WasTitle, story.WasKey = was.Title, was.Key
	}
	m.TellsAckEnd, m.Next = view.ackEnded, story.NextAt
	mark := &m
	if at := len(c.firing); at > 0 && story.WasKey == "" { // nor is a story ever changed, and many are alike
		story = sharedValue(story, c.firing[at-1].story)
	}
	if at := len(c.firing); like != nil && at < len(like.firing) && like.firing[at].finding == finding.Finding {
		story = sharedValue(story, like.firing[at].story)
		mark = sharedValue(mark, like.findings[key])
	}
	c.firing = append(c.firing, toldFinding{finding.Finding, story})
	if view.ack == nil || view.last == nil { // while it is acknowledged, no threshold counts as told
		c.findings[key] = mark
		if t.in.isDigest() && view.reason != notDue {
			c.fresh = append(c.fresh, key)
		}
	}
}

// waitsForLater says whether a one-off is left to a later message: to the hours, to the
// digest where an event was acknowledged since, until a source stays readable, or until the
// channel hears of the account again.
func (t *telling) waitsForLater(n *oneOff, channel string) bool {
	switch {
	case n.Resolved == nil && n.Superseded == nil && t.in.hearsOnlyEnds(channel):
		return true
	case t.in.isClosed(channel) && !isOneOffUrgent(n):
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

// isBack says whether what was over has come back by now, and the channel may hear that.
func (t *telling) isBack(key, channel string) bool {
	return t.ledger.stored.Records[key] != nil && !t.in.hearsOnlyEnds(channel)
}

// addOneOff adds a one-off. like is as contentFor has it.
func (t *telling) addOneOff(c *messageContent, n *oneOff, channel string, like *messageContent) {
	c.oneOffs = append(c.oneOffs, n.Number)
	switch {
	case n.Resolved != nil:
		if !t.isBack(n.Resolved.Key, channel) {
			c.addResolved(*n.Resolved, like)
		}
	case n.Superseded != nil:
		if !t.isBack(n.Superseded.Key, channel) {
			c.superseded = append(c.superseded, *n.Superseded)
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
		c.sources = slices.DeleteFunc(c.sources, func(other license.SourceChange) bool {
			return other.Source == n.Source.Source
		})
		c.sources = append(c.sources, *n.Source)
	case n.Event != nil:
		f := n.Event
		story := &license.Story{Change: license.ChangeOngoing,
			Since: writable(earlierOf(n.At, t.in.Now).In(t.in.Now.Location()))}
		story.Ack = silencingAck(t.acks, f.Rule, f.Subject)
		if slices.Contains(n.Tell, channel) && !t.sentBefore[channel].oneOffs[n.Number] {
			story.Change = license.ChangeNew
		}
		c.firing = append(c.firing, toldFinding{f, story})
	}
}

// coveredAlerts are the alerts that a digest makes needless where they have not come
// before it: it says all that they say, as far as that is not over.
func (t *telling) coveredAlerts(c messageContent, channel string) (ids []string) {
	for _, m := range t.ledger.stored.Outbox {
		if m.isAlert() && m.isOwed(channel) && t.coversAlert(c, m, channel) {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

func (t *telling) coversAlert(c messageContent, m *pendingMessage, channel string) bool {
	for key, mark := range m.Findings {
		s := t.ledger.stored.Records[key]
		if _, told := c.findings[key]; !told && s != nil && s.Away.IsZero() && mark.isAbout(s) {
			return false
		}
	}
	return !slices.ContainsFunc(t.ledger.stored.OneOffs, func(n *oneOff) bool {
		return m.tellsOneOff(n) && slices.Contains(n.Tell, channel) && !c.tellsOneOff(n)
	})
}

// addReturned adds what is back although the hours have ended, where the channel is sent in
// this run that it is over: else it would believe so until they begin again.
func (t *telling) addReturned(c *messageContent, channel string, like *messageContent) {
	if !t.in.isClosed(channel) || c.isEmpty() && t.ledger.stored.holdsBack(channel, t.in) {
		return
	}
	ends := t.ledger.stored.owedEnds(channel)
	if len(ends) == 0 {
		return
	}
	for _, f := range t.firing {
		if !t.in.isRouted(f.Finding, channel) {
			continue
		}
		if view := t.channelViewOf(f, channel); ends[f.key] && view.reason != notDue && view.ack == nil &&
			!t.isTold(*f.Finding, view) {
			t.addFinding(c, f, view, channel, like)
		}
	}
}
