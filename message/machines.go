package message

import "licensewatch/license"

// machineLines are the line about the machines and how they are protected; none where
// there are no machines.
func machineLines(p *phrases, s *license.Snapshot) []line {
	if p.bounds.brief || !s.Has(license.SourceMachines) {
		return nil
	}
	m, w := s.Machines, machineWordsIn(p.language)
	_, tooMany := m.Counted()
	var parts []line
	for _, part := range []struct {
		machines *int64
		text     string
	}{
		{m.FlagshipMachineCnt, w.ultimate},
		{m.SpecialtyMachineCnt, w.pro},
		{m.LHGeneralDiscountCnt, w.lightweight},
		{m.BaseMachineCnt, w.basic},
		{m.NotProtectMachineCnt, w.unprotected},
		{m.UncountedMachineCnt(), w.uncounted},
		{m.DeadlineMachineCnt, w.losing},
	} {
		if part.machines != nil && *part.machines != 0 {
			parts = append(parts, fill(part.text, values{"n": count(*part.machines)}))
		}
	}
	if len(parts) == 0 && (m.MachineCnt == nil || *m.MachineCnt == 0) {
		return nil
	}
	total := say(w.unknownTotal)
	if m.MachineCnt != nil && !tooMany {
		total = fill(w.total.of(*m.MachineCnt), values{"n": count(*m.MachineCnt)})
	}
	if len(parts) == 0 {
		return []line{total}
	}
	return []line{fill(w.line, values{"total": total, "parts": join(p.words.comma, parts...)})}
}

// tooManyMachines says whether the counts by protection hold more machines than there are.
func tooManyMachines(s *license.Snapshot) (doubt, bool) {
	if !s.Has(license.SourceMachines) {
		return doubt{}, false
	}
	m := s.Machines
	counted, tooMany := m.Counted()
	if !tooMany {
		return doubt{}, false
	}
	return countsDoubt(doubtMachines, "machines.MachineCnt", counted, *m.MachineCnt), true
}

// machineWords are the words of that line.
type machineWords struct {
	line         string  // {total}, {parts}
	total        counted // {n}
	unknownTotal string  // where their number is not known

	ultimate, pro, lightweight, basic, unprotected, uncounted, losing string // {n}
}

var (
	englishMachines = machineWords{
		line: "{total}: {parts}", total: counted{"{n} machine", "{n} machines"}, unknownTotal: "Machines",
		ultimate: "{n} Ultimate", pro: "{n} Pro", lightweight: "{n} Lightweight", basic: "{n} Basic",
		unprotected: "{n} not protected", uncounted: "{n} of no known edition",
		losing: "{n} about to lose their edition",
	}
	chineseMachines = machineWords{
		line: "{total}：{parts}", total: counted{many: "主机 {n} 台"}, unknownTotal: "主机",
		ultimate: "旗舰版 {n} 台", pro: "专业版 {n} 台", lightweight: "轻量版 {n} 台", basic: "基础版 {n} 台",
		unprotected: "未防护 {n} 台", uncounted: "版本不明 {n} 台", losing: "防护即将到期 {n} 台",
	}
)

func machineWordsIn(language license.Language) machineWords {
	if language == license.Chinese {
		return chineseMachines
	}
	return englishMachines
}
