package report

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"licensewatch/license"
)

// wording is what the report's values are called in a language.
type wording struct{ language license.Language }

// s is the text of the language. Both stand side by side, so that neither is forgotten.
func (w wording) s(en, zh string) string {
	if w.language == license.Chinese {
		return zh
	}
	return en
}

func (w wording) severity(s license.Severity) Cell {
	switch s {
	case license.Critical:
		return toned(w.s("critical", "严重"), "critical")
	case license.Warning:
		return toned(w.s("warning", "警告"), "warning")
	case license.Info:
		return text(w.s("info", "提示"))
	default:
		return toned(w.s("none", "无"), "good")
	}
}

func (w wording) status(s AccountStatus) Cell {
	switch s {
	case StatusRead:
		return text(w.s("fully", "完整"))
	case StatusPartly:
		return toned(w.s("partly", "部分"), "warning")
	case StatusOld:
		return toned(w.s("not lately", "数据过旧"), "warning")
	default:
		return toned(w.s("no", "未读到"), "warning")
	}
}

func (w wording) edition(o *Order) string {
	switch o.Edition {
	case Ultimate:
		return w.s("Ultimate", "旗舰版")
	case Pro:
		return w.s("Pro", "专业版")
	case Lightweight:
		return w.s("Lightweight", "轻量版")
	case Containers:
		return w.s("Container Security", "容器安全")
	}
	if o.LicenseType != nil {
		return fmt.Sprintf(w.s("type %d", "类型 %d"), *o.LicenseType)
	}
	return w.s("not known", "未知")
}

// ContainersWord is what an order of container security has as its edition.
func ContainersWord(l license.Language) string {
	return wording{l}.edition(&Order{Edition: Containers})
}

// orderName is what people call an order.
func (w wording) orderName(o *Order) string {
	if o.Edition == Containers {
		return w.s("Container Security", "容器安全")
	}
	if o.Alias != "" && o.Alias != o.Name {
		return o.Name + w.s(" (", "（") + o.Alias + w.s(")", "）")
	}
	return o.Name
}

func (w wording) renewal(o *Order) Cell {
	switch {
	case o.State == StateGone:
		return text(w.s("over", "已结束"))
	case o.Renewal == RenewsItself && o.IsOver():
		return toned(w.s("failed to renew itself", "自动续费未成功"), "critical")
	case o.Renewal == RenewsItself:
		return toned(w.s("renews itself", "自动续费"), "good")
	case o.Renewal == NotRenewed && !o.IsBought:
		return toned(w.s("cannot be renewed", "不可续费"), "warning")
	case o.Renewal == NotRenewed:
		return toned(w.s("not renewed", "未开启自动续费"), "warning")
	default:
		return toned(w.s("not known", "未知"), "warning")
	}
}

func (w wording) orderState(s OrderState) string {
	switch s {
	case StateRuns:
		return w.s("valid", "有效")
	case StateIsolated:
		return w.s("isolated", "已隔离")
	case StateEnded:
		return w.s("ended", "已到期")
	case StateGone:
		return w.s("gone", "已销毁或已移除")
	default:
		return w.s("not known", "未知")
	}
}

func (w wording) mode(mode string) string {
	switch mode {
	case "digest":
		return w.s("digest", "日报")
	case "alert":
		return w.s("alert", "告警")
	case "note":
		return w.s("note", "提示")
	case "file":
		return w.s("file", "文件")
	default:
		return mode
	}
}

// evidenceKind says what a day is.
func (w wording) evidenceKind(kind string) string {
	switch kind {
	case "sealed":
		return w.s("sealed record", "有封存记录")
	case "partly":
		return w.s("of some accounts only", "仅部分账号有记录")
	case "broken":
		return w.s("broken record", "记录损坏")
	case "none":
		return w.s("no record", "无记录")
	default:
		return w.s("before the first record", "首条记录之前")
	}
}

// ack says who has acknowledged, when, until when and why; empty where nobody has.
func (w wording) ack(a *license.Ack, zone *time.Location) string {
	if a == nil {
		return ""
	}
	const form = time.DateOnly
	return fmt.Sprintf(w.s("by %s on %s until %s: %s", "%s 于 %s 确认，有效至 %s：%s"), a.By, a.At.In(zone).Format(form),
		a.Until.In(zone).Format(form), a.Reason)
}

// machineNames are the names of an order's machines; how many more there are is said.
func (w wording) machineNames(o *Order) Cell {
	if o.Machines == nil || len(o.Machines.Names) == 0 {
		return text("")
	}
	names := o.MachineNames
	if names == nil {
		names = o.Machines.Names
	}
	cell := text(strings.Join(names, w.s(", ", "、")))
	cell.List, cell.Unlisted = names, max(0, o.Machines.Count-int64(len(names)))
	if cell.Unlisted > 0 {
		cell.Text += fmt.Sprintf(w.s(" and %d more", " 等，另有 %d 台"), cell.Unlisted)
	}
	return cell
}

func (w wording) month(t time.Time) string {
	if t.IsZero() {
		return w.s("not known", "未知")
	}
	return t.Format("2006-01")
}

// renewalOf says in a word how an order is renewed.
func (w wording) renewalOf(p *PlannedOrder) string {
	switch {
	case !p.IsBought:
		return w.s("buy a new order: trials and gifts cannot be renewed", "试用或赠送订单不可续费，需新购")
	case p.State == StateEnded:
		return w.s("renew now: it has ended", "已到期，请立即续费")
	case p.State == StateIsolated:
		return w.s("renew now: it is isolated", "已隔离，请立即续费")
	default:
		return w.s("renew in the console", "在控制台续费")
	}
}

// OrderWords are what a calendar says of an order.
type OrderWords struct{ Summary, Description string }

// WordsOf puts an order's end into words.
func (r *Report) WordsOf(o *Order, l license.Language) OrderWords {
	w := wording{l}
	renewal := w.renewal(o).Text
	var words OrderWords
	if o.Edition == Containers || o.Licenses == nil {
		words.Summary = fmt.Sprintf(w.s("%s ends (%s)", "%s 到期（%s）"), w.orderName(o), renewal)
	} else {
		words.Summary = fmt.Sprintf(w.s("%s ends: %d %s licenses, %s", "%s 到期：%d 个%s授权，%s"), w.orderName(o),
			*o.Licenses, w.edition(o), renewal)
	}
	lines := []string{w.s("Account: ", "账号：") + o.Account}
	if o.InUse != nil {
		lines = append(lines, w.s("In use: ", "已用：")+strconv.FormatInt(*o.InUse, 10))
	}
	if o.Owner != "" {
		lines = append(lines, w.s("Owner: ", "负责人：")+o.Owner)
	}
	if o.State != StateGone {
		p := PlannedOrder{Order: o}
		lines = append(lines, w.s("Renew in the console: ", "在控制台办理：")+p.Console())
	}
	words.Description = strings.Join(append(lines, w.s("Record: ", "记录：")+o.Record), "\n")
	return words
}

// LeftOut says that no records before a day were read, in UTC; why is a word, and empty where
// there was no time.
func LeftOut(before time.Time, why string) license.Text {
	day := before.UTC().Format(time.DateOnly)
	if why == "" {
		return license.Text{En: "days before " + day + " were not read in time", Zh: "时间不够，未读取 " + day + " 之前的记录"}
	}
	return license.Text{En: "days before " + day + " were not read: " + why, Zh: day + " 之前的记录未读取：" + why}
}

// NotRead says that the archive could not be read; why is a word.
func NotRead(why string) license.Text {
	return license.Text{En: "the archive could not be read: " + why, Zh: "无法读取存档：" + why}
}
