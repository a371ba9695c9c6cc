package tencent_test

import (
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

// ultimateOrder is an order whose machines can be asked for.
func ultimateOrder() license.Order {
	return license.Order{LicenseId: new(int64(7)), LicenseType: new(int64(license.LicenseTypeUltimate)), ResourceId: new("cwp-aaaa")}
}

// machines are machines as JSON.
func machines(from, to int) []string {
	var list []string
	for id := from; id < to; id++ {
		list = append(list, fmt.Sprintf(`{"MachineName":"web-%d","Quuid":"q-%d","AgentStatus":"ONLINE","InstanceState":"RUNNING"}`, id, id))
	}
	return list
}

// stopped is one of these machines in another state.
func stopped(id int) string { return strings.Replace(machines(id, id+1)[0], "RUNNING", "STOPPED", 1) }

func bindList(t *testing.T, answer http.HandlerFunc) (*license.Binding, []string, []received, error) {
	t.Helper()
	cloud := newCloud(t, answer)
	reader := tencent.New(options(t, cloud.URL)).NewBindListReader()
	binding, unparsed, err := reader.DescribeLicenseBindList(t.Context(), ultimateOrder())
	return binding, unparsed, cloud.seen(), err
}

func TestDescribeLicenseBindList(t *testing.T) {
	t.Parallel()
	binding, unparsed, asked, err := bindList(t, answerWith(sample(t, "cwp-DescribeLicenseBindList")))
	if err != nil || len(unparsed) > 0 {
		t.Fatal(err, unparsed)
	}
	quuid := "f6481aac-78f7-403e-867d-553c4af8b025"
	want := &license.Binding{ResourceId: new("cwp-aaaa"), LicenseId: new(int64(7)), TotalCount: 1, Machines: []license.BoundMachine{{
		MachineName: new("测试机器"), InstanceID: new("ins-onxyg5w"), MachineIp: new("10.0.0.0"), Quuid: &quuid,
		AgentStatus: new("ONLINE"), Tags: []string{"dev"},
	}}}
	if diff := cmp.Diff(want, binding); diff != "" {
		t.Errorf("binding (-want +got):\n%s", diff)
	}
	if body := `{"LicenseId":7,"LicenseType":2,"Limit":100,"Offset":0,"ResourceId":"cwp-aaaa"}`; len(asked) != 1 || asked[0].Body != body {
		t.Errorf("asked %+v, want once with %s", asked, body)
	}
}

// TestBindListFields: what makes no sense in one field costs that field.
func TestBindListFields(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("名", 200)
	for name, test := range map[string]struct {
		element  string
		want     license.BoundMachine
		unparsed []string
	}{
		"null":        {`{"MachineName":null,"Tags":null,"AgentStatus":null,"MachineExtraInfo":null}`, license.BoundMachine{}, nil},
		"wrong types": {`{"MachineName":{},"MachineIp":[1],"Tags":"x","AgentStatus":true,"MachineExtraInfo":"x"}`, license.BoundMachine{}, []string{"MachineName", "MachineIp", "AgentStatus"}},
		"odd tags":    {`{"Tags":["a",null,{},"b"],"MachineExtraInfo":{"InstanceID":[]}}`, license.BoundMachine{Tags: []string{"a", "b"}}, nil},
		"numbers":     {`{"MachineName":12,"MachineExtraInfo":{"InstanceID":"ins-1"}}`, license.BoundMachine{MachineName: new("12"), InstanceID: new("ins-1")}, nil},
		"long":        {`{"MachineName":"` + long + `"}`, license.BoundMachine{MachineName: new(strings.Repeat("名", 85))}, nil},
		"odd state":   {`{"AgentStatus":"SLEEPING","InstanceState":"STOPPED"}`, license.BoundMachine{AgentStatus: new("SLEEPING"), InstanceState: new("STOPPED")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			binding, unparsed, _, err := bindList(t, paged(page{total: 1, elements: []string{test.element}}))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]license.BoundMachine{test.want}, binding.Machines); diff != "" || binding.Incomplete {
				t.Errorf("machines (-want +got), incomplete %v:\n%s", binding.Incomplete, diff)
			}
			if diff := cmp.Diff(test.unparsed, unparsed); diff != "" {
				t.Errorf("unparsed (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBindListPages(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		answer     http.HandlerFunc
		read       int
		incomplete bool
		calls      int
	}{
		"none":                   {shop(nil, 100), 0, false, 1},
		"none, list null":        {answerWith(`{"Response":{"TotalCount":0,"List":null}}`), 0, false, 1},
		"two pages":              {shop(machines(0, 133), 100), 133, false, 2},
		"ten a page":             {shop(machines(0, 33), 10), 33, false, 4},
		"10,000":                 {shop(machines(0, 10_000), 100), 10_000, false, 100},
		"more than are read":     {shop(machines(0, 12_000), 100), 10_000, true, 100},
		"page repeats for ever":  {paged(page{total: 500, elements: machines(0, 100)}), 100, true, 4},
		"pages overlap":          {paged(page{total: 150, elements: machines(0, 100)}, page{total: 150, elements: machines(50, 150)}), 150, false, 2},
		"total is too high":      {paged(page{total: 40, elements: machines(0, 33)}, page{total: 40}, page{total: 40, elements: machines(0, 33)}, page{total: 40}), 33, true, 4},
		"total is too low":       {paged(page{total: 3, elements: machines(0, 33)}), 33, true, 2},
		"total is absurd":        {paged(page{total: "many", elements: machines(0, 33)}, page{total: "many"}), 33, true, 3},
		"total moves once":       {paged(page{total: 101, elements: machines(0, 100)}, page{total: 102, elements: machines(100, 102)}, page{total: 102, elements: machines(0, 100)}, page{total: 102, elements: machines(100, 102)}), 102, false, 4},
		"second page is refused": {paged(page{total: 101, elements: machines(0, 100)}, page{refusal: "InvalidParameter"}), 100, true, 2},
		"changed on the next":    {paged(page{total: 100, elements: machines(0, 99)}, page{total: 100, elements: []string{stopped(98)}}, page{total: 100, elements: machines(0, 99)}, page{total: 100, elements: machines(99, 100)}), 100, false, 4},
		"changes for ever":       {paged(page{total: 3, elements: machines(0, 2)}, page{total: 3, elements: []string{stopped(1)}}, page{total: 3, elements: machines(0, 2)}, page{total: 3, elements: []string{stopped(1)}}), 2, true, 4},
		"without ids":            {paged(page{total: 2, elements: []string{`{"MachineName":"a"}`, `{"MachineName":"b","Quuid":""}`}}), 2, false, 1},
		"an element is none":     {paged(page{total: 2, elements: []string{`"web"`, machines(0, 1)[0]}}), 1, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			binding, _, asked, err := bindList(t, test.answer)
			if err != nil {
				t.Fatal(err)
			}
			if len(binding.Machines) != test.read || binding.Incomplete != test.incomplete || len(asked) != test.calls {
				t.Errorf("%d machines, incomplete %v, %d calls; want %d, %v, %d", len(binding.Machines), binding.Incomplete,
					len(asked), test.read, test.incomplete, test.calls)
			}
		})
	}
}

// TestBindListFails: an answer that tells of no list is a failure, not an order without machines.
func TestBindListFails(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"refused":     refuseWith("AuthFailure.UnauthorizedOperation"),
		"no list":     answerWith(`{"Response":{}}`),
		"list is odd": answerWith(`{"Response":{"TotalCount":3,"List":{}}}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if binding, _, _, err := bindList(t, answer); err == nil {
				t.Errorf("no error, and %+v", binding)
			}
		})
	}
}

// TestBindListPace: of many orders no more than 20 requests are made within a second. The
// stand-in refuses what is more.
func TestBindListPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cloud := simulator.New(simulator.Options{Limits: true})
		cloud.Override("DescribeLicenseBindList", shop(machines(0, 1), 100))
		reader := tencent.New(simulated(cloud)).NewBindListReader()
		begun := time.Now()
		for i := range 60 {
			of := ultimateOrder()
			of.ResourceId = new("cwp-" + strconv.Itoa(i))
			if _, _, err := reader.DescribeLicenseBindList(t.Context(), of); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begun); took != 3*time.Second {
			t.Errorf("60 orders took %v, want 3 s", took)
		}
	})
}
