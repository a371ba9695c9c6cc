package tencent_test

import (
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"licensewatch/license"
	"licensewatch/tencent"
)

// fault is a row of what can go wrong with an answer.
type fault struct {
	answer http.HandlerFunc
	want   tencent.APIError // without Service and Action
	calls  int
	text   string // of the error, behind service and action
}

func faults() map[string]fault {
	all := map[string]fault{}
	for _, rows := range []map[string]fault{refusals(), brokenAnswers(), statuses(), brokenConnections()} {
		maps.Copy(all, rows)
	}
	return all
}

func refused(code string, kind license.FailureKind, calls int, hint string) fault {
	return fault{
		answer: refuseWith(code),
		want:   tencent.APIError{Code: code, RequestID: "req-1", HTTPStatus: 200, Retryable: calls > 1, Kind: kind},
		calls:  calls,
		text:   code + " (request req-1)" + hint,
	}
}

func refusals() map[string]fault {
	const allow = "; Allow tcss:DescribePurchaseStateInfo for the execution role."
	rows := map[string]fault{}
	for _, row := range []fault{
		refused("InternalError", license.FailureServer, 3, ""),
		refused("InternalError.MainDBFail", license.FailureServer, 3, ""),
		refused("InternalError.ErrRoleNotExist", license.FailureRole, 1, "; Container Security lacks its service role: open its console once and authorize it."),
		refused("FailedOperation", license.FailureServer, 3, ""),
		refused("FailedOperation.APIServerFail", license.FailureServer, 3, ""),
		refused("ServiceUnavailable", license.FailureServer, 3, ""),
		refused("ResourceUnavailable", license.FailureServer, 3, ""),
		refused("ResourceUnavailable.Sub", license.FailureRequest, 1, ""),
		refused("RequestLimitExceeded", license.FailureThrottled, 3, ""),
		refused("RequestLimitExceeded.UinLimitExceeded", license.FailureThrottled, 3, ""),
		refused("AuthFailure.TokenFailure", license.FailureCredentials, 2, ""),
		refused("AuthFailure.SecretIdNotFound", license.FailureCredentials, 1, ""),
		refused("AuthFailure.SignatureFailure", license.FailureCredentials, 1, ""),
		refused("AuthFailure.UnauthorizedOperation", license.FailureDenied, 1, allow),
		refused("UnauthorizedOperation.CamNoAuth", license.FailureDenied, 1, allow),
		refused("IpNotInWhitelist", license.FailureCredentials, 1, ""),
		refused("ResourceNotFound", license.FailureRequest, 1, ""),
		refused("InvalidParameter", license.FailureRequest, 1, ""),
		refused("InvalidParameterValue.Limit", license.FailureRequest, 1, ""),
		refused("LimitExceeded", license.FailureRequest, 1, ""),
		refused("SomethingNew.Altogether", license.FailureRequest, 1, ""),
	} {
		rows[row.want.Code] = row
	}
	return rows
}

func odd(body string, calls int, reason string) fault {
	return fault{
		answer: answerWith(body),
		want:   tencent.APIError{Code: "UnexpectedAnswer", HTTPStatus: 200, Retryable: true, Kind: license.FailureAnswer},
		calls:  calls,
		text:   "UnexpectedAnswer: " + reason + " (" + strconv.Itoa(len(body)) + " bytes)",
	}
}

func brokenAnswers() map[string]fault {
	const noJSON, noResponse = "the answer is no JSON", "the answer holds no usable Response object"
	rows := map[string]fault{
		"empty body":         odd("", 3, noJSON),
		"truncated JSON":     odd(`{"Response":{"State":3`, 3, noJSON),
		"HTML with 200":      odd("<html>log in</html>", 3, noJSON),
		"null":               odd("null", 2, noResponse),
		"empty object":       odd("{}", 2, noResponse),
		"Response null":      odd(`{"Response":null}`, 2, noResponse),
		"Response an array":  odd(`{"Response":[{"State":3}]}`, 2, noResponse),
		"Response a string":  odd(`{"Response":"State"}`, 2, noResponse),
		"Error without code": odd(`{"Response":{"Error":{"Message":"m"}}}`, 2, noResponse),
	}
	signature := fault{
		answer: func(w http.ResponseWriter, r *http.Request) {
			_, signature, _ := strings.Cut(r.Header.Get("Authorization"), "Signature=")
			refuseWith(signature)(w, r)
		},
		want:  tencent.APIError{Code: "UnexpectedAnswer", HTTPStatus: 200, Retryable: true, Kind: license.FailureAnswer},
		calls: 2,
	}
	signature.text = "UnexpectedAnswer: the answer repeats the keys that the request was sent with (133 bytes)"
	rows["the request's signature"] = signature
	// the message may name the key, since nobody is shown it
	named := refused("AuthFailure.SecretIdNotFound", license.FailureCredentials, 1, "")
	named.answer = answerWith(`{"Response":{"Error":{"Code":"AuthFailure.SecretIdNotFound","Message":"no ` + secretID + `"},"RequestId":"req-1"}}`)
	rows["the key's id in the message of a refusal"] = named
	rows["the key's id as the request's"] = odd(`{"Response":{"Error":{"Code":"AuthFailure","Message":"no"},"RequestId":"`+secretID+`"}}`, 2,
		"the answer repeats the keys that the request was sent with")
	tooLarge := fault{
		want:  tencent.APIError{Code: "AnswerTooLarge", HTTPStatus: 200, Kind: license.FailureAnswer},
		calls: 1,
		text:  "AnswerTooLarge: more than 1048576 bytes",
	}
	tooLarge.answer = answerWith(`{"Response":{"SubState":"` + strings.Repeat("x", 1<<20) + `"}}`)
	rows["too large, in chunks"] = tooLarge
	tooLarge.answer = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "52428800")
		w.WriteHeader(http.StatusOK)
	}
	rows["too large, as announced"] = tooLarge
	return rows
}

func status(code int, kind license.FailureKind, calls int) fault {
	name := "HTTPStatus." + strconv.Itoa(code)
	return fault{
		answer: func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			_, _ = io.WriteString(w, "<html>"+http.StatusText(code)+"</html>")
		},
		want:  tencent.APIError{Code: name, HTTPStatus: code, Retryable: calls > 1, Kind: kind},
		calls: calls,
		text:  name,
	}
}

func statuses() map[string]fault {
	apiCode := refused("InternalError", license.FailureServer, 3, "")
	inner := apiCode.answer
	apiCode.want.HTTPStatus = http.StatusBadGateway
	apiCode.answer = func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		inner(w, r)
	}
	rows := map[string]fault{
		"502 with an API error": apiCode,
		"500":                   status(500, license.FailureServer, 3),
		"502":                   status(502, license.FailureServer, 3),
		"504":                   status(504, license.FailureServer, 3),
		"429":                   status(429, license.FailureThrottled, 3),
		"408":                   status(408, license.FailureServer, 3),
		"425":                   status(425, license.FailureServer, 3),
		"403":                   status(403, license.FailureProxy, 1),
		"407":                   status(407, license.FailureProxy, 1),
		"404":                   status(404, license.FailureRequest, 1),
		"201":                   status(201, license.FailureAnswer, 2),
	}
	for _, code := range []int{301, 302, 303, 307, 308} {
		rows["redirect "+strconv.Itoa(code)] = fault{
			answer: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "https://elsewhere.example:8443/path?key=value")
				w.WriteHeader(code)
			},
			want:  tencent.APIError{Code: "Redirect", HTTPStatus: code, Kind: license.FailureRedirect},
			calls: 1,
			text:  "Redirect: to host elsewhere.example",
		}
	}
	return rows
}

// breakOff closes the connection after writing a part of an answer.
func breakOff(part string, reset bool) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(connection, part)
		if reset {
			_ = connection.(*net.TCPConn).SetLinger(0)
		}
		_ = connection.Close()
	}
}

func brokenConnections() map[string]fault {
	closed := fault{
		answer: breakOff("", false),
		want:   tencent.APIError{Code: "ConnectionFailed", Retryable: true, Kind: license.FailureNetwork},
		calls:  3,
		text:   "ConnectionFailed: the connection was closed before the answer was complete",
	}
	half := closed
	half.answer = breakOff("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Response\":", false)
	half.want.HTTPStatus = 200
	chunk := half
	chunk.answer = breakOff("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"Res", false)
	reset := closed
	reset.answer = breakOff("", true)
	reset.text = "ConnectionFailed: connection reset by peer"
	babble := closed
	babble.answer = breakOff("SSH-2.0-whatever secret\r\n", false)
	babble.text = "ConnectionFailed: nothing came back that could be read"
	gzip := closed
	gzip.answer = breakOff("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 15\r\n\r\nthis is no gzip", false)
	gzip.text = babble.text
	gzip.want.HTTPStatus = 200
	return map[string]fault{
		"closed without an answer": closed,
		"closed in mid-body":       half,
		"closed in mid-chunk":      chunk,
		"reset":                    reset,
		"no HTTP":                  babble,
		"no gzip":                  gzip,
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for name, test := range faults() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, test.answer)
			state, err := tencent.New(options(t, cloud.URL)).DescribePurchaseStateInfo(t.Context())
			if state != nil {
				t.Errorf("state %+v beside an error", state)
			}
			got, ok := errors.AsType[*tencent.APIError](err)
			if !ok {
				t.Fatalf("error %v (%T), want an *APIError", err, err)
			}
			want := test.want
			want.Service, want.Action = "tcss", "DescribePurchaseStateInfo"
			if diff := cmp.Diff(&want, got, cmpopts.IgnoreUnexported(tencent.APIError{})); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if got, want := err.Error(), "tcss DescribePurchaseStateInfo: "+test.text; got != want {
				t.Errorf("error text\n got %s\nwant %s", got, want)
			}
			if n := len(cloud.seen()); n != test.calls {
				t.Errorf("%d requests, want %d", n, test.calls)
			}
		})
	}
}

// Whatever went wrong once does no harm when the next try succeeds.
func TestFaultsPass(t *testing.T) {
	t.Parallel()
	for name, test := range faults() {
		if test.calls == 1 {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, inTurn(test.answer, answerWith(sample(t, "tcss-DescribePurchaseStateInfo"))))
			if err := describe(t.Context(), tencent.New(options(t, cloud.URL))); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestFailureHoldsTheFacts(t *testing.T) {
	t.Parallel()
	e := tencent.APIError{
		Service: "cwp", Action: "ExportTasks", Code: "AuthFailure.SignatureExpire", RequestID: "r", HTTPStatus: 200,
		Kind: license.FailureClock, ClockSkew: time.Minute,
	}
	want := &license.Failure{
		Kind: license.FailureClock, Service: "cwp", Action: "ExportTasks", Code: "AuthFailure.SignatureExpire",
		RequestID: "r", HTTPStatus: 200, ClockSkew: time.Minute,
	}
	if diff := cmp.Diff(want, e.Failure()); diff != "" {
		t.Errorf("failure (-want +got):\n%s", diff)
	}
}
