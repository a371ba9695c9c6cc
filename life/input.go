package life

import (
	"slices"
	"time"

	"licensewatch/license"
)

// Input is what a run knows when it decides what to say.
type Input struct {
	Now      time.Time // in the zone that days are counted in
	Mode     license.Mode
	Channels []string // the names of the channels to be told, in their order
	Findings []license.Finding
	// OwnsFindings: to nobody else the order of the Findings matters. Then Plan may change it,
	// the last message's first, which are not copied for it: there may be 10,000.
	OwnsFindings bool
	Snapshot     license.Snapshot // what the findings were judged from
	// RuleIDs are the rules that exist and are switched on; nil when that is not
	// known.
	RuleIDs []string
	// Base is what every message of the run says: ID, Language, Export, Notices.
	// The rest of it is set by Plan.
	Base license.Report
	// Slot names what woke the run, the same in a rerun of the event; empty when the
	// event has no such name. A digest of the same slot is written once.
	Slot string
	// Hours are when alerts say what is only due by the calendar.
	Hours license.Hours
	// OnlyChanges leaves out digests that say what the last one said, for a week
	// at most.
	OnlyChanges bool
	// PerChannel are, by channel, its own Hours and OnlyChanges, where they are not those of all, and
	// the notices that are not for it.
	PerChannel map[string]ChannelInput
	// IsRouted says whether a channel is to hear of a finding; nil: each hears of all. What
	// a channel has heard of, it hears the end of in any case.
	IsRouted func(f *license.Finding, channel string) bool
	// OnlyEnds are those of the channels that are not to hear of the account any more, but
	// when it is over what they have heard of.
	OnlyEnds []string
	// ByKeys are those of the channels whose readers go by the keys of findings: they hear of each
	// end, also of those of which another finding tells.
	ByKeys []string
	// IsOneOfMany: what is said is part of one message about many accounts. Its id is that of
	// Base, also where a rerun of the event says something else; see WholeID.
	IsOneOfMany bool
	// Headline gives the headline of a report, to be remembered; nil when nobody
	// knows how it is written.
	Headline func(license.Report) string
}

// ChannelInput is what a channel has of its own; see Input.
type ChannelInput struct {
	Hours       license.Hours
	OnlyChanges bool
	// Besides is what a digest says to the channel besides what is decided here: something else
	// is a change.
	Besides []string
}

// of is what holds for a channel.
func (in Input) of(channel string) ChannelInput {
	if own, ok := in.PerChannel[channel]; ok {
		return own
	}
	return ChannelInput{Hours: in.Hours, OnlyChanges: in.OnlyChanges}
}

func (in Input) isDigest() bool { return in.Mode == license.ModeDigest }

// isRouted says whether the channel is to hear of the finding.
func (in Input) isRouted(f *license.Finding, channel string) bool {
	return in.IsRouted == nil || in.IsRouted(f, channel)
}

// normalized gives the input each channel once, and deadlines that can be written.
func (in Input) normalized() Input {
	var channels []string
	for _, channel := range in.Channels {
		if !slices.Contains(channels, channel) {
			channels = append(channels, channel)
		}
	}
	in.Channels = channels
	isOdd := func(f license.Finding) bool { return f.Story != nil || f.Deadline.After(latestTime) }
	if slices.ContainsFunc(in.Findings, isOdd) {
		in.Findings = slices.Clone(in.Findings)
		for i := range in.Findings {
			in.Findings[i].Deadline = writable(in.Findings[i].Deadline)
			in.Findings[i].Story = nil
		}
	}
	return in
}

func (in Input) hasRule(id string, judged map[string]bool) bool {
	return slices.Contains(in.RuleIDs, id) || judged[id]
}

// hearsOnlyEnds says whether it is such a channel.
func (in Input) hearsOnlyEnds(channel string) bool { return slices.Contains(in.OnlyEnds, channel) }

// isClosed says whether the run may only say what is urgent to the channel.
func (in Input) isClosed(channel string) bool {
	return !in.isDigest() && !in.of(channel).Hours.Contains(in.Now)
}

// isClosedToAll says whether it may only say what is urgent to anybody.
func (in Input) isClosedToAll() bool {
	if len(in.PerChannel) == 0 {
		return in.isClosed("")
	}
	return !slices.ContainsFunc(in.Channels, func(channel string) bool { return !in.isClosed(channel) })
}

// headlineOf is the report's headline, where the run knows how it is written.
func (in Input) headlineOf(r license.Report) string {
	if in.Headline == nil {
		return ""
	}
	return in.Headline(r)
}
