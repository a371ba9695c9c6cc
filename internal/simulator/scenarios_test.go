package simulator_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/internal/simulator"
	"licensewatch/license"
)

// account is what the three reading calls of a scenario answer.
type account struct {
	overview, purchase answer
	orders             []map[string]any
}

func readAccount(t *testing.T, s *simulator.Simulator) account {
	t.Helper()
	a := account{
		overview: newCall(s, "DescribeLicenseGeneral", "{}").send(t, s),
		purchase: newCall(s, "DescribePurchaseStateInfo", "{}").send(t, s),
	}
	for _, order := range ask(t, s, "DescribeLicenseList", `{"Limit":100}`)["List"].([]any) {
		a.orders = append(a.orders, order.(map[string]any))
	}
	return a
}

// count is a number of an answer; it fails on anything else.
func count(t *testing.T, a map[string]any, name string) int64 {
	t.Helper()
	number, ok := a[name].(json.Number)
	n, err := number.Int64()
	if !ok || err != nil {
		t.Errorf("%s is %v, not an integer", name, a[name])
	}
	return n
}

// daysFromNow reads a date as the API writes it, and counts the days to it.
func daysFromNow(t *testing.T, value any) int {
	t.Helper()
	zone := time.FixedZone("", 8*60*60)
	at, err := time.ParseInLocation("2006-01-02 15:04:05", fmt.Sprint(value), zone)
	if err != nil {
		t.Error(err)
	}
	year, month, day := now.In(zone).Date()
	return int(math.Floor(at.Sub(time.Date(year, month, day, 0, 0, 0, 0, zone)).Hours() / 24))
}

func TestEveryScenarioAnswersInForm(t *testing.T) {
	t.Parallel()
	for _, scenario := range simulator.Scenarios() {
		for _, site := range []license.Site{license.SiteCN, license.SiteIntl} {
			t.Run(scenario.Name+"/"+string(site), func(t *testing.T) {
				t.Parallel()
				a := readAccount(t, start(t, simulator.Options{Scenario: scenario.Name, Site: site}))
				if scenario.About == "" {
					t.Error("nothing says what it shows")
				}
				checkOverview(t, a.overview, site == license.SiteIntl || scenario.Name == "first-day")
				checkPurchase(t, a.purchase, scenario.Name)
				for _, order := range a.orders {
					checkOrder(t, order)
				}
			})
		}
	}
}

// checkOverview wants exactly the fields of one of the published pages.
func checkOverview(t *testing.T, a answer, all bool) {
	t.Helper()
	want := 19
	if all {
		want = 25
	}
	if got := len(a) - 1; got != want { // without the RequestId
		t.Errorf("the overview has %d fields, want %d: %v", got, want, slices.Sorted(maps.Keys(a)))
	}
	for name, value := range a {
		switch value := value.(type) {
		case bool:
		case string:
			if name != "ProtectType" && name != "RequestId" {
				t.Errorf("%s is the string %q", name, value)
			}
		default:
			if count(t, a, name) < 0 {
				t.Errorf("%s is negative", name)
			}
		}
	}
}

func checkPurchase(t *testing.T, a answer, scenario string) {
	t.Helper()
	if scenario == "source-down" {
		if a.code() != "AuthFailure.UnauthorizedOperation" {
			t.Errorf("refused with %q", a.code())
		}
		return
	}
	count(t, a, "State")
	for name, value := range a {
		switch {
		case value == nil || name == "RequestId" || name == "SubState":
		case name == "BeginTime" || name == "ExpirationTime":
			daysFromNow(t, value)
		case count(t, a, name) < 0:
			t.Errorf("%s is negative", name)
		}
	}
}

func checkOrder(t *testing.T, order map[string]any) {
	t.Helper()
	if len(order) != 16 {
		t.Errorf("%v has %d fields, want 16", order["ResourceId"], len(order))
	}
	if count(t, order, "LicenseType") != 0 {
		daysFromNow(t, order["Deadline"])
	}
	if used, seats := count(t, order, "UsedLicenseCnt"), count(t, order, "LicenseCnt"); used > seats {
		t.Errorf("%v uses %d of %d seats", order["ResourceId"], used, seats)
	}
}

func TestScenarios(t *testing.T) {
	t.Parallel()
	var names []string
	for _, scenario := range simulator.Scenarios() {
		names = append(names, scenario.Name)
	}
	want := []string{
		"healthy", "near-expiry", "trial-expired", "renewal-off", "not-renewed", "everything-wrong", "undocumented",
		"source-down", "slow-export", "many-orders", "first-day", "quarter",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

// TestWhatScenariosShow checks what each scenario is there for: the fields of
// the overview and the purchase state, and each order as
// id:seats/used@days:renewal:status.
func TestWhatScenariosShow(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		overview, purchase string
		orders             string
	}{
		"healthy": {
			"NotExpiredLicenseCnt=317 UsedLicenseCnt=100 NearExpiryLicenseCnt=0 ExpireLicenseCnt=0 AutoRepurchaseSwitch=false",
			"State=3 ExpirationTime=300d AutomaticRenewal=1 UndefendCoresCnt=0",
			"cwp-bbbb:200/70@99:1:1 cwp-cccc:100/25@171:1:1 cwp-dddd:17/5:0:1",
		},
		"near-expiry": {
			"NotExpiredLicenseCnt=317 UsedLicenseCnt=100 NearExpiryLicenseCnt=40 ExpireLicenseCnt=0",
			"State=2 ExpirationTime=6d AutomaticRenewal=0 UndefendCoresCnt=16",
			"cwp-aaaa:40/33@12:2:1 cwp-bbbb:240/62@99:1:1 cwp-cccc:20/0@39:1:1 cwp-dddd:17/5:0:1",
		},
		"trial-expired": {
			"NearExpiryLicenseCnt=0 ExpireLicenseCnt=0",
			"State=1 ExpirationTime=-4d CoresCnt=0",
			"cwp-bbbb:200/70@99:1:1 cwp-cccc:100/25@171:1:1 cwp-dddd:17/5:0:1",
		},
		"renewal-off": {
			"AutoRepurchaseSwitch=true AutoRepurchaseRenewSwitch=false RepurchaseRenewSwitch=false",
			"State=3 ExpirationTime=20d AutomaticRenewal=2 UndefendCoresCnt=0",
			"cwp-bbbb:200/70@26:2:1 cwp-cccc:100/25@171:1:1 cwp-dddd:17/5:0:1",
		},
		"everything-wrong": {
			"NotExpiredLicenseCnt=220 UsedLicenseCnt=209 ExpireLicenseCnt=25 AutoRepurchaseSwitch=true AutoRepurchaseRenewSwitch=false",
			"State=4 SubState=ISOLATE ExpirationTime=-5d AutomaticRenewal=2 UndefendCoresCnt=48",
			"cwp-aaaa:40/38@2:2:1 cwp-bbbb:100/93@12:0:1 cwp-cccc:60/60@25:2:1 cwp-dddd:20/18:0:1 cwp-eeee:25/0@-3:2:2 cwp-ffff:10/0@-40:2:3",
		},
		"first-day": {
			"LicenseCnt=0 NotExpiredLicenseCnt=0 ExpireLicenseCnt=10 AutoBindRaspSwitch=false",
			"State=0 SubState=<nil> ExpirationTime=<nil> AutomaticRenewal=<nil> CoresCnt=<nil>",
			"",
		},
		"quarter": {
			"NotExpiredLicenseCnt=305 UsedLicenseCnt=276 NearExpiryLicenseCnt=40 ExpireLicenseCnt=25",
			"State=3 ExpirationTime=200d AutomaticRenewal=1 UndefendCoresCnt=0",
			"cwp-aaaa:40/33@12:2:1 cwp-bbbb:200/200@140:1:1 cwp-cccc:20/14@301:1:1 cwp-dddd:25/0@-20:2:2 cwp-eeee:45/29@320:1:1",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := readAccount(t, start(t, simulator.Options{Scenario: name}))
			if diff := cmp.Diff(test.overview, show(t, a.overview, test.overview)); diff != "" {
				t.Errorf("overview (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.purchase, show(t, a.purchase, test.purchase)); diff != "" {
				t.Errorf("purchase state (-want +got):\n%s", diff)
			}
			var orders []string
			for _, order := range a.orders {
				orders = append(orders, showOrder(t, order))
			}
			if diff := cmp.Diff(test.orders, strings.Join(orders, " ")); diff != "" {
				t.Errorf("orders (-want +got):\n%s", diff)
			}
		})
	}
}

// show writes the fields that want names, as want does.
func show(t *testing.T, a answer, want string) string {
	t.Helper()
	var shown []string
	for pair := range strings.FieldsSeq(want) {
		name, _, _ := strings.Cut(pair, "=")
		value := fmt.Sprint(a[name])
		if name == "ExpirationTime" && a[name] != nil {
			value = fmt.Sprintf("%dd", daysFromNow(t, a[name]))
		}
		shown = append(shown, name+"="+value)
	}
	return strings.Join(shown, " ")
}

func showOrder(t *testing.T, o map[string]any) string {
	t.Helper()
	ends := ""
	if o["Deadline"] != "" {
		ends = fmt.Sprintf("@%d", daysFromNow(t, o["Deadline"]))
	}
	return fmt.Sprintf("%v:%v/%v%s:%v:%v", o["ResourceId"], o["LicenseCnt"], o["UsedLicenseCnt"], ends, o["AutoRenewFlag"], o["OrderStatus"])
}

// TestQuarterTellsOfATime: what there is on a day of the quarter stays where it was in time.
func TestQuarterTellsOfATime(t *testing.T) {
	t.Parallel()
	for daysAgo, want := range map[int]string{
		90: "cwp-aaaa:40/33@102:2:1 cwp-bbbb:200/152@230:1:1 cwp-cccc:20/14@26:1:1 cwp-dddd:25/25@70:2:1",
		63: "cwp-aaaa:40/33@75:2:1 cwp-bbbb:200/175@203:1:1 cwp-cccc:20/14@364:1:1 cwp-dddd:25/25@43:2:1",
		45: "cwp-aaaa:40/33@57:2:1 cwp-bbbb:200/185@185:1:1 cwp-cccc:20/14@346:1:1 cwp-dddd:25/25@25:2:1 cwp-eeee:45/0@365:1:1",
	} {
		s := start(t, simulator.Options{Scenario: "quarter", DaysAgo: daysAgo})
		var orders []string
		for _, order := range readAccount(t, s).orders {
			orders = append(orders, showOrder(t, order))
		}
		if diff := cmp.Diff(want, strings.Join(orders, " ")); diff != "" {
			t.Errorf("%d days ago (-want +got):\n%s", daysAgo, diff)
		}
	}
}

func TestManyOrdersEndOneByOne(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{Scenario: "many-orders"})
	for _, order := range readAccount(t, s).orders {
		if left := daysFromNow(t, order["Deadline"]); left < 16 || left > 30 || order["AutoRenewFlag"] != json.Number("2") {
			t.Errorf("%v ends in %d days with renewal %v, want 16 to 30 and off", order["ResourceId"], left, order["AutoRenewFlag"])
		}
	}
}

func TestFirstDayHasNothingToExport(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{Scenario: "first-day"})
	if code := newCall(s, "ExportLicenseDetail", "{}").send(t, s).code(); code != "ResourceNotFound" {
		t.Errorf("refused with %q, want ResourceNotFound", code)
	}
}

// TestFirstDayIsTheSampleAsPublished compares the answer with the sample.
func TestFirstDayIsTheSampleAsPublished(t *testing.T) {
	t.Parallel()
	got := ask(t, start(t, simulator.Options{Scenario: "first-day"}), "DescribeLicenseGeneral", "{}")
	data, err := os.ReadFile(filepath.Join("answers", "cwp-DescribeLicenseGeneral-intl.json"))
	if err != nil {
		t.Fatal(err)
	}
	var published struct{ Response answer }
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.UseNumber()
	if err := decoder.Decode(&published); err != nil {
		t.Fatal(err)
	}
	delete(published.Response, "RequestId")
	delete(got, "RequestId")
	if diff := cmp.Diff(published.Response, got); diff != "" {
		t.Errorf("overview (-published +got):\n%s", diff)
	}
}
