package license

// EditionTitle is what people call the edition of an order of this LicenseType; empty where the
// type is not documented.
func EditionTitle(licenseType int64) Text {
	switch licenseType {
	case LicenseTypeProPostpay:
		return Text{En: "pay-as-you-go Pro", Zh: "按量计费专业版"}
	case LicenseTypePro:
		return Text{En: "Pro", Zh: "专业版"}
	case LicenseTypeUltimate:
		return Text{En: "Ultimate", Zh: "旗舰版"}
	case LicenseTypeLightweight:
		return Text{En: "Lightweight", Zh: "轻量版"}
	case LicenseTypeProSecCenter:
		return Text{En: "Pro (Cloud Security Center)", Zh: "专业版（云安全中心）"}
	case LicenseTypeUltimateSecCenter:
		return Text{En: "Ultimate (Cloud Security Center)", Zh: "旗舰版（云安全中心）"}
	default:
		return Text{}
	}
}
