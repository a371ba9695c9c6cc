package main

import (
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"licensewatch/internal/simulator"
	"licensewatch/internal/simulator/cos"
)

// examined is a simulated account with everything set that doctor looks at.
func examined(t *testing.T) (*simulator.Simulator, *cos.Bucket, map[string]string) {
	t.Helper()
	sim, settings := simulatedAccount(t, "near-expiry")
	bucket := cos.New(cos.Options{SecretID: settings["TENCENTCLOUD_SECRET_ID"], SecretKey: settings["TENCENTCLOUD_SECRET_KEY"], Token: settings["TENCENTCLOUD_TOKEN"]})
	server := httptest.NewServer(bucket)
	t.Cleanup(server.Close)
	settings["LICENSEWATCH_STATE_URL"] = exampleStore + "&endpoint=" + server.URL
	settings["LICENSEWATCH_SLACK_WEBHOOK_URL"] = sim.WebhookURL("slack")
	settings["LICENSEWATCH_WECOM_WEBHOOK_URL"] = strings.Join(sim.WebhookURLs("wecom", 2), ",")
	settings["LICENSEWATCH_HEARTBEAT_URL"] = sim.HeartbeatURL()
	return sim, bucket, settings
}

// withoutPort takes the simulator's port out.
func withoutPort(t *testing.T, sim *simulator.Simulator, text string) string {
	t.Helper()
	u, err := url.Parse(sim.CloudURL())
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(text, ":"+u.Port(), ":PORT")
}

func TestDoctor(t *testing.T) {
	sim, bucket, settings := examined(t)
	code, out, errs := command(t, settings, "doctor")
	if code != exitFine || errs != "" {
		t.Errorf("exit %d: %s", code, errs)
	}
	golden(t, "doctor.txt", withoutPort(t, sim, out))
	if len(sim.Posts()) != 0 || sim.Heartbeats() != 0 || len(bucket.Objects()) != 0 {
		t.Errorf("%d posts, %d heartbeats, %d objects are left", len(sim.Posts()), sim.Heartbeats(), len(bucket.Objects()))
	}
	for _, call := range sim.Calls() {
		if call.Action == "ExportLicenseDetail" {
			t.Error("an export was started")
		}
	}
}

func TestDoctorFindsWhatIsWrong(t *testing.T) {
	for name, args := range map[string][]string{"doctor-wrong.txt": nil, "doctor-wrong.json": {"--output", "json"}} {
		sim, bucket, settings := examined(t)
		denied := simulator.APIError("AuthFailure.UnauthorizedOperation", "no")
		sim.Override("DescribePurchaseStateInfo", denied)
		sim.Override("ExportTasks", denied)
		bucket.Deny("PUT", true)
		settings["LICENSEWATCH_SLACK_WEBHOOK_URL"] = "http://127.0.0.1:1/services/T00000001/B00000001/abcdefghijklmnopqrstuvwx"
		settings["LICENSEWATCH_SLACK_MENTIONS"] = "here"
		delete(settings, "LICENSEWATCH_HEARTBEAT_URL")
		code, out, errs := command(t, settings, append([]string{"doctor"}, args...)...)
		if code != exitFound || errs != "licensewatch: 4 checks failed\n" {
			t.Errorf("%v: exit %d: %s", args, code, errs)
		}
		for _, secret := range []string{"abcdefgh", settings["TENCENTCLOUD_SECRET_ID"], settings["TENCENTCLOUD_SECRET_KEY"], settings["TENCENTCLOUD_TOKEN"]} {
			if strings.Contains(out, secret) {
				t.Errorf("a secret is shown:\n%s", out)
			}
		}
		golden(t, name, random.ReplaceAllString(withoutPort(t, sim, out), "$1…"))
	}
}

func TestDoctorWithoutKeys(t *testing.T) {
	sim, settings := simulatedAccount(t, "healthy")
	for _, name := range []string{"ID", "KEY"} {
		delete(settings, "TENCENTCLOUD_SECRET_"+name)
	}
	settings["LICENSEWATCH_SOURCES"] = "tcss"
	code, out, errs := command(t, settings, "doctor")
	if code != exitFound {
		t.Errorf("exit %d: %s", code, errs)
	}
	wantIn(t, "output", out, "✗ keys: no credentials: set TENCENTCLOUD_SECRET_ID", "– identity: not tried: there are no keys",
		"– cwp:ExportTasks: not needed: LICENSEWATCH_SOURCES leaves cwp out", "! webhooks: none is set")
	if len(sim.Posts()) != 0 {
		t.Error("something was posted")
	}
}

func TestDoctorAndTheClock(t *testing.T) {
	sim := simulator.New(simulator.Options{SignatureClock: func() time.Time { return time.Now().Add(-10 * time.Minute) }})
	if err := sim.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	id, key, token := sim.Credentials()
	code, out, _ := command(t, map[string]string{
		"LICENSEWATCH_API_ENDPOINT": sim.CloudURL(), "LICENSEWATCH_SOURCES": "tcss",
		"TENCENTCLOUD_SECRETID": id, "TENCENTCLOUD_SECRETKEY": key, "TENCENTCLOUD_SESSIONTOKEN": token,
	}, "doctor")
	if code != exitFound {
		t.Errorf("exit %d", code)
	}
	wantIn(t, "output", out, "✗ clock: this machine's clock is about 10 minutes ahead of the API's", "– tcss:DescribePurchaseStateInfo: not known: the clock must be right first")
}

// random is what differs each time: the ids of requests and of the probe's object.
var random = regexp.MustCompile(`(\(request |probe/)[A-Za-z0-9-]+`)
