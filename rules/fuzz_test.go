package rules_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"licensewatch/license"
	"licensewatch/rules"
)

// checkLoad loads a file and judges with it: neither may panic, mistakes must
// have a place and a text, and findings a reason.
func checkLoad(t *testing.T, file string) {
	t.Helper()
	set, err := rules.Load("rules.yaml", []byte(file))
	if err != nil {
		all, ok := errors.AsType[*rules.Errors](err)
		if !ok || len(all.Problems) == 0 {
			t.Fatalf("error is %T with no problems: %v", err, err)
		}
		for _, p := range all.Problems {
			if p.File != "rules.yaml" || p.Line < 1 || p.Column < 1 || p.Text == "" || strings.Contains(p.Text, "goroutine") {
				t.Fatalf("bad problem %+v", p)
			}
			if p.Line > strings.Count(file, "\n")+strings.Count(file, "\r")+2 {
				t.Fatalf("problem behind the end of the file: %+v", p)
			}
		}
		return
	}
	for _, s := range []license.Snapshot{healthy(), compared(healthy()), failing(healthy(), license.SourcePurchaseState), {Wanted: everything(), Overview: &license.Overview{}, Orders: &license.Orders{List: make([]license.Order, 2)}}} {
		for _, f := range set.Evaluate(s, now) {
			if strings.Contains(f.Problem, "internal error") {
				t.Fatalf("%s", summary(f))
			}
			if f.State == license.Unknown && len(f.Missing) == 0 && f.Problem == "" {
				t.Fatalf("%s without a reason", f.Key())
			}
		}
	}
}

func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("testdata/mistakes/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "default.yaml", "changes.yaml") {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add(mixedRules)
	f.Fuzz(checkLoad)
}

func FuzzExpression(f *testing.F) {
	for _, seed := range []string{
		"tcss.State == 1", "order.OrderStatus == 1 && order.LicenseType != 0 && order.AutoRenewFlag != 1 && order.DaysLeft <= 30",
		"(tcss.UndefendCoresCnt ?? 0) > 0", "tcss.State in [2, 3]", "order.DaysLeft in 1..30", `order.Tags["team"] == "ops"`,
		"cwp.UsedPercent / 0 > 1", "cwp.LicenseCnt % 0 == 0", `cwp.ProtectType matches "^(A|B)+$"`, "1 < tcss.State < 5",
		"tcss?.State == nil", `int(order.Alias) > 3`, "any([1], # > 1)", "let a = 1; a > 0", "now() > 1", `"a" + 'b' == "ab"`,
		"if tcss.State == 1 { true } else { false }", "!(true ? false : true)", "b\"x\" == nil", "-1 in [+1, -1]", "max(1, 2.5) > tcss.State",
		"days(order.DaysLeft)", `date(order.Deadline ?? "")`, "a < (b < (c < d < e) < f) < g", "\"\\u4e2d\" == '中'", "tcss.State | string() == `3`",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, expression string) {
		if !utf8.ValidString(expression) {
			t.Skip()
		}
		checkLoad(t, ruleFile(true, expression))
		checkLoad(t, strings.Replace(ruleFile(true, "true"), "title: it", "title: "+yamlQuote("a {{"+expression+"}} b"), 1))
	})
}
