package handler

import (
	"fmt"
	"strings"

	"licensewatch/life"
	"licensewatch/notify"
)

// OwedError is returned when some channel is still owed a message and another
// run of the same event may help: it posts only what is owed.
type OwedError struct {
	Channels []string // those that are still owed something
	Busy     bool     // another run holds the claim; nothing was said by this one
}

// Error names the channels that wait.
func (e *OwedError) Error() string {
	if e.Busy {
		return "another run is under way or has died; this one waited for it in vain and said nothing"
	}
	return shorten("still owed a message: " + strings.Join(e.Channels, ", "))
}

// refusalsOf puts a channel's refusal into the ledger's words. A try that was
// sent and not answered for counts each time.
func refusalsOf(e *notify.Error) []life.Refusal {
	switch {
	case e.Ambiguous:
		refusals := make([]life.Refusal, max(1, e.Doubts))
		for i := range refusals {
			refusals[i] = life.NoAnswer
		}
		return refusals
	case e.Passing:
		return []life.Refusal{life.RefusedForNow}
	default:
		return []life.Refusal{life.RefusedForGood}
	}
}

// stillOwed is the error that makes the platform run the event again, where the
// memory makes that safe and it may help.
func (r *run) stillOwed() error {
	if !r.memory.works() {
		return nil
	}
	var waiting []string
	for _, owed := range r.memory.ledger.Owed(r.channelNames(), r.now(), r.config.Hours) {
		if owed.Again {
			waiting = append(waiting, owed.Channel)
		}
	}
	if len(waiting) == 0 {
		return nil
	}
	return &OwedError{Channels: waiting}
}

// owes says whether any channel is still owed a message, also one that has to
// wait until somebody has mended it.
func (m *memory) owes() bool {
	return m.works() && len(m.ledger.Owed(m.run.channelNames(), m.run.now(), m.run.config.Hours)) > 0
}

func (r *run) channelNames() []string {
	names := make([]string, len(r.channels))
	for i, channel := range r.channels {
		names[i] = channel.Name()
	}
	return names
}

// slot names the scheduled digest; empty when the event has no time.
func (e event) slot() string {
	if e.time == "" {
		return ""
	}
	return fmt.Sprintf("%s %s", e.trigger, e.time)
}
