package tencent

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"licensewatch/tencent/internal/decode"
)

// Limits of what is read of an answer, after decompression.
const (
	maxBody      = 1 << 20
	usualBody    = 32 << 10 // what is believed of a length before it is there
	maxErrorBody = 64 << 10 // with a status other than 200
)

// exchange is the round tripper of one try. It lets through to the SDK only a
// whole answer of bounded size with status 200, and remembers what the SDK
// forgets. Everything else it refuses with a *fault.
type exchange struct {
	base http.RoundTripper
	now  func() time.Time

	keyID, token string // that the request is sent with

	used bool // the SDK got as far as sending

	// The transport may call the trace from a goroutine of its own.
	wanted, got     atomic.Bool // a connection
	handshakeFailed atomic.Bool

	status int           // 0: no answer
	length int           // bytes read of the body
	body   []byte        // of an answer that the SDK may take
	skew   time.Duration // our clock minus the answer's Date; 0 without one
}

// RoundTrip implements http.RoundTripper.
func (x *exchange) RoundTrip(request *http.Request) (*http.Response, error) {
	x.used = true
	ctx := request.Context()
	response, err := x.base.RoundTrip(request.WithContext(httptrace.WithClientTrace(ctx, x.clientTrace())))
	if err != nil {
		return nil, networkFault(ctx, err, x.handshakeFailed.Load())
	}
	defer func() { _ = response.Body.Close() }()
	x.noteResponse(response)
	if response.StatusCode != http.StatusOK {
		return nil, x.refusalFault(request, response)
	}
	body, fault := x.readBody(ctx, response)
	if fault == nil && x.repeatsKeys(request, body) {
		fault = answerFault(decode.Answer{}, errRepeatsKeys, len(body))
	}
	if fault != nil {
		return nil, fault
	}
	x.body = body
	return forSDK(request), nil
}

// errRepeatsKeys is an answer of something in between, of which nothing may be shown.
var errRepeatsKeys = errors.New("the answer repeats the keys that the request was sent with")

// repeatsKeys says whether what is read of an answer holds the key's id, the token or the
// signature of its request. Of an answer that may be anything, names and all; of the API's own
// refusal the code and the request id: its message, which may well name the key, is dropped.
func (x *exchange) repeatsKeys(request *http.Request, body []byte) bool {
	if !x.holdsKeys(request, body) {
		return false
	}
	answer, err := decode.Parse(body)
	return err != nil || answer.ErrorCode == "" || x.holdsKeys(request, []byte(answer.ErrorCode+" "+answer.RequestID))
}

func (x *exchange) holdsKeys(request *http.Request, text []byte) bool {
	const shortest = 12
	_, signature, _ := strings.Cut(request.Header.Get("Authorization"), "Signature=")
	for _, secret := range []string{x.keyID, x.token, signature} {
		if len(secret) >= shortest && bytes.Contains(text, []byte(secret)) {
			return true
		}
	}
	return false
}

// mayHaveLeft says whether a part of the request may have left this machine.
func (x *exchange) mayHaveLeft() bool {
	// A transport that does not report its connections proves nothing.
	return x.used && (x.status != 0 || x.got.Load() || !x.wanted.Load())
}

func (x *exchange) clientTrace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) { x.wanted.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { x.got.Store(true) },
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
			if err != nil {
				x.handshakeFailed.Store(true)
			}
		},
	}
}

func (x *exchange) noteResponse(response *http.Response) {
	x.status = response.StatusCode
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		x.skew = x.now().Sub(date).Round(time.Second)
	}
}

// refusalFault is the fault of an answer with another status than 200. What can be
// read of its body may hold the API's own code.
func (x *exchange) refusalFault(request *http.Request, response *http.Response) *fault {
	if 300 <= response.StatusCode && response.StatusCode < 400 {
		return redirectFault(response.Header.Get("Location"))
	}
	body, _ := io.ReadAll(io.LimitReader(response.Body, maxErrorBody))
	if x.length = len(body); x.repeatsKeys(request, body) {
		body = nil
	}
	return statusFault(response.StatusCode, body)
}

// readBody reads the body up to the limit.
func (x *exchange) readBody(ctx context.Context, response *http.Response) ([]byte, *fault) {
	if response.ContentLength > maxBody {
		return nil, tooLargeFault()
	}
	expected := min(max(0, response.ContentLength), usualBody)
	body := bytes.NewBuffer(make([]byte, 0, expected+bytes.MinRead))
	_, err := body.ReadFrom(io.LimitReader(response.Body, maxBody+1))
	x.length = body.Len()
	switch {
	case err != nil:
		return nil, networkFault(ctx, err, false)
	case body.Len() > maxBody:
		return nil, tooLargeFault()
	default:
		return body.Bytes(), nil
	}
}

// forSDK stands in for an answer before the SDK, which copies a body and goes through it
// twice: sdkReply has it from the exchange. The SDK's own look for errors panics on null and
// refuses answers over a RequestId that is no string; it leaves streams of octets alone.
func forSDK(request *http.Request) *http.Response {
	return &http.Response{
		StatusCode: http.StatusOK,
		Header:     http.Header{"Content-Type": {"application/octet-stream"}},
		Body:       io.NopCloser(strings.NewReader("{}")),
		Request:    request,
	}
}
