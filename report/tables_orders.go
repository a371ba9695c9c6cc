package report

// orderCells are what the tables of what ends say of an order.
type orderCells struct {
	*cells

	of *Order
}

func (c orderCells) account() { c.text("account", "Account", "账号", c.of.Account) }
func (c orderCells) order()   { c.text("order", "Order", "订单", c.orderName(c.of)) }
func (c orderCells) edition() { c.text("edition", "Edition", "版本", c.wording.edition(c.of)) }
func (c orderCells) held()    { c.count("held", "Held", "现有", c.of.Licenses).summed() }
func (c orderCells) used()    { c.count("used", "In use", "已用", c.of.InUse).summed() }
func (c orderCells) idle()    { c.count("idle", "Idle", "其中闲置", c.of.idleLicenses()).summed() }
func (c orderCells) end()     { c.time("end", "Ends", "到期时间", c.of.End) }
func (c orderCells) renewal() {
	c.cell("renewal", "Renewal", "续费", KindText, c.wording.renewal(c.of))
}
func (c orderCells) owner()         { c.text("owner", "Owner", "负责人", c.of.Owner) }
func (c orderCells) record() *cells { return c.text("record", "Record", "记录", c.of.Record) }

func deadlinesTable(r *Report, w wording) *Table {
	return w.table("deadlines", "Deadlines", "到期时间", len(r.Orders), func(row *cells, i int) {
		o := &r.Orders[i]
		c := orderCells{row, o}
		c.account()
		c.order()
		c.edition()
		c.count("licenses", "Licenses", "授权数", o.Licenses).summed()
		c.used()
		c.time("begin", "Bought", "购买时间", o.Begin).keepToFiles()
		c.end()
		var left *int64
		if !o.End.IsZero() {
			left = new(int64(o.DaysLeft(r.Now)))
		}
		c.count("days_left", "Days left", "剩余天数", left)
		c.renewal()
		c.text("state", "State", "状态", w.orderState(o.State))
		c.owner()
		c.number("moves", "End moved", "变更次数", o.Moves).keepToFiles()
		c.record()
	})
}

// coverageTable are the orders of the plan by which machines lose their edition.
func coverageTable(r *Report, w wording) *Table {
	var losing []*Order
	for i := range r.Plan {
		o := r.Plan[i].Order
		if machines := o.countMachines(); o.Edition != Containers && (machines == nil || *machines > 0) {
			losing = append(losing, o)
		}
	}
	return w.table("coverage", "Machines that fall back to Basic", "将失去防护的主机", len(losing), func(row *cells, i int) {
		o := losing[i]
		c := orderCells{row, o}
		c.account()
		c.owner()
		c.order()
		c.end()
		c.count("machines", "Machines", "主机", o.countMachines()).summed()
		c.count("idle", "Stopped or gone", "已关机或离线", o.idleLicenses())
		c.cell("names", "Which", "主机名", KindText, w.machineNames(o))
		c.record()
	})
}

func planTable(r *Report, w wording) *Table {
	return w.table("renewal", "Renewal plan", "续费计划", len(r.Plan), func(row *cells, i int) {
		p := &r.Plan[i]
		c := orderCells{row, p.Order}
		how, tone := w.renewalOf(p), ""
		if r.isMissed(p) {
			how += w.s("; its last working day is over", "；已过最迟办理日")
			tone = "critical"
		}
		c.text("month", "Month", "月份", w.month(p.End.In(r.Now.Location())))
		c.account()
		c.order()
		c.edition()
		c.held()
		c.used()
		c.idle()
		c.count("suggested", "Renew", "建议续费", p.Suggested).summed()
		c.day("last_working_day", "Renew by", "最迟办理日", p.Latest).toneLast(tone)
		c.end()
		c.owner()
		var estimate Cell
		if p.Estimate != nil {
			estimate = Cell{Known: true, Number: *p.Estimate, Text: p.Currency}
		}
		c.cell("estimate", "Estimate", "估算金额", KindMoney, estimate)
		c.text("currency", "Currency", "币种", p.Currency).keepToFiles()
		c.text("how", "How", "办理方式", how)
		c.cell("console", "Console", "控制台", KindLink, text(p.Console())).keepToFiles()
		c.text("command", "Command", "命令", p.Command()).keepToFiles()
		c.record().keepToFiles()
	})
}

// unusedTable are the orders that hold more licenses than hang on machines that run, those that
// renew themselves as well: what can be dropped, or renewed smaller.
func unusedTable(r *Report, w wording) *Table {
	unused := unusedOf(r.Orders)
	return w.table("unused", "Licenses that can be dropped", "可减少的授权", len(unused), func(row *cells, i int) {
		c := orderCells{row, unused[i].Order}
		c.account()
		c.order()
		c.edition()
		c.held()
		c.used()
		c.idle()
		c.count("unused", "Can be dropped", "可减少", &unused[i].licenses).summed()
		c.end()
		c.renewal()
		c.owner()
		c.record()
	})
}
