package main

import (
	"slices"
	"time"

	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/ledgers"
	"licensewatch/license"
	"licensewatch/life"
)

// fleetStatusJSON is what the memory of many accounts holds, for programs.
type fleetStatusJSON struct {
	runsJSON

	Accounts     accountTotals     `json:"accounts"`
	Worst        []string          `json:"worst"`        // accounts where something critical fires, by name
	Organization *organizationJSON `json:"organization"` // null: the file has none
	Channels     []channelJSON     `json:"channels"`
	Acks         int               `json:"acknowledgements"`
	Memory       storedMemoryJSON  `json:"memory"`
	Slices       []sliceStatusJSON `json:"slices,omitempty"` // by number; none: the accounts are not divided
	Next         nextRunJSON       `json:"next"`
}

// organizationJSON is the last list of an organization's members.
type organizationJSON struct {
	ReadAt  *time.Time `json:"read_at"` // null: never
	Members int        `json:"members"`
	New     []string   `json:"new"`  // that came and are not told of yet
	Gone    []string   `json:"gone"` // that left and are not told of yet
}

// channelJSON is a channel of the file.
type channelJSON struct {
	Name     string       `json:"name"`
	Kind     string       `json:"kind"`
	Accounts int          `json:"accounts"` // of which it may hear
	Firing   firingCounts `json:"firing"`   // by the routes, what it hears of that fires
	Owed     []owedByMany `json:"owed"`
	Failing  *time.Time   `json:"failing_since,omitempty"` // it has accepted nothing since
}

// owedByMany is a message about many accounts that a channel has not accepted.
type owedByMany struct {
	ID       string       `json:"id"`
	Mode     license.Mode `json:"mode"`
	At       time.Time    `json:"at"` // when it was written
	Accounts []string     `json:"accounts"`
	Findings int          `json:"findings"`
	Refused  *time.Time   `json:"refused_at,omitempty"`
	GivenUp  *time.Time   `json:"given_up_at,omitempty"`
}

// storedMemoryJSON is the memory as it is stored.
type storedMemoryJSON struct {
	Store       string     `json:"store"`
	Slice       string     `json:"slice,omitempty"` // the one of which this is, like 2/8: the largest
	Bytes       int        `json:"bytes"`
	Most        int        `json:"most"`                   // bytes: what would be more is not stored
	LockedBy    string     `json:"locked_by,omitempty"`    // the run that holds it
	LockedUntil *time.Time `json:"locked_until,omitempty"` // at the latest
	// accounts whose part cannot be read: the next run begins it anew
	Unreadable []string `json:"unreadable"`
}

// accountStatusJSON is one of many accounts.
type accountStatusJSON struct {
	Uin  string `json:"uin"`
	Name string `json:"name"`
	statusJSON
}

// fleetStatus is what the memory of many accounts holds, and who hears of it.
type fleetStatus struct{ *watchedFleet }

// ofAccount is what the memory holds of one of the accounts. The runs are those of all.
func (f *fleetStatus) ofAccount(a *fleet.Account, now time.Time) accountStatusJSON {
	memory := f.memoryOf(a.Uin)
	ledger, err := f.open(a.Uin)
	answer := describeLedger(ledger, f.standings(a, ledger, now), now)
	answer.setRuns(memory.Ledgers.Fleet, now)
	answer.setChats(ledger, now)
	answer.setNext(memory.Ledgers.Fleet, f.settings, now)
	answer.Owner = &ownerJSON{string(a.Site), a.Uin}
	switch {
	case memory.err != nil: // of no run anything is known
		answer.Alive, answer.Remarks = false, f.sliceRemarksOf(memory)
	case err != nil:
		answer.addRemark("The memory of this account cannot be read: the next run begins it anew, and tells anew what fires")
	}
	if slices.Contains(memory.Ledgers.NotReached, a.Uin) {
		answer.addRemark("The last run had no time for this account; the next one begins with it")
	}
	return accountStatusJSON{a.Uin, a.Name, answer}
}

// standings are those of an account's ledger, by the hours of each channel. A channel that has
// heard nothing of a finding, and is not to, is left out.
func (f *fleetStatus) standings(a *fleet.Account, ledger *life.Ledger, now time.Time) []life.Standing {
	all := ledger.Standings(now, f.settings.Hours)
	for _, channel := range f.fleet.Channels {
		own := ledger.Standings(now, channel.Hours)
		for i := range all {
			for j := range all[i].To {
				if all[i].To[j].Channel == channel.Name {
					all[i].To[j] = own[i].To[j]
				}
			}
		}
	}
	for i := range all {
		hears := f.hearing(a, ledger, all[i].Known)
		all[i].To = slices.DeleteFunc(all[i].To, func(in life.StandingIn) bool {
			return in.Told.IsZero() && !in.Owed && in.GivenUp.IsZero() && !slices.Contains(hears, in.Channel)
		})
	}
	return all
}

// hearing are the channels that hear of a finding, by the routes.
func (f *fleetStatus) hearing(a *fleet.Account, ledger *life.Ledger, k life.Known) []string {
	finding := fleet.Finding{Rule: k.Rule, Severity: k.Severity}
	if orders := ledger.Previous().Orders; k.Subject != "" && orders != nil {
		if i := slices.Index(license.Subjects(orders.List), k.Subject); i >= 0 {
			finding.Tags = map[string]string{}
			for _, tag := range orders.List[i].Tags {
				finding.Tags[tag.TagKey] = tag.TagValue
			}
		}
	}
	return f.fleet.ChannelsFor(a, finding)
}

// ofAll is what the memory holds of all accounts.
func (f *fleetStatus) ofAll(now time.Time) fleetStatusJSON {
	answer := fleetStatusJSON{runsJSON: f.runsOfAll(now), Worst: []string{}}
	list := (&accountsReview{f.watchedFleet}).describeAll(now)
	answer.Accounts = list.Totals
	for _, a := range list.Accounts {
		if a.Firing.Critical > 0 && a.State != accountLeft {
			answer.Worst = append(answer.Worst, a.Name)
		}
	}
	if f.fleet.Organization != nil {
		answer.Organization = f.organization(now)
	}
	answer.Memory = f.storedMemory(now)
	answer.setSlices(f, now)
	answer.setChannels(f, now)
	return answer
}

// newsNames are the members that some channel is still to hear of, by name.
func newsNames(news []ledgers.MemberNews) []string {
	names := make([]string, len(news))
	for i, n := range news {
		names[i] = n.Label()
	}
	return names
}

// setChannels says what each channel hears of and is owed, and when somebody hears next.
func (s *fleetStatusJSON) setChannels(f *fleetStatus, now time.Time) {
	channels := map[string]*channelJSON{}
	for _, c := range f.fleet.Channels {
		channel := &channelJSON{Name: c.Name, Kind: c.Kind.Name, Owed: []owedByMany{}}
		s.noteFailing(f, channel, now)
		channels[c.Name] = channel
	}
	doubtful, speaks := map[string]bool{}, map[*sliceMemory]*statusJSON{}
	for _, m := range f.memories {
		speaks[m] = &statusJSON{}
	}
	for i := range f.accounts {
		a := &f.accounts[i]
		ledger, err := f.open(a.Uin)
		if err != nil && f.memoryOf(a.Uin).err == nil {
			s.Memory.Unreadable = append(s.Memory.Unreadable, a.Name)
		}
		s.Acks += len(ledger.Acks(now))
		for _, channel := range ledger.Doubtful(ledger.Channels()) {
			doubtful[channel] = true
		}
		f.addToChannels(channels, a, ledger, now)
		speak := speaks[f.memoryOf(a.Uin)]
		for _, standing := range f.standings(a, ledger, now) {
			finding := standingJSON(standing)
			finding.Rule = a.Name + "/" + finding.Rule
			speak.Findings = append(speak.Findings, finding)
		}
	}
	for _, c := range f.fleet.Channels {
		s.Channels = append(s.Channels, *channels[c.Name])
		if doubtful[c.Name] {
			s.addRemark(c.Name + " gave no answer, and may not have got what it was told: look into the chat")
		}
	}
	if len(s.Memory.Unreadable) > 0 {
		s.addRemark("The memory of " + countOf(len(s.Memory.Unreadable), "account") +
			" cannot be read, and is begun anew by the next run: " +
			namesOf(s.Memory.Unreadable, causeNames))
	}
	for _, m := range f.memories {
		speaks[m].setNext(m.Ledgers.Fleet, config.Config{}, now)
		s.Next.takeEarlier(speaks[m].Next)
	}
}

// addToChannels adds to each channel what it hears of an account, and is owed.
func (f *fleetStatus) addToChannels(channels map[string]*channelJSON, a *fleet.Account, ledger *life.Ledger,
	now time.Time) {
	for _, name := range f.fleet.RoutesOf(a).All() {
		channels[name].Accounts++
	}
	for _, w := range ledger.Waiting(now) {
		if channel := channels[w.Channel]; channel != nil {
			channel.addOwed(w, a.Name, now)
		}
	}
	for _, standing := range ledger.Standings(now, f.settings.Hours) {
		if standing.Covered || standing.Ack != nil {
			continue
		}
		for _, name := range f.hearing(a, ledger, standing.Known) {
			channels[name].Firing.add(standing.Severity)
		}
	}
}

func (f *firingCounts) add(severity license.Severity) {
	switch severity {
	case license.Critical:
		f.Critical++
	case license.Warning:
		f.Warning++
	case license.Info:
		f.Info++
	}
}

// addOwed adds an account to a message that the channel is owed.
func (c *channelJSON) addOwed(w life.Waiting, account string, now time.Time) {
	id := life.WholeID(w.ID)
	at := slices.IndexFunc(c.Owed, func(o owedByMany) bool { return o.ID == id })
	if at < 0 {
		at, c.Owed = len(c.Owed), append(c.Owed, owedByMany{ID: id, Mode: w.Mode, At: w.At.In(now.Location()),
			Refused: timeInZone(w.Paused, now), GivenUp: timeInZone(w.GivenUp, now)})
	}
	c.Owed[at].Accounts = append(c.Owed[at].Accounts, account)
	c.Owed[at].Findings += len(w.Findings)
}
