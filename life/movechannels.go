package life

import (
	"cmp"
	"reflect"

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
