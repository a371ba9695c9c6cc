// Package mask takes out of a snapshot what names an account, its orders and
// its owner's things, so that it can be shown to others.
package mask

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"licensewatch/license"
)

// firstAccount stands in for the first account's number; the others follow.
const firstAccount = 100000000000

// Count says how many different values of a kind were replaced.
type Count struct {
	What string // in words, in the plural
	N    int
}

// Masker knows the stand-ins of one or many snapshots.
type Masker struct {
	accounts, names, accountLabels                        *standIns[string]
	resources, aliases, keys, values, inquiries, requests *standIns[string]
	dates, states, codes                                  *standIns[string] // of what is none
	licenses, projects, tasks                             *standIns[int64]
	machines, instances, addresses, quuids, labels        *standIns[string]
}

// New is a Masker that has seen nothing yet.
func New() *Masker {
	numbers := func() *standIns[int64] {
		return &standIns[int64]{known: map[int64]int64{}, make: func(n int) int64 { return int64(n) }}
	}
	texts := func(format string) *standIns[string] {
		return &standIns[string]{known: map[string]string{}, make: func(n int) string { return fmt.Sprintf(format, n) }}
	}
	return &Masker{
		accounts: &standIns[string]{known: map[string]string{},
			make: func(n int) string { return strconv.Itoa(firstAccount + n - 1) }},
		names: texts("account-%04d"), accountLabels: texts("label-%04d"),
		resources: texts("cwp-%04d"), aliases: texts("alias-%04d"), keys: texts("key-%04d"),
		values:    texts("value-%04d"),
		inquiries: texts("inquire-%04d"), requests: texts("request-%04d"),
		dates: texts("date-%04d"), states: texts("state-%04d"), codes: texts("code-%04d"),
		licenses: numbers(), projects: numbers(), tasks: numbers(),
		machines: texts("machine-%04d"), instances: texts("ins-%04d"), addresses: texts("address-%04d"),
		quuids: texts("quuid-%04d"), labels: texts("label-%04d"),
	}
}

// Snapshot gives a copy of the snapshot in which stand-ins replace ids and names:
// the same for the same value, also in the reading before. What is empty, 0 or
// not known stays so. Dates, counts, documented states and error codes are left as
// they are; a text in their place, which may be anything, is replaced. The counts
// name every kind, also where nothing of it was there.
func Snapshot(s license.Snapshot) (license.Snapshot, []Count) {
	m := New()
	s = m.Snapshot(s)
	return s, m.Counts()
}

// Snapshot is the function Snapshot with stand-ins that are the same in every snapshot.
func (m *Masker) Snapshot(s license.Snapshot) license.Snapshot {
	if s.Name != "" {
		s.Name = m.Name(s.Name, s.Account)
	}
	s.Account = m.Uin(s.Account)
	s.Labels = m.Labels(s.Labels)
	if s.Fleet != nil {
		fleet := *s.Fleet
		if fleet.LongestUnread != nil && *fleet.LongestUnread != "" {
			fleet.LongestUnread = new("account")
		}
		s.Fleet = &fleet
	}
	m.maskReadings(&s)
	if s.Previous != nil {
		before := *s.Previous
		m.maskReadings(&before)
		s.Previous = &before
	}
	s.Failures = maps.Clone(s.Failures)
	for _, source := range license.Sources() {
		if s.Failures[source] != nil {
			failure := *s.Failures[source]
			failure.RequestID = m.requests.standInFor(failure.RequestID)
			if !codeForm.MatchString(failure.Code) {
				failure.Code = m.codes.standInFor(failure.Code)
			}
			s.Failures[source] = &failure
		}
	}
	return s
}

// Uin is the stand-in of an account's number.
func (m *Masker) Uin(uin string) string { return m.accounts.standInFor(uin) }

// Name is the stand-in of an account's name; that of one which goes by its number is its
// number's.
func (m *Masker) Name(name, uin string) string {
	if name == uin {
		return m.Uin(uin)
	}
	return m.names.standInFor(name)
}

// Labels are an account's labels with stand-ins for their values. The names stay: rules and
// routes ask for labels by them.
func (m *Masker) Labels(labels map[string]string) map[string]string {
	masked := maps.Clone(labels)
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		masked[name] = m.accountLabels.standInFor(labels[name])
	}
	return masked
}

// The forms of what is left as it is: an error code of the API or of ours, and a
// date, also one that stands for "not set".
var (
	codeForm = regexp.MustCompile(`^[A-Z][A-Za-z0-9]{1,39}(\.[A-Z][A-Za-z0-9]{1,39}){0,2}$`)
	dateForm = regexp.MustCompile(`^\d{4}-\d\d-\d\d([ T]\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?)?$`)
)

// maskReadings masks the answers of one reading.
func (m *Masker) maskReadings(s *license.Snapshot) {
	if s.Overview != nil {
		overview := *s.Overview
		if field, _ := reflect.TypeFor[license.Overview]().FieldByName("ProtectType"); overview.ProtectType != nil {
			if known, ok := license.EnumerationOf(field); !ok || !known.Documents(*overview.ProtectType) {
				overview.ProtectType = m.states.maskPointer(overview.ProtectType)
			}
		}
		s.Overview = &overview
	}
	if s.Orders != nil {
		orders := *s.Orders
		orders.List = make([]license.Order, len(s.Orders.List))
		for i, o := range s.Orders.List {
			orders.List[i] = m.maskOrder(o)
		}
		s.Orders = &orders
	}
	if s.Bindings != nil {
		s.Bindings = m.maskBindings(s.Bindings)
	}
	if s.PurchaseState != nil {
		state := *s.PurchaseState
		state.InquireKey = m.inquiries.maskPointer(state.InquireKey)
		state.SubState = m.keepState(state.SubState, license.SubStateNormal, license.SubStateIsolated,
			license.SubStateDestroyed, license.SubStateDestroyedEn, license.SubStateTerminated)
		state.DefendPolicy = m.keepState(state.DefendPolicy, "Part", "All")
		state.BeginTime, state.ExpirationTime = m.keepDate(state.BeginTime), m.keepDate(state.ExpirationTime)
		s.PurchaseState = &state
	}
}

func (m *Masker) maskOrder(o license.Order) license.Order {
	o.ResourceId = m.resources.maskPointer(o.ResourceId)
	o.LicenseId = m.licenses.maskPointer(o.LicenseId)
	o.ProjectId = m.projects.maskPointer(o.ProjectId)
	o.TaskId = m.tasks.maskPointer(o.TaskId)
	o.Alias = m.aliases.maskPointer(o.Alias)
	o.Deadline, o.BuyTime = m.keepDate(o.Deadline), m.keepDate(o.BuyTime)
	if o.Tags != nil {
		tags := make([]license.Tag, len(o.Tags))
		for i, tag := range o.Tags {
			tags[i] = license.Tag{TagKey: m.keys.standInFor(tag.TagKey), TagValue: m.values.standInFor(tag.TagValue)}
		}
		o.Tags = tags
	}
	return o
}

// keepDate leaves a date as it is, whatever it means.
func (m *Masker) keepDate(text *string) *string {
	if text == nil || dateForm.MatchString(strings.TrimSpace(*text)) {
		return text
	}
	return m.dates.maskPointer(text)
}

// keepState leaves a state as it is that is one of those known.
func (m *Masker) keepState(text *string, known ...string) *string {
	if text == nil || slices.Contains(known, *text) {
		return text
	}
	return m.states.maskPointer(text)
}

// Counts say how many values of each kind were replaced so far; of those that only many
// accounts have, where there are any.
func (m *Masker) Counts() []Count {
	var counts []Count
	for _, c := range []Count{{"account names", len(m.names.known)}, {"account labels", len(m.accountLabels.known)}} {
		if c.N > 0 {
			counts = append(counts, c)
		}
	}
	return append(counts, []Count{
		{"account ids", len(m.accounts.known)},
		{"resource ids", len(m.resources.known)},
		{"license ids", len(m.licenses.known)},
		{"project ids", len(m.projects.known)},
		{"task ids", len(m.tasks.known)},
		{"aliases", len(m.aliases.known)},
		{"tag keys", len(m.keys.known)},
		{"tag values", len(m.values.known)},
		{"machine names", len(m.machines.known)},
		{"instance ids", len(m.instances.known)},
		{"addresses", len(m.addresses.known)},
		{"machine ids", len(m.quuids.known)},
		{"machine tags", len(m.labels.known)},
		{"inquire keys", len(m.inquiries.known)},
		{"request ids", len(m.requests.known)},
		{"texts in the place of dates", len(m.dates.known)},
		{"texts in the place of states", len(m.states.known)},
		{"texts in the place of error codes", len(m.codes.known)},
	}...)
}

// standIns are the stand-ins of one kind of value, numbered as they come.
type standIns[T comparable] struct {
	known map[T]T
	make  func(n int) T
}

// standInFor gives the stand-in of a value; of the empty one, itself.
func (s *standIns[T]) standInFor(value T) T {
	var empty T
	if value == empty {
		return value
	}
	if _, ok := s.known[value]; !ok {
		s.known[value] = s.make(len(s.known) + 1)
	}
	return s.known[value]
}

func (s *standIns[T]) maskPointer(value *T) *T {
	if value == nil {
		return nil
	}
	return new(s.standInFor(*value))
}
