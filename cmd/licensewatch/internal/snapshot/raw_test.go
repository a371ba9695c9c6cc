package snapshot_test

import (
	"strings"
	"testing"

	"licensewatch/cmd/licensewatch/internal/snapshot"
	"licensewatch/license"
)

// published is an answer that the API's pages publish.
func published(t *testing.T, name string) string {
	t.Helper()
	return read(t, "../../../../testdata/api/"+name)
}

// TestPublishedAnswers: each is a snapshot by itself, and a section of one.
func TestPublishedAnswers(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		section string
		check   func(license.Snapshot) bool
	}{
		"cwp-DescribeLicenseGeneral-cn.json": {"cwp", func(s license.Snapshot) bool {
			return *s.Overview.LicenseCnt == 3 && s.Overview.AutoBindRaspSwitch == nil
		}},
		"cwp-DescribeLicenseGeneral-intl.json": {"cwp", func(s license.Snapshot) bool { return *s.Overview.ExpireLicenseCnt == 10 }},
		"tcss-DescribePurchaseStateInfo.json":  {"tcss", func(s license.Snapshot) bool { return *s.PurchaseState.ExpirationTime == "xx" }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := published(t, name)
			bare := strings.TrimSuffix(strings.TrimPrefix(strings.Join(strings.Fields(answer), ""), `{"Response":`), "}")
			for _, file := range []string{answer, bare, `{"version": 1, "` + test.section + `": ` + answer + `}`} {
				if s := parse(t, file); !test.check(s) || len(s.Wanted) != 1 {
					t.Errorf("read as %+v from:\n%s", s, file)
				}
			}
		})
	}
}

// TestRawIsReadAsByTheFunction: wrong types are unparsed, new fields ignored,
// and a refusal is a failure.
func TestRawIsReadAsByTheFunction(t *testing.T) {
	t.Parallel()
	s := parse(t, `{"version": 1,
"cwp": {"Response": {"LicenseCnt": "many", "UsedLicenseCnt": "17", "Newer": {"a": [1.5, true, null]}, "RequestId": "x"}},
"orders": {"Response": {"TotalCount": 3, "List": [{"LicenseId": 1, "LicenseCnt": -1}], "RequestId": "x"}},
"tcss": {"Response": {"Error": {"Code": "UnauthorizedOperation", "Message": "no"}, "RequestId": "abc-1"}}}`)
	wantSnapshot(t, s, license.Snapshot{
		Site:     license.SiteCN,
		Overview: &license.Overview{UsedLicenseCnt: new(int64(17)), Unparsed: []string{"LicenseCnt"}},
		Orders:   &license.Orders{List: []license.Order{{LicenseId: new(int64(1))}}, TotalCount: 3, Incomplete: true, Unparsed: []string{"LicenseCnt"}},
		Wanted:   []license.Source{license.SourceOverview, license.SourceOrders, license.SourcePurchaseState},
		Failures: map[license.Source]*license.Failure{license.SourcePurchaseState: {
			Kind: license.FailureDenied, Service: "tcss", Action: "DescribePurchaseStateInfo", Code: "UnauthorizedOperation", RequestID: "abc-1", HTTPStatus: 200,
		}},
	})
}

// TestPagesOfOrders: the pages of a list add up.
func TestPagesOfOrders(t *testing.T) {
	t.Parallel()
	s := parse(t, `
version: 1
orders:
  - {Response: {TotalCount: 3, List: [{LicenseId: 1}, {LicenseId: 2}], RequestId: x}}
  - {Response: {TotalCount: 3, List: [{LicenseId: 3}], RequestId: y}}
`)
	if len(s.Orders.List) != 3 || s.Orders.Incomplete || s.Orders.TotalCount != 3 {
		t.Errorf("%+v", s.Orders)
	}
	alone := parse(t, `{"Response": {"TotalCount": 0, "List": [], "RequestId": "x"}}`)
	if alone.Orders == nil || alone.Orders.Incomplete {
		t.Errorf("%+v", alone.Orders)
	}
}

func TestAnswersOfOtherAPIs(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"put it into a snapshot file":  published(t, "cwp-ExportLicenseDetail.json"),
		"is it another API's?":         `{"version": 1, "cwp": ` + published(t, "tcss-DescribePurchaseStateInfo.json") + `}`,
		"no answer of DescribeLicense": `{"version": 1, "orders": ` + published(t, "cwp-DescribeLicenseGeneral-cn.json") + `}`,
	} {
		if _, err := snapshot.Parse("s.json", []byte(file)); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v, want %q", err, name)
		}
	}
}
