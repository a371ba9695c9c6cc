package life

import (
	"cmp"
	"reflect"
	"slices"
	"strconv"
	"time"

	"licensewatch/license"
)

// content is what one message says beyond what all messages of the run say, and
// what accepting it means.
type content struct {
	channels []string

	firing   []license.Finding // with their stories
	resolved []license.Resolved
	sources  []license.SourceChange
	mention  bool

	findings map[string]mark
	news     []int64
	outages  map[license.Source]time.Time
	dropped  int
	covers   []string
}

// contents are the messages that are due, each with its channels: normally one
// for all.
func (t *turn) contents() []content {
	var groups []content
	for _, channel := range t.in.Channels {
		c := t.contentFor(channel)
		if !t.in.isDigest() && c.isEmpty() {
			continue
		}
		same := slices.IndexFunc(groups, func(g content) bool {
			g.channels = nil
			return reflect.DeepEqual(g, c)
		})
		if same < 0 {
			same, groups = len(groups), append(groups, c)
		}
		groups[same].channels = append(groups[same].channels, channel)
	}
	return groups
}

func (c content) isEmpty() bool {
	return len(c.firing) == 0 && len(c.resolved) == 0 && len(c.sources) == 0
}

// contentFor gathers what one channel is to be told.
func (t *turn) contentFor(channel string) content {
	p := t.ahead[channel]
	c := content{findings: map[string]mark{}, outages: map[license.Source]time.Time{}}
	for _, f := range t.firing {
		t.addFinding(&c, f, channel)
	}
	for _, n := range t.ledger.newsFor(channel, t.in.Mode, p) {
		t.addNews(&c, n, channel)
	}
	slices.SortStableFunc(c.firing, compareFindings)
	unread := t.outagesFor(channel, p)
	for _, u := range unread {
		c.outages[u.Source] = u.Since
	}
	c.sources = append(unread, c.sources...)
	if t.in.isDigest() {
		c.covers = t.covered(c, channel)
	}
	c.dropped = max(0, t.ledger.book.Dropped[channel]-p.dropped)
	return c
}

// addFinding adds a firing finding, if it is due or the message is a digest.
func (t *turn) addFinding(c *content, f license.Finding, channel string) {
	key := f.Key()
	s, p := t.ledger.book.Stories[key], t.ahead[channel]
	ack := silencing(t.acks, f.Rule, f.Subject)
	h := s.heard(key, channel, p)
	change := changeOf(f, h, t.in.Now, t.in.isDigest() || p.owes(key, s))
	var told *mark
	old := s.Was[channel]
	takesOver := h == nil && old != nil
	switch {
	case takesOver:
		told, change = &old.mark, license.ChangeWorse
	case h != nil:
		told = &h.mark
	}
	if !t.in.isDigest() && (change == license.ChangeOngoing || ack != nil) {
		return
	}
	m := newMark(f, s)
	f.Story = t.storyOf(f, s, told, change)
	f.Story.NextAt = nextAt(f, h.hear(spoken{t.in.Now, m}, t.in.Now, t.in.Now).mark, t.in.Now, ack)
	f.Story.Ack = ack
	if over, ok := t.over[key]; ok && ack == nil {
		f.Story.Ack = &over
	}
	if old != nil { // also when it was said in a message that is on its way, and may get lost
		f.Story.WasTitle = old.Title
	}
	c.firing = append(c.firing, f)
	c.findings[key] = m
	c.mention = c.mention || ack == nil && isCall(f, told, change, takesOver)
}

// storyOf is the story as it is told to a channel that was told so far.
func (t *turn) storyOf(f license.Finding, s *story, told *mark, change license.Change) *license.Story {
	zone := t.in.Now.Location()
	story := &license.Story{Change: change, Since: writable(s.Since.In(zone))}
	if told == nil || change != license.ChangeWorse && change != license.ChangeDue {
		return story
	}
	if told.Severity != f.Severity {
		story.WasSeverity = told.Severity
	}
	if told.Days != nil && (f.DaysLeft == nil || *told.Days != *f.DaysLeft) {
		story.WasDaysLeft = told.Days
	}
	if isLater(f.Deadline, told.Deadline, zone) {
		story.WasDeadline = writable(told.Deadline.In(zone))
	}
	return story
}

// isCall says whether people are to be called: something critical is new, or has
// become critical, or has followed on what was told.
func isCall(f license.Finding, told *mark, change license.Change, takesOver bool) bool {
	if f.Severity != license.Critical {
		return false
	}
	wasCritical := told != nil && told.Severity == license.Critical
	return change == license.ChangeNew || change == license.ChangeWorse && (takesOver || !wasCritical)
}

// addNews adds a piece of news.
func (t *turn) addNews(c *content, n *news, channel string) {
	c.news = append(c.news, n.Number)
	switch {
	case n.Resolved != nil:
		t.addResolved(c, *n.Resolved)
	case n.Source != nil:
		c.sources = append(c.sources, *n.Source)
	case n.Event != nil:
		f := *n.Event
		f.Story = &license.Story{Change: license.ChangeOngoing, Since: writable(n.At.In(t.in.Now.Location()))}
		f.Story.Ack = silencing(t.acks, f.Rule, f.Subject)
		if slices.Contains(n.Tell, channel) && !t.ahead[channel].news[n.Number] {
			f.Story.Change = license.ChangeNew
			c.mention = c.mention || f.Severity == license.Critical
		}
		c.firing = append(c.firing, f)
	}
}

// addResolved adds the end of a finding, unless that has come back by now; of
// several ends the last.
func (t *turn) addResolved(c *content, r license.Resolved) {
	if t.ledger.book.Stories[r.Key] != nil {
		return
	}
	c.resolved = slices.DeleteFunc(c.resolved, func(other license.Resolved) bool { return other.Key == r.Key })
	c.resolved = append(c.resolved, r)
}

// covered are the alerts that a digest makes needless where they have not come
// before it: it says all that they say, as far as that is not over.
func (t *turn) covered(c content, channel string) (ids []string) {
	for _, m := range t.ledger.book.Outbox {
		if m.isAlert() && slices.Contains(m.Owed, channel) && t.covers(c, m, channel) {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

func (t *turn) covers(c content, m *letter, channel string) bool {
	for key, mark := range m.Findings {
		s := t.ledger.book.Stories[key]
		if _, told := c.findings[key]; !told && s != nil && s.owns(mark) {
			return false
		}
	}
	return !slices.ContainsFunc(t.ledger.book.News, func(n *news) bool {
		return slices.Contains(m.News, n.Number) && slices.Contains(n.Tell, channel) && !slices.Contains(c.news, n.Number)
	})
}

// compareFindings puts the worst first, then the soonest, and a deadline before
// none.
func compareFindings(a, b license.Finding) int {
	if order := cmp.Compare(b.Severity.Rank(), a.Severity.Rank()); order != 0 {
		return order
	}
	switch {
	case a.Deadline.IsZero() == b.Deadline.IsZero():
		return a.Deadline.Compare(b.Deadline)
	case a.Deadline.IsZero():
		return 1
	default:
		return -1
	}
}

// words are the content in a form that tells it from others.
func (c content) words() []string {
	var words []string
	for _, f := range c.firing {
		words = append(words, f.Key()+" "+f.EventID+" "+string(f.Story.Change))
	}
	for _, r := range c.resolved {
		words = append(words, r.Key+" resolved")
	}
	for _, s := range c.sources {
		words = append(words, string(s.Source)+" "+strconv.FormatBool(s.Readable)+" "+strconv.Itoa(s.Runs))
	}
	return words
}
