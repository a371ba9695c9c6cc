package simulator_test

import (
	"encoding/json"
	"fmt"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/internal/simulator"
)

// page is one page of orders.
type page struct {
	total int
	ids   []string
}

func readPage(t *testing.T, s *simulator.Simulator, body string) page {
	t.Helper()
	a := ask(t, s, "DescribeLicenseList", body)
	total, err := strconv.Atoi(fmt.Sprint(a["TotalCount"]))
	if err != nil {
		t.Fatal(err)
	}
	p := page{total: total, ids: []string{}}
	for _, order := range a["List"].([]any) {
		p.ids = append(p.ids, order.(map[string]any)["ResourceId"].(string))
	}
	return p
}

func TestOrdersArePaged(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{Scenario: "many-orders"})
	tests := map[string]struct {
		body        string
		count       int
		first, last string
	}{
		"ten unless asked for":    {`{}`, 10, "cwp-0001", "cwp-0010"},
		"as many as asked for":    {`{"Limit":3,"Offset":5}`, 3, "cwp-0006", "cwp-0008"},
		"at most a hundred":       {`{"Limit":100,"Offset":100}`, 100, "cwp-0101", "cwp-0200"},
		"the last page is short":  {`{"Limit":100,"Offset":200}`, 60, "cwp-0201", "cwp-0260"},
		"nothing behind the last": {`{"Limit":100,"Offset":260}`, 0, "", ""},
		"nothing far behind it":   {`{"Limit":100,"Offset":9007199254740993}`, 0, "", ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := readPage(t, s, test.body)
			if p.total != 260 || len(p.ids) != test.count {
				t.Fatalf("%d of %d orders, want %d of 260", len(p.ids), p.total, test.count)
			}
			if test.count > 0 && (p.ids[0] != test.first || p.ids[test.count-1] != test.last) {
				t.Errorf("orders %s to %s, want %s to %s", p.ids[0], p.ids[test.count-1], test.first, test.last)
			}
		})
	}
}

func TestOrdersRefuse(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{})
	for body, want := range map[string]string{
		`{"Limit":101}`:   "InvalidParameterValue",
		`{"Limit":0}`:     "InvalidParameterValue",
		`{"Offset":-1}`:   "InvalidParameterValue",
		`{"Filters":[]}`:  "UnsupportedOperation",
		`{"Order":"ASC"}`: "UnsupportedOperation",
	} {
		if code := newCall(s, "DescribeLicenseList", body).send(t, s).code(); code != want {
			t.Errorf("%s was refused with %q, want %q", body, code, want)
		}
	}
}

func TestOrderAsTheAPIWritesIt(t *testing.T) {
	t.Parallel()
	s := start(t, simulator.Options{Scenario: "near-expiry"})
	list := ask(t, s, "DescribeLicenseList", "{}")["List"].([]any)
	number := func(n int) json.Number { return json.Number(strconv.Itoa(n)) }
	prepaid := map[string]any{
		"LicenseId": number(100001), "LicenseType": number(2), "LicenseStatus": number(1), "LicenseCnt": number(40),
		"UsedLicenseCnt": number(33), "OrderStatus": number(1), "Deadline": "2026-12-04 15:00:00", "ResourceId": "cwp-aaaa",
		"AutoRenewFlag": number(2), "ProjectId": number(0), "TaskId": number(0), "BuyTime": "2025-12-04 15:00:00",
		"SourceType": number(0), "Alias": "", "Tags": nil, "FreezeNum": number(0),
	}
	if diff := cmp.Diff(prepaid, list[0]); diff != "" {
		t.Errorf("prepaid order (-want +got):\n%s", diff)
	}
	postpaid := list[len(list)-1].(map[string]any)
	if postpaid["LicenseType"] != number(0) || postpaid["Deadline"] != "" {
		t.Errorf("the pay-as-you-go order has type %v and deadline %q, want 0 and none", postpaid["LicenseType"], postpaid["Deadline"])
	}
}
