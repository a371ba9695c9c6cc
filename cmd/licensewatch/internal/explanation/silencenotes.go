package explanation

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"licensewatch/license"
	"licensewatch/notify"
)

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
			add("%s fired until %s; its rule is no longer judged, and the next run forgets it without a word.", license.Finding{Rule: k.Rule, Subject: k.Subject}.Key(), formatTime(k.Seen.In(w.Now.Location())))
		}
	}
	return notes
}

// unknownChannels are the channels of the ledger that nobody tells any more.
func (w *explainer) unknownChannels() []string {
	return slices.DeleteFunc(w.Ledger.Channels(), func(name string) bool { return slices.Contains(w.Channels, name) })
}
