package page

import (
	"fmt"
	"strings"
	"time"

	"licensewatch/license"
	"licensewatch/report"
	"licensewatch/report/chart"
)

// evidencePart are the records on a page.
type evidencePart struct{ *page }

// content are the days, who lacks records of which, what does not verify, and the chains.
func (p *evidencePart) content() markup { return p.calendar() + p.missing() + p.defects() + p.chains() }

// calendar is the picture of the days.
func (p *evidencePart) calendar() markup {
	const most = 371
	days := p.Evidence.Begun()
	if len(days) == 0 {
		return ""
	}
	counts := map[string]int{}
	for _, d := range days {
		counts[d.Kind()]++
	}
	shownDays := days[max(0, len(days)-most):]
	kinds := []struct{ kind, class, en, zh string }{
		{"sealed", "green", "sealed record", "有封存记录"}, {"partly", "half", "of some accounts only", "仅部分账号"},
		{"none", "hollow", "no record", "无记录"}, {"broken", "red", "✕ broken record", "✕ 记录损坏"}}
	c := chart.Calendar{Weekdays: [7]string{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"}}
	if p.language == license.Chinese {
		c.Weekdays = [7]string{"一", "二", "三", "四", "五", "六", "日"}
	}
	classes, words := map[string]string{}, map[string]string{}
	for _, k := range kinds {
		classes[k.kind], words[k.kind] = k.class, p.s(k.en, k.zh)
		if counts[k.kind] > 0 {
			c.Legend = append(c.Legend, chart.LegendEntry{Class: k.class, Text: p.s(k.en, k.zh) + p.s(": ", "：") +
				p.number(float64(counts[k.kind]))})
		}
	}
	for _, d := range shownDays {
		c.Days = append(c.Days, chart.CalendarDay{Day: d.Day, Class: classes[d.Kind()], Mark: d.Kind() == "broken",
			Title: d.Day.Format(time.DateOnly) + p.s(": ", "：") + words[d.Kind()]})
	}
	description := p.lackingDays(days, counts)
	return p.picture("calendar", p.s("Days with evidence", "证据日历"), description, func(f chart.Frame) string {
		drawn := c
		drawn.Frame = f
		return drawn.Draw()
	}) + note(description)
}

// lackingDays names the days without a record.
func (p *evidencePart) lackingDays(days []report.EvidenceDay, counts map[string]int) string {
	text := ""
	if before := len(p.Evidence.Days) - len(days); before > 0 {
		text = fmt.Sprintf(p.s("The records begin on %s: of the %d days before it that are looked back at there are none. ",
			"记录始于 %s，此前回顾范围内的 %d 天没有记录。"), days[0].Day.Format(time.DateOnly), before)
	}
	text += fmt.Sprintf(p.s("Of %d days (UTC) %d have a sealed record of every account, %d none, %d a broken one.",
		"共 %d 天（UTC），%d 天有全部账号的封存记录，%d 天无记录，%d 天有损坏的记录。"), len(days), counts["sealed"], counts["none"],
		counts["broken"])
	if n := counts["partly"]; n > 0 {
		text += fmt.Sprintf(p.s(" %d have those of some accounts.", "%d 天仅有部分账号的封存记录。"), n)
	}
	for _, k := range []struct{ kind, en, zh string }{{"none", " Without: %s.", "无记录：%s。"},
		{"broken", " Broken: %s.", "损坏：%s。"}} {
		if list := p.daysOf(days, func(i int) bool { return days[i].Kind() == k.kind }); list != "" {
			text = fmt.Sprint(text, fmt.Sprintf(p.s(k.en, k.zh), list))
		}
	}
	return text
}

// missing names the accounts that lack days of which others have a record.
func (p *evidencePart) missing() markup {
	const most, mostAccounts = 8, 6
	var lines markup
	accounts := 0
	for i := range p.Evidence.Missing {
		m := &p.Evidence.Missing[i]
		if i >= most {
			accounts += len(m.Accounts)
			continue
		}
		who := strings.Join(m.Accounts[:min(mostAccounts, len(m.Accounts))], p.s(", ", "、"))
		if more := len(m.Accounts) - mostAccounts; more > 0 {
			who += fmt.Sprintf(p.s(" and %d more", " 等，另有 %d 个账号"), more)
		}
		lines += textElement("li", "", fmt.Sprintf(p.s("%s: %s (%s)", "%s：%s 天（%s）"), who,
			p.countOf(m.Count(), "day", "days"), p.daysOf(p.Evidence.Days, m.Has)))
	}
	if lines == "" {
		return ""
	}
	missing := headed(p.tables["missing-days"].Title, element("ul", "", lines))
	if accounts > 0 {
		missing += note(fmt.Sprintf(p.s("%s left out here; --xlsx and --csv have all of them (missing-days).",
			"此处另有 %s 个账号未列出，完整内容见 --xlsx 或 --csv（missing-days）。"),
			p.countOf(accounts, "more account is", "more accounts are")))
	}
	return missing
}

// daysOf names some of the days, in runs.
func (p *evidencePart) daysOf(days []report.EvidenceDay, is func(i int) bool) string {
	const most = 12
	var runs []string
	left := 0
	for i := 0; i < len(days); i++ {
		if !is(i) {
			continue
		}
		first := days[i].Day.Format(time.DateOnly)
		j := i
		for j+1 < len(days) && is(j+1) {
			j++
		}
		switch {
		case len(runs) == most:
			left++
		case j > i:
			runs = append(runs, first+p.s(" to ", " 至 ")+days[j].Day.Format(time.DateOnly))
		default:
			runs = append(runs, first)
		}
		i = j
	}
	text := strings.Join(runs, p.s(", ", "、"))
	if left > 0 {
		text += fmt.Sprintf(p.s(" and %d more times", " 等，另有 %d 段"), left)
	}
	return text
}

func (p *evidencePart) defects() markup {
	table := p.subtable("problems", 20)
	if table == "" {
		return ""
	}
	return table + note(p.s("Nothing that stands in these records is used in this report.", "本报告未采用这些记录中的任何内容。"))
}

// chains say how the records are verified.
func (p *evidencePart) chains() markup {
	if len(p.Evidence.Chains) == 0 {
		return ""
	}
	return headed(p.s("Heads of the chains", "各账号最新存档"), p.table(shown{key: "chains", most: 45})+
		note(p.s("Whoever knows the hash of the newest manifest can prove all records before it. To verify: licensewatch archive verify --anchor HASH, "+
			"or verify.sh and verify.py of docs/evidence.md, which do without licensewatch.",
			"另行保存最新校验值，即可验证此前全部记录未被改动。校验方法：licensewatch archive verify --anchor 校验值，或使用 docs/evidence.zh-CN.md 中的 verify.sh、verify.py，无需本程序。")))
}
