package tencent

import (
	"context"
	"errors"
	"fmt"

	"licensewatch/internal/neterr"
	"licensewatch/internal/proxy"
	"licensewatch/license"
)

// timeoutFault says that the try's or the call's time ended first; errors.Is
// finds the context's error.
func timeoutFault(cause error) *fault {
	code := codeTimeout
	if errors.Is(cause, context.Canceled) {
		code = codeCanceled
	}
	return &fault{
		code:   code,
		class:  failureClass{kind: license.FailureTimeout, tries: asAllowed},
		reason: fmt.Errorf("no answer in time: %w", cause),
	}
}

func connectionFault(reason string) *fault {
	return &fault{
		code:   codeConnectionFailed,
		class:  failureClass{kind: license.FailureNetwork, tries: asAllowed},
		reason: errors.New(reason),
	}
}

func tlsFault(reason string) *fault {
	return &fault{
		code:   codeTLS,
		class:  failureClass{kind: license.FailureTLS, tries: once},
		reason: errors.New(reason),
	}
}

// proxyFault says that a proxy let the call not through.
func proxyFault(refusal *proxy.Error) *fault {
	tries := asAllowed
	if refusal.Lasting() {
		tries = once
	}
	return &fault{
		code:   refusal.Code(),
		class:  failureClass{kind: license.FailureProxy, tries: tries},
		reason: errors.New(refusal.Error()),
	}
}

// networkFault says why no answer came. handshakeFailed tells a refused certificate from
// a connection that broke.
func networkFault(ctx context.Context, err error, handshakeFailed bool) *fault {
	switch f := neterr.Of(ctx, err); {
	case ctx.Err() != nil:
		return timeoutFault(ctx.Err())
	case f.Kind == neterr.Proxy:
		return proxyFault(f.Proxy)
	case f.Kind == neterr.Timeout:
		return timeoutFault(context.DeadlineExceeded)
	case f.Kind == neterr.TLS:
		return tlsFault(f.Reason)
	case handshakeFailed && f.Reason == neterr.Unreadable:
		return tlsFault("the handshake failed")
	default:
		return connectionFault(f.Reason)
	}
}
