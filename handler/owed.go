package handler

import (
	"fmt"
	"strings"
	"time"

	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/notify"
)

// OwedError is returned when some channel is still owed a message and another
// run of the same event may help: it posts only what is owed.
type OwedError struct {
	Channels []string // those that are still owed something
	Busy     bool     // another run holds the lock; nothing was said by this one
}

// Error names the channels that wait.
func (e *OwedError) Error() string {
	if e.Busy {
		return "another run is under way or has died; this one waited for it in vain and said nothing"
	}
	return shortenError("still owed a message: " + strings.Join(e.Channels, ", "))
}

// refusalOf puts a channel's refusal into the ledger's words.
func refusalOf(e *notify.Error) life.Refusal {
	switch {
	case e.Ambiguous:
		return life.NoAnswer
	case e.Retryable:
		return life.RefusedForNow
	default:
		return life.RefusedForGood
	}
}

// stillOwed is the error that makes the platform run the event again, where the
// memory makes that safe and it may help.
func (r *run) stillOwed() error {
	if !r.memory.Works() {
		return nil
	}
	var waiting []string
	for _, owed := range r.memory.Ledger.Owed(r.channelNames(), r.reportTime(), r.config.Hours) {
		if owed.Again {
			waiting = append(waiting, owed.Channel)
		}
	}
	if len(waiting) == 0 {
		return nil
	}
	return &OwedError{Channels: waiting}
}

// owesMessages says whether any channel is still owed a message, also one that has to
// wait until somebody has mended it, or may not have got one.
func (r *run) owesMessages() bool {
	return r.memory.Works() && isOwing(r.memory.Ledger, r.channelNames(), r.reportTime(), r.config.Hours)
}

func isOwing(ledger *life.Ledger, channels []string, now time.Time, hours license.Hours) bool {
	return len(ledger.Owed(channels, now, hours))+len(ledger.Doubtful(channels)) > 0
}

func (r *run) channelNames() []string {
	names := make([]string, len(r.channels))
	for i, channel := range r.channels {
		names[i] = channel.Name()
	}
	return names
}

// digestSlot names the scheduled digest; empty when the event has no time.
func (e triggerEvent) digestSlot() string {
	if e.time == "" {
		return ""
	}
	return fmt.Sprintf("%s %s", e.trigger, e.time)
}
