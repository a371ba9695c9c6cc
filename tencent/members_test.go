package tencent_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/internal/simulator"
	"licensewatch/license"
	"licensewatch/tencent"
)

func members(from, to int) []string {
	var list []string
	for i := from; i < to; i++ {
		list = append(list, `{"MemberUin":`+strconv.Itoa(100000000000+i)+`,"Name":"m","Tags":[]}`)
	}
	return list
}

// roll answers with these pages in turn; the last one answers all that follow.
func roll(pages ...page) http.HandlerFunc {
	var handlers []http.HandlerFunc
	for _, p := range pages {
		h := refuseWith(p.refusal)
		if p.refusal == "" {
			total, err := json.Marshal(p.total)
			if err != nil {
				panic(err)
			}
			h = answerWith(`{"Response":{"Total":` + string(total) + `,"Items":[` + strings.Join(p.elements, ",") + `],"RequestId":"r"}}`)
		}
		handlers = append(handlers, h)
	}
	return inTurn(handlers...)
}

// company answers properly.
func company(all []string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var ask struct{ Limit, Offset int }
		if err := json.NewDecoder(r.Body).Decode(&ask); err != nil || ask.Limit != 50 || ask.Offset%50 != 0 {
			panic(fmt.Sprint(err, ask))
		}
		from := min(ask.Offset, len(all))
		roll(page{total: len(all), elements: all[from:min(from+50, len(all))]})(w, r)
	}
}

func TestDescribeOrganizationMembers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer     http.HandlerFunc
		read       int
		incomplete bool
		calls      int
	}{
		"none":                   {company(nil), 0, false, 1},
		"none, list null":        {answerWith(`{"Response":{"Total":0,"Items":null}}`), 0, false, 1},
		"one page":               {company(members(0, 50)), 50, false, 1},
		"three pages":            {company(members(0, 133)), 133, false, 3},
		"10,000":                 {company(members(0, 10_000)), 10_000, false, 200},
		"more than are read":     {company(members(0, 12_000)), 10_000, true, 200},
		"page repeats for ever":  {roll(page{total: 500, elements: members(0, 50)}), 50, true, 4},
		"no end, no total":       {roll(page{elements: members(0, 50)}, page{elements: members(50, 100)}), 100, true, 5},
		"pages overlap":          {roll(page{total: 70, elements: members(0, 50)}, page{total: 70, elements: members(30, 70)}), 70, false, 2},
		"total is too high":      {roll(page{total: 40, elements: members(0, 33)}), 33, true, 2},
		"total is too low":       {roll(page{total: 3, elements: members(0, 33)}), 33, true, 2},
		"total is absurd":        {roll(page{total: "many", elements: members(0, 33)}), 33, true, 4},
		"total moves once":       {roll(page{total: 51, elements: members(0, 50)}, page{total: 52, elements: members(50, 52)}, page{total: 52, elements: members(0, 50)}, page{total: 52, elements: members(50, 52)}), 52, false, 4},
		"second page is refused": {roll(page{total: 51, elements: members(0, 50)}, page{refusal: "InvalidParameter"}), 50, true, 2},
		"an element is none":     {roll(page{total: 2, elements: []string{`"x"`, members(0, 1)[0]}}), 1, true, 2},
		"a number is none":       {roll(page{total: 2, elements: []string{`{"MemberUin":-1,"Name":"x"}`, members(0, 1)[0]}}), 1, true, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, test.answer)
			got, err := tencent.New(options(t, cloud.URL)).DescribeOrganizationMembers(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if n := len(cloud.seen()); len(got.List) != test.read || got.Incomplete != test.incomplete || n != test.calls {
				t.Errorf("%d members, incomplete %v, %d calls; want %d, %v, %d", len(got.List), got.Incomplete, n,
					test.read, test.incomplete, test.calls)
			}
		})
	}
}

func TestMemberFields(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, roll(page{total: 3, elements: []string{
		`{"MemberUin":111111111111,"Name":"支付","NodeName":"node1","PermissionStatus":"Confirmed","Tags":[{"TagKey":"team","TagValue":"pay"}],"Remark":null}`,
		`{"MemberUin":"111111111112","Name":null,"Tags":null}`,
		`{"MemberUin":111111111113,"Name":{},"NodeName":7,"PermissionStatus":"Odd","Tags":"x"}`,
	}}))
	got, err := tencent.New(options(t, cloud.URL)).DescribeOrganizationMembers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := &license.Members{Total: 3, List: []license.Member{
		{MemberUin: new(int64(111111111111)), Name: new("支付"), NodeName: new("node1"), PermissionStatus: new("Confirmed"),
			Tags: []license.Tag{{TagKey: "team", TagValue: "pay"}}},
		{MemberUin: new(int64(111111111112))},
		{MemberUin: new(int64(111111111113)), NodeName: new("7"), PermissionStatus: new("Odd")},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	if uin := got.List[0].Uin(); uin != "111111111111" || (license.Member{}).Uin() != "" {
		t.Errorf("uin %q", uin)
	}
	wantRequest := []received{{"organization", "2021-03-31", "DescribeOrganizationMembers", `{"Limit":50,"Offset":0}`}}
	if diff := cmp.Diff(wantRequest, cloud.seen()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

func TestOrganizationMembersFail(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		kind   license.FailureKind
		text   string
	}{
		"not allowed":     {refuseWith("UnauthorizedOperation"), license.FailureDenied, "UnauthorizedOperation (request req-1); Allow organization:DescribeOrganizationMembers for the execution role."},
		"no organization": {refuseWith("ResourceNotFound.OrganizationNotExist"), license.FailureRequest, "ResourceNotFound.OrganizationNotExist (request req-1)"},
		"says nothing":    {answerWith(`{"Response":{}}`), license.FailureAnswer, "UnexpectedAnswer: the answer does not hold what was asked for (15 bytes)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := tencent.New(options(t, newCloud(t, test.answer).URL)).DescribeOrganizationMembers(t.Context())
			failed, ok := errors.AsType[*tencent.APIError](err)
			if !ok || got != nil || failed.Kind != test.kind || failed.Error() != "organization DescribeOrganizationMembers: "+test.text {
				t.Errorf("%v, %v", got, err)
			}
		})
	}
}

// TestOrganizationMembersPace: the API takes 20 requests a second, and as many are asked for
// as it takes. The stand-in refuses what is more.
func TestOrganizationMembersPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		o := simulator.Options{Limits: true}
		for i := range 5000 {
			o.Members = append(o.Members, simulator.Member{UIN: strconv.Itoa(100000000000 + i), Name: "m"})
		}
		cloud := simulator.New(o)
		begun := time.Now()
		got, err := tencent.New(simulated(cloud)).DescribeOrganizationMembers(t.Context())
		if err != nil || len(got.List) != 5000 || got.Incomplete {
			t.Fatalf("%v, %v", got, err)
		}
		if took := time.Since(begun); took != 5*time.Second {
			t.Errorf("took %v, want 5 s for 100 pages", took)
		}
	})
}
