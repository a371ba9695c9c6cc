package handler

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"

	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/session"
	"licensewatch/setup"
)

// division is how the accounts of a file are divided among runs: a run is about a slice of
// them, or has each of several slices read by a run of its own.
type division struct {
	said string // what the timer's argument says behind the mode; empty: nothing is divided

	slice   fleet.Slice // the accounts that this run is about; the zero value is all
	scatter int         // into how many slices a run that scatters divides them; 0: it does not
	asks    sliceEvent  // of a run that reads a slice for another one: what it was asked for
}

// sliceType is the type of the event that a run has its own function invoked with.
const sliceType = "licensewatch.slice"

// sliceEvent asks a run for the reading of a slice, for the run that gathers it.
type sliceEvent struct {
	Type  string // sliceType
	Run   string // the id of the run that asks
	Slice int    // counted from 1
	Of    int
	Mode  license.Mode
}

// runIDForm is what a run's id looks like: it is a part of the names of objects.
var runIDForm = regexp.MustCompile(`^[0-9a-f]{6}$`)

func (e sliceEvent) isValid() bool {
	return runIDForm.MatchString(e.Run) && (fleet.Slice{Number: e.Slice, Of: e.Of}).IsValid() &&
		(e.Mode == license.ModeDigest || e.Mode == license.ModeAlert || e.Mode == license.ModeReport)
}

// divisionOf is what an event says of the accounts; said is what stands behind the mode. A
// slice event that no run sends leaves asks with its Type alone.
func divisionOf(payload []byte, members map[string]json.RawMessage, said string) division {
	d := division{said: said}
	if kind, _ := jsonText(members["Type"]); kind == sliceType {
		if json.Unmarshal(payload, &d.asks) != nil || !d.asks.isValid() {
			d.asks = sliceEvent{Type: sliceType}
			return d
		}
		d.slice = fleet.Slice{Number: d.asks.Slice, Of: d.asks.Of}
		return d
	}
	if of, ok := strings.CutPrefix(said, "scatter/"); ok {
		all, _ := fleet.ParseSlice("1/" + of)
		d.scatter = all.Of
		return d
	}
	d.slice, _ = fleet.ParseSlice(said)
	return d
}

// gathers says whether the run works with the readings of slices: its own, or for another.
func (d division) gathers() bool { return d.scatter > 0 || d.asks.Run != "" }

// slices are those that a run which scatters has read by others.
func (d division) slices() []fleet.Slice {
	slices := make([]fleet.Slice, d.scatter)
	for i := range slices {
		slices[i] = fleet.Slice{Number: i + 1, Of: d.scatter}
	}
	return slices
}

// mistakeFor is what is wrong with the division, for these settings; empty when nothing is.
func (d division) mistakeFor(c config.Config) string {
	const write = "write digest 2/8 for the second of eight slices of the accounts, or digest scatter/8; 64 at most"
	switch {
	case d.asks.Type != "" && d.asks.Run == "":
		return "the event of the type " + sliceType +
			" is none that this function sends: Run, Slice, Of (64 at most) or Mode is wrong"
	case d.asks.Type != "":
	case d.said == "":
		return ""
	case d.slice.Of == 0 && d.scatter == 0:
		return "the timer's argument (event Message) names no slice behind the mode: " + write
	}
	switch {
	case c.AccountsFile == "":
		return "the timer's argument (event Message) divides accounts, and there is one only: set " +
			setup.AccountsSetting
	case c.StateURL == "" && d.gathers():
		return "the slices of a run that scatters lie in the store until it gathers them: set LICENSEWATCH_STATE_URL"
	}
	return ""
}

// SliceOwner is whose memory that of a slice is: the file's name stands for the accounts.
func SliceOwner(c config.Config, s fleet.Slice) life.Owner {
	owner := life.Owner{Site: c.Site, Account: setup.AccountsOwner(c.AccountsFile)}
	if s.Of > 0 {
		owner.Account += " " + s.Name()
	}
	return owner
}

// SliceURL is where the memory of a slice lies, below that of all accounts.
func SliceURL(stateURL string, s fleet.Slice) string {
	u, err := url.Parse(stateURL)
	if err != nil || s.Of == 0 {
		return stateURL
	}
	return u.JoinPath(s.Name()).String()
}

// divideMemory has a slice remember in a place of its own, and a run take over what was
// remembered last of its accounts with other slices, or with none.
func (d division) divideMemory(o *session.Options, c config.Config) {
	if d.asks.Run != "" {
		return
	}
	o.URL = SliceURL(c.StateURL, d.slice)
	o.Division = &session.Division{URL: c.StateURL, Of: d.slice.Of, Has: d.slice.Has,
		Places: func(of int) (places []session.Place) {
			for _, s := range d.slice.Overlapping(of) {
				places = append(places,
					session.Place{URL: SliceURL(c.StateURL, s), Owner: SliceOwner(c, s), Has: s.Has})
			}
			return places
		}}
	for _, wider := range d.slice.Wider() {
		o.Division.Wider = append(o.Division.Wider, wider.Of)
	}
}
