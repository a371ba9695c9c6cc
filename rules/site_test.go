package rules_test

import (
	"reflect"
	"testing"

	"licensewatch/license"
	"licensewatch/rules"
)

// onlyIntl are the fields of the overview that the page of the international site has, and that
// of the China site has not.
var onlyIntl = []string{"AutoDowngradeSwitch", "AutoOpenRaspSwitch", "AutoBindRaspSwitch", "ApplicationAvailableLicenseCnt",
	"AISecurityVersionLicenseCnt", "AvailableAISecurityLicenseCnt"}

// TestFieldsOfOneSite: a field that one site does not send makes no built-in rule unknown there,
// alone or in a fleet.
func TestFieldsOfOneSite(t *testing.T) {
	t.Parallel()
	without := func(o license.Overview, fields ...string) *license.Overview {
		v := reflect.ValueOf(&o).Elem()
		for _, name := range fields {
			field := v.FieldByName(name)
			if !field.IsValid() {
				t.Fatalf("there is no field %s", name)
			}
			field.SetZero()
		}
		return &o
	}
	for _, site := range []license.Site{license.SiteCN, license.SiteIntl} {
		for _, gone := range [][]string{nil, onlyIntl} {
			s := compared(healthy())
			s.Site, s.Name, s.Labels = site, "sea", map[string]string{}
			s.Overview = without(*s.Overview, gone...)
			before := *s.Previous
			before.Overview = without(*before.Overview, gone...)
			s.Previous = &before
			for _, f := range rules.Default().Evaluate(s, now) {
				if f.State == license.Unknown {
					t.Errorf("%s without %v: %s is unknown, for %v", site, gone, f.Rule, f.Missing)
				}
			}
		}
	}
}
