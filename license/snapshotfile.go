package license

import (
	"encoding/json"
	"io"
	"slices"
	"time"
)

// SnapshotFileVersion is the version of snapshot files.
const SnapshotFileVersion = 1

// writtenSnapshot is a snapshot as it is written.
type writtenSnapshot struct {
	Version int       `json:"version"`
	ReadAt  time.Time `json:"read_at,omitzero"`
	Account string    `json:"account,omitempty"`
	Site    Site      `json:"site"`
	// Those of the accounts file.
	Name   string            `json:"name,omitempty"`
	Labels map[string]string `json:"labels,omitzero"`
	Fleet  *FleetTotals      `json:"fleet,omitempty"` // what rules about the fleet judge
	RunOut *RunOut           `json:"run_out,omitempty"`
	writtenAnswers
	Unparsed []string                  `json:"unparsed,omitempty"`
	Failed   map[Source]writtenFailure `json:"failed,omitempty"`
	Previous *writtenAnswers           `json:"previous,omitempty"`
}

// writtenAnswers are what the sources gave, as it is written.
type writtenAnswers struct {
	CWP      *Overview      `json:"cwp,omitempty"`
	Orders   *Orders        `json:"orders,omitempty"`
	Machines *Machines      `json:"machines,omitempty"`
	Bindings *[]Binding     `json:"bindings,omitempty"`
	TCSS     *PurchaseState `json:"tcss,omitempty"`
}

func answersOf(s Snapshot) writtenAnswers {
	answers := writtenAnswers{s.Overview, s.Orders, s.Machines, nil, s.PurchaseState}
	if s.Bindings != nil {
		answers.Bindings = new(slices.Concat([]Binding{}, s.Bindings.List))
	}
	return answers
}

// writtenFailure is why a source could not be read, as it is written.
type writtenFailure struct {
	Kind       FailureKind
	Service    string
	Action     string
	Code       string
	RequestID  string `json:",omitempty"`
	HTTPStatus int
	ClockSkew  string `json:",omitempty"`
}

// WriteSnapshot writes the snapshot as a snapshot file: JSON, with every field of the
// answers, null where it is not known. It holds no link and no key.
func WriteSnapshot(w io.Writer, s Snapshot) error {
	f := writtenSnapshot{
		Version: SnapshotFileVersion, ReadAt: s.ReadAt, Account: s.Account, Site: s.Site, Name: s.Name,
		Labels: s.Labels, Fleet: s.Fleet, RunOut: s.RunOut, writtenAnswers: answersOf(s),
		Unparsed: s.Unparsed(), Failed: map[Source]writtenFailure{},
	}
	for source, why := range s.Failures {
		f.Failed[source] = newWrittenFailure(why)
	}
	if before := s.Previous; before != nil {
		f.Previous = new(answersOf(*before))
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(f)
}

// WriteBindings writes the machines of orders, as the section "bindings" of a snapshot file.
func WriteBindings(w io.Writer, b *Bindings) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(slices.Concat([]Binding{}, b.List))
}

func newWrittenFailure(f *Failure) writtenFailure {
	out := writtenFailure{Kind: f.Kind, Service: f.Service, Action: f.Action, Code: f.Code, RequestID: f.RequestID,
		HTTPStatus: f.HTTPStatus}
	if f.ClockSkew != 0 {
		out.ClockSkew = f.ClockSkew.String()
	}
	return out
}
