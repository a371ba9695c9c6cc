package decode_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/tencent/internal/decode"
)

func TestStructLosesOnlyTheFieldThatIsWrong(t *testing.T) {
	t.Parallel()
	var got license.Order
	unparsed, absent := decode.Object(json.RawMessage(`{
		"LicenseId": "9007199254740993", "LicenseType": 7, "LicenseStatus": null, "LicenseCnt": 3.5,
		"UsedLicenseCnt": -1, "OrderStatus": {"a": 1}, "Deadline": "", "ResourceId": 12, "AutoRenewFlag": 194,
		"ProjectId": -1, "Alias": true, "Tags": [{"TagKey": "team", "TagValue": "ops"}, {"TagKey": "bare"}],
		"FreezeNum": -2, "Unheard": {"Of": []}
	}`)).Struct(&got)

	want := license.Order{
		LicenseId:     new(int64(9007199254740993)),
		LicenseType:   new(int64(7)),
		Deadline:      new(""),
		ResourceId:    new("12"),
		AutoRenewFlag: new(int64(194)),
		ProjectId:     new(int64(-1)),
		Tags:          []license.Tag{{TagKey: "team", TagValue: "ops"}, {TagKey: "bare"}},
		FreezeNum:     new(int64(-2)),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("order (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"LicenseCnt", "UsedLicenseCnt", "OrderStatus", "Alias"}, unparsed); diff != "" {
		t.Errorf("unparsed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"LicenseStatus", "TaskId", "BuyTime", "SourceType"}, absent); diff != "" {
		t.Errorf("absent (-want +got):\n%s", diff)
	}
}

func TestStructTags(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		raw      string
		want     []license.Tag
		unparsed []string
	}{
		"null":               {raw: `null`},
		"none":               {raw: `[]`, want: []license.Tag{}},
		"one that is no tag": {raw: `[3, {"TagKey": "a", "TagValue": null}]`, want: []license.Tag{{TagKey: "a"}}, unparsed: []string{"Tags"}},
		"no list":            {raw: `{"TagKey": "a"}`, unparsed: []string{"Tags"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got license.Order
			unparsed, _ := decode.Fields{"Tags": json.RawMessage(test.raw)}.Struct(&got)
			if diff := cmp.Diff(test.want, got.Tags); diff != "" {
				t.Errorf("tags (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.unparsed, unparsed); diff != "" {
				t.Errorf("unparsed (-want +got):\n%s", diff)
			}
		})
	}
}

// Every count of every struct refuses what is below zero, every other integer
// takes it.
func TestStructKnowsCounts(t *testing.T) {
	t.Parallel()
	signed := []string{
		"FreezeNum", "State", "AutomaticRenewal", "LicenseId", "LicenseType", "LicenseStatus", "OrderStatus",
		"AutoRenewFlag", "ProjectId", "TaskId", "SourceType", "MachineDestroyAfterOfflineHours", "CompareYesterdayMachineCnt",
		"CompareYesterdayNotProtectMachineCnt", "CompareYesterdayDeadlineMachineCnt", "CompareYesterdayRiskMachineCnt",
	}
	for _, into := range []any{&license.Overview{}, &license.Order{}, &license.Machines{}, &license.PurchaseState{}} {
		_, names := decode.Fields{}.Struct(into)
		fields := decode.Fields{}
		for _, name := range names {
			fields[name] = json.RawMessage(`-1`)
		}
		unparsed, _ := fields.Struct(into)
		for _, name := range unparsed {
			if slices.Contains(signed, name) {
				t.Errorf("%T.%s refuses -1", into, name)
			}
		}
		encoded, err := json.Marshal(into)
		if err != nil {
			t.Fatal(err)
		}
		for name, raw := range decode.Object(encoded) {
			if string(raw) == `-1` && !slices.Contains(signed, name) {
				t.Errorf("%T.%s took -1", into, name)
			}
		}
	}
}

// FuzzDecode decodes anything as an answer of each kind: nothing panics, an error
// comes without an answer to use, and what was read survives being written and
// read again.
func FuzzDecode(f *testing.F) {
	samples, err := filepath.Glob("../../../testdata/api/*.json")
	if err != nil || len(samples) == 0 {
		f.Fatalf("no sample answers: %v", err)
	}
	for _, name := range samples {
		body, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	for _, body := range []string{
		`null`, `{}`, `{"Response":null}`, `{"Response":[]}`, `{"Response":{"Error":{"Code":"InternalError"},"RequestId":7}}`,
		`{"Response":{"LicenseCnt":"317","UsedLicenseCnt":-1,"ExpireLicenseCnt":3.5,"ProtectType":{},"AutoOpenStatus":"yes"}}`,
		`{"Response":{"TotalCount":1,"List":[{"LicenseId":9007199254740993,"Tags":[{"TagKey":"a"},3],"FreezeNum":-1e2}]}}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		answer, err := decode.Parse(body)
		if err != nil {
			if answer.Fields != nil && answer.ErrorCode != "" {
				t.Errorf("%v, and the refusal %s", err, answer.ErrorCode)
			}
			return
		}
		for _, value := range answer.Fields {
			checkSplit(t, value)
		}
		checkStable[license.Overview](t, answer.Fields)
		checkStable[license.Machines](t, answer.Fields)
		checkStable[license.PurchaseState](t, answer.Fields)
		for _, element := range decode.List(answer.Fields["List"]) {
			checkStable[license.Order](t, decode.Object(element))
		}
	})
}

// checkSplit compares the parts of a value, and theirs, with what encoding/json finds.
func checkSplit(t *testing.T, raw json.RawMessage) {
	t.Helper()
	var fields decode.Fields
	var list []json.RawMessage
	_ = json.Unmarshal(raw, &fields) // nil where it is none
	_ = json.Unmarshal(raw, &list)
	if got := decode.Object(raw); !cmp.Equal(fields, got) {
		t.Fatalf("an object of %v, want %v", got, fields)
	}
	if got := decode.List(raw); !cmp.Equal(list, got) || (list != nil) != decode.IsList(raw) {
		t.Fatalf("a list of %v, want %v", got, list)
	}
	var text string
	if json.Unmarshal(raw, &text) == nil && raw[0] == '"' && *decode.Text(raw) != text {
		t.Fatalf("the text %q, want %q", *decode.Text(raw), text)
	}
	for _, part := range fields {
		checkSplit(t, part)
	}
	for _, part := range list {
		checkSplit(t, part)
	}
}

func checkStable[T any](t *testing.T, fields decode.Fields) {
	t.Helper()
	var first, second T
	unparsed, absent := fields.Struct(&first)
	for _, name := range unparsed {
		if slices.Contains(absent, name) {
			t.Errorf("%s is both absent and unparsed", name)
		}
	}
	encoded, err := json.Marshal(first)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := decode.Object(encoded).Struct(&second); len(again) > 0 {
		t.Errorf("%v make no sense the second time", again)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("written and read again (-first +second):\n%s", diff)
	}
}
