package state

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"licensewatch/internal/hostname"
	"licensewatch/internal/neterr"
	"licensewatch/internal/proxy"
)

const (
	settingName = "LICENSEWATCH_STATE_URL" // what names the bucket of a Store
	// maxAnswer is how many bytes are read of an answer that is no object.
	maxAnswer = 64 << 10
	// maxSkew is how wrong the clock may be before it is to blame for a refusal.
	maxSkew = 5 * time.Minute
)

// refusalError is an answer that is no success. Nothing of it goes into the error but
// its status, code and request id: COS repeats the token in some.
func (s *cosStore) refusalError(o cosOperation, response *http.Response) error {
	body, _ := io.ReadAll(io.LimitReader(response.Body, maxAnswer)) // half a body may hold the code too
	status, code := response.StatusCode, plainWord(xmlElement(body, "Code"), 64)
	switch missing := status == http.StatusNotFound && (code == "NoSuchKey" || code == ""); {
	case missing && o.op == opGet:
		return ErrNotFound
	case missing && o.op == opDelete:
		return nil
	case status == http.StatusConflict && code == "FileAlreadyExists" && o.op == opCreate:
		return ErrExists
	}
	failure := statusFault(o.op, status, code)
	failure.RequestID = plainWord(response.Header.Get("X-Cos-Request-Id"), 128)
	if failure.RequestID == "" {
		failure.RequestID = plainWord(xmlElement(body, "RequestId"), 128)
	}
	failure.hint = s.hintFor(o, failure, s.clockSkew(o, response))
	if isRedirect(status) {
		failure.Code = codeRedirect
		failure.reason = "to " + hostname.OfRedirect(response.Header.Get("Location")) + ", and no redirect is followed"
	}
	return failure
}

// statusFault says what a status and COS's code for it mean.
func statusFault(op string, status int, code string) *Error {
	failure := &Error{
		Code:       code,
		HTTPStatus: status,
		Denied:     status == http.StatusForbidden || status == http.StatusUnauthorized || code == "ExpiredToken",
		Ambiguous:  status >= 500 && isWrite(op),
		conflict:   op == opCreate && (status == http.StatusConflict || status == http.StatusPreconditionFailed),
	}
	failure.Retryable = failure.conflict || status >= 500 || status == http.StatusTooManyRequests ||
		// the keys are read again
		status == http.StatusRequestTimeout || status == http.StatusTooEarly || code == "RequestTimeout" ||
		code == "ExpiredToken"
	if code == "" {
		failure.Code = fmt.Sprintf("HTTPStatus.%d", status)
	}
	return failure
}

func isRedirect(status int) bool { return 300 <= status && status < 400 }

// hintFor says what the operator can do about a refusal.
func (s *cosStore) hintFor(o cosOperation, e *Error, skew time.Duration) string {
	switch {
	case e.HTTPStatus == http.StatusForbidden && skew != 0:
		direction := "ahead"
		if skew < 0 {
			direction = "behind"
		}
		return fmt.Sprintf("this machine's clock is %d s %s: set it", int64(skew.Abs().Seconds()), direction)
	case e.Code == "AccessDenied":
		return fmt.Sprintf("allow %s on %s/%s*", o.action, s.target.bucket, s.target.prefix)
	case e.Code == "InvalidAccessKeyId":
		return "COS does not know the SecretId, or its session token is missing: check the keys"
	case e.Code == "SignatureDoesNotMatch":
		return "the SecretKey is not the one of the SecretId: check the keys"
	case e.Code == "ExpiredToken":
		return "the temporary keys have expired: they must be renewed"
	case (e.Code == "NoSuchBucket" || isRedirect(e.HTTPStatus)) && s.target.region == "":
		return "check the endpoint in " + s.caller.setting
	case e.Code == "NoSuchBucket" || isRedirect(e.HTTPStatus):
		return fmt.Sprintf("is bucket %s in region %s? Check %s", s.target.bucket, s.target.region, s.caller.setting)
	default:
		return ""
	}
}

// clockSkew is how far our clock is ahead of COS's, where that is to blame for a
// refusal; else 0, also when it is not known.
func (s *cosStore) clockSkew(o cosOperation, response *http.Response) time.Duration {
	date, err := http.ParseTime(response.Header.Get("Date"))
	if err != nil {
		return 0
	}
	now := s.caller.now()
	skew := now.Sub(date)
	if skew.Abs() <= maxSkew && !date.After(s.signedUntil(o, now)) {
		return 0
	}
	return skew
}

// noAnswer says why there was no whole answer. The error of net/http is not
// kept: it may hold the URL.
func (s *cosStore) noAnswer(ctx context.Context, o cosOperation, err error) *Error {
	failure := networkFault(ctx, err)
	failure.Ambiguous = isWrite(o.op) && !neverSent(err)
	if _, ok := errors.AsType[*net.DNSError](err); ok && failure.Code == codeConnection {
		failure.hint = "check the bucket and the region in " + s.caller.setting
	}
	return failure
}

// networkFault classifies an error of the transport.
func networkFault(ctx context.Context, err error) *Error {
	switch f := neterr.Of(ctx, err); {
	case ctx.Err() != nil:
		return timeoutError(ctx)
	case f.Kind == neterr.Proxy:
		return &Error{Code: f.Proxy.Code(), Retryable: !f.Proxy.Lasting(), reason: f.Reason, hint: f.Proxy.Fix()}
	case f.Kind == neterr.Timeout:
		return &Error{Code: codeTimeout, Retryable: true, reason: f.Reason, err: context.DeadlineExceeded}
	case f.Kind == neterr.TLS:
		return &Error{Code: codeTLS, reason: f.Reason}
	default:
		return &Error{Code: codeConnection, Retryable: true, reason: f.Reason}
	}
}

// neverSent is true when there was not even a connection.
func neverSent(err error) bool {
	operation, isOperation := errors.AsType[*net.OpError](err)
	_, isCertificate := errors.AsType[*tls.CertificateVerificationError](err)
	return proxy.Of(err) != nil || isOperation && operation.Op == "dial" || isCertificate
}

// xmlElement returns the text of the first XML element of the name. COS's errors
// are flat and their codes plain; a parser would be the larger part of a client.
func xmlElement(body []byte, name string) string {
	_, rest, found := strings.Cut(string(body), "<"+name+">")
	text, _, closed := strings.Cut(rest, "</"+name+">")
	if !found || !closed {
		return ""
	}
	return strings.TrimSpace(text)
}

// plainWord returns what can be a code or an id, and nothing else of what came from
// outside.
func plainWord(text string, limit int) string {
	odd := func(r rune) bool { return !isPlain(r) && !strings.ContainsRune("+/=", r) }
	if len(text) > limit || strings.ContainsFunc(text, odd) {
		return ""
	}
	return text
}
