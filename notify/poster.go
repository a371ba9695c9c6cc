package notify

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"licensewatch/internal/neterr"
	"licensewatch/internal/retry"
	"licensewatch/message"
)

// Options are what a channel needs. Unset ones become working defaults.
type Options struct {
	Name    string   // the channel's name among those of the run, as "slack" or "slack[1]"
	URL     string   // the webhook's, with the secret of signatures as its fragment; a secret
	Mention []string // who is called, as the kind's CheckMention gives it

	Client *http.Client // its Transport and Timeout are used; redirects are never followed
	Logger *slog.Logger
	Sleep  func(ctx context.Context, d time.Duration) error // between tries
	Now    func() time.Time                                 // of signatures, which chats compare with the real time
}

const (
	maxBody    = 4 << 10          // bytes read of an answer
	tryTimeout = 10 * time.Second // of one try, the answer's body included
	// maxWait is how long a chat may hold us off when no deadline bounds it.
	maxWait = time.Minute
)

// userAgent is who we say we are.
const userAgent = "licensewatch"

// poster delivers JSON to one webhook.
type poster struct {
	name      string
	url       string
	secret    string // of signatures; empty where there are none
	sign      func(p *postRequest, secret string, now time.Time)
	byStatus  bool // the HTTP status alone says whether a message was taken
	now       func() time.Time
	transport http.RoundTripper
	logger    *slog.Logger
	policy    retry.Policy
	redact    redactor
}

func newPoster(kind *ChannelKind, o Options) poster {
	url, secret, _ := strings.Cut(o.URL, "#")
	p := poster{
		name:      o.Name,
		url:       url,
		secret:    secret,
		sign:      kind.sign,
		byStatus:  kind.isByStatus,
		now:       time.Now,
		transport: http.DefaultTransport,
		logger:    slog.New(slog.DiscardHandler),
		policy:    retry.Default(),
		redact:    newRedactor(o.URL),
	}
	p.policy.TryTimeout, p.policy.Sleep = tryTimeout, o.Sleep
	if o.Client != nil {
		if o.Client.Transport != nil {
			p.transport = o.Client.Transport
		}
		if o.Client.Timeout > 0 {
			p.policy.TryTimeout = o.Client.Timeout
		}
	}
	if o.Now != nil {
		p.now = o.Now
	}
	if o.Logger != nil {
		p.logger = o.Logger
	}
	return p
}

// postRequest is a message as it is sent.
type postRequest struct {
	url     string
	header  http.Header
	payload []byte
}

// newRequest signs a message where that is wanted. Each try has a signature of its own,
// for it says when it was made.
func (p *poster) newRequest(payload []byte) postRequest {
	sent := postRequest{url: p.url, header: http.Header{}, payload: payload}
	sent.header.Set("Content-Type", "application/json; charset=utf-8")
	sent.header.Set("User-Agent", userAgent)
	if p.secret != "" && p.sign != nil {
		p.sign(&sent, p.secret, p.now())
	}
	return sent
}

// chatAnswer is what a chat said.
type chatAnswer struct {
	status     int
	body       string        // at most maxBody bytes
	retryAfter time.Duration // 0: not asked for
	retryLater bool          // a Retry-After was there
	redact     redactor
}

// answerJudge decides what an answer means; nil is success.
type answerJudge func(chatAnswer) *Error

// deliver posts a message until it is taken, until another try would not help, or
// until ctx leaves no time for one. A message that may have arrived is sent again,
// once, only when it is repeatable; repeat says that it is to say so.
func (p *poster) deliver(ctx context.Context, repeatable bool, render func(repeat bool) message.Rendered,
	judge answerJudge) (Receipt, error) {
	ambiguous := 0
	sent := render(false)
	err := p.policy.Do(ctx, func(ctx context.Context, try int) error {
		if ambiguous > 0 {
			sent = render(true)
		}
		payload, err := message.JSON(sent.Body)
		if err != nil {
			return &Error{Channel: p.name, Code: message.CodeInternal, Message: "the message cannot be encoded"}
		}
		start := time.Now()
		refusal := p.tryOnce(ctx, payload, judge)
		if refusal == nil {
			return nil
		}
		if refusal.Ambiguous {
			ambiguous++
		}
		p.logRefusal(ctx, refusal, try, time.Since(start))
		return refusal
	}, func(err error) retry.Verdict {
		refusal, ok := errors.AsType[*Error](err)
		if !ok {
			return retry.Verdict{}
		}
		if refusal.Ambiguous {
			return retry.Verdict{Again: repeatable && ambiguous == 1}
		}
		_, bounded := ctx.Deadline()
		return retry.Verdict{Again: refusal.again && (bounded || refusal.RetryAfter <= maxWait),
			Wait: refusal.RetryAfter}
	})
	if err == nil {
		return Receipt{Unnamed: sent.Unnamed}, nil
	}
	// that an earlier try may have arrived stays true
	if refusal, ok := errors.AsType[*Error](err); ok && ambiguous > 0 {
		refusal.Ambiguous, refusal.Retryable = true, true
	}
	return Receipt{}, err
}

// tryOnce posts once. It goes to the transport itself: a client would follow
// redirects, and puts the URL into its errors.
func (p *poster) tryOnce(ctx context.Context, payload []byte, judge answerJudge) *Error {
	sent := p.newRequest(payload)
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, sent.url, bytes.NewReader(sent.payload))
	if err != nil || request.URL.Host == "" {
		return p.badURL()
	}
	request.Header = sent.header
	_, refusal := p.exchange(request, judge)
	return refusal
}

func (p *poster) badURL() *Error {
	return &Error{Channel: p.name, Code: message.CodeBadURL, Message: "the webhook URL cannot be used"}
}

// exchange sends a request and judges the answer.
func (p *poster) exchange(request *http.Request, judge answerJudge) (chatAnswer, *Error) {
	var written atomic.Bool
	trace := &httptrace.ClientTrace{WroteRequest: func(info httptrace.WroteRequestInfo) {
		if info.Err == nil {
			written.Store(true)
		}
	}}
	ctx := request.Context()
	response, err := p.transport.RoundTrip(request.WithContext(httptrace.WithClientTrace(ctx, trace)))
	if err != nil {
		return chatAnswer{}, p.networkError(ctx, err, written.Load())
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxBody))
	if err != nil && response.StatusCode == http.StatusOK && !p.byStatus {
		// Only the body says whether the message was taken.
		return chatAnswer{}, p.networkError(ctx, err, true)
	}
	a := chatAnswer{status: response.StatusCode, body: string(body), redact: p.redact}
	a.retryAfter, a.retryLater = parseRetryAfter(response.Header, time.Now())
	refusal := judge(a)
	if refusal != nil {
		refusal.Channel, refusal.HTTPStatus = p.name, a.status
	}
	return a, refusal
}

// networkError is the error of a try without a complete answer, in words of ours: the
// transport's own may hold addresses and what the other side sent.
func (p *poster) networkError(ctx context.Context, err error, written bool) *Error {
	refusal := &Error{Channel: p.name, Code: message.CodeUnreachable, Retryable: true, Ambiguous: written, again: true}
	switch f := neterr.Of(ctx, err); {
	case f.Kind == neterr.Timeout:
		refusal.Code, refusal.Message, refusal.cause = message.CodeTimeout, f.Reason, ctx.Err()
	case f.Kind == neterr.Proxy:
		refusal.Code, refusal.HTTPStatus, refusal.Message = message.CodeProxy, f.Proxy.Status, f.Reason
		refusal.Retryable, refusal.again = !f.Proxy.Lasting(), !f.Proxy.Lasting()
	case f.Kind == neterr.TLS:
		refusal.Code, refusal.Message = message.CodeTLS, f.Reason
		refusal.Retryable, refusal.again = false, false
	case f.Kind == neterr.Lookup:
		refusal.Message = f.Reason
	case written:
		refusal.Message = "the connection broke before the answer"
	default:
		refusal.Message = "no connection"
	}
	return refusal
}

func (p *poster) logRefusal(ctx context.Context, e *Error, try int, took time.Duration) {
	p.logger.LogAttrs(ctx, slog.LevelWarn, "a try to post failed",
		slog.String("channel", p.name), slog.Int("try", try), slog.Int("http_status", e.HTTPStatus),
		slog.String("code", e.Code), slog.String("message", e.Message),
		slog.Bool("ambiguous", e.Ambiguous), slog.Duration("retry_after", e.RetryAfter),
		slog.Int64("elapsed_ms", took.Milliseconds()))
}

func (p *poster) warn(ctx context.Context, text string) {
	p.logger.LogAttrs(ctx, slog.LevelWarn, text, slog.String("channel", p.name))
}
