package handler

import (
	"slices"
	"time"

	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/license"
	"licensewatch/life"
)

// Hearing is who hears of one of many accounts, and when: by the routes, and by the hours and
// the digests of each channel. Runs have it without the exported methods: with them in the
// result of an account, the linker would keep all methods of a ledger in the function.
type Hearing struct{ hearing }

// HearingOf is who hears of an account of the fleet.
func HearingOf(f *fleet.Fleet, a *fleet.Account) Hearing { return Hearing{newHearing(f, a)} }

// Channels are those that may hear of something of the account, those at the end that only hear
// of what is over.
func (h *Hearing) Channels() []string { return h.everyone() }

// Bind tells the ledger of the account where the channels lead that may hear of it: those of the
// settings, which are the fleet's. The key is that of the fleet's own ledger.
func (h *Hearing) Bind(ledger *life.Ledger, key string, settings config.Config, now time.Time) {
	h.bind(ledger, key, settings, now)
}

// HoursOf are the hours of a channel of the fleet.
func (h *Hearing) HoursOf(channel string) license.Hours { return h.perChannel()[channel].Hours }

// Routed says of the findings of the snapshot who hears of them.
func (h *Hearing) Routed(s *license.Snapshot) func(f *license.Finding, channel string) bool {
	return h.routed(s)
}

// OfMany is the decision about the account, whose snapshot and findings it has.
func (d Decision) OfMany(h *Hearing) Decision {
	d.Channels, d.perChannel, d.onlyEnds = h.everyone(), h.perChannel(), h.onlyEnds
	d.isRouted = h.routed(&d.Snapshot)
	return d
}

// hearing is a Hearing in a run.
type hearing struct {
	fleet    *fleet.Fleet
	routes   fleet.AccountRoutes
	channels []string // those that may hear of it
	onlyEnds []string // those that may not any more, and have heard of something that fires
}

func newHearing(f *fleet.Fleet, a *fleet.Account) hearing {
	h := hearing{fleet: f, routes: f.RoutesOf(a)}
	h.channels = h.routes.All()
	return h
}

func (h *hearing) everyone() []string { return slices.Concat(h.channels, h.onlyEnds) }

func (h *hearing) bind(ledger *life.Ledger, key string, settings config.Config, now time.Time) {
	ledger.Key(key)
	all := settings.Channels
	settings.Channels, h.onlyEnds = nil, nil
	// Where those lead that have heard something, but what is routed there now by the same
	// name: the others may have another name, and theirs another one.
	var heard []string
	for _, name := range ledger.KnownChannels() {
		if !ledger.Heard(name) {
			continue
		}
		at := slices.IndexFunc(all, func(c config.Channel) bool { return c.Name == name })
		isSame := at >= 0 && slices.Contains(h.channels, name) && channelID(ledger, &all[at]) == ledger.ChannelID(name)
		if !isSame {
			heard = append(heard, ledger.ChannelID(name))
		}
	}
	for i := range all {
		isRouted := slices.Contains(h.channels, all[i].Name)
		if !isRouted && len(heard) > 0 && slices.Contains(heard, channelID(ledger, &all[i])) {
			h.onlyEnds = append(h.onlyEnds, all[i].Name)
			isRouted = true
		}
		if isRouted {
			settings.Channels = append(settings.Channels, all[i])
		}
	}
	BindChannels(ledger, settings, now)
}

// perChannel are the hours and digests of each channel.
func (h *hearing) perChannel() map[string]life.ChannelInput {
	own := map[string]life.ChannelInput{}
	for _, c := range h.fleet.Channels {
		if slices.Contains(h.channels, c.Name) || slices.Contains(h.onlyEnds, c.Name) {
			own[c.Name] = life.ChannelInput{Hours: c.Hours, OnlyChanges: c.Digest == config.DigestChanges}
		}
	}
	return own
}

func (h *hearing) routed(s *license.Snapshot) func(f *license.Finding, channel string) bool {
	tags, heard := tagsOf(s), map[fleetRoute][]string{}
	return func(f *license.Finding, channel string) bool {
		key := fleetRoute{f.Rule, f.Subject, f.Severity}
		names, ok := heard[key]
		if !ok {
			names = h.routes.Channels(fleet.Finding{Rule: f.Rule, Severity: f.Severity, Tags: tags(f.Subject)})
			heard[key] = names
		}
		return slices.Contains(names, channel)
	}
}

// fleetRoute is what a route may look at of a finding.
type fleetRoute struct {
	rule, subject string
	severity      license.Severity
}

// tagsOf are the tags of the order that a finding is about.
func tagsOf(s *license.Snapshot) func(subject string) map[string]string {
	listed, before := s.Orders, (*license.Orders)(nil)
	if s.Previous != nil {
		before = s.Previous.Orders
	}
	var bySubject map[string]map[string]string
	return func(subject string) map[string]string {
		if subject == "" {
			return nil
		}
		if bySubject == nil {
			bySubject = map[string]map[string]string{}
			for _, orders := range []*license.Orders{before, listed} { // an order may be gone
				if orders == nil {
					continue
				}
				for i, name := range license.Subjects(orders.List) {
					tags := map[string]string{}
					for _, tag := range orders.List[i].Tags {
						tags[tag.TagKey] = tag.TagValue
					}
					bySubject[name] = tags
				}
			}
		}
		return bySubject[subject]
	}
}
