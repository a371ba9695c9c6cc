package simulator

// unprotected is how many machines of a scenario have no protection at all; 0 for
// most.
var unprotected = map[string]int{"everything-wrong": 12}

// nearDeadline is how many days before its end a machine's edition counts as about to
// expire.
const nearDeadline = 15

// describeMachineGeneral answers as published, with the machines that hang on the
// scenario's orders: those of an isolated order have fallen back to the Basic edition.
func describeMachineGeneral(s asked, _ jsonObject) (jsonObject, *apiError) {
	var flagship, specialty, base, deadline int
	for _, o := range s.scenario.orders {
		switch {
		case o.status == isolated:
			base += o.seats
			continue
		case o.status == destroyed:
			continue
		case o.licenseType == ultimate:
			flagship += o.used
		default:
			specialty += o.used
		}
		if o.licenseType != proPostpay && o.ends >= 0 && o.ends <= nearDeadline {
			deadline += o.used
		}
	}
	bare := unprotected[s.scenario.Name]
	all := flagship + specialty + base + bare
	return s.overlayAnswer(publishedAnswer("cwp-DescribeMachineGeneral"), jsonObject{
		"MachineCnt": all, "ProtectMachineCnt": all - bare, "NotProtectMachineCnt": bare,
		"BaseMachineCnt": base, "SpecialtyMachineCnt": specialty, "FlagshipMachineCnt": flagship,
		"DeadlineMachineCnt": deadline,
		"CloudFrom":          []jsonObject{{"CloudFrom": 0, "MachineCnt": all}}, "TencentCloudMachineCnt": all,
		"RiskMachineCnt":             0,
		"CompareYesterdayMachineCnt": 0, "CompareYesterdayNotProtectMachineCnt": 0,
		"CompareYesterdayDeadlineMachineCnt": 0, "CompareYesterdayRiskMachineCnt": 0,
	}), nil
}
