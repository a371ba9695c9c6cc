package tencent_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/tencent"
)

func TestDescribeMachineGeneral(t *testing.T) {
	t.Parallel()
	n := func(n int64) *int64 { return &n }
	tests := map[string]struct {
		body string
		want *license.Machines
	}{
		"sample": {sample(t, "cwp-DescribeMachineGeneral"), &license.Machines{
			MachineCnt: n(132), ProtectMachineCnt: n(34), NotProtectMachineCnt: n(64), BaseMachineCnt: n(34),
			SpecialtyMachineCnt: n(0), FlagshipMachineCnt: n(34), LHGeneralDiscountCnt: n(0), DeadlineMachineCnt: n(2), RiskMachineCnt: n(35),
			CompareYesterdayMachineCnt: n(132), CompareYesterdayNotProtectMachineCnt: n(64),
			CompareYesterdayDeadlineMachineCnt: n(2), CompareYesterdayRiskMachineCnt: n(35), MachineDestroyAfterOfflineHours: n(1),
			TencentCloudMachineCnt: n(0), AliCloudMachineCnt: n(0), BaiduCloudMachineCnt: n(0), IDCMachineCnt: n(0), OtherCloudMachineCnt: n(0),
		}},
		"fewer than yesterday": {
			`{"Response":{"CompareYesterdayMachineCnt":-3,"CompareYesterdayNotProtectMachineCnt":-1,"RequestId":"r"}}`,
			&license.Machines{CompareYesterdayMachineCnt: n(-3), CompareYesterdayNotProtectMachineCnt: n(-1)},
		},
		"odd values": {
			`{"Response":{"MachineCnt":"7","NotProtectMachineCnt":-1,"BaseMachineCnt":1.5,"FlagshipMachineCnt":null,"SpecialtyMachineCnt":9223372036854775808,"CloudFrom":"no list"}}`,
			&license.Machines{MachineCnt: n(7), Unparsed: []string{"NotProtectMachineCnt", "BaseMachineCnt", "SpecialtyMachineCnt"}},
		},
		"nothing": {`{"Response":{}}`, &license.Machines{}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, answerWith(test.body))
			got, err := tencent.New(options(t, cloud.URL)).DescribeMachineGeneral(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("machines (-want +got):\n%s", diff)
			}
		})
	}
}
