package report

import "time"

// orderColumns are what the tables of what ends say of an order.
type orderColumns struct {
	account, order, edition, licenses, held, used, idle, begin, end, renewal, owner, record *Column
}

// columnsOf are the columns of a table that has these orders as rows.
func columnsOf(w wording, of func(row int) *Order) orderColumns {
	licenses := func(i int) *int64 { return of(i).Licenses }
	return orderColumns{
		account:  w.texts("account", "Account", "账号", func(i int) string { return of(i).Account }),
		order:    w.texts("order", "Order", "订单", func(i int) string { return w.orderName(of(i)) }),
		edition:  w.texts("edition", "Edition", "版本", func(i int) string { return w.edition(of(i)) }),
		licenses: w.counts("licenses", "Licenses", "授权数", licenses).summed(),
		held:     w.counts("held", "Held", "现有", licenses).summed(),
		used:     w.counts("used", "In use", "已用", func(i int) *int64 { return of(i).InUse }).summed(),
		idle:     w.counts("idle", "Idle", "其中闲置", func(i int) *int64 { return of(i).idle() }).summed(),
		begin:    w.times("begin", "Bought", "购买时间", func(i int) time.Time { return of(i).Begin }).minor(),
		end:      w.times("end", "Ends", "到期时间", func(i int) time.Time { return of(i).End }),
		renewal:  w.cells("renewal", "Renewal", "续费", KindText, func(i int) Cell { return w.renewal(of(i)) }),
		owner:    w.texts("owner", "Owner", "负责人", func(i int) string { return of(i).Owner }),
		record:   w.texts("record", "Record", "记录", func(i int) string { return of(i).Record }),
	}
}

func deadlinesTable(r *Report, w wording) Table {
	of := func(i int) *Order { return &r.Orders[i] }
	c := columnsOf(w, of)
	return Table{"deadlines", w.s("Deadlines", "到期时间"), len(r.Orders), []*Column{
		c.account, c.order, c.edition, c.licenses, c.used, c.begin, c.end,
		w.cells("days_left", "Days left", "剩余天数", KindNumber, func(i int) Cell {
			if of(i).End.IsZero() {
				return Cell{}
			}
			return number(of(i).DaysLeft(r.Now))
		}),
		c.renewal,
		w.texts("state", "State", "状态", func(i int) string { return w.orderState(of(i).State) }),
		c.owner,
		w.numbers("moves", "End moved", "变更次数", func(i int) int { return of(i).Moves }).minor(),
		c.record,
	}}
}

// coverageTable are the orders of the plan by which machines lose their edition.
func coverageTable(r *Report, w wording) Table {
	var losing []*Order
	for i := range r.Plan {
		o := r.Plan[i].Order
		if machines := o.machines(); o.Edition != Containers && (machines == nil || *machines > 0) {
			losing = append(losing, o)
		}
	}
	c := columnsOf(w, func(i int) *Order { return losing[i] })
	c.idle.Title, c.idle.Sums = w.s("Stopped or gone", "已关机或离线"), false
	return Table{"coverage", w.s("Machines that fall back to Basic", "将失去防护的主机"), len(losing), []*Column{
		c.account, c.owner, c.order, c.end,
		w.counts("machines", "Machines", "主机", func(i int) *int64 { return losing[i].machines() }).summed(),
		c.idle,
		w.cells("names", "Which", "主机名", KindText, func(i int) Cell { return w.names(losing[i]) }),
		c.record,
	}}
}

func planTable(r *Report, w wording) Table {
	of := func(i int) *PlannedOrder { return &r.Plan[i] }
	c := columnsOf(w, func(i int) *Order { return r.Plan[i].Order })
	return Table{"renewal", w.s("Renewal plan", "续费计划"), len(r.Plan), []*Column{
		w.texts("month", "Month", "月份", func(i int) string { return w.month(of(i).End.In(r.Now.Location())) }),
		c.account, c.order, c.edition, c.held, c.used, c.idle,
		w.counts("suggested", "Renew", "建议续费", func(i int) *int64 { return of(i).Suggested }).summed(),
		w.cells("last_working_day", "Renew by", "最迟办理日", KindDay, func(i int) Cell {
			cell := at(of(i).Latest)
			if r.isMissed(of(i)) {
				cell.Tone = "critical"
			}
			return cell
		}),
		c.end, c.owner,
		w.cells("estimate", "Estimate", "估算金额", KindMoney, func(i int) Cell {
			p := of(i)
			if p.Estimate == nil {
				return Cell{}
			}
			return Cell{Known: true, Number: *p.Estimate, Text: p.Currency}
		}),
		w.texts("currency", "Currency", "币种", func(i int) string { return of(i).Currency }).minor(),
		w.texts("how", "How", "办理方式", func(i int) string {
			if r.isMissed(of(i)) {
				return w.how(of(i)) + w.s("; its last working day is over", "；已过最迟办理日")
			}
			return w.how(of(i))
		}),
		w.cells("console", "Console", "控制台", KindLink, func(i int) Cell { return text(of(i).Console()) }).minor(),
		w.texts("command", "Command", "命令", func(i int) string { return of(i).Command() }).minor(),
		c.record.minor(),
	}}
}

// unusedTable are the orders that hold more licenses than hang on machines that run, those that
// renew themselves as well: what can be dropped, or renewed smaller.
func unusedTable(r *Report, w wording) Table {
	unused := unusedOf(r.Orders)
	c := columnsOf(w, func(i int) *Order { return unused[i].Order })
	return Table{"unused", w.s("Licenses that can be dropped", "可减少的授权"), len(unused), []*Column{
		c.account, c.order, c.edition, c.held, c.used, c.idle,
		w.counts("unused", "Can be dropped", "可减少", func(i int) *int64 { return &unused[i].licenses }).summed(),
		c.end, c.renewal, c.owner, c.record,
	}}
}
