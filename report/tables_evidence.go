package report

import (
	"strings"
	"time"
)

func evidenceTable(e *Evidence, w wording) *Table {
	begun := e.Begun()
	return w.table("evidence", "Evidence by day", "证据（按日）", len(begun), func(c *cells, i int) {
		d := &begun[i]
		c.day("day", "Day", "日期", d.Day)
		c.text("kind", "What there is", "情况", w.evidenceKind(d.Kind()))
		c.number("sealed", "Accounts with a sealed record", "有封存记录的账号", d.Sealed)
		c.number("broken", "With a broken one", "记录损坏的账号", d.Broken)
		c.number("of", "Of accounts", "账号总数", d.Of)
	})
}

func chainsTable(e *Evidence, w wording) *Table {
	return w.table("chains", "Chains of records", "记录链", len(e.Chains), func(c *cells, i int) {
		chain := &e.Chains[i]
		c.text("account", "Account", "账号", chain.Account)
		c.number("records", "Sealed records", "封存记录", chain.Records).summed()
		c.number("broken", "Broken", "损坏", chain.Broken).summed()
		c.number("gaps", "Days without", "缺失天数", chain.Gaps).summed()
		c.text("first", "First", "首条", chain.First).keepToFiles()
		c.text("head", "Head", "最新记录", chain.Head)
		c.text("sha256", "Hash of its manifest", "清单校验值", chain.SHA256)
	})
}

func defectsTable(e *Evidence, w wording) *Table {
	return w.table("problems", "Records that do not verify", "未通过校验的记录", len(e.Defects), func(c *cells, i int) {
		p := &e.Defects[i]
		c.text("account", "Account", "账号", p.Account)
		c.text("record", "Record", "记录", p.Record)
		c.text("problem", "What is wrong", "问题", p.Text).toneLast("critical")
	})
}

// missingTable has the accounts without a record of days of which others have one.
func missingTable(e *Evidence, w wording) *Table {
	type row struct {
		account string
		*MissingDays
	}
	var rows []row
	for i := range e.Missing {
		for _, account := range e.Missing[i].Accounts {
			rows = append(rows, row{account, &e.Missing[i]})
		}
	}
	return w.table("missing-days", "Days that some accounts lack", "部分账号缺失记录的日期", len(rows), func(c *cells, i int) {
		var list []string
		for n := range e.Days {
			if rows[i].Has(n) {
				list = append(list, e.Days[n].Day.Format(time.DateOnly))
			}
		}
		c.text("account", "Account", "账号", rows[i].account)
		c.number("missing", "Days without", "缺失天数", rows[i].Count()).summed()
		c.text("days", "Which", "缺失日期", strings.Join(list, w.s(", ", "、")))
	})
}
