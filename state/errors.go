package state

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// The calls, as errors and log lines name them.
const (
	opGet    = "Get"
	opPut    = "Put"
	opCreate = "Create"
	opDelete = "Delete"
	opRevoke = "Revoke"
	opList   = "List"
)

// isWrite says whether a call changes something.
func isWrite(op string) bool { return op != opGet && op != opList }

// The codes of failures that no store names for us.
const (
	codeName        = "InvalidName"
	codeTooLarge    = "TooLarge"
	codeTimeout     = "Timeout"
	codeCanceled    = "Canceled"
	codeCredentials = "NoCredentials"
	codeConnection  = "ConnectionFailed"
	codeTLS         = "TLS"
	codeRedirect    = "Redirect"
	codeDenied      = "PermissionDenied"
	codeReadOnly    = "ReadOnly"
	codeDirectory   = "NoDirectory"
	codeFull        = "DiskFull"
	codeStale       = "StaleHandle"
	codeNoLinks     = "NoHardLinks"
	codeNotAFile    = "NotAFile"
	codeIO          = "InputOutput"
	codeAnswer      = "InvalidAnswer"
)

// Error is why a store could not do what it was asked to, after its last try.
// Its text holds no key, no URL and nothing of an object or an answer; it says
// which permission, directory or setting to change, where one is at fault.
type Error struct {
	Store      string // "file", "cos" or "memory"
	Op         string // Get, Put, Create, Delete, Revoke or List
	Name       string // the object's; empty when it is not a name
	Code       string // COS's own, for example AccessDenied, or a word of ours: Timeout, DiskFull …
	HTTPStatus int    // 0 when there was no answer, or none by HTTP
	RequestID  string // COS's id of the last try; may be empty
	Denied     bool   // the store refuses us: a permission, the keys or the clock must change
	Retryable  bool   // a later call may succeed as things are
	// Ambiguous says that the object may have been written or deleted
	// nevertheless: there is no answer that tells. A Get is never ambiguous.
	Ambiguous bool

	reason    string // safe to show; may be empty
	hint      string // what to change; may be empty
	immovable bool   // see Immovable
	conflict  bool   // of a Create: there may be an object of the name
	err       error  // safe to show: the context's error, or the credentials' own; may be nil
}

// Error says what failed, and what to do about it where we know.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s store: %s", e.Store, e.Op)
	if e.Name != "" {
		b.WriteString(" " + e.Name)
	}
	b.WriteString(": " + e.Code)
	if e.RequestID != "" {
		fmt.Fprintf(&b, " (request %s)", e.RequestID)
	}
	for _, more := range []string{e.reason, e.hint} {
		if more != "" {
			b.WriteString(": " + more)
		}
	}
	return b.String()
}

// Unwrap gives the context's error for Timeout and Canceled, the credentials'
// own for NoCredentials, else nil.
func (e *Error) Unwrap() error { return e.err }

// tooLargeError refuses what could not be read back.
func tooLargeError() *Error {
	return &Error{Code: codeTooLarge, reason: fmt.Sprintf("the object has more than %d bytes", MaxSize)}
}

// timeoutError says that the try's or the call's time ended first.
func timeoutError(ctx context.Context) *Error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return &Error{Code: codeCanceled, reason: "the call was given up", err: context.Canceled}
	}
	return &Error{Code: codeTimeout, Retryable: true, reason: "no answer in time", err: context.DeadlineExceeded}
}

// Foreign says that what has the object's name was not written by a Store and
// cannot be read by one: it is too large, or a directory.
func (e *Error) Foreign() bool { return e.Code == codeTooLarge || e.Code == codeNotAFile }

// Immovable says that what no Store has written also cannot be replaced: a directory
// of the object's name, or what has the name of the object's directory and is none.
// Only Displace makes room.
func (e *Error) Immovable() bool { return e.immovable }
