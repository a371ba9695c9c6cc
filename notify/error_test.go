package notify_test

import (
	"encoding/json"
	"strings"
	"testing"

	"licensewatch/notify"
)

func TestErrorText(t *testing.T) {
	t.Parallel()
	tests := map[string]*notify.Error{
		"slack: no_service (HTTP 404)":                                     {Channel: "slack", HTTPStatus: 404, Code: "no_service"},
		"slack[1]: (HTTP 503): <h1>Oops</h1>":                              {Channel: "slack[1]", HTTPStatus: 503, Message: "<h1>Oops</h1>"},
		"wecom: 93000: invalid webhook url":                                {Channel: "wecom", HTTPStatus: 200, Code: "93000", Message: "invalid webhook url"},
		"wecom: Timeout: no answer in time (the message may have arrived)": {Channel: "wecom", Code: "Timeout", Message: "no answer in time", Ambiguous: true},
	}
	for want, err := range tests {
		if got := err.Error(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if data, err := json.Marshal(tests["slack: no_service (HTTP 404)"]); err != nil || strings.Contains(string(data), "http") {
		t.Errorf("got %s, %v", data, err)
	}
}
