package life

import (
	"cmp"
	"reflect"
	"strings"
	"time"

	"licensewatch/license"
)

// moveChannels gives the channels other names, wherever the ledger speaks of them: in the
// fields with the tag by:"channel", which are maps by channel or lists of channels. The
// empty name forgets a channel: what it was told, and what it is owed.
func (b *storedLedger) moveChannels(to func(name string) string) {
	for key, s := range b.Records {
		b.Records[key] = s.withTold(false)
	}
	moveChannelsIn(reflect.ValueOf(b), to, false)
	for _, s := range b.Records {
		s.Notified, s.Superseded = nil, nil
		s.holdTold(license.Words{})
	}
	called := func(u *license.Unheard) { // by others, who go on to hear of it
		if u != nil {
			u.Channel = cmp.Or(to(u.Channel), u.Channel)
		}
	}
	for _, n := range b.OneOffs {
		called(n.Unheard)
	}
	kept := b.Outbox[:0]
	for _, m := range b.Outbox {
		for i := range m.Report.Unheard {
			called(&m.Report.Unheard[i])
		}
		if m.concernsAnyChannel() {
			kept = append(kept, m)
		}
	}
	b.Outbox = kept
}

// moveChannelsIn walks through the ledger's own types. With isHere the keys of the map, or the
// elements of the list, are channels.
func moveChannelsIn(v reflect.Value, to func(string) string, isHere bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			moveChannelsIn(v.Elem(), to, false)
		}
	case reflect.Struct:
		if v.Type().PkgPath() != reflect.TypeFor[storedLedger]().PkgPath() {
			return
		}
		for i := range v.NumField() {
			moveChannelsIn(v.Field(i), to, v.Type().Field(i).Tag.Get("by") == "channel")
		}
	case reflect.Slice:
		if !isHere {
			for i := range v.Len() {
				moveChannelsIn(v.Index(i), to, false)
			}
			return
		}
		var names []string
		for i := range v.Len() {
			if name := to(v.Index(i).String()); name != "" {
				names = append(names, name)
			}
		}
		v.Set(reflect.ValueOf(names))
	case reflect.Map:
		other := reflect.MakeMap(v.Type())
		for _, key := range v.MapKeys() {
			value := reflect.New(v.Type().Elem()).Elem()
			value.Set(v.MapIndex(key))
			if isHere {
				key = reflect.ValueOf(to(key.String()))
			} else {
				moveChannelsIn(value, to, false)
			}
			if key.Len() > 0 {
				other.SetMapIndex(key, value)
			}
		}
		v.Set(other)
	}
}

// bindChannels is Ledger.Bind, with at least one channel.
func (b *storedLedger) bindChannels(channels []Channel, now time.Time) {
	if len(b.Channels) == 0 {
		b.adoptChannels(channels, now)
	}
	before, latest := now, now // a clock that is ahead, or behind, forgets nobody by itself
	if last := b.Runs.Last().At; !last.IsZero() {
		before, latest = earlierOf(last, now), laterOf(last, now)
	}
	// Nor do the reruns of one event under such a clock, which takes its jump for a pause.
	isGone := func(c *channelRecord) bool { return b.Runs.watchedFor(c.Seen, before) >= channelLife }
	names, bound := map[string]string{}, map[string]*channelRecord{} // names: from what they were
	for _, c := range channels {
		bound[c.Name] = &channelRecord{c.ID, latest}
		for _, old := range sortedKeys(b.Channels) {
			if b.Channels[old].ID == c.ID && !isGone(b.Channels[old]) {
				names[old] = c.Name
				break
			}
		}
	}
	for _, old := range sortedKeys(b.Channels) {
		c := b.Channels[old]
		c.Seen = earlierOf(c.Seen, latest)
		if names[old] != "" || isGone(c) {
			continue
		}
		name := old
		for bound[name] != nil {
			name = formerPrefix + name
		}
		names[old], bound[name] = name, c
	}
	for old := range b.Channels {
		if names[old] != old {
			b.moveChannels(func(name string) string { return names[name] })
			break
		}
	}
	b.Channels = bound
}

// adoptChannels enters the channels of a ledger that was never bound: an earlier version
// knew them by their positions.
func (b *storedLedger) adoptChannels(channels []Channel, now time.Time) {
	b.Channels = map[string]*channelRecord{}
	b.moveChannels(func(name string) string {
		b.Channels[name] = &channelRecord{Seen: now}
		return name
	})
	for _, c := range channels {
		kind, _ := strings.CutSuffix(c.Name, "[0]") // a lone one has no number
		for _, name := range []string{c.Name, kind, kind + "[0]"} {
			if old := b.Channels[name]; old != nil && old.ID == "" {
				old.ID = c.ID
				break
			}
		}
	}
}
