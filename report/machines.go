package report

import "licensewatch/license"

// protectedOf are the machines with an edition that a license pays for.
func protectedOf(v *Values) *int64 {
	ultimate, pro, light := v.Get(UltimateMachines), v.Get(ProMachines), v.Get(LightweightMachines)
	m := license.Machines{FlagshipMachineCnt: ultimate, SpecialtyMachineCnt: pro, LHGeneralDiscountCnt: light}
	return m.LicensedMachineCnt()
}
