package rules_test

import (
	"fmt"
	"math"
	"testing"

	"github.com/expr-lang/expr"

	"licensewatch/license"
)

// Comparisons give what the expression language gives.
func TestComparisonsMeanTheSame(t *testing.T) {
	t.Parallel()
	numbers := []string{"tcss.State", "cwp.UsedPercent", "cwp.LicenseCnt", "31", "31.5", "31.545741324921135", "-1", "317", "317.0", "9007199254740993"}
	texts := []string{"order.Alias", "order.ResourceId", `"web"`, `"we"`, `""`, `"订单"`, `"cwp-bbbb"`}
	s := healthy()
	s.Overview.LicenseCnt = new(int64(9007199254740993))
	environment := map[string]any{
		"tcss":  map[string]any{"State": *s.PurchaseState.State},
		"cwp":   map[string]any{"UsedPercent": *s.Overview.UsedPercent(), "LicenseCnt": *s.Overview.LicenseCnt},
		"order": map[string]any{"Alias": "web", "ResourceId": "cwp-bbbb"},
	}
	check := func(condition string) {
		want, err := expr.Eval(condition, environment)
		if err != nil {
			t.Fatalf("%s: %v", condition, err)
		}
		state := license.OK
		if want == true {
			state = license.Firing
		}
		if f := load(t, ruleFile(true, condition)).Evaluate(s, now)[0]; f.State != state {
			t.Errorf("%s is %s, want %v", condition, f.State, want)
		}
	}
	for _, operator := range []string{"==", "!=", "<", "<=", ">", ">=", "contains", "startsWith", "endsWith"} {
		operands := texts
		if operator[0] < 'a' {
			for _, a := range numbers {
				for _, b := range numbers {
					check(fmt.Sprintf("%s %s %s", a, operator, b))
				}
			}
		}
		for _, a := range operands {
			for _, b := range operands {
				check(fmt.Sprintf("%s %s %s", a, operator, b))
			}
		}
	}
}

// operations are expressions with every operator and function, over numbers and texts of
// every kind.
func operations() (all []string) {
	numbers := []string{"tcss.State", "cwp.UsedPercent", "cwp.LicenseCnt", "3", "-2", "2.5", "-0.5", "0"}
	texts := []string{"order.Alias", `" web "`, `"订单单"`, `""`, `"we"`}
	for _, a := range numbers {
		for _, f := range []string{"abs", "ceil", "floor", "round", "int", "max", "min", "string", "-", "+"} {
			all = append(all, fmt.Sprintf("%s(%s)", f, a))
		}
		for _, b := range numbers {
			for _, operator := range []string{"+", "-", "*", "/", "%", "**", "^"} {
				all = append(all, fmt.Sprintf("(%s) %s (%s)", a, operator, b))
			}
			all = append(all, fmt.Sprintf("max(%s, %s, 1)", a, b), fmt.Sprintf("min(%s, %s, 1.0)", a, b),
				fmt.Sprintf("%s in [1, 2.5, %s]", a, b), fmt.Sprintf("(%s) - (%s) in 1..30", a, b))
		}
	}
	for _, a := range texts {
		for _, f := range []string{"len", "lower", "upper", "trim", "trimPrefix", "trimSuffix", "string"} {
			all = append(all, fmt.Sprintf("%s(%s)", f, a))
		}
		all = append(all, fmt.Sprintf(`%s matches "^.{2}$"`, a), fmt.Sprintf("%s in order.Tags", a), fmt.Sprintf("order.Tags[%s]", a))
		for _, b := range texts {
			for _, f := range []string{"trim", "trimPrefix", "trimSuffix", "hasPrefix", "hasSuffix", "indexOf", "lastIndexOf"} {
				all = append(all, fmt.Sprintf("%s(%s, %s)", f, a, b))
			}
			all = append(all, fmt.Sprintf("%s + %s", a, b), fmt.Sprintf("%s in [%s, %q]", a, b, "x"))
		}
	}
	return append(all, `int("12")`, "len(order.Tags)", "string(cwp.AutoOpenStatus)", "cwp.AutoOpenStatus == true", "cwp.AutoOpenStatus != (1 == 2)")
}

// Every operator and function gives what the expression language's own machine gives.
func TestOperationsMeanTheSame(t *testing.T) {
	t.Parallel()
	s := healthy()
	s.Overview.AutoOpenStatus = new(true)
	s.Orders.List[0].Alias = new("web")
	s.Orders.List[0].Tags = []license.Tag{{TagKey: "we", TagValue: "b"}, {TagKey: "web", TagValue: "team"}}
	environment := map[string]any{
		"tcss":  map[string]any{"State": *s.PurchaseState.State},
		"cwp":   map[string]any{"UsedPercent": *s.Overview.UsedPercent(), "LicenseCnt": *s.Overview.LicenseCnt, "AutoOpenStatus": true},
		"order": map[string]any{"Alias": "web", "Tags": map[string]string{"we": "b", "web": "team"}},
	}
	compared := 0
	for _, operation := range operations() {
		value, err := expr.Eval(operation, environment)
		if err != nil {
			if operation[0] != '(' { // of what the machine refuses there is only a remainder of numbers that are not whole
				t.Errorf("%s: %v", operation, err)
			}
			continue
		}
		want := fmt.Sprintf("%v", value)
		if want == "<nil>" { // a tag that is not there
			want = ""
		}
		file := ruleFile(true, fmt.Sprintf("string(%s) == %q", operation, want))
		wanted := license.Firing
		if number, ok := value.(float64); ok && (math.IsNaN(number) || math.IsInf(number, 0)) {
			wanted = license.Unknown
		}
		compared++
		if f := load(t, file).Evaluate(s, now)[0]; f.State != wanted {
			t.Errorf("%s is not %s: %s", operation, want, summary(f))
		}
	}
	if compared < 1000 {
		t.Errorf("%d operations were compared", compared)
	}
}
