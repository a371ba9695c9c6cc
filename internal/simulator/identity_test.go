package simulator_test

import (
	"testing"

	"licensewatch/internal/simulator"
)

func TestGetCallerIdentity(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{})
	if who := ask(t, s, "GetCallerIdentity", "{}"); who["Type"] != "CAMRole" || who["AccountId"] != "100000000001" {
		t.Errorf("temporary keys are of %v", who)
	}
	id, key, _ := s.Credentials()
	s.SetCredentials(id, key, "")
	if who := ask(t, s, "GetCallerIdentity", "{}"); who["Type"] != "CAMUser" || who["UserId"] == who["AccountId"] {
		t.Errorf("permanent keys are of %v", who)
	}
}

func TestGetCallerIdentityRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*apiCall)
		want   string
	}{
		"no region":             {func(c *apiCall) { c.edit = nil }, "MissingParameter"},
		"a region that is none": {header("X-TC-Region", "cn"), "UnsupportedRegion"},
		"a parameter":           {func(c *apiCall) { c.body = `{"UserId":"1"}` }, "UnknownParameter"},
		"of another service":    {func(c *apiCall) { c.service, c.version = "cwp", "2018-02-28" }, "InvalidAction"},
		"another version":       {func(c *apiCall) { c.version = "2018-02-28" }, "NoSuchVersion"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t, simulator.Options{})
			call := newCall(s, "GetCallerIdentity", "{}")
			test.change(&call)
			if code := call.send(t, s).code(); code != test.want {
				t.Errorf("refused with %q, want %q", code, test.want)
			}
		})
	}
}
