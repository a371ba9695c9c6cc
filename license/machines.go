package license

import "math"

// Machines is the answer of cwp DescribeMachineGeneral: the machines of the account
// and how they are protected. A field is nil when the answer did not hold it or it
// could not be understood.
//
// The editions and what is not protected add up to all machines in the published sample,
// 34 Basic, 34 Ultimate and 64 of 132. Whether ProtectMachineCnt holds those with the free
// Basic edition differs between texts and sample, so nothing is built on it. CloudFrom, the
// machines of each cloud, is not read.
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

	// hours after which a machine that is offline is taken off the list; 0: never
	MachineDestroyAfterOfflineHours *int64
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
	return sumOf(m.SpecialtyMachineCnt, m.FlagshipMachineCnt, m.LHGeneralDiscountCnt)
}

// UncountedMachineCnt is how many machines are in none of the counts by edition, and not
// among those that are not protected either; nil when that is not known.
func (m Machines) UncountedMachineCnt() *int64 {
	licensed := m.LicensedMachineCnt()
	if m.MachineCnt == nil || licensed == nil || m.BaseMachineCnt == nil || m.NotProtectMachineCnt == nil {
		return nil
	}
	counted := sumOf(licensed, m.BaseMachineCnt, m.NotProtectMachineCnt)
	if counted == nil {
		return nil
	}
	uncounted := max(0, *m.MachineCnt-*counted)
	return &uncounted
}

// Counted is how many machines the counts by protection hold, and whether that is more than
// there are, so that one of them is wrong. A machine has one edition; those that are not
// protected, or are about to lose their edition, may be counted under one as well.
func (m Machines) Counted() (machines int64, tooMany bool) {
	if sum := sumOf(m.SpecialtyMachineCnt, m.FlagshipMachineCnt, m.LHGeneralDiscountCnt, m.BaseMachineCnt); sum != nil {
		machines = *sum
	} else {
		machines = math.MaxInt64
	}
	for _, some := range []*int64{m.NotProtectMachineCnt, m.DeadlineMachineCnt} {
		if some != nil {
			machines = max(machines, *some)
		}
	}
	return machines, m.MachineCnt != nil && (machines > *m.MachineCnt || machines == math.MaxInt64)
}

// sumOf adds the counts that are known; nil when the sum is no number of machines.
func sumOf(counts ...*int64) *int64 {
	var sum int64
	for _, count := range counts {
		if count != nil {
			sum += *count
		}
		if sum < 0 {
			return nil
		}
	}
	return &sum
}

func (m Machines) unparsed() []string { return m.Unparsed }

// undocumented is nothing: the counts have no enumeration.
func (m Machines) undocumented() []UndocumentedValue { return nil }
