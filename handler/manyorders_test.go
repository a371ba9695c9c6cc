package handler_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/handler"
)

// TestRecordOfManyOrders: where the findings have no conditions, and what is ok is not counted,
// the record says so. In both forms the findings are in the order of the rules.
func TestRecordOfManyOrders(t *testing.T) {
	var ruleOrders [][]string
	for count, isBrief := range map[int]bool{1999: false, 2000: true} {
		w := newArchiving(t, "healthy")
		w.Override("DescribeLicenseList", func(rw http.ResponseWriter, r *http.Request) {
			var page struct{ Offset, Limit int }
			_ = json.NewDecoder(r.Body).Decode(&page)
			var list []string
			for i := page.Offset; i < min(page.Offset+page.Limit, count); i++ {
				list = append(list, boundOrder(i+1, 1+i%2*8, 5, now.AddDate(0, 0, 1+i%400)))
			}
			_, _ = fmt.Fprintf(rw, `{"Response":{"RequestId":"r","TotalCount":%d,"List":[%s]}}`, count, strings.Join(list, ","))
		})
		record := w.wantTick("digest", handler.OutcomeSent, 1, 1).Archive.Record
		isCounted := !strings.Contains(w.file(record, "findings.json"), `"ok":null`)
		isSaid := strings.Contains(w.file(record, "manifest.json"), `{"name":"conditions","reason":"2000 orders and more"}`)
		if isCounted == isBrief || isSaid != isBrief {
			t.Errorf("%d orders: what is ok is counted: %t; that there are no conditions is said: %t", count, isCounted, isSaid)
		}
		judged := w.sealed(record, "findings.json")
		if !isBrief && judged.OK < count {
			t.Errorf("%d of %d orders' findings are ok", judged.OK, count)
		}
		var inOrder []string
		for _, f := range judged.Findings {
			inOrder = append(inOrder, f.Rule)
		}
		ruleOrders = append(ruleOrders, slices.Compact(inOrder))
	}
	if diff := cmp.Diff(ruleOrders[0], ruleOrders[1]); diff != "" || len(ruleOrders[0]) < 3 {
		t.Errorf("the rules of the findings are %v in one form:\n%s", ruleOrders[0], diff)
	}
}
