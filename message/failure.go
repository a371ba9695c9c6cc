package message

import (
	"time"

	"licensewatch/license"
)

// failureFacts are what to quote when asking for help: code, action, request.
func (p *phrases) failureFacts(f *license.Failure) line {
	w, limit := p.words.unread, p.bounds.name
	code := ident(f.Code, limit)
	if len(code) == 0 && f.HTTPStatus != 0 {
		code = fill(w.status, values{"status": number(f.HTTPStatus)})
	}
	if len(code) == 0 {
		code = p.orUnknown(ident(string(f.Kind), limit))
	}
	var request line
	if id := ident(f.RequestID, limit); len(id) > 0 {
		request = fill(w.request, values{"id": id})
	}
	return join(" · ", code, quote(f.Action, limit), request)
}

// failureHint says what to do about a failure.
func (p *phrases) failureHint(f *license.Failure) line {
	w := p.words.unread
	if seconds := int64(f.ClockSkew / time.Second); f.Kind == license.FailureClock && seconds != 0 {
		n, isDays, isLong := license.InDays(f.ClockSkew)
		switch {
		case !isLong:
			return fill(w.clock, values{"seconds": number(max(seconds, -seconds))})
		case seconds > 0:
			return fill(w.clockAhead[isDays], values{"n": number(n)})
		default:
			return fill(w.clockBehind[isDays], values{"n": number(n)})
		}
	}
	action := f.Action
	if f.Service != "" {
		action = f.Service + ":" + f.Action
	}
	advice := f.Advice()
	if p.isOfMany {
		advice = f.AdviceOfAccount()
	}
	return fill(advice.In(p.language), values{"action": p.orUnknown(ident(action, p.bounds.name))})
}
