package handler

import (
	"slices"
	"strconv"

	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
	"licensewatch/session"
)

// fleetPart is what one account has to say in a message.
type fleetPart struct {
	result *accountResult
	report *license.Report
}

// fleetMessage is a message about many accounts to one channel.
type fleetMessage struct {
	life.Message

	channel *fleet.Channel
	parts   []fleetPart
}

// fleetComposer makes the messages about many accounts.
type fleetComposer struct {
	fleet    *fleetRun
	session  *session.Session
	archive  *archiving
	settings config.Config
}

// compose makes one message to a channel of all that accounts have to say to it, and
// one of each message of an earlier run that it is owed.
func (c *fleetComposer) compose() []life.Message {
	var composed []*fleetMessage
	for i := range c.fleet.Channels {
		channel := &c.fleet.Channels[i]
		var own []*fleetMessage
		for _, a := range append([]*accountResult{c.fleet.whole}, c.fleet.results...) {
			for j := range a.messages {
				m := &a.messages[j]
				if !slices.Contains(m.Channels, channel.Name) {
					continue
				}
				own = addPart(own, channel, m, fleetPart{a, &m.Report})
			}
		}
		slices.SortStableFunc(own, func(a, b *fleetMessage) int { return a.Report.At.Compare(b.Report.At) })
		composed = append(composed, own...)
	}
	messages := make([]life.Message, 0, len(composed))
	for _, m := range composed {
		messages = append(messages, c.fill(m))
		if m.Owed || !c.session.Works() { // what is owed was remembered when it was written
			continue
		}
		c.session.Ledger.NotificationLog().AddMessage(life.Head{ID: m.ID, Kind: string(m.Mode), At: m.Report.At,
			Headline: message.Headline(m.Report), Findings: len(m.Report.Firing)}, m.channel.Name)
	}
	return messages
}

// addPart adds what an account has to say to the message of its id.
func addPart(messages []*fleetMessage, channel *fleet.Channel, m *life.Message, part fleetPart) []*fleetMessage {
	id := life.WholeID(m.ID)
	at := slices.IndexFunc(messages, func(other *fleetMessage) bool { return other.ID == id })
	if at < 0 {
		at, messages = len(messages), append(messages, &fleetMessage{channel: channel,
			Message: life.Message{ID: id, Mode: m.Mode, Channels: []string{channel.Name}, Owed: m.Owed}})
		messages[at].Report = license.Report{ID: id, Mode: m.Mode, At: m.Report.At, Sent: m.Report.Sent, OnlyCall: true}
	}
	r := &messages[at].Report
	r.Mention = r.Mention || m.Report.Mention
	r.Repeat = r.Repeat || m.Report.Repeat
	r.OnlyCall = r.OnlyCall && m.Report.OnlyCall // what is said whole is said
	messages[at].parts = append(messages[at].parts, part)
	return messages
}

// fill fills the report of a message from its parts.
func (c *fleetComposer) fill(m *fleetMessage) life.Message {
	report := &m.Report
	report.Language, report.Export = m.channel.Language, license.Export{Status: license.ExportOff}
	report.NameMachines = c.settings.Machines == config.MachinesNames
	report.Fleet = c.status(m)
	if !m.Owed {
		c.addNews(report, m.channel.Name)
	}
	report.Notices = append(report.Notices, droppedNotices(m.parts)...)
	for _, part := range m.currentParts() {
		c.addAllOf(part, report)
	}
	license.SortFindings(report.Firing)
	return m.Message
}

// currentParts are the parts of the message without what a later part of the same account says
// otherwise: a run that the platform runs again adds what it has to say to a message that is owed.
func (m *fleetMessage) currentParts() []fleetPart {
	parts := slices.Clone(m.parts)
	for i := 1; i < len(parts); i++ {
		var later map[string]bool
		for j := i - 1; j >= 0 && parts[j].result == parts[i].result; j-- {
			if later == nil {
				later = keysOf(parts[i].report)
			}
			parts[j].report = withoutKeys(parts[j].report, later)
		}
	}
	return parts
}

// keysOf are the keys of the findings of which a report says how they are, or that they are over.
func keysOf(r *license.Report) map[string]bool {
	keys := map[string]bool{}
	for i := range r.Firing {
		f := &r.Firing[i]
		if f.Event {
			continue
		}
		keys[f.Key()] = true
		if f.Story != nil && f.Story.WasKey != "" {
			keys[f.Story.WasKey] = true
		}
	}
	for _, over := range [][]license.Resolved{r.Resolved, r.Superseded} {
		for i := range over {
			keys[over[i].Key] = true
		}
	}
	return keys
}

// withoutKeys is the report without the findings of these keys. Those that one of them has gone on
// from stay closed for who goes by keys: the later report names them as well.
func withoutKeys(r *license.Report, keys map[string]bool) *license.Report {
	left := *r
	left.Firing = slices.DeleteFunc(slices.Clone(r.Firing),
		func(f license.Finding) bool { return !f.Event && keys[f.Key()] })
	isNamed := func(over license.Resolved) bool { return keys[over.Key] }
	left.Resolved = slices.DeleteFunc(slices.Clone(r.Resolved), isNamed)
	left.Superseded = slices.DeleteFunc(slices.Clone(r.Superseded), isNamed)
	return &left
}

// addAllOf adds all that an account has to say to the report about many.
func (c *fleetComposer) addAllOf(part fleetPart, report *license.Report) {
	name, from := part.result.account.Name, part.report
	if from.Page != nil {
		report.Page = from.Page
	}
	for _, f := range from.Firing {
		f.Account, f.Uin = name, part.result.account.Uin
		report.Firing = append(report.Firing, f)
	}
	unknown := from.Unknown
	isNotRead := part.result.status != license.AccountRead
	if part.result != c.fleet.whole && (isNotRead || report.Mode == license.ModeDigest) {
		unknown = nil // the account is named, with what is known of it
	}
	report.Unjudged = max(report.Unjudged, from.Unjudged)
	for _, f := range unknown {
		f.Account = name
		report.Unknown = append(report.Unknown, f)
	}
	report.Resolved = append(report.Resolved, part.endsOf(from.Resolved)...)
	report.Superseded = append(report.Superseded, part.endsOf(from.Superseded)...)
	for _, u := range from.Unwatched {
		u.Account = name
		report.Unwatched = append(report.Unwatched, u)
	}
	for _, g := range from.Gaps { // the runs are the fleet's: all have the same
		if !slices.Contains(report.Gaps, g) {
			report.Gaps = append(report.Gaps, g)
		}
	}
	for _, u := range from.Unheard {
		if !slices.Contains(report.Unheard, u) {
			report.Unheard = append(report.Unheard, u)
		}
	}
}

// endsOf are ends of the account, as a report about many has them.
func (p fleetPart) endsOf(ended []license.Resolved) []license.Resolved {
	ended = slices.Clone(ended)
	for i := range ended {
		end := &ended[i]
		end.Account, end.Uin, end.Reading = p.result.account.Name, p.result.account.Uin, &p.report.Snapshot
	}
	return ended
}

// addNews adds what is to be known of the run, of the accounts file and of the organization.
func (c *fleetComposer) addNews(report *license.Report, channel string) {
	report.Notices = append(memoryNotices(c.session), Decision{Unknown: c.settings.Unknown}.runNotices()...)
	if report.Mode == license.ModeDigest {
		report.Fleet.LeftOut = c.fleet.leftOutFor(channel)
		report.Notices = append(report.Notices, c.archive.notices()...)
		report.Fleet.Unlisted = c.fleet.unlisted
		report.Fleet.New, report.Fleet.Gone = c.fleet.memory.news(channel)
	}
}

// droppedNotices say how many older messages were given up; accounts have parts of the same.
func droppedNotices(parts []fleetPart) (most []license.Notice) {
	number := 0
	for _, part := range parts {
		for _, n := range part.report.Notices {
			if n.Code != license.NoticeDropped {
				continue
			}
			if dropped, _ := strconv.Atoi(n.Args[0]); dropped > number {
				number, most = dropped, []license.Notice{n}
			}
		}
	}
	return most
}

// status is how the accounts are that the channel hears of: in a digest all, in an alert
// those that have something to say. What an alert says of the fleet as a whole is about all.
func (c *fleetComposer) status(m *fleetMessage) *license.Fleet {
	status := &license.Fleet{Slice: c.fleet.slice.Number, Slices: c.fleet.slice.Of}
	isDigest := m.Mode == license.ModeDigest
	if isDigest && !m.Owed {
		status.Exports = c.fleet.exports(m.channel.Name)
	}
	said := map[*accountResult]*license.Report{}
	for _, part := range m.parts {
		said[part.result] = part.report
	}
	for _, a := range c.fleet.results {
		isHeardOf := said[a] != nil || isDigest && slices.Contains(a.channels, m.channel.Name)
		if !isHeardOf && (isDigest || said[c.fleet.whole] == nil) {
			continue
		}
		if !slices.Contains(status.Sites, a.account.Site) {
			status.Sites = append(status.Sites, a.account.Site)
		}
		if isHeardOf {
			addAccount(status, a, said[a])
		} else {
			status.Accounts++
		}
	}
	slices.Sort(status.Sites)
	return status
}

// addAccount counts an account, of which the report says something, if it is not nil.
func addAccount(status *license.Fleet, a *accountResult, report *license.Report) {
	a.addTo(&status.FleetCount)
	if a.status == license.AccountNotReached {
		status.Late = append(status.Late, a.account.Name)
	}
	if report != nil {
		addUnread(status, a.account.Name, report)
		if report.Mode == license.ModeDigest {
			addNotAllowed(status, a.account.Name, &report.Snapshot)
		}
	}
	needs := a.counts.Critical+a.counts.Warning > 0 // as it was when a digest without news is left out
	if report != nil {
		needs = report.Worst().Rank() > license.Info.Rank()
	}
	switch {
	case needs:
		status.NeedAction++
	case a.status == license.AccountRead && a.isDoubtful:
		status.Doubtful = append(status.Doubtful, a.account.Name)
	case a.status == license.AccountRead: // whatever others hear of it
		status.Well++
	}
}

// addUnread adds the sources of an account that the report says were not read.
func addUnread(status *license.Fleet, name string, report *license.Report) {
	lasting := map[license.Source]license.SourceChange{}
	isAgain := false
	for _, change := range report.SourceChanges {
		if isAgain = isAgain || change.Readable; !change.Readable {
			lasting[change.Source] = change
		}
	}
	if isAgain && len(lasting) == 0 {
		status.Again = append(status.Again, name)
	}
	for _, source := range report.Snapshot.Wanted {
		change, isLasting := lasting[source]
		if report.Snapshot.Has(source) && !report.Snapshot.IsPartly(source) || report.Mode == license.ModeAlert &&
			!isLasting {
			continue
		}
		failure := report.Snapshot.Failures[source]
		if failure == nil && report.Snapshot.IsPartly(source) {
			failure = &license.Failure{Code: codeIncomplete, Service: source.Info().Service,
				Action: source.Info().Action}
		}
		status.Unread = append(status.Unread, license.UnreadAccount{Account: name, Source: source,
			Partly: !isBlind(report.Snapshot), Failure: failure, Lasting: change})
	}
}

// addNotAllowed adds the sources that the role of an account does not allow yet.
func addNotAllowed(status *license.Fleet, name string, s *license.Snapshot) {
	for _, source := range s.Refused() {
		status.NotAllowed = append(status.NotAllowed, license.UnreadAccount{Account: name, Source: source})
	}
}
