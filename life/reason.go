package life

import (
	"fmt"
	"slices"
	"strings"

	"licensewatch/license"
)

// ownReason tells in a few words what a run says that is its own.
func ownReason(t *telling, contents []messageContent) []string {
	parts := summarize(contents)
	switch {
	case t.in.isDigest() && len(contents) == 0 && !t.unchangedSince.IsZero():
		return []string{"unchanged since " + dateOf(t.unchangedSince)}
	case t.in.isDigest():
		return []string{"daily digest"}
	case len(parts) == 0:
		return []string{"nothing new"}
	default:
		return parts
	}
}

// planReason tells the plan in a few words, behind those of ownReason.
func planReason(l *Ledger, in Input, parts []string, messages []Message) string {
	owed := 0
	for _, m := range messages {
		if m.Owed {
			owed++
		}
	}
	if owed > 0 {
		parts = append(parts, fmt.Sprintf("%d owed from before", owed))
	}
	if held := l.stored.waitingChannels(in, waitsForHours); len(held) > 0 {
		parts = append(parts, "what is owed to "+strings.Join(held, " and ")+" waits for the hours")
	}
	if waiting := l.stored.waitingChannels(in, waitsAfterRefusal); len(waiting) > 0 {
		parts = append(parts, strings.Join(waiting, " and ")+" refused and must wait")
	}
	return strings.Join(append(parts, ambiguousReason(l, in)...), ", ")
}

// ambiguousReason tells who may not have got what was said.
func ambiguousReason(l *Ledger, in Input) []string {
	doubtful := l.Doubtful(in.Channels)
	if len(doubtful) == 0 {
		return nil
	}
	return []string{strings.Join(doubtful, " and ") + " may not have got what was said"}
}

// rerunReason tells who is still owed the digest of a rerun.
func rerunReason(l *Ledger, in Input) string {
	var owed []string
	for _, m := range l.stored.Outbox {
		for _, channel := range in.Channels {
			if m.Slot == in.Slot && !m.isAlert() && m.isOwed(channel) {
				owed = append(owed, channel)
			}
		}
	}
	switch {
	case len(owed) > 0:
		return "rerun of a digest that is still owed to " + strings.Join(owed, " and ")
	case len(l.stored.Slots[in.Slot].Accepted) > 0:
		return "rerun of a digest that was delivered to " + strings.Join(l.stored.Slots[in.Slot].Accepted, " and ")
	default:
		return strings.Join(append([]string{"rerun of a digest that nobody is owed"}, ambiguousReason(l, in)...), ", ")
	}
}

// countTold counts what fires, by what has become of it, and what is over.
func countTold(contents []messageContent) map[string]int {
	counts, counted, firing := map[string]int{}, map[string]bool{}, map[*license.Finding]bool{}
	count := func(what, key string) {
		if !counted[key] {
			counted[key] = true
			counts[what]++
		}
	}
	for _, c := range contents {
		for _, told := range c.firing {
			switch f := told.withStory(); {
			case f.Event:
				count(changeWord(f), f.Fact())
			case !firing[told.finding]: // there may be thousands, all with another key
				firing[told.finding] = true
				counts[changeWord(f)]++
			}
		}
		for _, r := range c.resolved {
			count("resolved", r.Key+" resolved")
		}
	}
	return counts
}

// summarize counts what the messages say, each thing once.
func summarize(contents []messageContent) []string {
	counts := countTold(contents)
	var sources, unwatched []string
	for _, c := range contents {
		for _, s := range c.sources {
			text := string(s.Source) + " stays unread"
			if s.Readable {
				text = string(s.Source) + " can be read again"
			}
			if !slices.Contains(sources, text) {
				sources = append(sources, text)
			}
		}
		for _, u := range c.unwatched {
			if name := u.Rule + string(u.Source); !slices.Contains(unwatched, name) {
				unwatched = append(unwatched, name)
			}
		}
	}
	var parts []string
	for _, what := range []string{"new", "worse", "due again", "changed", "resolved"} {
		if n := counts[what]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	if slices.ContainsFunc(contents, func(c messageContent) bool { return c.unjudged > 0 }) {
		sources = append(sources, "something cannot be judged")
	}
	if len(unwatched) > 0 {
		sources = append(sources, "no longer watched: "+strings.Join(unwatched, " and "))
	}
	return append(parts, sources...)
}

func changeWord(f license.Finding) string {
	switch {
	case f.Event:
		return "changed"
	case f.Story.Change == license.ChangeDue:
		return "due again"
	default:
		return string(f.Story.Change)
	}
}
