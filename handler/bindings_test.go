package handler_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
)

// boundOrder is an order that ends after some days, with its status.
func boundOrder(id, status, used int, ends time.Time) string {
	return fmt.Sprintf(`{"LicenseId":%d,"ResourceId":"cwp-%04d","LicenseType":2,"LicenseCnt":40,"UsedLicenseCnt":%d,"OrderStatus":%d,`+
		`"AutoRenewFlag":2,"SourceType":0,"LicenseStatus":1,"Deadline":%q}`, id, id, used, status, ends.In(shanghaiZone).Format(time.DateTime))
}

var shanghaiZone = time.FixedZone("CST", 8*60*60)

// ordersAre has the cloud list these orders.
func ordersAre(orders ...string) http.HandlerFunc {
	return simulator.Answer(fmt.Sprintf(`{"Response":{"TotalCount":%d,"List":[%s],"RequestId":"r"}}`, len(orders), strings.Join(orders, ",")))
}

// boundTo has the cloud say that so many machines hang on every order, some of them idle.
func boundTo(machines, idle int, name string) http.HandlerFunc {
	var list []string
	for i := range machines {
		state := "RUNNING"
		if i < idle {
			state = "STOPPED"
		}
		list = append(list, fmt.Sprintf(`{"MachineName":"%s-%02d","Quuid":"q-%d","AgentStatus":"ONLINE","InstanceState":%q}`, name, i+1, i, state))
	}
	return simulator.Answer(fmt.Sprintf(`{"Response":{"TotalCount":%d,"List":[%s],"RequestId":"r"}}`, machines, strings.Join(list, ",")))
}

func (w *world) bindCalls() (n int) {
	for _, call := range w.Calls() {
		if call.Action == "DescribeLicenseBindList" {
			n++
		}
	}
	return n
}

// TestMachinesOfAnOrder: what the chats read of them, by the setting.
func TestMachinesOfAnOrder(t *testing.T) {
	for name, test := range map[string]struct {
		setting, language string
		has, lacks        []string
		calls             int
	}{
		"count":            {"count", "en", []string{"33 machines lose Ultimate", "9 licenses of order", "Renew 31, not 40"}, []string{"web-10"}, 1},
		"names":            {"names", "en", []string{"33 machines lose Ultimate: `web-10`, `web-11`, `web-12` and 30 more"}, nil, 1},
		"off":              {"off", "en", []string{"or up to 33 machines fall back"}, []string{"lose Ultimate", "web-10", "Renew 31"}, 0},
		"count in Chinese": {"count", "zh", []string{"33 台主机将失去旗舰版防护", "续费 31 个即可，而不是 40 个"}, []string{"web-10"}, 1},
		"names in Chinese": {"names", "zh", []string{"33 台主机将失去旗舰版防护： `web-10` 、 `web-11` 、 `web-12` 等，另有 30 台"}, nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "healthy", "LICENSEWATCH_MACHINES", test.setting, "LICENSEWATCH_LANGUAGE", test.language)
			w.Override("DescribeLicenseList", ordersAre(boundOrder(1, 1, 33, now.AddDate(0, 0, 12))))
			w.Override("DescribeLicenseBindList", boundTo(33, 9, "web"))
			summary, err := w.run(digestEvent)
			if err != nil || summary.Outcome != handler.OutcomeSent || summary.Findings.Unknown != 0 {
				t.Errorf("%v, %+v", err, summary)
			}
			post := w.posted("slack")[0]
			w.wantContains("digest", post, test.has...)
			for _, text := range test.lacks {
				if strings.Contains(post, text) {
					t.Errorf("holds %q:\n%s", text, post)
				}
			}
			if w.bindCalls() != test.calls {
				t.Errorf("%d calls, want %d", w.bindCalls(), test.calls)
			}
			if code, asked := summary.Sources["cwp.bindings"]; asked != (test.calls > 0) || asked && code != "ok" {
				t.Errorf("sources %v", summary.Sources)
			}
		})
	}
}

// TestMachinesAreAskedForWhereNeeded: of no order that goes on, or tells too little; of 20 at
// most, those with most licenses in use.
func TestMachinesAreAskedForWhereNeeded(t *testing.T) {
	var many []string
	for i := range 30 {
		many = append(many, boundOrder(i+1, 1, 100+i, now.AddDate(0, 0, 12)))
	}
	twin := boundOrder(1, 1, 1, now.AddDate(0, 0, 12))
	for name, test := range map[string]struct {
		orders []string
		calls  int
	}{
		"later":          {[]string{boundOrder(1, 1, 33, now.AddDate(0, 0, 31))}, 0},
		"in 30 days":     {[]string{boundOrder(1, 1, 33, now.AddDate(0, 0, 30))}, 1},
		"ended":          {[]string{boundOrder(1, 1, 33, now.AddDate(0, 0, -3))}, 1},
		"isolated":       {[]string{boundOrder(1, 2, 0, now.AddDate(0, 0, -3))}, 1},
		"destroyed":      {[]string{boundOrder(1, 3, 0, now.AddDate(0, 0, -40))}, 0},
		"pay as you go":  {[]string{strings.Replace(boundOrder(1, 1, 33, now.AddDate(0, 0, 3)), `"LicenseType":2`, `"LicenseType":0`, 1)}, 0},
		"no license id":  {[]string{strings.Replace(boundOrder(1, 1, 33, now.AddDate(0, 0, 3)), `"LicenseId":1,`, ``, 1)}, 0},
		"no resource id": {[]string{strings.Replace(boundOrder(1, 1, 33, now.AddDate(0, 0, 3)), `"ResourceId":"cwp-0001",`, ``, 1)}, 0},
		"equal ids":      {[]string{twin, strings.Replace(twin, `"LicenseCnt":40`, `"LicenseCnt":41`, 1)}, 0},
		"30 of them":     {many, 20},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, "healthy")
			w.Override("DescribeLicenseList", ordersAre(test.orders...))
			w.Override("DescribeLicenseBindList", boundTo(3, 0, "web"))
			if summary, err := w.run(digestEvent); err != nil || summary.Outcome != handler.OutcomeSent {
				t.Errorf("%v, %+v", err, summary)
			}
			if w.bindCalls() != test.calls {
				t.Errorf("%d calls, want %d", w.bindCalls(), test.calls)
			}
			for _, call := range w.Calls() {
				if id := `"ResourceId":"cwp-0001"`; call.Action == "DescribeLicenseBindList" && test.calls == 20 && strings.Contains(string(call.Body), id) {
					t.Errorf("asked for %s, which has fewest in use", id)
				}
			}
		})
	}
}

// TestMachinesFail: whatever the answer is, everything else goes on.
func TestMachinesFail(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"broken": simulator.APIError("InternalError", "x"), "no list": simulator.Answer(`{"Response":{"RequestId":"r"}}`),
		"not allowed": refused(), "a gateway's": status(502, "x"),
		"total lies":     simulator.Answer(`{"Response":{"TotalCount":99,"List":[],"RequestId":"r"}}`),
		"is no JSON":     status(200, "<html>"),
		"throttled":      simulator.APIError("RequestLimitExceeded", "x"),
		"types are odd":  simulator.Answer(`{"Response":{"TotalCount":2,"List":[{"MachineName":{},"AgentStatus":7},null],"RequestId":"r"}}`),
		"list is absurd": simulator.Answer(`{"Response":{"TotalCount":{},"List":[[[]]],"RequestId":"r"}}`),
	} {
		t.Run(name, func(t *testing.T) {
			w := newRemembering(t, "healthy")
			w.set("LICENSEWATCH_HEARTBEAT_URL", w.HeartbeatURL())
			w.Override("DescribeLicenseList", ordersAre(boundOrder(1, 1, 33, now.AddDate(0, 0, 12))))
			w.Override("DescribeLicenseBindList", answer)
			summary := w.wantTick("digest", handler.OutcomeSent, 1, 1)
			if summary.Findings.Unknown != 0 {
				t.Errorf("%+v", summary)
			}
			w.wantContains("digest", w.posted("slack")[0], "or up to 33 machines fall back", "🟡")
			for range 4 {
				w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
			}
			if w.Heartbeats() != 5 {
				t.Errorf("%d heartbeats, want one a run", w.Heartbeats())
			}
		})
	}
}

// TestMachinesNotAllowed: the action is named in the digest, and where none comes once a day.
func TestMachinesNotAllowed(t *testing.T) {
	w := newRemembering(t, "healthy")
	w.Override("DescribeLicenseList", ordersAre(boundOrder(1, 1, 33, now.AddDate(0, 0, 25))))
	w.Override("DescribeLicenseBindList", refused())
	w.clock = time.Date(2026, 11, 22, 9, 37, 0, 0, shanghaiZone)
	w.wantTick("alert", handler.OutcomeSent, 2, 2) // the order, and the note
	for range 23 {
		w.wantTick("alert", handler.OutcomeQuiet, 2, 2)
	}
	w.wantContains("note", w.posted("slack")[1], "cwp:DescribeLicenseBindList")
	w.wantTick("digest", handler.OutcomeSent, 3, 3)
	w.wantContains("digest", w.posted("slack")[2], "cwp:DescribeLicenseBindList")
	w.wantTick("alert", handler.OutcomeQuiet, 3, 3)
}

// TestMachinesAreKept: once the order is isolated its machines are unbound; those that were
// seen before are named, with their date, until the order is gone.
func TestMachinesAreKept(t *testing.T) {
	w := newRemembering(t, "healthy", "LICENSEWATCH_MACHINES", "names")
	ends := now.AddDate(0, 0, 2)
	w.Override("DescribeLicenseList", ordersAre(boundOrder(1, 1, 33, ends), boundOrder(2, 1, 5, now.AddDate(1, 0, 0))))
	w.Override("DescribeLicenseBindList", boundTo(33, 0, "web"))
	w.wantTick("digest", handler.OutcomeSent, 1, 1)
	if kept := w.ledger().Bound(); len(kept) != 1 || kept["cwp-0001#1"].Count != 33 || len(kept["cwp-0001#1"].Names) != 20 {
		t.Errorf("kept: %+v", kept)
	}
	w.clock = ends.Add(time.Hour)
	w.Override("DescribeLicenseList", ordersAre(boundOrder(1, 2, 0, ends), boundOrder(2, 1, 5, now.AddDate(1, 0, 0))))
	w.Override("DescribeLicenseBindList", boundTo(0, 0, ""))
	w.wantTick("alert", handler.OutcomeSent, 2, 2)
	w.wantContains("alert", w.posted("slack")[1], "isolated", "33 machines lost Ultimate (as of Nov 22): `web-01`, `web-02`, `web-03` and 30 more")
	w.clock = w.clock.AddDate(0, 0, 3)
	w.wantTick("digest", handler.OutcomeSent, 3, 3)
	w.wantContains("digest", w.posted("slack")[2], "33 machines lost Ultimate (as of Nov 22)")
	w.Override("DescribeLicenseList", ordersAre(boundOrder(1, 1, 33, now.AddDate(1, 0, 0)), boundOrder(2, 1, 5, now.AddDate(1, 0, 0))))
	if _, err := w.tick("digest"); err != nil || len(w.ledger().Bound()) != 0 {
		t.Errorf("%v; of a renewed order there is kept %+v", err, w.ledger().Bound())
	}
}

// TestMachinesHaveHostileNames: they are shown as text in every chat, and bounded.
func TestMachinesHaveHostileNames(t *testing.T) {
	w := newWorld(t, "healthy", "LICENSEWATCH_MACHINES", "names")
	w.Override("DescribeLicenseList", ordersAre(boundOrder(1, 1, 2, now.AddDate(0, 0, 12))))
	name := "<!channel> [x](https://evil.example) `a` *b* \\u202e\\u001b[31m" + strings.Repeat("w", 5000)
	w.Override("DescribeLicenseBindList", boundTo(2, 0, name))
	if summary, err := w.run(digestEvent); err != nil || summary.Outcome != handler.OutcomeSent || len(summary.Undelivered) > 0 {
		t.Errorf("%v, %+v", err, summary)
	}
	for _, post := range slices.Concat(w.posted("slack"), w.posted("wecom")) {
		for _, bad := range []string{"<!channel>", "*b*", "\u202e", "\\u202e", "\\u001b", strings.Repeat("w", 100)} {
			if strings.Contains(post, bad) {
				t.Errorf("holds %q:\n%s", bad, post)
			}
		}
	}
}

// TestMachinesAreSealed: a record has them in a file of its own.
func TestMachinesAreSealed(t *testing.T) {
	w := newArchiving(t, "healthy")
	w.Override("DescribeLicenseList", ordersAre(boundOrder(1, 1, 33, now.AddDate(0, 0, 12))))
	w.Override("DescribeLicenseBindList", boundTo(33, 9, "web"))
	sealed := w.wantTick("digest", handler.OutcomeSent, 1, 1)
	w.verify(1)
	w.wantContains("machines.json", w.file(sealed.Archive.Record, "machines.json"), `"ResourceId": "cwp-0001"`, `"MachineName": "web-33"`, `"InstanceState": "STOPPED"`)
	if reading := w.file(sealed.Archive.Record, "reading.json"); strings.Contains(reading, "web-33") {
		t.Error("reading.json holds them as well")
	}
}
