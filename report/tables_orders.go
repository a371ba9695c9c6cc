package report

import "time"

// orderColumns are what the tables of what ends say of an order.
type orderColumns struct {
	account, order, edition, licenses, held, used, idle, begin, end, renewal, owner, record Column
}

// columnsOf are the columns of a table that has these orders as rows.
func columnsOf(w wording, of func(row int) *Order) orderColumns {
	licenses := func(i int) *int64 { return of(i).Licenses }
	return orderColumns{
		account:  texts("account", w.s("Account", "账号"), func(i int) string { return of(i).Account }),
		order:    texts("order", w.s("Order", "订单"), func(i int) string { return w.orderName(of(i)) }),
		edition:  texts("edition", w.s("Edition", "版本"), func(i int) string { return w.edition(of(i)) }),
		licenses: counts("licenses", w.s("Licenses", "授权数"), licenses).summed(),
		held:     counts("held", w.s("Held", "现有"), licenses).summed(),
		used:     counts("used", w.s("In use", "已用"), func(i int) *int64 { return of(i).InUse }).summed(),
		idle:     counts("idle", w.s("Idle", "其中闲置"), func(i int) *int64 { return of(i).idle() }).summed(),
		begin:    times("begin", w.s("Bought", "购买时间"), func(i int) time.Time { return of(i).Begin }).minor(),
		end:      times("end", w.s("Ends", "到期时间"), func(i int) time.Time { return of(i).End }),
		renewal:  cells("renewal", w.s("Renewal", "续费"), KindText, func(i int) Cell { return w.renewal(of(i)) }),
		owner:    texts("owner", w.s("Owner", "负责人"), func(i int) string { return of(i).Owner }),
		record:   texts("record", w.s("Record", "记录"), func(i int) string { return of(i).Record }),
	}
}

func deadlinesTable(r *Report, w wording) Table {
	of := func(i int) *Order { return &r.Orders[i] }
	c := columnsOf(w, of)
	return Table{"deadlines", w.s("Deadlines", "到期时间"), len(r.Orders), []Column{
		c.account, c.order, c.edition, c.licenses, c.used, c.begin, c.end,
		cells("days_left", w.s("Days left", "剩余天数"), KindNumber, func(i int) Cell {
			if of(i).End.IsZero() {
				return Cell{}
			}
			return number(of(i).DaysLeft(r.Now))
		}),
		c.renewal,
		texts("state", w.s("State", "状态"), func(i int) string { return w.orderState(of(i).State) }),
		c.owner,
		numbers("moves", w.s("End moved", "变更次数"), func(i int) int { return of(i).Moves }).minor(),
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
	idle := c.idle
	idle.Title, idle.Sums = w.s("Stopped or gone", "已关机或离线"), false
	return Table{"coverage", w.s("Machines that fall back to Basic", "将失去防护的主机"), len(losing), []Column{
		c.account, c.owner, c.order, c.end,
		counts("machines", w.s("Machines", "主机"), func(i int) *int64 { return losing[i].machines() }).summed(),
		idle,
		cells("names", w.s("Which", "主机名"), KindText, func(i int) Cell { return w.names(losing[i]) }),
		c.record,
	}}
}

func planTable(r *Report, w wording) Table {
	of := func(i int) *PlannedOrder { return &r.Plan[i] }
	c := columnsOf(w, func(i int) *Order { return r.Plan[i].Order })
	return Table{"renewal", w.s("Renewal plan", "续费计划"), len(r.Plan), []Column{
		texts("month", w.s("Month", "月份"), func(i int) string { return w.month(of(i).End.In(r.Now.Location())) }),
		c.account, c.order, c.edition, c.held, c.used, c.idle,
		counts("suggested", w.s("Renew", "建议续费"), func(i int) *int64 { return of(i).Suggested }).summed(),
		cells("last_working_day", w.s("Renew by", "最迟办理日"), KindDay, func(i int) Cell {
			cell := at(of(i).Latest)
			if r.isMissed(of(i)) {
				cell.Tone = "critical"
			}
			return cell
		}),
		c.end, c.owner,
		cells("estimate", w.s("Estimate", "估算金额"), KindMoney, func(i int) Cell {
			p := of(i)
			if p.Estimate == nil {
				return Cell{}
			}
			return Cell{Known: true, Number: *p.Estimate, Text: p.Currency}
		}),
		texts("currency", w.s("Currency", "币种"), func(i int) string { return of(i).Currency }).minor(),
		texts("how", w.s("How", "办理方式"), func(i int) string {
			if r.isMissed(of(i)) {
				return w.how(of(i)) + w.s("; its last working day is over", "；已过最迟办理日")
			}
			return w.how(of(i))
		}),
		cells("console", w.s("Console", "控制台"), KindLink, func(i int) Cell { return text(of(i).Console()) }).minor(),
		texts("command", w.s("Command", "命令"), func(i int) string { return of(i).Command() }).minor(),
		c.record.minor(),
	}}
}

// unusedTable are the orders that hold more licenses than hang on machines that run, those that
// renew themselves as well: what can be dropped, or renewed smaller.
func unusedTable(r *Report, w wording) Table {
	unused := unusedOf(r.Orders)
	c := columnsOf(w, func(i int) *Order { return unused[i].Order })
	return Table{"unused", w.s("Licenses that can be dropped", "可减少的授权"), len(unused), []Column{
		c.account, c.order, c.edition, c.held, c.used, c.idle,
		counts("unused", w.s("Can be dropped", "可减少"), func(i int) *int64 { return &unused[i].licenses }).summed(),
		c.end, c.renewal, c.owner, c.record,
	}}
}
