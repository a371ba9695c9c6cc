package license

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// BindingDays is within how many days an order ends whose machines are looked at.
const BindingDays = 30

// MaxBindings is of how many orders a run looks at the machines.
const MaxBindings = 20

// Bindings are the machines that hang on orders which end soon, or have ended: the answers
// of cwp DescribeLicenseBindList, which is asked of each order by itself. An order that could
// not be read is not in the list.
type Bindings struct {
	List []Binding
	// Unparsed names the fields, each once, that some machine held with a value that makes
	// no sense; there they are nil.
	Unparsed []string `json:"-"`
}

// Binding is the machines that hang on one order, which its ids name.
type Binding struct {
	ResourceId *string //nolint:revive // the API's own name
	LicenseId  *int64  //nolint:revive // the API's own name
	TotalCount int64   // machines, as the answer announces them
	Machines   []BoundMachine
	// Incomplete is true when the pages did not add up, or when there are more machines
	// than are read.
	Incomplete bool `json:",omitempty"`
}

// BoundMachine is one machine that hangs on an order. A field is nil when the answer did not
// hold it or it could not be understood.
//
// The API has two fields about the agent. AgentState, the younger one, is not read: its
// description has ONLINE and OFFLINE the wrong way round.
type BoundMachine struct {
	MachineName   *string  // the name the customer gave it
	InstanceID    *string  // "ins-…"; of machines elsewhere the API's own
	MachineIp     *string  //nolint:revive // the API's own name; the private address
	Quuid         *string  // tells machines apart
	AgentStatus   *string  `documented:"ONLINE OFFLINE UNINSTALL UNINSTALLED"`
	InstanceState *string  `documented:"RUNNING STOPPED EXPIRED"` // absent in answers of the older form
	Tags          []string // its tags, as the API writes them
}

// IsIdle says whether the license protects nothing there: the agent is offline or not
// installed, or the machine is stopped or expired. nil when that is not known; a value that
// is not documented is not known. Where only the agent is told of, and is online, the machine
// runs.
func (m BoundMachine) IsIdle() *bool {
	agent, instance := textOrEmpty(m.AgentStatus), textOrEmpty(m.InstanceState)
	switch {
	case agent == "OFFLINE", agent == "UNINSTALL", agent == "UNINSTALLED", instance == "STOPPED", instance == "EXPIRED":
		return new(true)
	case agent == "ONLINE" && (instance == "RUNNING" || instance == ""):
		return new(false)
	default:
		return nil
	}
}

// Name is what people know the machine by: its name, else its instance id, its address or its
// id; empty for one that tells none.
func (m BoundMachine) Name() string {
	return cmp.Or(textOrEmpty(m.MachineName), textOrEmpty(m.InstanceID), textOrEmpty(m.MachineIp), textOrEmpty(m.Quuid))
}

// BoundMachines is what is said of the machines that hang on an order.
type BoundMachines struct {
	Count int64 `json:"machines"`
	// Idle is how many of them do nothing (see BoundMachine.IsIdle); nil when that is not
	// known of all.
	Idle *int64 `json:"idle,omitempty"`
	// Names are some of their names, those in use first; fewer than there are.
	Names []string `json:"names,omitempty"`
	// At is when they were read, where that was in an earlier run; zero otherwise.
	At time.Time `json:"at,omitzero"`
}

// LosingMachines are the machines that lose, or have lost, an edition.
type LosingMachines struct {
	BoundMachines
	LicenseType *int64 // of the order: which edition
	IsLost      bool   // the order protects no more
}

// Bounds of the names that are kept of an order's machines.
const (
	maxBoundNames    = 20
	maxBoundNameSize = 64 // bytes
)

// Summary is what is said of the machines; nil when it is not known which they are.
func (b *Binding) Summary() *BoundMachines {
	if b == nil || b.Incomplete {
		return nil
	}
	s := BoundMachines{Count: int64(len(b.Machines)), Idle: new(int64)}
	for _, m := range b.Machines {
		switch idle := m.IsIdle(); {
		case s.Idle == nil:
		case idle == nil:
			s.Idle = nil
		case *idle:
			*s.Idle++
		}
	}
	names := b.MachineNames()
	s.Names = slices.Clone(names[:min(len(names), maxBoundNames)])
	return &s
}

// MachineNames are the names of the machines that have one, of those in use before those that
// are idle.
func (b *Binding) MachineNames() []string {
	var used, idle []string
	for _, m := range b.Machines {
		name := m.Name()
		switch isIdle := m.IsIdle(); {
		case name == "":
		case isIdle != nil && *isIdle:
			idle = append(idle, cutBoundName(name))
		default:
			used = append(used, cutBoundName(name))
		}
	}
	slices.Sort(used)
	slices.Sort(idle)
	return slices.Concat(used, idle)
}

func cutBoundName(name string) string {
	if len(name) <= maxBoundNameSize {
		return name
	}
	return strings.ToValidUTF8(name[:maxBoundNameSize-len("…")], "") + "…"
}

// Of is the order's machines; nil when they were not read. Twins share their ids, so that
// nobody knows which of them a machine hangs on.
func (b *Bindings) Of(order *Order) *Binding {
	if b == nil || order.Twin > 0 || order.Twins > 0 {
		return nil
	}
	for i := range b.List {
		if of := (Order{ResourceId: b.List[i].ResourceId,
			LicenseId: b.List[i].LicenseId}); of.apiIDs() == order.apiIDs() {
			return &b.List[i]
		}
	}
	return nil
}

// WithoutMachines says that the machines were read, and not which they are: for what is kept
// of a reading.
func (b *Bindings) WithoutMachines() *Bindings {
	if b == nil {
		return nil
	}
	return &Bindings{}
}

// ForBindings are the orders whose machines are looked at: those that are paid in advance and
// are isolated, have ended or end within BindingDays; those with most licenses in use first,
// MaxBindings at most. Only what tells all that the API asks for can be looked at, and
// machines cannot be told apart by orders that share their ids.
func (o *Orders) ForBindings(now time.Time) []Order {
	if o == nil {
		return nil
	}
	var candidates []int // there may be thousands
	times := map[ids]int{}
	for i := range o.List {
		if o.List[i].NeedsBinding(now) {
			candidates = append(candidates, i)
			times[o.List[i].apiIDs()] = 0
		}
	}
	if len(candidates) == 0 {
		return nil
	}
	for i := range o.List {
		if id := o.List[i].apiIDs(); id.isTold {
			if n, asked := times[id]; asked {
				times[id] = n + 1
			}
		}
	}
	slices.SortStableFunc(candidates, func(i, j int) int {
		a, b := &o.List[i], &o.List[j]
		return cmp.Or(cmp.Compare(usedOrZero(b), usedOrZero(a)), cmp.Compare(*a.ResourceId, *b.ResourceId),
			cmp.Compare(*a.LicenseId, *b.LicenseId))
	})
	var chosen []Order
	for _, i := range candidates {
		if len(chosen) == MaxBindings {
			break
		}
		if times[o.List[i].apiIDs()] == 1 {
			chosen = append(chosen, o.List[i])
		}
	}
	return chosen
}

func usedOrZero(o *Order) int64 {
	if o.UsedLicenseCnt == nil {
		return 0
	}
	return *o.UsedLicenseCnt
}

// NeedsBinding says whether it matters which machines hang on the order: it is paid in
// advance, and is isolated, has ended or ends within BindingDays.
func (o Order) NeedsBinding(now time.Time) bool {
	if o.LicenseId == nil || o.LicenseType == nil || *o.LicenseType == LicenseTypeProPostpay || o.OrderStatus == nil ||
		textOrEmpty(o.ResourceId) == "" {
		return false
	}
	left := o.DaysLeft(now)
	return *o.OrderStatus == OrderIsolated || *o.OrderStatus == OrderNormal && left != nil && *left <= BindingDays
}

func (b *Bindings) unparsed() []string { return b.Unparsed }

// undocumented is nothing: a state that nobody knows says nothing about the order's end, and
// what depends on it is not known.
func (b *Bindings) undocumented() []UndocumentedValue { return nil }
