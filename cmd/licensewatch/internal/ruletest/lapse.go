package ruletest

import (
	"time"

	"go.yaml.in/yaml/v4"

	"licensewatch/license"
)

// readLapses reads what was remembered of the ends of orders before the test's reading.
// The orders are named as in a reading; they may be in it, or in the one before.
func (l *loader) readLapses(n *yaml.Node, t *test, zone *time.Location) map[string]license.Lapse {
	all, _ := l.Members(n, "lapses")
	var orders []license.Order
	for _, s := range []*license.Snapshot{&t.snapshot, t.snapshot.Previous} {
		if s.Orders != nil {
			orders = append(orders, s.Orders.List...)
		}
	}
	lapses := map[string]license.Lapse{}
	for _, m := range all {
		values := l.Mapping(m.Value, "a lapse", "seen", "destroyed", "used", "account_used")
		lapse := license.Lapse{Seen: t.snapshot.Previous.ReadAt}
		for key, field := range map[string]*time.Time{"seen": &lapse.Seen, "destroyed": &lapse.Destroyed} {
			if v := values[key]; v != nil {
				*field = (&settingReader{l.document}).readTime(v, key, zone)
			}
		}
		for key, field := range map[string]**int64{"used": &lapse.Used, "account_used": &lapse.AccountUsed} {
			if v := values[key]; v != nil {
				if number, ok := l.readInteger(v, key); ok {
					*field = &number
				}
			}
		}
		key, names := "", []string{}
		for _, o := range orders {
			if names = append(names, o.Name()); o.Name() == m.Key.Value {
				key = o.Key()
			}
		}
		if key == "" {
			l.Fail(m.Key, "neither reading has an order %s%s", m.Key.Value, meantOrder(m.Key.Value, names))
			continue
		}
		lapses[key] = lapse
	}
	return lapses
}
