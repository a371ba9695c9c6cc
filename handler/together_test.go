package handler_test

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/handler"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/message"
	"licensewatch/rules"
)

// TestUnknownTogether: what a run has as one finding for many orders is told, and
// remembered, as the findings one by one are: of orders whose status nobody knows, that
// have no end, or an end that is none, and when they are well
// again.
func TestUnknownTogether(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("", 8*3600)
	now := time.Date(2026, 11, 22, 10, 7, 0, 0, zone)
	odd := []func(*license.Order){
		func(o *license.Order) { o.OrderStatus = new(int64(9)) },
		func(o *license.Order) { o.Deadline = new("soon") },
		func(o *license.Order) { o.Deadline = nil },
		func(o *license.Order) { o.LicenseType, o.AutoRenewFlag = nil, nil },
		func(*license.Order) {},
	}
	reading := func(odd ...func(*license.Order)) license.Snapshot {
		orders := &license.Orders{TotalCount: 40}
		for i := range 40 {
			days := []int{300, 5}[i/5%2]
			o := (&course{}).order(fmt.Sprintf("cwp-%04d", i), license.OrderNormal, license.RenewalOff, now.AddDate(0, 0, days))
			odd[i%len(odd)](&o)
			orders.List = append(orders.List, o)
		}
		return license.Snapshot{Site: license.SiteIntl, ReadAt: now, Wanted: []license.Source{license.SourceOrders}, Orders: orders}
	}
	one, together := life.New(), life.New()
	told := func(ledger *life.Ledger, mode license.Mode, id string, s license.Snapshot, findings []license.Finding) string {
		var text bytes.Buffer
		decided := handler.Decision{
			ID: id, Slot: id, Now: now, Mode: mode, Language: license.English, Channels: []string{"slack"}, Snapshot: s,
			Rules: rules.Default(), Findings: findings, Export: license.Export{Status: license.ExportOff},
		}.Decide(ledger)
		fmt.Fprintln(&text, decided.Outcome, decided.Reason)
		for _, m := range decided.Messages {
			if err := message.Terminal(&text, m.Report, false); err != nil {
				t.Fatal(err)
			}
			ledger.Accept(m.ID, "slack", now, life.Rest{})
		}
		return text.String()
	}
	for i, run := range []struct {
		mode license.Mode
		wait time.Duration
		odd  []func(*license.Order)
	}{
		{license.ModeAlert, 1 * time.Hour, odd[:1]}, {license.ModeAlert, 1 * time.Hour, odd[:1]}, {license.ModeAlert, 1 * time.Hour, odd[:1]},
		{license.ModeAlert, 1 * time.Hour, odd}, {license.ModeDigest, 23 * time.Hour, odd}, {license.ModeAlert, 1 * time.Hour, odd}, {license.ModeAlert, 24 * time.Hour, odd},
		{license.ModeAlert, 1 * time.Hour, odd[4:]}, {license.ModeAlert, 1 * time.Hour, odd[:1]}, {license.ModeDigest, 24 * time.Hour, odd[2:3]}, {license.ModeDigest, 24 * time.Hour, odd[4:]},
	} {
		now = now.Add(run.wait)
		id := fmt.Sprintf("%06d", i)
		s := reading(run.odd...)
		s = s.After(one.PreviousReading(), now)
		all := rules.Default().Judge(s, now, license.English)
		few := rules.Default().JudgeFor(s, now, together.Remembers(), license.English)
		if i == 0 && len(few) >= len(all)/2 {
			t.Errorf("%d of %d findings", len(few), len(all))
		}
		if diff := cmp.Diff(told(one, run.mode, id, s, all), told(together, run.mode, id, s, few)); diff != "" {
			t.Errorf("run %d, %s (-one by one +together):\n%s", i, run.mode, diff)
		}
	}
}
