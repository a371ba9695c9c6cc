package license

import (
	"time"
)

// Snapshot is what one reading of the cloud gave. A source that was not asked
// for, or that failed, is nil; Wanted and Failures tell the two apart.
type Snapshot struct {
	Account string // the account's UIN; empty when not known
	Site    Site
	ReadAt  time.Time
	// Name and Labels are those of the accounts file, for rules; empty and nil where there is none.
	Name   string            `json:"-"`
	Labels map[string]string `json:"-"`

	Overview      *Overview
	Orders        *Orders
	Machines      *Machines
	Bindings      *Bindings `json:",omitempty"` // the machines of each order that ends soon or has ended
	PurchaseState *PurchaseState

	Wanted   []Source            // the sources that were asked for, in reading order
	Failures map[Source]*Failure // why a wanted source could not be read

	// Fleet is set in what rules about the fleet judge, which has nothing else.
	Fleet *FleetTotals `json:"-"`

	// RunOut is when licenses run out at the pace of the past; nil where the past is not known
	// or too short to say so.
	RunOut *RunOut `json:",omitempty"`

	// Previous holds the last successful reading of each source before this one,
	// for what is told when it changes. It may be nil, and a source in it is nil
	// that was never read. Only the answers are looked at.
	Previous *Snapshot `json:"-"`

	// OrdersUsed is, in Previous, how many licenses the account had in use when its
	// Orders were read, where Overview is of another time; nil otherwise.
	OrdersUsed *int64 `json:"-"`

	// Lapses are, in Previous, the orders whose end was seen, by Order.Key.
	Lapses map[string]Lapse `json:"-"`

	// Bound are, in Previous, the machines of orders that end soon or have ended, as they
	// were last seen, by Order.Key.
	Bound map[string]BoundMachines `json:"-"`
}

// FailureKind groups failures by what the operator can do about them.
type FailureKind string

// The kinds of failure.
const (
	FailureDenied      FailureKind = "denied"      // CAM does not allow the action
	FailureCredentials FailureKind = "credentials" // no keys, or keys that are not accepted
	FailureClock       FailureKind = "clock"       // the signature's time was refused
	// the product's own service role does not exist; of sts, the role that was to be assumed
	FailureRole      FailureKind = "role"
	FailureThrottled FailureKind = "throttled" // too many requests
	FailureServer    FailureKind = "server"    // the other side broke
	FailureNetwork   FailureKind = "network"   // not reached, or the connection broke
	FailureProxy     FailureKind = "proxy"     // a proxy in between let nothing through
	FailureTimeout   FailureKind = "timeout"   // no answer in time
	FailureTLS       FailureKind = "tls"       // certificate or handshake refused
	FailureRedirect  FailureKind = "redirect"  // the host wanted us elsewhere
	FailureAnswer    FailureKind = "answer"    // the answer made no sense
	FailureRequest   FailureKind = "request"   // the request was refused as wrong
	FailureInternal  FailureKind = "internal"  // our own mistake
)

// Failure says why something could not be read, in facts that are safe to show:
// no URL, no body, no key. Channels put it in words.
type Failure struct {
	Kind       FailureKind
	Service    string        // "cwp" or "tcss"; "sts" where the account's role was refused
	Action     string        // the API action, for example DescribePurchaseStateInfo
	Code       string        // the API's error code, or a word of ours such as "Timeout"
	RequestID  string        // the API's RequestId; empty when there was none
	HTTPStatus int           // 0 when there was no answer
	ClockSkew  time.Duration // FailureClock: how far our clock is ahead; 0 when not known
}
