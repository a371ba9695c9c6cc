package handler_test

import (
	"strings"
	"testing"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
)

// refusedMachines is what a role is answered that was made before there were machines.
const refusedMachines = `{"Response":{"Error":{"Code":"AuthFailure.UnauthorizedOperation","Message":"no"},"RequestId":"r"}}`

// TestUpgradeWithoutThePermission: who upgrades and leaves the policy as it is gets
// what they got before, and a line in the digest.
func TestUpgradeWithoutThePermission(t *testing.T) {
	w := newWorld(t, "healthy", "LICENSEWATCH_STATE_URL", "file://"+t.TempDir())
	t.Setenv("LICENSEWATCH_HEARTBEAT_URL", w.HeartbeatURL())
	w.Override("DescribeMachineGeneral", simulator.Answer(refusedMachines))
	for i := range 5 {
		summary, err := w.run(strings.Replace(alertEvent, "11-22", "11-2"+string(rune('2'+i)), 1))
		if err != nil || summary.Outcome != handler.OutcomeQuiet || summary.Findings.Unknown != 0 ||
			summary.Sources["cwp.machines"] != "AuthFailure.UnauthorizedOperation" || summary.Sources["cwp.overview"] != "ok" {
			t.Errorf("%v, %+v", err, summary)
		}
	}
	w.wantPosts(0, 0)
	if w.Heartbeats() != 5 {
		t.Errorf("%d heartbeats, want 5", w.Heartbeats())
	}
	summary, err := w.run(digestEvent)
	if err != nil || summary.Outcome != handler.OutcomeSent || summary.Findings.Unknown != 0 {
		t.Errorf("%v, %+v", err, summary)
	}
	w.wantPosts(1, 1)
	for _, channel := range []string{"slack", "wecom"} {
		w.wantContains(channel, w.posted(channel)[0], "cwp:DescribeMachineGeneral", "🟢")
	}
}

// TestPermissionTakenAway: what was read once and is refused then is a failure like any
// other.
func TestPermissionTakenAway(t *testing.T) {
	w := newWorld(t, "healthy", "LICENSEWATCH_STATE_URL", "file://"+t.TempDir())
	if summary, err := w.run(alertEvent); err != nil || summary.Outcome != handler.OutcomeQuiet {
		t.Fatalf("%v, %+v", err, summary)
	}
	w.Override("DescribeMachineGeneral", simulator.Answer(refusedMachines))
	summary, err := w.run(strings.Replace(alertEvent, "11-22", "11-23", 1))
	if err != nil || summary.Outcome != handler.OutcomeUnknown || summary.Findings.Unknown == 0 {
		t.Errorf("%v, %+v", err, summary)
	}
}
