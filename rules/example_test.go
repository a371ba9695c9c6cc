package rules_test

import (
	"fmt"

	"licensewatch/license"
	"licensewatch/rules"
)

// A file of one's own over the built-in rules.
func ExampleLoad() {
	file := `
version: 1
extends: default
rules:
  - id: cwp-seats-nearly-used        # a built-in rule, another threshold
    when: cwp.NotExpiredLicenseCnt > 0 && cwp.UsedPercent >= 30
  - id: tcss-renewal-not-set
    enabled: false
  - id: ultimate-order-ending        # a rule of one's own
    each: order
    severity: warning
    when: order.LicenseType == 2 && order.DaysLeft <= 100
    title: 'Ultimate order {{ order.ResourceId }} ends {{ days(order.DaysLeft) }}'
`
	set, err := rules.Load("rules.yaml", []byte(file))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range set.Evaluate(healthy(), now) {
		if f.State == license.Firing {
			fmt.Println(f.Severity, f.Key(), f.Title.En)
		}
	}
	// Output:
	// info cwp-seats-nearly-used CWPP licenses are nearly used up: 100 of 317 (31%)
	// warning ultimate-order-ending/cwp-bbbb Ultimate order cwp-bbbb ends in 99 days
}

// All mistakes of a file are told at once.
func ExampleErrors() {
	_, err := rules.Load("rules.yaml", []byte(`
version: 1
rules:
  - id: running-out
    severity: warn
    when: cwp.NearExpiryLicenceCnt > 0
`))
	fmt.Println(err)
	// Output:
	// 3 mistakes in the rules: rules.yaml:4:5: rule running-out has no title; rules.yaml:5:15: severity must be info, warning or critical, not "warn"; did you mean warning?; rules.yaml:6:15: cwp has no field NearExpiryLicenceCnt; did you mean NearExpiryLicenseCnt?
}
