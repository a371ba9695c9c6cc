package tencent_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/internal/simulator"
	"licensewatch/license"
	"licensewatch/tencent"
)

// page is one answer of DescribeLicenseList.
type page struct {
	total    any
	elements []string // JSON
	refusal  string   // instead of the page: an error code
}

// order is an order as JSON.
func order(id int) string {
	return `{"LicenseId":` + strconv.Itoa(id) + `,"LicenseType":2,"LicenseCnt":1,"ResourceId":"cwp-` + strconv.Itoa(id) + `"}`
}

func orders(from, to int) []string {
	var list []string
	for id := from; id < to; id++ {
		list = append(list, order(id))
	}
	return list
}

// paged answers the calls with these pages in turn; the last one answers all
// that follow.
func paged(pages ...page) http.HandlerFunc {
	handlers := make([]http.HandlerFunc, 0, len(pages))
	for _, p := range pages {
		h := refuseWith(p.refusal)
		if p.refusal == "" {
			total, err := json.Marshal(p.total)
			if err != nil {
				panic(err)
			}
			h = answerWith(`{"Response":{"TotalCount":` + string(total) + `,"List":[` + strings.Join(p.elements, ",") + `],"RequestId":"r"}}`)
		}
		handlers = append(handlers, h)
	}
	return inTurn(handlers...)
}

// shop answers DescribeLicenseList properly, with at most largest orders a page.
func shop(all []string, largest int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var ask struct{ Limit, Offset int }
		if err := json.NewDecoder(r.Body).Decode(&ask); err != nil {
			panic(err)
		}
		from := min(ask.Offset, len(all))
		to := min(from+ask.Limit, from+largest, len(all))
		paged(page{total: len(all), elements: all[from:to]})(w, r)
	}
}

type ordersTest struct {
	answer     http.HandlerFunc
	ids        []int64
	total      int64
	incomplete bool
	calls      int
}

func ids(from, to int64) []int64 {
	var list []int64
	for id := from; id < to; id++ {
		list = append(list, id)
	}
	return list
}

// listsThatAddUp are complete, at the first reading or at the second.
func listsThatAddUp() map[string]ordersTest {
	return map[string]ordersTest{
		"none":                    {answer: shop(nil, 100), calls: 1},
		"none, list null":         {answer: answerWith(`{"Response":{"TotalCount":0,"List":null}}`), calls: 1},
		"one page":                {answer: shop(orders(1, 4), 100), ids: ids(1, 4), total: 3, calls: 1},
		"a full page":             {answer: shop(orders(1, 101), 100), ids: ids(1, 101), total: 100, calls: 1},
		"three pages":             {answer: shop(orders(1, 261), 100), ids: ids(1, 261), total: 260, calls: 3},
		"smaller pages than said": {answer: shop(orders(1, 121), 50), ids: ids(1, 121), total: 120, calls: 3},
		"total quoted":            {answer: paged(page{total: "2", elements: orders(1, 3)}), ids: ids(1, 3), total: 2, calls: 1},
		"total grows, then stays": {
			answer: paged(
				page{total: 150, elements: orders(1, 101)}, page{total: 151, elements: orders(101, 152)},
				page{total: 151, elements: orders(1, 101)}, page{total: 151, elements: orders(101, 152)}),
			ids: ids(1, 152), total: 151, calls: 4,
		},
		"page overlaps": {
			answer: paged(page{total: 3, elements: orders(1, 3)}, page{total: 3, elements: orders(2, 4)}),
			ids:    ids(1, 4), total: 3, calls: 2,
		},
		"empty at first, whole at second reading": {
			answer: paged(page{total: 2}, page{total: 2, elements: orders(1, 3)}),
			ids:    ids(1, 3), total: 2, calls: 2,
		},
		"same license, other order": {
			answer: paged(page{total: 2, elements: []string{`{"LicenseId":7,"ResourceId":"a"}`, `{"LicenseId":7,"ResourceId":"b"}`}}),
			ids:    []int64{7, 7}, total: 2, calls: 1,
		},
		"same license, other type": {
			answer: paged(page{total: 2, elements: []string{`{"LicenseId":7,"LicenseType":1}`, `{"LicenseId":7,"LicenseType":2}`}}),
			ids:    []int64{7, 7}, total: 2, calls: 1,
		},
		"a repeat with its fields in another order": {
			answer: paged(page{total: 2, elements: []string{`{"LicenseId":7,"ResourceId":"a"}`}}, page{total: 2, elements: []string{`{ "ResourceId":"a", "LicenseId":7}`, `{"LicenseId":8}`}}),
			ids:    []int64{7, 8}, total: 2, calls: 2,
		},
		"an order goes away": {
			answer: paged(page{total: 4, elements: orders(1, 4)}, page{total: 3}, page{total: 2, elements: orders(2, 4)}),
			ids:    ids(2, 4), total: 2, calls: 3,
		},
		"no ids at all": {
			answer: paged(page{total: 2, elements: []string{`{"LicenseId":0,"Alias":"a"}`, `{"LicenseId":0,"Alias":"b"}`}}),
			ids:    []int64{0, 0}, total: 2, calls: 1,
		},
	}
}

// listsThatDoNot stay incomplete.
func listsThatDoNot() map[string]ordersTest {
	return map[string]ordersTest{
		"total moves for ever": {
			answer: paged(
				page{total: 150, elements: orders(1, 101)}, page{total: 149, elements: orders(102, 151)},
				page{total: 149, elements: orders(1, 101)}, page{total: 148, elements: orders(102, 150)}),
			ids: append(ids(1, 101), ids(102, 151)...), total: 149, incomplete: true, calls: 4,
		},
		"a twin with other content": {
			answer: paged(page{total: 1, elements: []string{
				`{"LicenseId":7,"LicenseType":2,"ResourceId":"a","UsedLicenseCnt":1}`, `{"LicenseId":7,"LicenseType":2,"ResourceId":"a","UsedLicenseCnt":2}`,
			}}),
			ids: []int64{7, 7}, total: 1, incomplete: true, calls: 2,
		},
		"page repeats": {
			answer: paged(page{total: 150, elements: orders(1, 101)}),
			ids:    ids(1, 101), total: 150, incomplete: true, calls: 4,
		},
		"empty page too early": {
			answer: paged(page{total: 150, elements: orders(1, 101)}, page{total: 150}, page{total: 150, elements: orders(1, 101)}, page{total: 150}),
			ids:    ids(1, 101), total: 150, incomplete: true, calls: 4,
		},
		"second reading fails": {
			answer: paged(page{total: 3, elements: orders(1, 3)}, page{total: 3}, page{refusal: "InvalidParameter"}),
			ids:    ids(1, 3), total: 3, incomplete: true, calls: 3,
		},
		"later page fails": {
			answer: paged(page{total: 150, elements: orders(1, 101)}, page{refusal: "InvalidParameter"}),
			ids:    ids(1, 101), total: 150, incomplete: true, calls: 2,
		},
		"no total": {
			answer: paged(page{elements: orders(1, 3)}, page{}, page{elements: orders(1, 3)}, page{}),
			ids:    ids(1, 3), total: 2, incomplete: true, calls: 4,
		},
		"an element that is none": {
			answer: paged(page{total: 3, elements: []string{order(1), `"?"`, order(2)}}),
			ids:    ids(1, 3), total: 3, incomplete: true, calls: 1,
		},
	}
}

func TestDescribeLicenseList(t *testing.T) {
	t.Parallel()
	tests := listsThatAddUp()
	maps.Copy(tests, listsThatDoNot())
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, test.answer)
			got, err := tencent.New(options(t, cloud.URL)).DescribeLicenseList(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			var gotIDs []int64
			for _, o := range got.List {
				gotIDs = append(gotIDs, *o.LicenseId)
			}
			if diff := cmp.Diff(test.ids, gotIDs); diff != "" {
				t.Errorf("orders (-want +got):\n%s", diff)
			}
			if got.TotalCount != test.total || got.Incomplete != test.incomplete {
				t.Errorf("total %d, incomplete %t; want %d, %t", got.TotalCount, got.Incomplete, test.total, test.incomplete)
			}
			if n := len(cloud.seen()); n != test.calls {
				t.Errorf("%d requests, want %d", n, test.calls)
			}
		})
	}
}

func TestDescribeLicenseListPages(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, shop(orders(1, 261), 100))
	if _, err := tencent.New(options(t, cloud.URL)).DescribeLicenseList(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []received{
		{"cwp", "2018-02-28", "DescribeLicenseList", `{"Limit":100,"Offset":0}`},
		{"cwp", "2018-02-28", "DescribeLicenseList", `{"Limit":100,"Offset":100}`},
		{"cwp", "2018-02-28", "DescribeLicenseList", `{"Limit":100,"Offset":200}`},
	}
	if diff := cmp.Diff(want, cloud.seen()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// A service that hands out one order a page for ever is left alone in the end.
func TestDescribeLicenseListEnds(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	next := 0
	cloud := newCloud(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		next++
		id := next
		mu.Unlock()
		paged(page{total: 1 << 40, elements: orders(id, id+1)})(w, r)
	})
	got, err := tencent.New(options(t, cloud.URL)).DescribeLicenseList(t.Context())
	if err != nil || !got.Incomplete || len(got.List) != 100 || len(cloud.seen()) != 200 {
		t.Errorf("%d orders, %v, after %d requests; want 100 and incomplete after 200", len(got.List), err, len(cloud.seen()))
	}
}

func TestDescribeLicenseListReadsEveryField(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, answerWith(`{"Response":{"TotalCount":2,"RequestId":5,"List":[
		{"LicenseId":9007199254740993,"LicenseType":2,"LicenseStatus":1,"LicenseCnt":40,"UsedLicenseCnt":33,"OrderStatus":3,
		 "Deadline":"2026-12-04 00:00:00","ResourceId":"cwp-aaaa","AutoRenewFlag":2,"ProjectId":0,"TaskId":12,
		 "BuyTime":"2025-12-04 00:00:00","SourceType":0,"Alias":"<b>","Tags":[{"TagKey":"k","TagValue":"v"}],"FreezeNum":-1},
		{"LicenseId":"8","LicenseStatus":null,"LicenseCnt":3.5,"Deadline":"","Alias":{},"FreezeNum":null}]}}`))
	got, err := tencent.New(options(t, cloud.URL)).DescribeLicenseList(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := &license.Orders{
		List: []license.Order{
			{
				LicenseId: new(int64(9007199254740993)), LicenseType: new(int64(2)), LicenseStatus: new(int64(1)),
				LicenseCnt: new(int64(40)), UsedLicenseCnt: new(int64(33)), OrderStatus: new(int64(license.OrderDestroyed)),
				Deadline: new("2026-12-04 00:00:00"), ResourceId: new("cwp-aaaa"), AutoRenewFlag: new(int64(license.RenewalOff)),
				ProjectId: new(int64(0)), TaskId: new(int64(12)), BuyTime: new("2025-12-04 00:00:00"), SourceType: new(int64(0)),
				Alias: new("<b>"), Tags: []license.Tag{{TagKey: "k", TagValue: "v"}}, FreezeNum: new(int64(-1)),
			},
			{LicenseId: new(int64(8)), Deadline: new("")},
		},
		TotalCount: 2,
		Unparsed:   []string{"LicenseCnt", "Alias"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("orders (-want +got):\n%s", diff)
	}
}

// An answer that tells nothing about orders is no empty list.
func TestDescribeLicenseListFails(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		answer http.HandlerFunc
		text   string
		calls  int
	}{
		"nothing":         {answer: answerWith(`{"Response":{"RequestId":"r"}}`), text: "UnexpectedAnswer (request r): the answer does not hold what was asked for (30 bytes)", calls: 2},
		"list null":       {answer: answerWith(`{"Response":{"TotalCount":3,"List":null}}`), text: "UnexpectedAnswer: the answer does not hold what was asked for (41 bytes)", calls: 2},
		"list an object":  {answer: answerWith(`{"Response":{"TotalCount":3,"List":{}}}`), text: "UnexpectedAnswer: the answer does not hold what was asked for (39 bytes)", calls: 2},
		"first page":      {answer: paged(page{refusal: "InvalidParameter"}), text: "InvalidParameter (request req-1)", calls: 1},
		"first page, 502": {answer: status(502, "", 0).answer, text: "HTTPStatus.502", calls: 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, test.answer)
			got, err := tencent.New(options(t, cloud.URL)).DescribeLicenseList(t.Context())
			if got != nil || err == nil || err.Error() != "cwp DescribeLicenseList: "+test.text {
				t.Errorf("%+v, error %v, want %s", got, err, test.text)
			}
			if n := len(cloud.seen()); n != test.calls {
				t.Errorf("%d requests, want %d", n, test.calls)
			}
		})
	}
}

// TestOrdersPace: the API takes 20 requests a second, which only an account of thousands of
// orders comes near. The stand-in refuses what is more.
func TestOrdersPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := simulator.New(simulator.Options{Limits: true})
		cloud.Override("DescribeLicenseList", shop(orders(0, 5000), 100))
		begun := time.Now()
		got, err := tencent.New(simulated(cloud)).DescribeLicenseList(t.Context())
		if err != nil || len(got.List) != 5000 || got.Incomplete {
			t.Fatalf("%v, %v", got, err)
		}
		if took := time.Since(begun); took != 2*time.Second {
			t.Errorf("took %v, want 2 s for 50 pages", took)
		}
	})
}
