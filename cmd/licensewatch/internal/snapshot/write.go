package snapshot

import (
	"encoding/json"
	"io"
	"time"

	"licensewatch/license"
)

// file is a snapshot as it is written.
type file struct {
	Version int          `json:"version"`
	ReadAt  time.Time    `json:"read_at,omitzero"`
	Account string       `json:"account,omitempty"`
	Site    license.Site `json:"site"`
	answers
	Unparsed []string                   `json:"unparsed,omitempty"`
	Failed   map[license.Source]failure `json:"failed,omitempty"`
	Previous *answers                   `json:"previous,omitempty"`
}

// answers are what the sources gave, as it is written.
type answers struct {
	CWP      *license.Overview      `json:"cwp,omitempty"`
	Orders   *license.Orders        `json:"orders,omitempty"`
	Machines *license.Machines      `json:"machines,omitempty"`
	TCSS     *license.PurchaseState `json:"tcss,omitempty"`
}

func answersOf(s license.Snapshot) answers {
	return answers{s.Overview, s.Orders, s.Machines, s.PurchaseState}
}

// failure is why a source could not be read, as it is written.
type failure struct {
	Kind       license.FailureKind
	Service    string
	Action     string
	Code       string
	RequestID  string `json:",omitempty"`
	HTTPStatus int
	ClockSkew  string `json:",omitempty"`
}

// Write writes the snapshot as a file that Parse reads: JSON, with every field
// of the answers, null where it is not known.
func Write(w io.Writer, s license.Snapshot) error {
	f := file{
		Version: Version, ReadAt: s.ReadAt, Account: s.Account, Site: s.Site,
		answers:  answersOf(s),
		Unparsed: s.Unparsed(), Failed: map[license.Source]failure{},
	}
	for source, why := range s.Failures {
		f.Failed[source] = written(why)
	}
	if before := s.Previous; before != nil {
		f.Previous = new(answersOf(*before))
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(f)
}

func written(f *license.Failure) failure {
	out := failure{Kind: f.Kind, Service: f.Service, Action: f.Action, Code: f.Code, RequestID: f.RequestID, HTTPStatus: f.HTTPStatus}
	if f.ClockSkew != 0 {
		out.ClockSkew = f.ClockSkew.String()
	}
	return out
}
