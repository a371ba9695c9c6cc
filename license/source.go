package license

import (
	"reflect"
	"slices"
	"strings"
)

// Source names one of the independent readings a Snapshot is made of.
type Source string

// The sources. The names are those of the Summary's "sources".
const (
	SourceOverview      Source = "cwp.overview"
	SourceOrders        Source = "cwp.orders"
	SourceMachines      Source = "cwp.machines"
	SourceBindings      Source = "cwp.bindings"
	SourcePurchaseState Source = "tcss"
)

// SourceInfo is what there is to know of a source. Whatever reads, judges, shows
// or permits a source asks here, so that another one is added in few places.
type SourceInfo struct {
	Source Source
	// of the API, and in CAM's actions; the word of its product in LICENSEWATCH_SOURCES and of its console
	Service string
	Version string // of the API
	Action  string // of the API
	Prefix  string // of its fields, as rules and messages name them: "order" in "order.Deadline"
	Section string // of a snapshot file
	Example string // one of its fields
	Title   Text   // what a message calls it
	Purpose string // what the permission is for, in English
	Content string // what a captured answer is, in English

	// Added: roles were made before there was this source, and may not allow its action.
	Added bool
	// Behind is the source whose answer says whether, and what, this one is asked: only some
	// runs have a use for it. It is read where that one is. Empty for the others.
	Behind Source

	// Shape is the struct that has its fields under the API's own names; the values
	// that the API documents for a field stand in the field's tag (EnumerationOf).
	Shape func() reflect.Type

	answer func(*Snapshot) sourceAnswer
	set    func(s *Snapshot, answer any)
}

// sourceAnswer is what a source gave: a pointer to Overview, Orders, Machines, Bindings or PurchaseState.
type sourceAnswer interface {
	unparsed() []string                // the fields without their prefix
	undocumented() []UndocumentedValue // of all that decides something
}

// sourceRegistry has the sources in the order in which they are read.
var sourceRegistry = [...]SourceInfo{
	{
		Source: SourceOverview, Service: "cwp", Version: "2018-02-28", Action: "DescribeLicenseGeneral",
		Prefix: "cwp", Section: "cwp", Example: "cwp.LicenseCnt",
		Title:   Text{En: "CWPP (overview)", Zh: "主机安全概览"},
		Purpose: "the license overview", Content: "the overview of CWP",
		Shape:  reflect.TypeFor[Overview],
		answer: func(s *Snapshot) sourceAnswer { return orNone(s.Overview) },
		set:    func(s *Snapshot, answer any) { s.Overview, _ = answer.(*Overview) },
	},
	{
		Source: SourceOrders, Service: "cwp", Version: "2018-02-28", Action: "DescribeLicenseList",
		Prefix: "order", Section: "orders", Example: "order.DaysLeft",
		Title:   Text{En: "CWPP (orders)", Zh: "主机安全订单"},
		Purpose: "the license orders", Content: "the orders of CWP",
		Shape:  reflect.TypeFor[Order],
		answer: func(s *Snapshot) sourceAnswer { return orNone(s.Orders) },
		set:    func(s *Snapshot, answer any) { s.Orders, _ = answer.(*Orders) },
	},
	{
		Source: SourceMachines, Service: "cwp", Version: "2018-02-28", Action: "DescribeMachineGeneral",
		Prefix: "machines", Section: "machines", Example: "machines.NotProtectMachineCnt",
		Title:   Text{En: "CWPP (machines)", Zh: "主机安全主机数"},
		Purpose: "the machines and their protection", Content: "the machines of CWP", Added: true,
		Shape:  reflect.TypeFor[Machines],
		answer: func(s *Snapshot) sourceAnswer { return orNone(s.Machines) },
		set:    func(s *Snapshot, answer any) { s.Machines, _ = answer.(*Machines) },
	},
	{
		Source: SourceBindings, Service: "cwp", Version: "2018-02-28", Action: "DescribeLicenseBindList",
		Prefix: "bindings", Section: "bindings", Example: "bindings.AgentStatus",
		Title:   Text{En: "CWPP (machines of orders that end)", Zh: "主机安全到期订单绑定的主机"},
		Purpose: "the machines of orders that end", Content: "the machines of orders that end", Added: true,
		Behind: SourceOrders,
		Shape:  reflect.TypeFor[BoundMachine],
		answer: func(s *Snapshot) sourceAnswer { return orNone(s.Bindings) },
		set:    func(s *Snapshot, answer any) { s.Bindings, _ = answer.(*Bindings) },
	},
	{
		Source: SourcePurchaseState, Service: "tcss", Version: "2020-11-01", Action: "DescribePurchaseStateInfo",
		Prefix: "tcss", Section: "tcss", Example: "tcss.State",
		Title:   Text{En: "Container Security", Zh: "容器安全"},
		Purpose: "the state of Container Security", Content: "the state of TCSS",
		Shape:  reflect.TypeFor[PurchaseState],
		answer: func(s *Snapshot) sourceAnswer { return orNone(s.PurchaseState) },
		set:    func(s *Snapshot, answer any) { s.PurchaseState, _ = answer.(*PurchaseState) },
	},
}

// orNone is the answer; nil where there is none.
func orNone[T any, P interface {
	*T
	sourceAnswer
}](p P) sourceAnswer {
	if p == nil {
		return nil
	}
	return p
}

// Sources are all sources, in the order in which they are read.
func Sources() []Source {
	all := make([]Source, len(sourceRegistry))
	for i := range sourceRegistry {
		all[i] = sourceRegistry[i].Source
	}
	return all
}

// Info is what there is to know of the source; empty for one that there is not.
func (s Source) Info() SourceInfo {
	if info := s.sourceInfo(); info != nil {
		return *info
	}
	return SourceInfo{}
}

// IsKnown says whether there is such a source.
func (s Source) IsKnown() bool { return s.sourceInfo() != nil }

func (s Source) sourceInfo() *SourceInfo {
	for i := range sourceRegistry {
		if sourceRegistry[i].Source == s {
			return &sourceRegistry[i]
		}
	}
	return nil
}

// CAM is the source's action as CAM names it: "cwp:DescribeLicenseList".
func (i SourceInfo) CAM() string { return i.Service + ":" + i.Action }

// SourceOf is the source that a finding misses, which it names by a field
// ("order.Deadline") or by its own name ("cwp.orders"); empty for anything else.
func SourceOf(missing string) Source {
	if source := Source(missing); source.IsKnown() {
		return source
	}
	prefix, _, _ := strings.Cut(missing, ".")
	for i := range sourceRegistry {
		if sourceRegistry[i].Prefix == prefix {
			return sourceRegistry[i].Source
		}
	}
	return ""
}

// Answer is what the source gave: an *Overview, *Orders, *Machines, *Bindings or *PurchaseState; nil
// where it gave nothing.
func (s *Snapshot) Answer(source Source) any {
	if info := source.sourceInfo(); info != nil {
		if answer := info.answer(s); answer != nil {
			return answer
		}
	}
	return nil
}

// SetAnswer puts what the source gave in its place; nil empties it.
func (s *Snapshot) SetAnswer(source Source, answer any) {
	if info := source.sourceInfo(); info != nil {
		info.set(s, answer)
	}
}

// withoutFields is shared by all snapshots WithoutFields, and never changed.
var withoutFields = Snapshot{Overview: &Overview{}, Orders: &Orders{}, Machines: &Machines{}, Bindings: &Bindings{},
	PurchaseState: &PurchaseState{}}

// WithoutFields says what was read and what was not, and nothing of what was in it: for what is kept of
// the readings of many accounts.
func (s *Snapshot) WithoutFields() Snapshot {
	left := *s
	for i := range sourceRegistry {
		if source := &sourceRegistry[i]; source.answer(s) != nil {
			source.set(&left, source.answer(&withoutFields))
		}
	}
	if s.Orders != nil && s.Orders.Incomplete {
		left.Orders = &Orders{Incomplete: true}
	}
	return left
}

// IsRead says whether the source gave an answer and did not fail, asked for or not:
// the reading before does not say what was asked for. Of a source that this program
// does not know, only a failure is known.
func (s *Snapshot) IsRead(source Source) bool {
	return s.Failures[source] == nil && (s.Answer(source) != nil || !source.IsKnown())
}

// Has says whether the source was asked for and read.
func (s *Snapshot) Has(source Source) bool { return s.Wants(source) && s.IsRead(source) }

// IsPartly says whether a part of what the source has was not read.
func (s *Snapshot) IsPartly(source Source) bool {
	return source == SourceOrders && s.IsRead(source) && s.Orders.Incomplete
}

// SetRefusedAside takes the sources from those that are asked for which were added after
// the role was made, and which it does not allow. Who upgrades without a new policy loses
// nothing by it: such a source counts as one that is not asked for, and one line says what
// to allow. Its failure stays.
//
// Refused like any other is what was read before: a permission was taken away. So is what a
// role lacks that lacks more of the product, and what would leave nothing to read.
//
// A source behind another one adds to what that one says. Set aside is also any failure of
// it: no protection is in doubt for it, and nobody is called because of it.
// previous is the reading before; nil where there is none.
func (s *Snapshot) SetRefusedAside(previous *Snapshot) {
	rest := slices.DeleteFunc(slices.Clone(s.Wanted), func(source Source) bool {
		if source.Info().Behind != "" && s.Failures[source] != nil {
			return true
		}
		isNew := previous == nil || previous.Answer(source) == nil
		return isNew && s.isDenied(source) && source.Info().Added &&
			!slices.ContainsFunc(s.Wanted, func(other Source) bool {
				return s.isDenied(other) && other.Info().Service == source.Info().Service && !other.Info().Added
			})
	})
	if len(rest) > 0 {
		s.Wanted = rest
	}
}

// isDenied says whether the source is not allowed. Where the account's role could not be
// assumed, nobody knows what it allows.
func (s *Snapshot) isDenied(source Source) bool {
	failure := s.Failures[source]
	return failure != nil && failure.Kind == FailureDenied && failure.Service != "sts"
}

// Aside are the sources that failed and are set aside, in the order of Sources.
func (s *Snapshot) Aside() []Source {
	return slices.DeleteFunc(Sources(), func(source Source) bool {
		return s.Failures[source] == nil || s.Wants(source)
	})
}

// Refused are the sources that are set aside because the role does not allow them, in the order of Sources.
func (s *Snapshot) Refused() []Source {
	return slices.DeleteFunc(Sources(), func(source Source) bool { return !s.isDenied(source) || s.Wants(source) })
}

// Answers are what all sources gave, to be compared: two snapshots share an answer
// that has not changed.
type Answers [len(sourceRegistry)]any

// Answers are what the sources gave, in the order of Sources.
func (s *Snapshot) Answers() (all Answers) {
	for i := range sourceRegistry {
		all[i] = sourceRegistry[i].answer(s)
	}
	return all
}

// Unparsed names the fields whose values made no sense, as rules name them.
func (s *Snapshot) Unparsed() []string {
	var fields []string
	for i := range sourceRegistry {
		if answer := sourceRegistry[i].answer(s); answer != nil {
			for _, name := range answer.unparsed() {
				fields = append(fields, sourceRegistry[i].Prefix+"."+name)
			}
		}
	}
	return fields
}

// Undocumented gives every undocumented value of what was read, whether a rule
// reads it or not. Orders that are destroyed are left out: they decide nothing.
func (s *Snapshot) Undocumented() []UndocumentedValue {
	var all []UndocumentedValue
	for i := range sourceRegistry {
		if s.IsRead(sourceRegistry[i].Source) {
			all = append(all, sourceRegistry[i].answer(s).undocumented()...)
		}
	}
	return all
}

// Wants says whether the source was asked for.
func (s *Snapshot) Wants(source Source) bool {
	return slices.Contains(s.Wanted, source)
}
