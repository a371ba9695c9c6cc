package snapshot

import (
	"encoding/json"
	"io"
	"time"

	"licensewatch/license"
)

// file is a snapshot as it is written.
type file struct {
	Version  int                        `json:"version"`
	ReadAt   time.Time                  `json:"read_at,omitzero"`
	Account  string                     `json:"account,omitempty"`
	Site     license.Site               `json:"site"`
	CWP      *license.Overview          `json:"cwp,omitempty"`
	Orders   *license.Orders            `json:"orders,omitempty"`
	TCSS     *license.PurchaseState     `json:"tcss,omitempty"`
	Unparsed []string                   `json:"unparsed,omitempty"`
	Failed   map[license.Source]failure `json:"failed,omitempty"`
	Previous *previous                  `json:"previous,omitempty"`
}

// previous is the reading before, as it is written.
type previous struct {
	CWP    *license.Overview      `json:"cwp,omitempty"`
	Orders *license.Orders        `json:"orders,omitempty"`
	TCSS   *license.PurchaseState `json:"tcss,omitempty"`
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
		CWP: s.Overview, Orders: s.Orders, TCSS: s.PurchaseState,
		Unparsed: Unparsed(s), Failed: map[license.Source]failure{},
	}
	for source, why := range s.Failures {
		f.Failed[source] = written(why)
	}
	if before := s.Previous; before != nil {
		f.Previous = &previous{before.Overview, before.Orders, before.PurchaseState}
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
