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
	// superseded is no reason for an alert.
	superseded []license.Resolved
	sources    []license.SourceChange
	unjudged   int // alert: the runs in which something could not be judged, where that is due
	mention    bool

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

// sortedFindings are the findings that fire, worst first. They are taken from where they are
// where that is owned, which may be nil; then no other content can be written any more.
func (c *messageContent) sortedFindings(owned []license.Finding) []license.Finding {
	if n := c.firingIn(owned); n > 0 && n == len(c.firing) {
		return c.takeFindings(owned)
	}
	all := make([]license.Finding, 0, len(c.firing))
	for _, told := range c.firing {
		all = append(all, told.withStory())
	}
	license.SortFindings(all)
	return all
}

// firingIn is how many of the findings that fire are among these, from the first on in their order.
func (c *messageContent) firingIn(findings []license.Finding) (n int) {
	for i := range findings {
		if n < len(c.firing) && c.firing[n].finding == &findings[i] {
			n++
		}
	}
	return n
}

// takeFindings moves the findings that fire, which are among these in their order, to the front.
func (c *messageContent) takeFindings(findings []license.Finding) []license.Finding {
	n := 0
	for i := range findings {
		if n < len(c.firing) && c.firing[n].finding == &findings[i] {
			findings[n], findings[i] = findings[i], findings[n] // what is behind i is where it was
			findings[n].Story = c.firing[n].story
			n++
		}
	}
	license.SortFindings(findings[:n])
	return findings[:n:n]
}

// addResolved adds something that is over. As long as both are told the same, the list is part
// of that of like, which may be nil: ten channels may be told of 10,000 ends.
func (c *messageContent) addResolved(r license.Resolved, like *messageContent) {
	at := len(c.resolved)
	if like != nil && at < len(like.resolved) && like.resolved[at] == r &&
		(at == 0 || &c.resolved[0] == &like.resolved[0]) {
		c.resolved = like.resolved[: at+1 : at+1]
		return
	}
	c.resolved = append(c.resolved, r)
}

// keepLastEnds leaves of several ends of the same finding the last; what has begun again since
// another one told of it is resolved.
func (c *messageContent) keepLastEnds() {
	keyOf := func(r license.Resolved) string { return r.Key }
	c.resolved, c.superseded = lastOf(c.resolved, keyOf), lastOf(c.superseded, keyOf)
	if len(c.superseded) == 0 {
		return
	}
	isResolved := make(map[string]bool, len(c.resolved))
	for i := range c.resolved {
		isResolved[c.resolved[i].Key] = true
	}
	c.superseded = slices.DeleteFunc(c.superseded, func(r license.Resolved) bool { return isResolved[r.Key] })
}

func (c *messageContent) isEmpty() bool {
	return len(c.firing) == 0 && len(c.resolved) == 0 && len(c.sources) == 0 && len(c.unwatched) == 0 && c.unjudged == 0
}

// dropTold leaves out what the message tells already: an event that was told
// before, where what has come of it fires as well; an event that is only good to know
// and the end of what is over; and a finding of which a new event tells that is as bad.
func (c *messageContent) dropTold() {
	if !slices.ContainsFunc(c.firing, func(told toldFinding) bool { return told.finding.Event }) {
		return
	}
	// by subject: thousands of orders are not compared with each other
	about, over := map[string][]toldFinding{}, map[string][]string{}
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
		return f.Event && slices.ContainsFunc(over[f.Subject], isItsEnd) ||
			slices.ContainsFunc(others, func(otherTold toldFinding) bool {
				other := otherTold.finding
				switch {
				case f.Event == other.Event:
					return false
				case f.Event:
					isLess := told.story.Change == license.ChangeOngoing || f.Severity.Rank() < other.Severity.Rank()
					return isLess && slices.Contains(other.Covers, f.Rule) || slices.Contains(f.Covers, other.Rule)
				default:
					isAsMuch := otherTold.story.Change != license.ChangeOngoing &&
						other.Severity.Rank() >= f.Severity.Rank()
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
