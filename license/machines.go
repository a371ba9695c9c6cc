package license

// Machines is the answer of cwp DescribeMachineGeneral: the machines of the account
// and how they are protected. A field is nil when the answer did not hold it or it
// could not be understood.
//
// The counts need not add up: the published sample has 132 machines, 34 protected and
// 64 not. Whether ProtectMachineCnt holds those with the free Basic edition differs
// between samples, so nothing is built on it. CloudFrom, the machines of each cloud, is
// not read.
type Machines struct {
	MachineCnt           *int64 // all
	ProtectMachineCnt    *int64 // protected
	NotProtectMachineCnt *int64 // not protected at all
	BaseMachineCnt       *int64 // with the free Basic edition
	SpecialtyMachineCnt  *int64 // with Pro
	FlagshipMachineCnt   *int64 // with Ultimate
	LHGeneralDiscountCnt *int64 // with Lightweight, on Lighthouse
	DeadlineMachineCnt   *int64 // about to lose their edition
	RiskMachineCnt       *int64 // with open risks

	CompareYesterdayMachineCnt           *int64 // machines more than yesterday
	CompareYesterdayNotProtectMachineCnt *int64 // likewise, of those that are not protected
	CompareYesterdayDeadlineMachineCnt   *int64 // likewise, of those about to lose their edition
	CompareYesterdayRiskMachineCnt       *int64 // likewise, of those with risks

	MachineDestroyAfterOfflineHours *int64 // hours after which a machine that is offline is taken off the list; 0: never
	TencentCloudMachineCnt          *int64 // of all, those in Tencent Cloud
	AliCloudMachineCnt              *int64 // in Alibaba Cloud
	BaiduCloudMachineCnt            *int64 // in Baidu Cloud
	IDCMachineCnt                   *int64 // in data centres of one's own
	OtherCloudMachineCnt            *int64 // elsewhere

	// Unparsed names the fields the answer held with a value that makes no
	// sense; they are nil.
	Unparsed []string `json:"-"`
}

// LicensedMachineCnt is how many machines have an edition that a license pays for;
// nil when that is not known. Accounts without Lighthouse may have no count of it.
func (m Machines) LicensedMachineCnt() *int64 {
	if m.SpecialtyMachineCnt == nil || m.FlagshipMachineCnt == nil {
		return nil
	}
	n := *m.SpecialtyMachineCnt + *m.FlagshipMachineCnt
	if m.LHGeneralDiscountCnt != nil {
		n += *m.LHGeneralDiscountCnt
	}
	return &n
}

func (m Machines) unparsed() []string { return m.Unparsed }

// undocumented is nothing: the counts have no enumeration.
func (m Machines) undocumented() []UndocumentedValue { return nil }
