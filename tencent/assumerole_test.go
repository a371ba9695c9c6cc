package tencent_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"licensewatch/license"
	"licensewatch/tencent"
)

// What AssumeRole gives in the tests, and the external id it is asked with. No piece of them
// may turn up anywhere.
const (
	roleID     = "AKIDt0Xy5Qe8Rw2Za7Sd4Fg9"
	roleKey    = "jM3nB6vC9xZ2lK5hG8fD1sA4"
	roleToken  = "pO7iU4yT1rE8wQ5aS2dF9gH6"
	externalID = "mN0bV7cX4zL1kJ8hG5fD2sA9"
)

func reader() tencent.Role {
	return tencent.Role{ARN: "qcs::cam::uin/100000000001:roleName/licensewatch-reader",
		Session: "licensewatch-4f13b5", ExternalID: externalID}
}

// roleKeys is an answer of AssumeRole with these keys.
func roleKeys(id, key, token string) string {
	return response(map[string]any{
		"Credentials": map[string]any{"TmpSecretId": id, "TmpSecretKey": key, "Token": token},
		"ExpiredTime": 1543914376, "Expiration": "2018-12-04T09:06:16Z", // long ago: another clock
	})
}

func TestAssumeRole(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		role tencent.Role
		body string
	}{
		"with an external id": {reader(), `{"DurationSeconds":900,"ExternalId":"` + externalID +
			`","RoleArn":"qcs::cam::uin/100000000001:roleName/licensewatch-reader","RoleSessionName":"licensewatch-4f13b5"}`},
		"without": {tencent.Role{ARN: "qcs::cam::uin/1:role/2", Session: "lw"},
			`{"DurationSeconds":900,"RoleArn":"qcs::cam::uin/1:role/2","RoleSessionName":"lw"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, answerWith(roleKeys(roleID, roleKey, roleToken)))
			begun := time.Now()
			got, err := tencent.New(options(t, cloud.URL)).NewRoleCaller().AssumeRole(t.Context(), test.role)
			if err != nil {
				t.Fatal(err)
			}
			if id, key, token := got.Reveal(); id != roleID || key != roleKey || token != roleToken || got.IsZero() {
				t.Error("these are not the keys of the answer")
			}
			if left := got.Expires().Sub(begun); left < 900*time.Second || left > 901*time.Second+time.Since(begun) {
				t.Errorf("good for %v, want 900 s from when they were asked for", left)
			}
			want := []received{{"sts", "2018-08-13", "AssumeRole", test.body}}
			if diff := cmp.Diff(want, cloud.seen()); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// TestAssumeRoleSites: each site has a host and a region of its own; a stand-in serves both.
func TestAssumeRoleSites(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		site              license.Site
		endpoint          string
		wantURL, wantSite string
	}{
		{"", "", "https://sts.tencentcloudapi.com/", "ap-guangzhou"},
		{license.SiteCN, "", "https://sts.tencentcloudapi.com/", "ap-guangzhou"},
		{license.SiteIntl, "", "https://sts.intl.tencentcloudapi.com/", "ap-singapore"},
		{license.SiteIntl, "https://stand-in.example/path", "https://stand-in.example/path", "ap-singapore"},
	} {
		var url, region string
		client := tencent.New(tencent.Options{Site: test.site, Endpoint: test.endpoint, Credentials: keys,
			Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				url, region = r.URL.String(), r.Header.Get("X-TC-Region")
				return nil, errors.New("seen")
			}), Sleep: new(pauses).sleep})
		_, _ = client.NewRoleCaller().AssumeRole(t.Context(), reader())
		if url != test.wantURL || region != test.wantSite {
			t.Errorf("%s: %s in %s, want %s in %s", test.site, url, region, test.wantURL, test.wantSite)
		}
	}
}

func TestAssumeRoleFails(t *testing.T) {
	t.Parallel()
	const (
		allow  = "; Allow sts:AssumeRole on that role for the function's role, and have the role trust this account, with the external id of the accounts file."
		create = "; The role is not there: create it in the account, or correct its name in the accounts file."
	)
	noKeys := func(id, key, token string) fault {
		row := odd(roleKeys(id, key, token), 2, "the answer does not hold what was asked for")
		row.want.RequestID = "req-1"
		row.text = strings.Replace(row.text, ":", " (request req-1):", 1)
		return row
	}
	rows := map[string]fault{
		"no credentials":      odd(`{"Response":{"ExpiredTime":1}}`, 2, "the answer does not hold what was asked for"),
		"no id":               noKeys("", roleKey, roleToken),
		"no key":              noKeys(roleID, "", roleToken),
		"no token":            noKeys(roleID, roleKey, ""),
		"a line break":        noKeys(roleID, roleKey, roleToken+"\n"),
		"a token without end": noKeys(roleID, roleKey, strings.Repeat("x", 9<<10)),
		"HTML":                odd("<html>log in</html>", 3, "the answer is no JSON"),
		"502":                 status(502, license.FailureServer, 3),
	}
	for _, row := range []fault{
		refused("UnauthorizedOperation", license.FailureDenied, 1, allow),
		refused("AuthFailure.UnauthorizedOperation", license.FailureDenied, 1, allow),
		refused("ResourceNotFound.RoleNotFound", license.FailureRole, 1, create),
		refused("InternalError.GetRoleError", license.FailureRole, 2, create),
		refused("InternalError.IllegalRole", license.FailureRole, 1, create),
		refused("InvalidParameter.OverLimit", license.FailureThrottled, 3, ""),
		refused("InvalidParameter.AccountNotAvaliable", license.FailureRequest, 1, ""),
		refused("AuthFailure.SecretIdNotFound", license.FailureCredentials, 1, ""),
		refused("InternalError.SystemError", license.FailureServer, 3, ""),
	} {
		rows[row.want.Code] = row
	}
	for name, test := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, test.answer)
			got, err := tencent.New(options(t, cloud.URL)).NewRoleCaller().AssumeRole(t.Context(), reader())
			failed, ok := errors.AsType[*tencent.APIError](err)
			if !ok || !got.IsZero() {
				t.Fatalf("keys %v, error %v (%T); want none and an *APIError", got, err, err)
			}
			want := test.want
			want.Service, want.Action = "sts", "AssumeRole"
			if diff := cmp.Diff(&want, failed, cmpopts.IgnoreUnexported(tencent.APIError{})); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if got, want := err.Error(), "sts AssumeRole: "+test.text; got != want {
				t.Errorf("error text\n got %s\nwant %s", got, want)
			}
			if n := len(cloud.seen()); n != test.calls {
				t.Errorf("%d requests, want %d", n, test.calls)
			}
		})
	}
}

// TestAssumeRoleInTime: where the time is up, nothing is asked.
func TestAssumeRoleInTime(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	_, err := tencent.New(tencent.Options{Credentials: keys}).NewRoleCaller().AssumeRole(ctx, reader())
	if failed, ok := errors.AsType[*tencent.APIError](err); !ok || failed.Kind != license.FailureTimeout ||
		failed.Service != "sts" || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want a timeout of sts", err)
	}
}

// TestAssumeRolePace: 600 go at once, as many as the API takes in a second, and of as many as
// there are never more within a second.
func TestAssumeRolePace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time
		client := tencent.New(tencent.Options{Credentials: keys,
			Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				at = append(at, time.Now())
				recorder := httptest.NewRecorder()
				answerWith(roleKeys(roleID, roleKey, roleToken))(recorder, r)
				return recorder.Result(), nil
			})})
		caller, begun := client.NewRoleCaller(), time.Now()
		for range 1500 {
			if _, err := caller.AssumeRole(t.Context(), reader()); err != nil {
				t.Fatal(err)
			}
		}
		for i := 600; i < len(at); i++ {
			if apart := at[i].Sub(at[i-600]); apart < time.Second {
				t.Fatalf("601 requests within %v", apart)
			}
		}
		if took := time.Since(begun); len(at) != 1500 || took != 2*time.Second {
			t.Errorf("%d requests in %v, want 1500 in 2 s", len(at), took)
		}
	})
}

func TestSessionName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"licensewatch-4f13b5":    "licensewatch-4f13b5",
		"a_b+c=d,e.f@g-H9":       "a_b+c=d,e.f@g-H9",
		"支付 run/7":               "---run-7",
		"":                       "--",
		"x":                      "x-",
		strings.Repeat("y", 200): strings.Repeat("y", 128),
	} {
		if got := tencent.SessionName(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"", "x", "a b", "支付", strings.Repeat("y", 129)} {
		role := reader()
		role.Session = name
		_, err := tencent.New(tencent.Options{Credentials: keys}).NewRoleCaller().AssumeRole(t.Context(), role)
		if failed, ok := errors.AsType[*tencent.APIError](err); !ok || failed.Kind != license.FailureInternal {
			t.Errorf("session %q: error %v, want it to be refused here", name, err)
		}
	}
}

// TestTemporaryKeysPrintNowhere: neither the keys nor the external id turn up where
// something is printed, logged or returned as an error.
func TestTemporaryKeysPrintNowhere(t *testing.T) {
	t.Parallel()
	var printed bytes.Buffer
	for _, answer := range []http.HandlerFunc{
		answerWith(roleKeys(roleID, roleKey, roleToken)),
		answerWith(roleKeys(roleID, "", roleToken)),
		answerWith(roleKeys(roleID, roleKey, roleToken) + "x"),
		answerWith(`{"Response":{"Error":{"Code":"UnauthorizedOperation","Message":"` + externalID + roleKey + `"}}}`),
	} {
		cloud := newCloud(t, answer)
		o := options(t, cloud.URL)
		o.Logger = slog.New(slog.NewJSONHandler(&printed, &slog.HandlerOptions{Level: slog.LevelDebug}))
		keys, err := tencent.New(o).NewRoleCaller().AssumeRole(t.Context(), reader())
		holder := struct{ keys tencent.TemporaryKeys }{keys}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&printed, verb+verb+verb+verb, keys, &keys, holder, err)
		}
		encoded, _ := json.Marshal(map[string]any{"keys": keys, "holder": holder, "error": err})
		printed.Write(encoded)
		o.Logger.Info("keys", "keys", keys, "holder", holder)
	}
	for _, secret := range []string{roleID, roleKey, roleToken, externalID, secretKey, token} {
		if strings.Contains(printed.String(), secret) {
			t.Errorf("printed: %s", secret)
		}
	}
	if !strings.Contains(printed.String(), "AssumeRole") || !strings.Contains(printed.String(), "[keys]") {
		t.Errorf("nothing was printed: %s", printed.String())
	}
}
