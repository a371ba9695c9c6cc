package handler

import (
	"fmt"
	"strings"

	"licensewatch/internal/text"
)

// maxErrorText bounds the text of an error, in bytes: the platform writes it to
// the log and to whoever watches its errors.
const maxErrorText = 500

// ConfigError is returned when settings, rules or the timer's argument are
// wrong. Nothing was read; the mistakes were posted to every channel whose own
// setting is right.
type ConfigError struct {
	Mistakes []string // each names the setting, or the file with line and column
}

// Error gives the count and the first mistakes.
func (e *ConfigError) Error() string {
	return shortenError(countNoun(len(e.Mistakes), "mistake", "mistakes") + " to correct: " +
		strings.Join(e.Mistakes, "; "))
}

// UndeliveredError is returned when no channel accepted the message and another
// run of the same event may help.
type UndeliveredError struct {
	Reasons []string // each channel and what it answered
}

// Error names each channel and what it answered.
func (e *UndeliveredError) Error() string {
	return shortenError("nobody accepted the message: " + strings.Join(e.Reasons, "; "))
}

// DeadlineError is returned when a run has too little time to do anything, or used up
// what it had before it was clear what to say: raise the function's timeout.
type DeadlineError struct {
	Milliseconds int64 // what there was at the start
	Spent        bool  // it is used up
}

// Error says what was left and what to change.
func (e *DeadlineError) Error() string {
	if e.Spent {
		return fmt.Sprintf("the time of %d ms was up before it was clear what to say: raise the function's timeout",
			e.Milliseconds)
	}
	return fmt.Sprintf("only %d ms are left to run, at least %d are needed: raise the function's timeout (60 s is a good value)",
		e.Milliseconds, leastToRun.Milliseconds())
}

// InternalError is returned when a run broke in a way that is our mistake. Its
// text holds the kind of the failure, not its message, which could hold data.
type InternalError struct {
	Kind string
	ID   string // the run's short id, as in the log
}

// Error names the run to look up in the log.
func (e *InternalError) Error() string {
	return fmt.Sprintf("internal error in run %s (%s); the log has the place", e.ID, e.Kind)
}

// SliceError is returned when the reading of a slice could not be stored, for the run that
// waits for it: the platform runs the event again.
type SliceError struct {
	Slice  string
	Reason string
}

// Error says which slice, and why.
func (e *SliceError) Error() string {
	return shortenError("what was read of " + e.Slice + " could not be stored: " + e.Reason)
}

// shortenError cuts an error's text to maxErrorText bytes.
func shortenError(words string) string { return text.Cut(words, maxErrorText) }

func countNoun(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

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
