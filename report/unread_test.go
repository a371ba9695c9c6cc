package report_test

import (
	"testing"

	"licensewatch/license"
)

// TestUnreadSaysWhatToDo: each cause stands once, with what to do and with the code; one that
// no record explains has its code alone.
func TestUnreadSaysWhatToDo(t *testing.T) {
	t.Parallel()
	denied := func(action string) *license.Failure {
		return &license.Failure{Kind: license.FailureDenied, Service: "cwp", Action: action, Code: "AuthFailure.UnauthorizedOperation"}
	}
	r := reportOf(t, license.Snapshot{Orders: &license.Orders{Incomplete: true}, Failures: map[license.Source]*license.Failure{
		license.SourceOverview: denied("DescribeLicenseGeneral"), license.SourceMachines: denied("DescribeMachineGeneral"),
		license.SourcePurchaseState: {Code: "Odd"}}})
	for language, want := range map[license.Language]string{
		license.English: "CWPP (overview), CWPP (machines): Allow cwp:DescribeLicenseGeneral, cwp:DescribeMachineGeneral for the role, or the keys, " +
			"that the account is read with (AuthFailure.UnauthorizedOperation); Container Security: Odd; CWPP (orders): only a part was read",
		license.Chinese: "主机安全概览、主机安全主机数：请为读取该账号所用的角色或密钥授予 cwp:DescribeLicenseGeneral、cwp:DescribeMachineGeneral 权限" +
			"（AuthFailure.UnauthorizedOperation）；容器安全：Odd；主机安全订单：仅读到一部分",
	} {
		said := map[string]string{}
		accounts := r.Tables(language)[0]
		for i, cell := range accounts.Row(0) {
			said[accounts.Columns[i].Key] = cell.Text
		}
		if said["failures"] != want {
			t.Errorf("%q, want %q", said["failures"], want)
		}
		const codes = "cwp.overview: AuthFailure.UnauthorizedOperation, cwp.machines: AuthFailure.UnauthorizedOperation, tcss: Odd, cwp.orders: incomplete"
		if said["failure_codes"] != codes {
			t.Errorf("codes %q", said["failure_codes"])
		}
	}
}
