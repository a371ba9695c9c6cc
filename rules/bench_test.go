package rules_test

import (
	"fmt"
	"testing"

	"licensewatch/license"
	"licensewatch/rules"
)

// What a cold start pays: Default itself loads only once.
func BenchmarkLoadDefault(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		rules.LoadDefault()
	}
}

func BenchmarkLoadExtends(b *testing.B) {
	file := []byte("version: 1\nextends: default\nrules:\n  - {id: cwp-expired, enabled: false}\n")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := rules.Load("rules.yaml", file); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkJudge(b *testing.B) {
	for _, orders := range []int{1, 500} {
		b.Run(fmt.Sprintf("%d orders", orders), func(b *testing.B) {
			s := healthy()
			s.Orders.List = nil
			for i := range orders {
				o := order(fmt.Sprintf("cwp-%d", i))
				if i%10 == 0 {
					o.Deadline, o.AutoRenewFlag = new("2026-12-04 00:00:00"), new(int64(license.RenewalOff))
				}
				s.Orders.List = append(s.Orders.List, o)
			}
			set := rules.Default()
			b.ReportAllocs()
			for b.Loop() {
				set.Judge(s, now)
			}
		})
	}
}
