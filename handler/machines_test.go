package handler_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
	"licensewatch/license"
)

// TestSourcesLeftOut: what LICENSEWATCH_SOURCES leaves out is not called, and neither it
// nor what is judged by it counts as missing.
func TestSourcesLeftOut(t *testing.T) {
	all := slices.DeleteFunc(license.Sources(), func(source license.Source) bool { return source.Info().Behind != "" })
	for mask := 1; mask < 1<<len(all); mask++ {
		var words, actions []string
		for i, source := range all {
			if mask&(1<<i) > 0 {
				words, actions = append(words, string(source)), append(actions, source.Info().Action)
			}
		}
		t.Run(strings.Join(words, ","), func(t *testing.T) {
			w := newRemembering(t, "healthy", "LICENSEWATCH_SOURCES", strings.Join(words, ","), "LICENSEWATCH_EXPORT", "off")
			for _, mode := range []string{"digest", "alert"} { // the alert has a reading to compare with
				summary, err := w.tick(mode)
				isAsked := slices.Equal(slices.Sorted(maps.Keys(summary.Sources)), slices.Sorted(slices.Values(words)))
				if err != nil || !isAsked || summary.Findings.Unknown != 0 || mode == "alert" && summary.Outcome != handler.OutcomeQuiet {
					t.Errorf("%s: %v, %+v", mode, err, summary)
				}
			}
			w.wantPosts(1, 1)
			w.wantContains("digest", w.posted("slack")[0], "🟢")
			var called []string
			for _, call := range w.Calls() {
				called = append(called, call.Action)
			}
			if got := slices.Compact(slices.Sorted(slices.Values(called))); !slices.Equal(got, slices.Sorted(slices.Values(actions))) {
				t.Errorf("calls %v, want %v", got, actions)
			}
		})
	}
}

// fields is an answer of the cloud.
type fields = map[string]any

// machinesAnswer is what DescribeMachineGeneral says of 100 machines, with some of it
// changed; null takes a field away.
func machinesAnswer(t *testing.T, changes fields) string {
	t.Helper()
	response := fields{
		"RequestId": "r", "MachineCnt": 100, "ProtectMachineCnt": 100, "NotProtectMachineCnt": 0, "BaseMachineCnt": 0,
		"SpecialtyMachineCnt": 30, "FlagshipMachineCnt": 70, "LHGeneralDiscountCnt": 0, "DeadlineMachineCnt": 0,
	}
	maps.Copy(response, changes)
	maps.DeleteFunc(response, func(_ string, value any) bool { return value == nil })
	answer, err := json.Marshal(fields{"Response": response})
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

// TestNeverGreenAfterALapse: the day after an order has gone, which nobody lists any more,
// the machines that it left behind are told, and what is not known of them is.
func TestNeverGreenAfterALapse(t *testing.T) {
	const ordersLeft = `{"Response":{"TotalCount":1,"List":[{"LicenseId":1,"ResourceId":"cwp-bbbb","LicenseType":2,"LicenseCnt":200,"UsedLicenseCnt":70,` +
		`"LicenseStatus":1,"OrderStatus":1,"Deadline":"2027-06-30 00:00:00","BuyTime":"2026-06-30 00:00:00","AutoRenewFlag":1,"SourceType":0,"Alias":""}],"RequestId":"r"}}`
	for name, changes := range map[string]fields{
		"fallen back":            {"SpecialtyMachineCnt": 0, "BaseMachineCnt": 30},
		"not protected":          {"SpecialtyMachineCnt": 0, "NotProtectMachineCnt": 30, "ProtectMachineCnt": 70},
		"some of each":           {"SpecialtyMachineCnt": 0, "BaseMachineCnt": 29, "NotProtectMachineCnt": 1},
		"only one":               {"SpecialtyMachineCnt": 29, "BaseMachineCnt": 1},
		"Basic is not told":      {"SpecialtyMachineCnt": 0, "BaseMachineCnt": nil},
		"none of it is told":     {"SpecialtyMachineCnt": nil, "BaseMachineCnt": nil, "NotProtectMachineCnt": nil},
		"nobody counts them":     {"SpecialtyMachineCnt": 0, "FlagshipMachineCnt": 70, "BaseMachineCnt": 0},
		"a number that is none":  {"SpecialtyMachineCnt": 0, "BaseMachineCnt": -1},
		"a word for a number":    {"SpecialtyMachineCnt": 0, "BaseMachineCnt": "many"},
		"more than there are":    {"SpecialtyMachineCnt": 0, "BaseMachineCnt": 30, "MachineCnt": 3},
		"Ultimate is not told":   {"SpecialtyMachineCnt": 0, "FlagshipMachineCnt": nil},
		"more of one kind":       {"SpecialtyMachineCnt": 31, "MachineCnt": 100},
		"nothing but the number": {"SpecialtyMachineCnt": 0, "BaseMachineCnt": 30, "FlagshipMachineCnt": nil, "MachineCnt": nil, "ProtectMachineCnt": nil},
	} {
		for _, store := range []bool{true, false} {
			t.Run(name+map[bool]string{true: ", with memory", false: ", without"}[store], func(t *testing.T) {
				w := newRemembering(t, "healthy")
				if !store {
					w.set("LICENSEWATCH_STATE_URL", "")
				}
				w.Override("DescribeMachineGeneral", simulator.Answer(machinesAnswer(t, nil)))
				w.wantTick("digest", handler.OutcomeSent, 1, 1)
				w.wantContains("before", w.posted("slack")[0], "🟢")
				w.clock = now.AddDate(0, 0, 1)
				w.Override("DescribeLicenseList", simulator.Answer(ordersLeft))
				w.Override("DescribeMachineGeneral", simulator.Answer(machinesAnswer(t, changes)))
				w.wantTick("digest", handler.OutcomeSent, 2, 2)
				for _, channel := range []string{"slack", "wecom"} {
					if text := w.posted(channel)[1]; strings.Contains(text, "🟢") || strings.Contains(text, "in order") {
						t.Errorf("%s is green:\n%s", channel, text)
					}
				}
			})
		}
	}
	t.Run("the machines are not read", func(t *testing.T) {
		w := newRemembering(t, "healthy")
		w.wantTick("digest", handler.OutcomeSent, 1, 1)
		w.clock = now.AddDate(0, 0, 1)
		w.Override("DescribeLicenseList", simulator.Answer(ordersLeft))
		w.Override("DescribeMachineGeneral", simulator.APIError("InternalError", "x"))
		w.wantTick("digest", handler.OutcomeSent, 2, 2)
		if text := w.posted("slack")[1]; strings.Contains(text, "🟢") {
			t.Errorf("green:\n%s", text)
		}
	})
}
