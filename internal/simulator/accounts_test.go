package simulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"licensewatch/internal/simulator"
	"licensewatch/license"
)

const (
	payUIN   = "100000000011"
	seaUIN   = "200000000007"
	otherUIN = "200000000008"
)

// manyOptions are those of a cloud of three accounts beside the one that calls.
func manyOptions() simulator.Options {
	return simulator.Options{Accounts: []simulator.Account{
		{UIN: payUIN, Scenario: "first-day", Role: "licensewatch-reader", ExternalID: "external-1"},
		{UIN: seaUIN, Site: license.SiteIntl, SecretID: "AKIDsea", SecretKey: "sea-key"},
		{UIN: otherUIN, Site: license.SiteIntl, Scenario: "first-day", Role: "reader", Trusts: seaUIN},
	}}
}

func roleBody(uin, role, externalID string) string {
	body := fmt.Sprintf(`{"RoleArn":"qcs::cam::uin/%s:roleName/%s","RoleSessionName":"licensewatch-1","DurationSeconds":900`, uin, role)
	if externalID != "" {
		body += fmt.Sprintf(`,"ExternalId":%q`, externalID)
	}
	return body + "}"
}

// with signs a call by other keys.
func (c apiCall) with(id, key, token string) apiCall {
	c.id, c.key, c.token = id, key, token
	return c
}

// assumed are the keys that an answer gives.
func assumed(t *testing.T, a answer) (id, key, token string) {
	t.Helper()
	keys, ok := a["Credentials"].(map[string]any)
	if !ok {
		t.Fatalf("no keys in %v", a)
	}
	return keys["TmpSecretId"].(string), keys["TmpSecretKey"].(string), keys["Token"].(string)
}

// TestAssumedKeys are good for the account of the role, and for no other, until they end.
func TestAssumedKeys(t *testing.T) {
	t.Parallel()
	clock := newClock()
	options := manyOptions()
	options.SignatureClock = clock.now
	s := start(t, options)
	send := func(c apiCall) answer {
		c.at = clock.now()
		return c.send(t, s)
	}
	granted := send(newCall(s, "AssumeRole", roleBody(payUIN, "licensewatch-reader", "external-1")))
	id, key, token := assumed(t, granted)
	if granted["ExpiredTime"] != json.Number(fmt.Sprint(now.Add(15*time.Minute).Unix())) || granted["Expiration"] != "2026-11-22T01:22:00Z" {
		t.Errorf("good until %v, %v", granted["ExpiredTime"], granted["Expiration"])
	}
	seaID, seaKey, seaToken := assumed(t, send(newCall(s, "AssumeRole", roleBody(otherUIN, "reader", "")).with("AKIDsea", "sea-key", "")))

	general := newCall(s, "DescribeLicenseGeneral", "{}")
	ownID, ownKey, ownToken := s.Credentials()
	for name, test := range map[string]struct {
		id, key, token string
		want           string
	}{
		"the account's":             {id, key, token, ""},
		"the other account's":       {seaID, seaKey, seaToken, ""},
		"keys of its own":           {"AKIDsea", "sea-key", "", ""},
		"another account's key":     {id, seaKey, token, "AuthFailure.SignatureFailure"},
		"another account's token":   {id, key, seaToken, "AuthFailure.TokenFailure"},
		"no token":                  {id, key, "", "AuthFailure.TokenFailure"},
		"the caller's key":          {id, ownKey, token, "AuthFailure.SignatureFailure"},
		"the caller's id":           {ownID, key, ownToken, "AuthFailure.SignatureFailure"},
		"of an account that is not": {strings.Replace(id, payUIN, "100000000099", 1), key, token, "AuthFailure.SecretIdNotFound"},
		"of another account":        {strings.Replace(id, payUIN, seaUIN, 1), key, token, "AuthFailure.TokenFailure"},
		"made to last":              {strings.Replace(id, fmt.Sprint(now.Add(15*time.Minute).Unix()), fmt.Sprint(now.Add(time.Hour).Unix()), 1), key, token, "AuthFailure.TokenFailure"},
	} {
		if code := send(general.with(test.id, test.key, test.token)).code(); code != test.want {
			t.Errorf("%s: %q, want %q", name, code, test.want)
		}
	}
	if n := send(newCall(s, "DescribeLicenseList", "{}").with(id, key, token))["TotalCount"]; n != json.Number("0") {
		t.Errorf("%v orders of an account on its first day", n)
	}
	if who := send(newCall(s, "GetCallerIdentity", "{}").with(id, key, token)); who["AccountId"] != payUIN || who["Type"] != "CAMRole" {
		t.Errorf("the keys are of %v", who)
	}
	clock.add(15 * time.Minute)
	if code := send(general.with(id, key, token)).code(); code != "AuthFailure.TokenFailure" {
		t.Errorf("after their end: %q", code)
	}
}

func TestAssumeRoleRefuses(t *testing.T) {
	t.Parallel()
	s := start(t, manyOptions())
	const reader = "licensewatch-reader"
	good := roleBody(payUIN, reader, "external-1")
	for name, test := range map[string]struct {
		call apiCall
		want string
	}{
		"good":                 {newCall(s, "AssumeRole", good), ""},
		"no such account":      {newCall(s, "AssumeRole", roleBody("100000000099", reader, "external-1")), "InternalError.GetRoleError"},
		"no such role":         {newCall(s, "AssumeRole", roleBody(payUIN, "reader", "external-1")), "InternalError.GetRoleError"},
		"no role at all":       {newCall(s, "AssumeRole", roleBody(seaUIN, reader, "")), "InternalError.GetRoleError"},
		"the other site":       {newCall(s, "AssumeRole", roleBody(otherUIN, "reader", "")), "InternalError.GetRoleError"},
		"wrong external id":    {newCall(s, "AssumeRole", roleBody(payUIN, reader, "external-2")), "UnauthorizedOperation"},
		"no external id":       {newCall(s, "AssumeRole", roleBody(payUIN, reader, "")), "UnauthorizedOperation"},
		"no ARN":               {newCall(s, "AssumeRole", strings.Replace(good, "qcs::cam", "arn::iam", 1)), "InvalidParameter.ResouceError"},
		"session with a space": {newCall(s, "AssumeRole", strings.Replace(good, "licensewatch-1", "a b", 1)), "InvalidParameter.ParamError"},
		"too long":             {newCall(s, "AssumeRole", strings.Replace(good, "900", "90000", 1)), "InvalidParameter.OverTimeError"},
		"duration in words":    {newCall(s, "AssumeRole", strings.Replace(good, "900", `"900"`, 1)), "InvalidParameter"},
		"parameter not known":  {newCall(s, "AssumeRole", strings.Replace(good, "ExternalId", "ExternalID", 1)), "UnknownParameter"},
		"parameter not there":  {newCall(s, "AssumeRole", "{}"), "MissingParameter"},
		"a role of a role's":   {newCall(s, "AssumeRole", strings.Replace(good, ":roleName/", ":roleName/tencentcloudServiceRoleName/", 1)), "InvalidParameter.ResouceError"},
	} {
		if code := test.call.send(t, s).code(); code != test.want {
			t.Errorf("%s: %q, want %q", name, code, test.want)
		}
	}
	trusted := start(t, simulator.Options{Accounts: []simulator.Account{
		{UIN: payUIN, Role: "reader", Trusts: otherUIN}, {UIN: seaUIN, Self: true},
	}})
	if code := newCall(trusted, "AssumeRole", roleBody(payUIN, "reader", "")).send(t, trusted).code(); code != "UnauthorizedOperation" {
		t.Errorf("a role that trusts another account: %q", code)
	}
	if who := ask(t, trusted, "GetCallerIdentity", "{}"); who["AccountId"] != seaUIN {
		t.Errorf("the caller is %v, want the account that is Self", who["AccountId"])
	}
}

// TestAccountOverride: one account's faults are its own.
func TestAccountOverride(t *testing.T) {
	t.Parallel()
	options := manyOptions()
	options.Accounts[0].Override = map[string]http.HandlerFunc{"AssumeRole": simulator.APIError("InternalError.SystemError", "")}
	options.Accounts[1].Override = map[string]http.HandlerFunc{
		"*": simulator.Slow(time.Millisecond, simulator.APIError("UnauthorizedOperation", "")), "DescribeLicenseList": simulator.Usual(),
	}
	s := start(t, options)
	if code := newCall(s, "AssumeRole", roleBody(payUIN, "licensewatch-reader", "external-1")).send(t, s).code(); code != "InternalError.SystemError" {
		t.Errorf("AssumeRole: %q", code)
	}
	for action, want := range map[string]string{"DescribeLicenseGeneral": "UnauthorizedOperation", "DescribeLicenseList": ""} {
		if code := newCall(s, action, "{}").with("AKIDsea", "sea-key", "").send(t, s).code(); code != want {
			t.Errorf("%s: %q, want %q", action, code, want)
		}
	}
	ask(t, s, "DescribeLicenseGeneral", "{}")
	for _, call := range s.Calls()[1:] {
		if want := map[bool]string{true: seaUIN, false: "100000000001"}[call.SecretID == "AKIDsea"]; call.Account != want {
			t.Errorf("%s by %s is of %s, want %s", call.Action, call.SecretID, call.Account, want)
		}
	}
}

func TestOrganizationMembers(t *testing.T) {
	t.Parallel()
	options := manyOptions()
	for i := range 120 {
		options.Members = append(options.Members, simulator.Member{UIN: fmt.Sprint(100000000100 + i), Name: fmt.Sprint("member ", i), NodeName: "sales", Tags: map[string]string{"team": "pay"}})
	}
	s := start(t, options)
	for offset, want := range map[int]int{0: 50, 50: 50, 100: 20, 150: 0} {
		a := ask(t, s, "DescribeOrganizationMembers", fmt.Sprintf(`{"Limit":50,"Offset":%d}`, offset))
		if items := a["Items"].([]any); len(items) != want || a["Total"] != json.Number("120") {
			t.Errorf("offset %d: %d members of %v, want %d of 120", offset, len(items), a["Total"], want)
		}
	}
	for body, want := range map[string]string{
		`{"Limit":51,"Offset":0}`: "InvalidParameter", `{"Limit":0,"Offset":0}`: "InvalidParameter",
		`{"Limit":50,"Offset":10}`: "InvalidParameter", `{"Limit":50}`: "MissingParameter", `{"Offset":0}`: "MissingParameter",
		`{"Limit":50,"Offset":0,"SearchKey":"x"}`: "UnsupportedOperation",
	} {
		if code := newCall(s, "DescribeOrganizationMembers", body).send(t, s).code(); code != want {
			t.Errorf("%s: %q, want %q", body, code, want)
		}
	}
	stranger := newCall(s, "DescribeOrganizationMembers", `{"Limit":50,"Offset":0}`)
	if code := stranger.with("AKIDsea", "sea-key", "").send(t, s).code(); code != "ResourceNotFound.OrganizationNotExist" {
		t.Errorf("who has no organization: %q", code)
	}
	s.SetMembers(nil)
	if code := stranger.send(t, s).code(); code != "ResourceNotFound.OrganizationNotExist" {
		t.Errorf("without an organization: %q", code)
	}
}

// TestLimits: an API takes 20 requests a second from an account, and each account has its own.
func TestLimits(t *testing.T) {
	t.Parallel()
	clock := newClock()
	options := manyOptions()
	options.Limits, options.RateClock, options.CountOnly = true, clock.now, true
	s := start(t, options)
	general := newCall(s, "DescribeLicenseGeneral", "{}")
	for i := range 22 {
		if got, want := general.send(t, s).code() == "RequestLimitExceeded", i >= 20; got != want {
			t.Errorf("request %d is refused: %v, want %v", i+1, got, want)
		}
	}
	if code := general.with("AKIDsea", "sea-key", "").send(t, s).code(); code != "" {
		t.Errorf("another account is refused with %q", code)
	}
	clock.add(time.Second)
	if code := general.send(t, s).code(); code != "" {
		t.Errorf("a second later it is refused with %q", code)
	}
	if n := s.Count("DescribeLicenseGeneral"); n != 24 || len(s.Calls()) != 0 {
		t.Errorf("%d requests counted and %d kept, want 24 and none", n, len(s.Calls()))
	}
}

func TestAccountsAreChecked(t *testing.T) {
	t.Parallel()
	for name, accounts := range map[string][]simulator.Account{
		"no number":    {{}},
		"twice":        {{UIN: payUIN}, {UIN: payUIN}},
		"no such site": {{UIN: payUIN, Site: "eu"}},
		"no scenario":  {{UIN: payUIN, Scenario: "nothing"}},
		"same keys":    {{UIN: payUIN, SecretID: "a"}, {UIN: seaUIN, SecretID: "a"}},
		"two selves":   {{UIN: payUIN, Self: true}, {UIN: seaUIN, Self: true}},
	} {
		if err := simulator.New(simulator.Options{Accounts: accounts}).Check(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
