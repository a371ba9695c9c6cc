package explanation_test

import (
	"bytes"
	"strings"
	"testing"

	"licensewatch/cmd/licensewatch/internal/explanation"
	"licensewatch/cmd/licensewatch/internal/terminal"
	"licensewatch/license"
)

// coverRules are rules with every condition that a rule can have.
const coverRules = `
version: 1
owner: order.Alias
rules:
  - id: all
    severity: warning
    when: cwp.NearExpiryLicenseCnt > 0
    covered_by: [each]
    covered_when: cwp.OrdersComplete
    title: all of them
  - id: each
    each: order
    severity: warning
    when: order.AutoRenewFlag != 1 && order.DaysLeft <= 30
    info_when: order.LicenseCnt == 0
    critical_when: order.DaysLeft <= 3
    remind_at: [30]
    remind_every: [1d, 7d]
    title: one of them
  - id: full
    severity: warning
    when: cwp.UsedLicenseCnt > 1000
    clear_when: cwp.UsedLicenseCnt < 10
    measure: cwp.UsedLicenseCnt
    worse_by: 5
    title: full
`

func pages(t *testing.T, w *world, key string) string {
	t.Helper()
	var out bytes.Buffer
	e := w.explain(key)
	e.Pages(&out, func(_ explanation.Tone, text string) terminal.Styled { return terminal.Styled(terminal.Safe(text)) })
	return out.String()
}

func TestCovered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "near-expiry").rules(coverRules)
	f := w.finding("all")
	if f.State != explanation.Covered || f.CoveredBy != "each/cwp-aaaa" || f.CoveredWhen == nil || f.CoveredWhen.Answer != "true" {
		t.Fatalf("%+v", f)
	}
	for _, want := range []string{
		"all is covered: it fires (warning), and each/cwp-aaaa tells of it", "covered_by: each", "covered_when: cwp.OrdersComplete",
		"true     cwp.OrdersComplete  cwp.OrdersComplete = true", "each/cwp-aaaa tells of it already", "Digests leave it out while each/cwp-aaaa fires.",
	} {
		if page := pages(t, w, "all"); !strings.Contains(page, want) {
			t.Errorf("%q is not in the page:\n%s", want, page)
		}
	}
	if e := w.finding("each/cwp-aaaa"); e.Info.Answer != "false" || e.Critical.Answer != "false" || e.Machines == nil {
		t.Errorf("%+v", e)
	}
}

func TestLingers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "near-expiry").rules(coverRules)
	f := w.finding("full")
	if f.State != explanation.OK || !f.Lingers || f.Clear.Answer != "false" || *f.Measure != 100 {
		t.Errorf("%+v", f)
	}
	if page := pages(t, w, "full"); !strings.Contains(page, "full is true no more, but not clear of its threshold") || !strings.Contains(page, "measure      100") {
		t.Errorf("%s", page)
	}
}

// A value that nobody documented is named as such.
func TestUndocumented(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "near-expiry").rules(coverRules).order("cwp-aaaa", func(o *license.Order) { o.AutoRenewFlag = new(int64(9)) })
	if f := w.finding("each/cwp-aaaa"); f.State != explanation.Unknown || len(f.Undocumented) != 1 || f.Undocumented[0].Value != "9" {
		t.Errorf("%+v", f)
	}
	page := pages(t, w, "each/cwp-aaaa")
	if !strings.Contains(page, "not known: order.AutoRenewFlag is 9, which is not documented") || strings.Contains(page, "it was not read") {
		t.Errorf("%s", page)
	}
}
