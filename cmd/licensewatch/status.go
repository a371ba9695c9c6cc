package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/life"
)

const (
	// longestRun is more than a run of the function may last.
	longestRun = 15 * time.Minute
	// quietTimer is how long a timer that has run before may be silent unremarked.
	quietTimer = 36 * time.Hour
)

// status is what the command line asks.
type status struct {
	only   accountFlag
	output output
}

func newStatus(c console) *cobra.Command {
	s := &status{}
	command := &cobra.Command{
		Use:   "status",
		Short: "Say whether the function is alive, and what it knows",
		Long: `status shows what the memory of LICENSEWATCH_STATE_URL holds: when the function ran
last and how that ended, what it watches, what fires, what is acknowledged until
when, who is still owed a message, and when it speaks next.

With an accounts file it sums up all accounts, and says what each channel is owed, and
who holds the memory; --account shows one account as a function would that watches it
alone, and accounts lists them.

Nothing else is read: keys of the cloud are only needed where the memory lies in a
bucket. How things stand in the account by now, explain tells. The exit code is 1
when the function seems to be dead, so that a monitor can ask.`,
		Example: `  licensewatch status
  licensewatch status --account pay-prod
  licensewatch status --output json | jq .alive
  licensewatch status > /dev/null || echo "licensewatch does not run"`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.run(cmd.Context(), c) },
	}
	s.only.addTo(command)
	s.output.addTo(command)
	return command
}

func (s *status) run(ctx context.Context, c console) error {
	if usesAccounts() {
		return s.runFleet(ctx, c)
	}
	settings, err := loadSettings()
	if err != nil {
		return err
	}
	ledger, err := readLedger(ctx, c, settings)
	if err != nil {
		return err
	}
	answer := newStatusJSON(ledger, settings, c.now().In(settings.Zone))
	if s.output.isJSON() {
		if err := c.printJSON(answer); err != nil {
			return err
		}
	} else {
		answer.print(c, settings.Language)
	}
	if !answer.Alive {
		return &exitError{}
	}
	return nil
}

// runsJSON is whether the function is alive, for programs.
type runsJSON struct {
	Alive   bool     `json:"alive"`
	Remarks []string `json:"remarks"` // what is wrong with the runs, or odd; empty when nothing is

	Owner *ownerJSON `json:"owner"` // whose memory it is; null: no run has said so yet

	LastRun    *runJSON `json:"last_run"` // null: none is remembered
	LastDigest *runJSON `json:"last_digest"`
	LastAlert  *runJSON `json:"last_alert"`
}

// statusJSON is what the memory holds, for programs.
type statusJSON struct {
	runsJSON

	Sources          []sourceJSON      `json:"sources"`
	Findings         []findingJSON     `json:"findings"` // those that fire, worst first
	Acknowledgements []heldAckJSON     `json:"acknowledgements"`
	Owed             []undeliveredJSON `json:"owed"`
	Next             nextRunJSON       `json:"next"`
}

// runJSON is a run.
type runJSON struct {
	At      time.Time    `json:"at"`
	Mode    license.Mode `json:"mode"`
	Outcome string       `json:"outcome"` // empty: it has begun, and nobody knows how it ended
	Reason  string       `json:"reason"`
}

// sourceJSON is a source that is watched.
type sourceJSON struct {
	Source license.Source `json:"source"`
	ReadAt *time.Time     `json:"read_at"`          // null: never
	Orders *int           `json:"orders,omitempty"` // how many it listed
	// UnreadSince and UnreadRuns are there while the runs fail to read it.
	UnreadSince *time.Time `json:"unread_since,omitempty"`
	UnreadRuns  int        `json:"unread_runs,omitempty"`
	Cause       string     `json:"cause,omitempty"` // why the last run did not read it, where that is known
}

// findingJSON is a finding that fires, as the last run that could judge it left
// it.
type findingJSON struct {
	Rule         string            `json:"rule"`
	Subject      string            `json:"subject"`
	Severity     license.Severity  `json:"severity"`
	Title        license.Text      `json:"title"`
	Since        time.Time         `json:"since"`
	Seen         time.Time         `json:"seen"`    // when it was last seen to fire
	Covered      bool              `json:"covered"` // another one that fires tells of it
	Acknowledged *heldAckJSON      `json:"acknowledged,omitempty"`
	Channels     []toldChannelJSON `json:"channels"`
}

// heldAckJSON is an acknowledgement that holds.
type heldAckJSON struct {
	Rule    string    `json:"rule"`
	Subject string    `json:"subject"` // empty: all of the rule's
	Until   time.Time `json:"until"`   // the moment at which it ends
	By      string    `json:"by"`
	Reason  string    `json:"reason"`
}

func asHeld(a license.Ack, zone time.Time) heldAckJSON {
	return heldAckJSON{a.Rule, a.Subject, a.Until.In(zone.Location()), a.By, a.Reason}
}

func (h heldAckJSON) key() string { return license.Finding{Rule: h.Rule, Subject: h.Subject}.Key() }

// describe says until when it holds, and by whom it was given.
func (h heldAckJSON) describe() string {
	return fmt.Sprintf("until %s, by %s: %s", formatZonedTime(h.Until), h.By, h.Reason)
}

// toldChannelJSON is what a channel knows of a finding.
type toldChannelJSON struct {
	Channel string     `json:"channel"`
	ToldAt  *time.Time `json:"told_at"`               // null: it was told nothing of it
	Owed    bool       `json:"owed"`                  // a message about it is on its way
	NextAt  *time.Time `json:"next_at,omitempty"`     // when an alert speaks of it next, if nothing changes
	GivenUp *time.Time `json:"given_up_at,omitempty"` // an alert about it got no answer and is not sent again
	Former  bool       `json:"former,omitempty"`      // the settings do not name the channel any more
}

// undeliveredJSON is a message that a channel has not accepted.
type undeliveredJSON struct {
	Channel  string       `json:"channel"`
	ID       string       `json:"id"`
	Mode     license.Mode `json:"mode"`
	At       time.Time    `json:"at"` // when it was written
	Findings []string     `json:"findings"`
	Refused  *time.Time   `json:"refused_at,omitempty"` // the channel refuses for good, and is left alone for an hour
	// it got no answer, and is not sent again; a digest says what it said, or an alert a day later
	GivenUp *time.Time `json:"given_up_at,omitempty"`
	// the settings do not name the channel any more: it is sent nothing
	Former bool `json:"former,omitempty"`
}

// nextRunJSON is when the function runs and speaks next, if its timers go on as they
// did and nothing changes.
type nextRunJSON struct {
	Digest *time.Time `json:"digest"` // null: not known
	Alert  *time.Time `json:"alert"`
	// Speaks is when an alert has something to say, and Finding what about; null
	// when it has not.
	Speaks  *time.Time `json:"speaks"`
	Finding string     `json:"finding,omitempty"`
	// OnlyChanges: a digest that says nothing new is left out.
	OnlyChanges bool `json:"only_changes"`
}

func newStatusJSON(ledger *life.Ledger, settings config.Config, now time.Time) statusJSON {
	answer := describeLedger(ledger, ledger.Standings(now, settings.Hours), now)
	if other := otherOwner(ledger, settings); other != "" {
		answer.addRemark("Look whose it is: " + other)
	}
	answer.setRuns(ledger, now)
	answer.setChats(ledger, now)
	answer.setNext(ledger, settings, now)
	return answer
}

// describeLedger says what the ledger of an account holds, but for the runs.
func describeLedger(ledger *life.Ledger, standings []life.Standing, now time.Time) statusJSON {
	answer := statusJSON{
		runsJSON: runsJSON{Remarks: []string{}, Owner: ownerOf(ledger)}, Sources: watchedSources(ledger, now),
		Findings:         []findingJSON{},
		Acknowledgements: []heldAckJSON{}, Owed: []undeliveredJSON{},
	}
	for _, standing := range standings {
		answer.Findings = append(answer.Findings, standingJSON(standing))
	}
	for _, a := range ledger.Acks(now) {
		answer.Acknowledgements = append(answer.Acknowledgements, asHeld(a, now))
	}
	for _, w := range ledger.Waiting(now) {
		answer.Owed = append(answer.Owed, undeliveredJSON{
			Channel: w.Channel, ID: w.ID, Mode: w.Mode, At: w.At.In(now.Location()),
			Findings: append([]string{}, w.Findings...),
			Refused:  timeInZone(w.Paused, now), GivenUp: timeInZone(w.GivenUp, now), Former: w.Former,
		})
	}
	return answer
}

// watchedSources are those that the last run asked for, or that an older ledger
// has read.
func watchedSources(ledger *life.Ledger, now time.Time) []sourceJSON {
	previous, watched := ledger.Previous(), ledger.Watched()
	if watched == nil {
		for _, source := range license.Sources() {
			if !previous.At(source).IsZero() {
				watched = append(watched, source)
			}
		}
	}
	all := []sourceJSON{}
	for _, source := range watched {
		if source.Info().Behind != "" { // only some runs ask for it
			continue
		}
		s := sourceJSON{Source: source, ReadAt: timeInZone(previous.At(source), now)}
		if source == license.SourceOrders && previous.Orders != nil {
			n := len(previous.Orders.List)
			s.Orders = &n
		}
		for _, unread := range ledger.Unread() {
			if unread.Source == source {
				s.UnreadSince, s.UnreadRuns = timeInZone(unread.Since, now), unread.Runs
				if cause := ledger.UnreadCause(source); cause != nil {
					s.Cause = causeText(cause)
				}
			}
		}
		all = append(all, s)
	}
	return all
}

func standingJSON(s life.Standing) findingJSON {
	f := findingJSON{
		Rule: s.Rule, Subject: s.Subject, Severity: s.Severity, Title: s.Title, Since: s.Since, Seen: s.Seen,
		Covered: s.Covered, Channels: []toldChannelJSON{},
	}
	if s.Ack != nil {
		a := asHeld(*s.Ack, s.Seen)
		f.Acknowledged = &a
	}
	for _, in := range s.To {
		f.Channels = append(f.Channels, toldChannelJSON{
			Channel: in.Channel, ToldAt: timeInZone(in.Told, s.Seen), Owed: in.Owed,
			NextAt:  timeInZone(in.Next, s.Seen),
			GivenUp: timeInZone(in.GivenUp, s.Seen), Former: in.Former,
		})
	}
	return f
}

func (f findingJSON) key() string { return license.Finding{Rule: f.Rule, Subject: f.Subject}.Key() }

// timeInZone is a time in the zone of another one; nil when it is not known.
func timeInZone(t, zone time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.In(zone.Location())
	return &t
}
