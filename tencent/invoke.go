package tencent

import (
	"cmp"
	"context"
)

// The call is not marked as one that begins something: an event that arrives twice is the
// receiver's to see.
var invoke = operation{service: "scf", version: "2018-04-16", action: "Invoke", region: true}

// ActionInvoke is what who invokes functions must be allowed, as CAM names it.
const ActionInvoke = "scf:InvokeFunction"

// Function names a function, as it is told of itself when it runs.
type Function struct {
	Region    string // ap-guangzhou; empty: that of the site
	Namespace string
	Name      string
	Version   string // $LATEST, or a number
}

// InvokeFunction has a function run with an event, a JSON object, and does not wait for it.
// The error is an *APIError.
func (c *Client) InvokeFunction(ctx context.Context, f Function, event string) error {
	there := *c
	there.target.region = cmp.Or(f.Region, c.target.region)
	with := parameters{"FunctionName": f.Name, "InvocationType": "Event", "ClientContext": event}
	if f.Namespace != "" {
		with["Namespace"] = f.Namespace
	}
	if f.Version != "" {
		with["Qualifier"] = f.Version
	}
	_, err := there.callOperation(ctx, invoke, with)
	return err
}
