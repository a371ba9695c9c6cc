package notify

import (
	"context"
	"errors"

	"licensewatch/license"
	"licensewatch/message"
)

// Channel tells one chat through its webhook.
type Channel struct {
	kind    *ChannelKind
	poster  poster
	mention []string
}

// NewChannel makes a channel of the kind.
func NewChannel(kind *ChannelKind, o Options) *Channel {
	return &Channel{kind: kind, poster: newPoster(kind, o), mention: o.Mention}
}

// Name is the channel's name among those of the run.
func (c *Channel) Name() string { return c.poster.name }

// Send delivers the report as one message and retries within ctx where that may
// help. When its form is refused, the same report goes out once in a plainer one.
// Where everybody is to be called and the report cannot, a short text follows; the
// report counts as delivered even if that fails, which the receipt tells. The error
// is an *Error.
func (c *Channel) Send(ctx context.Context, r license.Report) (Receipt, error) {
	if r.OnlyCall {
		return c.sendCall(ctx, r)
	}
	r.Export, r.Page = c.ShownExport(r.Export), c.kind.ShownPage(r.Page, r.Language)
	form := c.kind.Report
	render := func(repeat bool) message.Rendered {
		r.Repeat = r.Repeat || repeat
		return form(r, c.mention)
	}
	isRepeatable := r.Mode == license.ModeAlert
	receipt, err := c.poster.deliver(ctx, isRepeatable, render, c.kind.judge)
	if c.isFormRefused(ctx, err) {
		form = c.kind.PlainReport
		return c.poster.deliver(ctx, isRepeatable, render, c.kind.judge)
	}
	if err != nil {
		return receipt, err
	}
	_, err = c.sendCall(ctx, r)
	receipt.Uncalled, _ = errors.AsType[*Error](err)
	return receipt, nil
}

// sendCall posts the message that calls everybody, if there is to be one. One that may
// have been made is not repeated in the run.
func (c *Channel) sendCall(ctx context.Context, r license.Report) (Receipt, error) {
	if c.kind.Call == nil {
		return Receipt{}, nil
	}
	call, isDue := c.kind.Call(r, c.mention)
	if !isDue {
		return Receipt{}, nil
	}
	receipt, err := c.poster.deliver(ctx, false, func(bool) message.Rendered { return call }, c.kind.judge)
	if refusal, ok := errors.AsType[*Error](err); ok {
		refusal.Call = true
	}
	return receipt, err
}

// Note delivers a short message of its own. The error is an *Error.
func (c *Channel) Note(ctx context.Context, n license.Note) error {
	form := c.kind.Note
	render := func(bool) message.Rendered { return form(n) }
	_, err := c.poster.deliver(ctx, false, render, c.kind.judge)
	if c.isFormRefused(ctx, err) {
		form = c.kind.PlainNote
		_, err = c.poster.deliver(ctx, false, render, c.kind.judge)
	}
	return err
}

// isFormRefused says whether a plainer message may be taken.
func (c *Channel) isFormRefused(ctx context.Context, err error) bool {
	if err == nil || !c.kind.isFormRefused(codeOf(err)) {
		return false
	}
	c.poster.warn(ctx, "the message's form or length was refused, sending a plainer one")
	return true
}
