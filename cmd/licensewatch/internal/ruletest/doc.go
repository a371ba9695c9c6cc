// Package ruletest runs unit tests of rules: given a reading of the cloud and a
// time, these findings are expected, and silence of all other rules.
//
// A test file is YAML:
//
//	version: 1
//	rules: rules.yaml             # relative to this file; without it the built-in rules
//	at: 2026-11-22 09:07          # for all tests that have no time of their own; so are zone, site and base
//	tests:
//	  - name: an order ends in 12 days
//	    snapshot:                 # laid over the base, which is the built-in healthy account
//	      orders:
//	        cwp-bbbb: {AutoRenewFlag: 2, Deadline: 2026-12-04 23:59:59}
//	    expect:
//	      - rule: cwp-order-expiring
//	        subject: cwp-bbbb
//	        severity: warning
//	        title: Order cwp-bbbb ends in 12 days
//
// docs/commands/test.md describes all of it. Every mistake of a file is
// reported, each with its line and column.
package ruletest
