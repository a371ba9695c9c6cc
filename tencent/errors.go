package tencent

import (
	"fmt"
	"strings"
	"time"

	"licensewatch/license"
)

// APIError is why a call failed, after its last try. It and its text hold no
// body, no URL and no key.
type APIError struct {
	Service    string // "cwp", "tcss", "sts" or "organization"
	Action     string // for example DescribePurchaseStateInfo
	Code       string // the API's code, or a word of ours: Timeout, HTTPStatus.502, …
	RequestID  string // the API's RequestId; empty when there was none
	HTTPStatus int    // 0 when there was no answer
	Retryable  bool   // another call may succeed, and can do no harm
	Kind       license.FailureKind
	// ClockSkew is how far our clock is ahead of the API's; set for
	// FailureClock, 0 when not known.
	ClockSkew time.Duration
	// Ambiguous says that the call may have begun what it was to begin: there
	// is no answer that tells. Calls that only read are never ambiguous.
	Ambiguous bool

	class failureClass
	err   error // safe to show; may be nil
}

// Error says what failed, and what to do about it where we know.
func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %s", e.Service, e.Action, e.Code)
	if e.RequestID != "" {
		fmt.Fprintf(&b, " (request %s)", e.RequestID)
	}
	if e.err != nil {
		fmt.Fprintf(&b, ": %v", e.err)
	}
	if hint := e.operatorHint(); hint != "" {
		b.WriteString("; " + hint)
	}
	return b.String()
}

// operatorHint says what the operator can do.
func (e *APIError) operatorHint() string {
	switch {
	case e.Kind == license.FailureDenied, e.Kind == license.FailureRole:
		return strings.ReplaceAll(e.Failure().Advice().En, "{action}", e.Service+":"+e.Action)
	case e.ClockSkew > 0:
		return "this machine's clock is " + spanText(e.ClockSkew) + " ahead"
	case e.ClockSkew < 0:
		return "this machine's clock is " + spanText(e.ClockSkew) + " behind"
	case e.Ambiguous:
		return "it may have begun nevertheless"
	default:
		return ""
	}
}

// Unwrap gives the context's error for a Timeout, and the credentials' own for
// NoCredentials; else what there is to say beside the code, or nil.
func (e *APIError) Unwrap() error { return e.err }

// Failure is the error as the facts that channels put in words.
func (e *APIError) Failure() *license.Failure {
	return &license.Failure{
		Kind:       e.Kind,
		Service:    e.Service,
		Action:     e.Action,
		Code:       e.Code,
		RequestID:  e.RequestID,
		HTTPStatus: e.HTTPStatus,
		ClockSkew:  e.ClockSkew,
	}
}

// spanText is how long something is, in seconds, or where that is long in hours or days.
func spanText(d time.Duration) string {
	switch n, isDays, isLong := license.InDays(d); {
	case isDays:
		return fmt.Sprintf("%d days", n)
	case isLong:
		return fmt.Sprintf("%d hours", n)
	default:
		return fmt.Sprintf("%d s", int64(d.Abs().Seconds()))
	}
}
