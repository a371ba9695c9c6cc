package explanation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/suggest"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/notify"
)

// SubjectError says that an order that was asked about does not exist.
type SubjectError struct {
	Subject string
	Listed  []string // the orders there are
	Gone    bool     // a run has seen it
}

// Error names the order, and those there are.
func (e *SubjectError) Error() string {
	switch {
	case e.Gone:
		return fmt.Sprintf("order %s is not listed any more: it was removed, or taken over by another one; licensewatch status says what the chats were told", e.Subject)
	case len(e.Listed) == 0:
		return fmt.Sprintf("there is no order %s; the account lists none", e.Subject)
	}
	const most = 20 // fit on a screen
	names := e.Listed[:min(most, len(e.Listed))]
	listed := strings.Join(names, ", ")
	if left := len(e.Listed) - len(names); left > 0 {
		listed += fmt.Sprintf(" and %d more", left)
	}
	return fmt.Sprintf("there is no order %s%s (there are %s)", e.Subject, suggest.DidYouMean(e.Subject, e.Listed),
		listed)
}

// explainer is an explanation that is being made.
type explainer struct {
	Input
	found    map[string][]license.Finding                  // by rule
	routed   func(f *license.Finding, channel string) bool // nil: everything is for every channel
	known    map[string]life.Known                         // by key: what fires by the ledger
	subjects []string                                      // of the orders
	outlook  *outlook                                      // nil without a ledger
	ahead    map[string]Ahead                              // by key
}

// Explain answers. The error is a *SubjectError, or that the ledger is too large
// to be copied.
func Explain(in Input) (Explanation, error) {
	w := &explainer{Input: in, found: map[string][]license.Finding{}, known: map[string]life.Known{}}
	w.prepare()
	findings := w.Set.Evaluate(w.Snapshot, w.Now, w.Language)
	for _, f := range findings {
		w.found[f.Rule] = append(w.found[f.Rule], f)
	}
	if err := w.checkSubject(); err != nil {
		return Explanation{}, err
	}
	if w.Ledger != nil {
		outlook, err := newOutlook(w.Input, findings)
		if err != nil {
			return Explanation{}, err
		}
		w.outlook = outlook
	}
	w.ahead = w.lookAhead()
	e := Explanation{
		At: w.Now, Account: w.Snapshot.Account, Name: w.Name, Site: w.Snapshot.Site, Memory: w.Memory,
		LastRun:  w.lastRun(),
		Channels: w.Channels, Sources: w.explainSources(), Rules: []Rule{}, Owed: w.undelivered(),
		Notes: w.silenceNotes(),
	}
	for _, d := range w.Rules {
		if w.Rule == "" || w.Rule == d.ID {
			e.Rules = append(e.Rules, w.explainRule(d))
		}
	}
	return e, nil
}

// prepare gives the snapshot its previous reading, and finds out which channels
// and orders there are.
func (w *explainer) prepare() {
	w.Channels = append([]string{}, w.Channels...)
	if w.Ledger != nil {
		w.Snapshot = handler.ReadAfter(w.Ledger, w.Snapshot, w.Now)
	}
	if w.Hearing != nil {
		w.routed = w.Hearing.Routed(&w.Snapshot)
	}
	if w.Snapshot.Orders != nil {
		w.subjects = w.Snapshot.Subjects()
	}
	if w.Ledger == nil {
		return
	}
	if len(w.Channels) == 0 {
		w.Channels = append(w.Channels, w.Ledger.Channels()...)
	}
	for _, k := range w.Ledger.Known() {
		w.known[license.Finding{Rule: k.Rule, Subject: k.Subject}.Key()] = k
	}
}

// checkSubject refuses an order that nobody knows. Only a whole list tells.
func (w *explainer) checkSubject() error {
	_, known := w.known[license.Finding{Rule: w.Rule, Subject: w.Subject}.Key()]
	orders := w.Snapshot.Orders
	if w.Subject == "" || known || orders == nil || orders.Incomplete || slices.Contains(w.subjects, w.Subject) {
		return nil
	}
	return &SubjectError{Subject: w.Subject, Listed: w.subjects, Gone: w.Ledger != nil && w.Ledger.Knew(w.Subject)}
}

// lastRun is when a run last read anything, by the ledger.
func (w *explainer) lastRun() *time.Time {
	if w.Ledger == nil {
		return nil
	}
	var last time.Time
	p := w.Ledger.Previous()
	for _, at := range []time.Time{p.OverviewAt, p.OrdersAt, p.PurchaseStateAt} {
		if at.After(last) {
			last = at
		}
	}
	return w.timeInZone(last)
}

// timeInZone is a time in the zone of the answer; nil for none.
func (w *explainer) timeInZone(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.In(w.Now.Location())
	return &at
}

// undelivered are the messages that some channel has not accepted and that tell of what
// was asked about.
func (w *explainer) undelivered() []Owed {
	owed := []Owed{}
	if w.Ledger == nil {
		return owed
	}
	for _, m := range w.Ledger.Waiting(w.Now) {
		if w.Rule != "" && !slices.ContainsFunc(m.Findings, w.isAsked) {
			continue
		}
		owed = append(owed, Owed{
			ID: m.ID, Mode: m.Mode, At: m.At.In(w.Now.Location()), Channel: m.Channel,
			Findings: append([]string{}, m.Findings...),
			Tries:    m.Tries, PausedAt: w.timeInZone(m.Paused), GivenUpAt: w.timeInZone(m.GivenUp), Former: m.Former,
		})
	}
	return owed
}

// isAsked says whether a finding was asked about.
func (w *explainer) isAsked(key string) bool {
	rule, subject, _ := strings.Cut(key, "/")
	return (w.Rule == "" || w.Rule == rule) && (w.Subject == "" || w.Subject == subject)
}

// longestPause is how old the last run may be before that is remarkable: a daily
// timer, and a little.
const longestPause = 26 * time.Hour

// silenceNotes are what explains a silence, or a repetition, beyond the rules.
func (w *explainer) silenceNotes() []string {
	notes := []string{}
	add := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	switch {
	case w.Memory == MemoryNone:
		add("Without a store (LICENSEWATCH_STATE_URL) nothing is remembered: every alert says again all that fires, nobody is told what is resolved or has changed, and there are no acknowledgements. Leave the alert timer off, or set a store.")
	case w.Memory == MemoryOthers:
		add("%s. Until then every alert says again all that fires.", w.Doubt)
	case w.Memory == MemoryIgnored:
		add("The store was not looked at (--no-memory): what was told, when it speaks next, acknowledgements and changes are not known here.")
	case w.Ledger != nil && w.lastRun() == nil && len(w.Ledger.Watched()) > 0:
		add("The runs have read nothing of this account yet.")
	case w.lastRun() == nil:
		add("The store holds no reading yet: no run has used it. Look whether the function has the same LICENSEWATCH_STATE_URL, and whether a timer is on.")
	case w.Now.Sub(*w.lastRun()) > longestPause:
		add("No run has read anything since %s. Look whether the timers are on (enable: true), and at the function's log.", formatTime(*w.lastRun()))
	}
	if len(w.Channels) == 0 {
		add("No channel is known: no webhook is set here, and the store names none. Set the function's %s to see what each channel hears.", notify.AnyWebhookSetting())
	}
	if fields := w.Snapshot.Unparsed(); len(fields) > 0 {
		add("These fields hold values that make no sense, and count as unknown: %s.", strings.Join(fields, ", "))
	}
	if w.Ledger == nil {
		return notes
	}
	if strange := w.unknownChannels(); len(strange) > 0 {
		add("The ledger knows %s, to which no webhook of these settings leads. What was told there counts for no other channel, and is kept for a week after the settings of the function name it last.", strings.Join(strange, ", "))
	}
	for _, k := range w.Ledger.Known() {
		if !slices.Contains(w.Set.IDs(), k.Rule) {
			add("%s fired until %s; its rule is no longer judged, and the next run forgets it without a word.",
				license.Finding{Rule: k.Rule, Subject: k.Subject}.Key(), formatTime(k.Seen.In(w.Now.Location())))
		}
	}
	return notes
}

// unknownChannels are the channels of the ledger that nobody tells any more.
func (w *explainer) unknownChannels() []string {
	return slices.DeleteFunc(w.Ledger.Channels(), func(name string) bool { return slices.Contains(w.Channels, name) })
}

// explainSources explain what was read.
func (w *explainer) explainSources() []Source {
	all := []Source{}
	for _, source := range license.Sources() {
		s := Source{Source: source, Status: SourceRead}
		failure, orders := w.Snapshot.Failures[source], w.Snapshot.Orders
		if source.Info().Behind != "" && failure == nil && !w.Snapshot.Wants(source) {
			continue // there was no use for it
		}
		switch {
		case failure != nil: // wanted, or not allowed yet
			s.Status, s.Facts, s.Fix = SourceFailed, failureFacts(failure), w.Fix(failure)
		case !w.Snapshot.Wants(source):
			s.Status = SourceLeftOut
		case w.Snapshot.IsPartly(source):
			s.Status = SourceIncomplete
			s.Facts = fmt.Sprintf("%d of %d orders came", len(orders.List), orders.TotalCount)
			s.Fix = "try again: an order that is not in the list may still exist, and is not judged"
		}
		w.addOutage(&s)
		all = append(all, s)
	}
	return all
}

// addOutage adds for how long the runs fail to read the source.
func (w *explainer) addOutage(s *Source) {
	if w.Ledger == nil {
		return
	}
	for _, o := range w.Ledger.Unread() {
		if o.Source == s.Source {
			s.UnreadSince, s.UnreadRuns = w.timeInZone(o.Since), o.Runs
		}
	}
}

// failureFacts are what to quote when asking for help.
func failureFacts(f *license.Failure) string {
	var parts []string
	switch {
	case f.Code != "":
		parts = append(parts, f.Code)
	case f.HTTPStatus != 0:
		parts = append(parts, fmt.Sprintf("HTTP %d", f.HTTPStatus))
	default:
		parts = append(parts, string(f.Kind))
	}
	if f.Action != "" {
		parts = append(parts, f.Action)
	}
	if f.RequestID != "" {
		parts = append(parts, "request "+f.RequestID)
	}
	return strings.Join(parts, ", ")
}
