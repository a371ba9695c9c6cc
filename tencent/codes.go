package tencent

import (
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"licensewatch/license"
)

// Codes of our own, for failures that are not the API's.
const (
	codeTimeout          = "Timeout"
	codeCanceled         = "Canceled"
	codeConnectionFailed = "ConnectionFailed"
	codeTLS              = "TLS"
	codeRedirect         = "Redirect"
	codeUnexpectedAnswer = "UnexpectedAnswer"
	codeAnswerTooLarge   = "AnswerTooLarge"
	codeNoCredentials    = "NoCredentials"
	codeInternal         = "Internal"
	codeHTTPStatus       = "HTTPStatus." // and the status
)

// Codes of the API that are treated in a way of their own.
const (
	codeSignatureExpire = "AuthFailure.SignatureExpire"
	codeTokenFailure    = "AuthFailure.TokenFailure"
	codeUnauthorized    = "AuthFailure.UnauthorizedOperation"
	codeNoServiceRole   = "InternalError.ErrRoleNotExist"
	// Of AssumeRole. A role that does not exist has two codes: the one that is documented
	// for it, and the one that comes.
	codeRoleNotFound = "ResourceNotFound.RoleNotFound"
	codeGetRole      = "InternalError.GetRoleError"
	codeIllegalRole  = "InternalError.IllegalRole"
	codeOverLimit    = "InvalidParameter.OverLimit"
)

// Tries a kind of failure is worth, the first one included.
const (
	once      = 1
	twice     = 2
	asAllowed = 3 // as many as the policy allows
)

// failureClass is what to make of a failure.
type failureClass struct {
	kind  license.FailureKind
	tries int
	wait  time.Duration // wait at least so long before the next try
}

// classOfCode tells by the API's error code; its message depends on the language
// and is not looked at. A code has up to two levels.
func classOfCode(code string) failureClass {
	switch code {
	case codeSignatureExpire:
		return failureClass{kind: license.FailureClock, tries: twice}
	case codeTokenFailure:
		return failureClass{kind: license.FailureCredentials, tries: twice}
	case codeUnauthorized:
		return failureClass{kind: license.FailureDenied, tries: once}
	case codeNoServiceRole, codeRoleNotFound, codeIllegalRole:
		return failureClass{kind: license.FailureRole, tries: once}
	case codeGetRole: // "failed to get the role", which may pass as well
		return failureClass{kind: license.FailureRole, tries: twice}
	case codeOverLimit:
		return throttledClass()
	case "ResourceUnavailable":
		return failureClass{kind: license.FailureServer, tries: asAllowed}
	}
	first, _, _ := strings.Cut(code, ".")
	switch first {
	case "AuthFailure", "IpInBlacklist", "IpNotInWhitelist":
		return failureClass{kind: license.FailureCredentials, tries: once}
	case "UnauthorizedOperation", "OperationDenied":
		return failureClass{kind: license.FailureDenied, tries: once}
	case "RequestLimitExceeded":
		return throttledClass()
	case "InternalError", "FailedOperation", "ServiceUnavailable":
		return failureClass{kind: license.FailureServer, tries: asAllowed}
	default:
		return failureClass{kind: license.FailureRequest, tries: once}
	}
}

// classOfStatus tells by an HTTP status other than 200. The API answers 200 also
// when it refuses: any other status comes from what stands in between.
func classOfStatus(status int) failureClass {
	switch {
	case status == http.StatusTooManyRequests:
		return throttledClass()
	case status == http.StatusForbidden, status == http.StatusProxyAuthRequired:
		return failureClass{kind: license.FailureProxy, tries: once}
	case status >= 500, status == http.StatusRequestTimeout, status == http.StatusTooEarly:
		return failureClass{kind: license.FailureServer, tries: asAllowed}
	case status >= 400:
		return failureClass{kind: license.FailureRequest, tries: once}
	default:
		return failureClass{kind: license.FailureAnswer, tries: twice}
	}
}

// throttledClass waits 1 to 2 s: the limits count requests a second, and functions
// that were woken together must spread out.
func throttledClass() failureClass {
	return failureClass{
		kind:  license.FailureThrottled,
		tries: asAllowed,
		wait:  time.Second + rand.N(time.Second),
	}
}

func statusCode(status int) string { return codeHTTPStatus + strconv.Itoa(status) }
