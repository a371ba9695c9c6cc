package report

import (
	"strings"
	"time"
)

func evidenceTable(e *Evidence, w wording) Table {
	begun := e.Begun()
	return Table{"evidence", w.s("Evidence by day", "证据（按日）"), len(begun), []*Column{
		w.days("day", "Day", "日期", func(i int) time.Time { return begun[i].Day }),
		w.texts("kind", "What there is", "情况", func(i int) string { return w.evidenceKind(begun[i].Kind()) }),
		w.numbers("sealed", "Accounts with a sealed record", "有封存记录的账号", func(i int) int { return begun[i].Sealed }),
		w.numbers("broken", "With a broken one", "记录损坏的账号", func(i int) int { return begun[i].Broken }),
		w.numbers("of", "Of accounts", "账号总数", func(i int) int { return begun[i].Of }),
	}}
}

func chainsTable(e *Evidence, w wording) Table {
	of := func(i int) *Chain { return &e.Chains[i] }
	return Table{"chains", w.s("Chains of records", "记录链"), len(e.Chains), []*Column{
		w.texts("account", "Account", "账号", func(i int) string { return of(i).Account }),
		w.numbers("records", "Sealed records", "封存记录", func(i int) int { return of(i).Records }).summed(),
		w.numbers("broken", "Broken", "损坏", func(i int) int { return of(i).Broken }).summed(),
		w.numbers("gaps", "Days without", "缺失天数", func(i int) int { return of(i).Gaps }).summed(),
		w.texts("first", "First", "首条", func(i int) string { return of(i).First }).minor(),
		w.texts("head", "Head", "最新记录", func(i int) string { return of(i).Head }),
		w.texts("sha256", "Hash of its manifest", "清单校验值", func(i int) string { return of(i).SHA256 }),
	}}
}

func problemsTable(e *Evidence, w wording) Table {
	of := func(i int) *Problem { return &e.Problems[i] }
	return Table{"problems", w.s("Records that do not verify", "未通过校验的记录"), len(e.Problems), []*Column{
		w.texts("account", "Account", "账号", func(i int) string { return of(i).Account }),
		w.texts("record", "Record", "记录", func(i int) string { return of(i).Record }),
		w.cells("problem", "What is wrong", "问题", KindText,
			func(i int) Cell { return toned(of(i).Text, "critical") }),
	}}
}

// missingTable has the accounts without a record of days of which others have one.
func missingTable(e *Evidence, w wording) Table {
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
	return Table{"missing-days", w.s("Days that some accounts lack", "部分账号缺失记录的日期"), len(rows), []*Column{
		w.texts("account", "Account", "账号", func(i int) string { return rows[i].account }),
		w.numbers("missing", "Days without", "缺失天数", func(i int) int { return rows[i].Count() }).summed(),
		w.texts("days", "Which", "缺失日期", func(i int) string {
			var list []string
			for n := range e.Days {
				if rows[i].Has(n) {
					list = append(list, e.Days[n].Day.Format(time.DateOnly))
				}
			}
			return strings.Join(list, w.s(", ", "、"))
		}),
	}}
}
