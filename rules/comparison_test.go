package rules_test

import (
	"fmt"
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
