package simulator

import (
	"encoding/json"
	"fmt"
)

// Invocation is an event that a function was invoked with, and is run with by and by: the
// cloud answers at once.
type Invocation struct {
	Function, Namespace, Qualifier string
	Event                          []byte
}

// maxAsyncEvent is how many bytes an asynchronous event may have.
const maxAsyncEvent = 128 << 10

// invoke takes an event for a function. Only asynchronous ones are simulated.
func invoke(s asked, params jsonObject) (jsonObject, *apiError) {
	text := func(name, unset string) string {
		if value, ok := params[name].(string); ok {
			return value
		}
		return unset
	}
	i := Invocation{Function: text("FunctionName", ""), Namespace: text("Namespace", "default"),
		Qualifier: text("Qualifier", "$LATEST"), Event: []byte(text("ClientContext", ""))}
	switch {
	case s.options.Invoked == nil || i.Function == "":
		return nil, &apiError{"ResourceNotFound.Function", fmt.Sprintf("The function %q does not exist.", i.Function)}
	case text("InvocationType", "RequestResponse") != "Event":
		return nil, &apiError{"InvalidParameterValue", "Only the InvocationType Event is simulated."}
	case len(i.Event) > maxAsyncEvent:
		return nil, &apiError{"InvalidParameter.Payload",
			"The ClientContext of an asynchronous call has 128 KB at most."}
	case len(i.Event) > 0 && !json.Valid(i.Event):
		return nil, &apiError{"InvalidParameter.Payload", "The ClientContext is not JSON."}
	}
	s.invoked++
	s.options.Invoked(i)
	return jsonObject{"Result": jsonObject{
		"BillDuration": 0, "Duration": 0, "ErrMsg": "", "InvokeResult": 0, "Log": "", "MemUsage": 0, "RetMsg": "",
		"FunctionRequestId": uuidFrom(fmt.Sprintf("invocation %d", s.invoked)),
	}}, nil
}
