package rules_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/rules"
)

// ruleWith is a rules file with one warning that has further keys.
func ruleWith(each bool, when string, keys ...string) string {
	var file strings.Builder
	file.WriteString(ruleFile(each, when))
	for _, key := range keys {
		file.WriteString("    " + key + "\n")
	}
	return file.String()
}

func TestSeverityOfAFinding(t *testing.T) {
	t.Parallel()
	tests := []struct {
		info, critical string
		want           license.Severity
	}{
		{"", "", license.Warning},
		{"true", "", license.Info},
		{"false", "", license.Warning},
		{"cwp.ExpireLicenseCnt == 1", "", license.Warning}, // unknown
		{"", "true", license.Critical},
		{"true", "true", license.Info},
		{"false", "true", license.Critical},
		{"cwp.ExpireLicenseCnt == 1", "true", license.Critical},
		{"false", "cwp.ExpireLicenseCnt == 1", license.Warning},
	}
	s := healthy()
	s.Overview.ExpireLicenseCnt = nil
	for _, test := range tests {
		var keys []string
		if test.info != "" {
			keys = append(keys, "info_when: "+test.info)
		}
		if test.critical != "" {
			keys = append(keys, "critical_when: "+test.critical)
		}
		f := load(t, ruleWith(false, "cwp.LicenseCnt > 0", keys...)).Evaluate(s, now)[0]
		if f.Severity != test.want {
			t.Errorf("info_when %q, critical_when %q: %s, want %s", test.info, test.critical, f.Severity, test.want)
		}
		if want := 1 + len(keys); len(f.Evidence) != want {
			t.Errorf("info_when %q, critical_when %q: %d conditions are noted, want %d", test.info, test.critical, len(f.Evidence), want)
		}
	}
}

// Once it has fired, a rule with clear_when goes on until that is true.
func TestLingering(t *testing.T) {
	t.Parallel()
	tests := []struct {
		used        *int64
		state       license.State
		lingers     bool
		isCalendar  bool
		explanation string
	}{
		{new(int64(285)), license.Firing, false, false, "at the threshold"},
		{new(int64(280)), license.OK, true, false, "between the two"},
		{new(int64(270)), license.OK, false, false, "clear"},
		{nil, license.Unknown, false, false, "not known"},
	}
	set := load(t, ruleWith(false, "cwp.UsedLicenseCnt >= 285", "clear_when: cwp.UsedLicenseCnt < 275", "critical_when: cwp.UsedLicenseCnt < 281",
		"measure: cwp.UsedLicenseCnt", "worse_at: [300, 290]", "over: '{{ cwp.UsedLicenseCnt }} are in use'"))
	for _, test := range tests {
		s := healthy()
		s.Overview.UsedLicenseCnt = test.used
		f := set.Evaluate(s, now)[0]
		if f.State != test.state || f.Lingers != test.lingers {
			t.Errorf("%s: %s, lingers %t", test.explanation, f.State, f.Lingers)
		}
		if f.Lingers && (f.Title.En == "" || f.Over.En != "280 are in use" || f.Severity != license.Critical || *f.Measure != 280) {
			t.Errorf("a finding that lingers is %+v", f)
		}
	}
}

func TestClearWhenIsNotKnown(t *testing.T) {
	t.Parallel()
	s := healthy()
	s.Overview.AvailableLicenseCnt = nil
	f := load(t, ruleWith(false, "cwp.LicenseCnt > 1000", "clear_when: cwp.AvailableLicenseCnt > 5")).Evaluate(s, now)[0]
	if f.State != license.OK || !f.Lingers {
		t.Errorf("%s, lingers %t: want it to go on", f.State, f.Lingers)
	}
}

func TestMeasure(t *testing.T) {
	t.Parallel()
	f := load(t, ruleWith(false, "cwp.LicenseCnt > 0", "measure: cwp.UsedPercent", "worse_by: 0.5", "worse_at: [100, 95.5]")).Evaluate(healthy(), now)[0]
	if f.Measure == nil || int(*f.Measure) != 31 || f.WorseBy != 0.5 || !cmp.Equal(f.WorseAt, []float64{95.5, 100}) {
		t.Errorf("measure %v, worse by %v, at %v", f.Measure, f.WorseBy, f.WorseAt)
	}
	f = load(t, ruleWith(false, "cwp.LicenseCnt > 0", "measure: cwp.UsedLicenseCnt / cwp.DestroyOrderNum", "worse_by: 10")).Evaluate(healthy(), now)[0]
	if f.Measure != nil || f.State != license.Firing {
		t.Errorf("%s with measure %v, want one that is not known", f.State, *f.Measure)
	}
}

func TestMachinesAndLicenses(t *testing.T) {
	t.Parallel()
	s := healthy()
	s.Orders.List[0].Tags = nil
	f := load(t, ruleWith(true, "true")).Evaluate(s, now)[0]
	if *f.Machines != 33 || *f.Licenses != 40 || f.Owner != "" {
		t.Errorf("machines %d, licenses %d, owner %q", *f.Machines, *f.Licenses, f.Owner)
	}
	f = load(t, ruleWith(true, "true", "machines: order.LicenseCnt - 50")).Evaluate(s, now)[0]
	if *f.Machines != 0 {
		t.Errorf("machines %d, want 0 instead of a negative number", *f.Machines)
	}
	s.Orders.List[0].UsedLicenseCnt, s.Orders.List[0].LicenseCnt = nil, nil
	f = load(t, ruleWith(true, "true")).Evaluate(s, now)[0]
	if f.Machines != nil || f.Licenses != nil {
		t.Errorf("machines %v, licenses %v, want neither known", f.Machines, f.Licenses)
	}
	f = load(t, ruleWith(false, "cwp.LicenseCnt > 0")).Evaluate(s, now)[0]
	if f.Machines != nil || f.Licenses != nil {
		t.Errorf("a rule about the account has machines %v, licenses %v", f.Machines, f.Licenses)
	}
	f = load(t, ruleWith(false, "cwp.LicenseCnt > 0", "machines: cwp.UsedLicenseCnt")).Evaluate(s, now)[0]
	if f.Machines == nil || *f.Machines != 100 {
		t.Errorf("machines %v, want 100", f.Machines)
	}
	// A finding that is not to be judged belongs to somebody, too.
	f = load(t, "owner: order.Alias\n"+ruleWith(true, "order.LicenseCnt > 0")).Evaluate(s, now)[0]
	if f.State != license.Unknown || f.Owner != "web" {
		t.Errorf("%s, owner %q", f.State, f.Owner)
	}
}

func TestGroupAndOver(t *testing.T) {
	t.Parallel()
	set := load(t, ruleWith(true, "true", "group: {en: end soon, zh: 即将到期}", "over: {en: 'Order {{ order.ResourceId }} no longer ends', zh: 订单不再到期}"))
	f := set.Evaluate(healthy(), now)[0]
	if f.Group != (license.Text{En: "end soon", Zh: "即将到期"}) || f.Over != (license.Text{En: "Order cwp-bbbb no longer ends", Zh: "订单不再到期"}) {
		t.Errorf("group %v, over %v", f.Group, f.Over)
	}
	f = set.Evaluate(healthy(), now, license.Chinese)[0]
	if f.Over != (license.Text{Zh: "订单不再到期"}) {
		t.Errorf("over %v, want it in Chinese only", f.Over)
	}
	f = load(t, ruleWith(true, "false", "over: x", "group: end soon")).Evaluate(healthy(), now)[0]
	if f.Over != (license.Text{}) || f.Group.Zh != "end soon" {
		t.Errorf("over %v, group %v of one that is quiet", f.Over, f.Group)
	}
}

func TestOwner(t *testing.T) {
	t.Parallel()
	tags := func(pairs ...string) []license.Tag {
		all := []license.Tag{}
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, license.Tag{TagKey: pairs[i], TagValue: pairs[i+1]})
		}
		return all
	}
	own := "version: 1\nextends: default\nowner: order.Alias\n"
	tests := map[string]struct {
		set  *rules.Set
		tags []license.Tag
		want string
	}{
		"by its first tag":     {rules.Default(), tags("team", "t", "owner", "o", "负责人", "f"), "o"},
		"by its second":        {rules.Default(), tags("team", "t", "负责人", "f"), "f"},
		"by its third":         {rules.Default(), tags("team", "t", "owner", ""), "t"},
		"no such tag":          {rules.Default(), tags("cost", "9"), ""},
		"tags are not known":   {rules.Default(), nil, ""},
		"by the file's own":    {load(t, own), tags("owner", "o"), "web"},
		"as the built-in does": {load(t, "version: 1\nextends: default\n"), tags("owner", "o"), "o"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := healthy()
			s.Orders.List[0].Tags, s.Orders.List[0].OrderStatus = test.tags, new(int64(license.OrderIsolated))
			f := byRule(test.set.Evaluate(s, now), "cwp-order-isolated")[0]
			if f.State != license.Firing || f.Owner != test.want {
				t.Errorf("%s, owner %q, want %q", f.State, f.Owner, test.want)
			}
		})
	}
	text := "owner: order.Tags[\"team\"]\n" + strings.Replace(ruleFile(true, "true"), "title: it", `title: '{{ owner() == "" ? "nobody" : owner() }}'`, 1)
	s := healthy()
	if f := load(t, text).Evaluate(s, now)[0]; f.Title.En != "ops" {
		t.Errorf("owner() is %q", f.Title.En)
	}
	s.Orders.List[0].Tags = nil
	if f := load(t, text).Evaluate(s, now)[0]; f.Title.En != "nobody" {
		t.Errorf("owner() is %q", f.Title.En)
	}
	withoutOwner := strings.Replace(ruleFile(true, "true"), "title: it", `title: 'by "{{ owner() }}"'`, 1)
	if f := load(t, withoutOwner).Evaluate(healthy(), now)[0]; f.Title.En != `by ""` {
		t.Errorf("without an owner of the file the title is %q", f.Title.En)
	}
}

func TestRemindersBesideEachOther(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	f := load(t, ruleWith(true, "true", "remind_at: [0, 3]", "remind_every: [1d, 7d]")).Evaluate(healthy(), now)[0]
	if !cmp.Equal(f.RemindAt, []int64{3, 0}) || f.RemindEvery != day || f.RemindLater != 7*day {
		t.Errorf("reminders at %v, every %v, then %v", f.RemindAt, f.RemindEvery, f.RemindLater)
	}
	f = load(t, ruleWith(true, "true", "remind_every: [12h]")).Evaluate(healthy(), now)[0]
	if f.RemindEvery != 12*time.Hour || f.RemindLater != 0 {
		t.Errorf("reminders every %v, then %v", f.RemindEvery, f.RemindLater)
	}
}

// What belongs to a state is left out of a built-in rule that a file makes one
// about a change.
func TestBuiltInRuleBecomesAChange(t *testing.T) {
	t.Parallel()
	file := "version: 1\nextends: default\nrules:\n  - {id: tcss-renewal-not-set, when: tcss.State == 3 && previous.tcss.State != 3, severity: warning}\n"
	s := healthy()
	before := healthy()
	before.PurchaseState.State = new(int64(license.StateTrial))
	s.Previous = &before
	f := byRule(load(t, file).Evaluate(s, now), "tcss-renewal-not-set")[0]
	if !f.Event || f.Over != (license.Text{}) || f.Measure != nil || f.WorseBy != 0 {
		t.Errorf("%s", fmt.Sprintf("%+v", f))
	}
}
