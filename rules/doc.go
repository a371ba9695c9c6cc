// Package rules judges a snapshot of the licenses by rules that people can
// read and change.
//
// # A rules file
//
// The rules are YAML with expressions in it. The built-in ones are in
// default.yaml, which is also the best example; a file of one's own replaces
// them, or begins with "extends: default" and changes them by id.
//
//	version: 1
//	extends: default
//	rules:
//	  - id: cwp-seats-nearly-used        # a built-in rule, another threshold
//	    when: cwp.NotExpiredLicenseCnt > 0 && cwp.UsedPercent >= 80
//	  - id: tcss-renewal-not-set
//	    enabled: false
//	  - id: ultimate-order-ending        # a rule of one's own
//	    each: order
//	    severity: warning
//	    when: order.LicenseType == 2 && order.DaysLeft <= 60
//	    title: 'Ultimate order {{ order.ResourceId }} ends {{ days(order.DaysLeft) }}'
//
// Every mistake of a file is reported, each with its line and column.
//
// # Expressions
//
// Expressions are those of github.com/expr-lang/expr without lists of things to
// loop over and without a clock. They read
//
//   - cwp: the fields of license.Overview, and UsedPercent
//   - tcss: the fields of license.PurchaseState, and DaysLeft
//   - order: the fields of license.Order, and DaysLeft and UsedPercent, in a
//     rule with "each: order"; order.Tags maps tag keys to values
//   - previous.cwp, previous.tcss, previous.order: the same of the previous
//     reading, with days counted to the same day
//
// and texts also have days(n), date(text), edition(type), renewal(flag),
// state(n) and percent(n), which write in the language of the text.
//
// # Changes
//
// A rule whose "when" reads previous is about a change: an event, which is told
// once and has no reminders. Without all of the previous reading that it reads
// it gives no finding, and none about an order that was not listed then.
// Elsewhere, previous may be read by such a rule and by texts, which write
// "unknown" when there was no reading.
//
// # Three answers
//
// A field that the cloud did not tell is unknown, and so is every comparison,
// sum or text made with it. Only these look past it:
//
//   - x ?? y is y when x is unknown
//   - x == nil and x != nil ask whether x is unknown
//   - a && b is false as soon as one side is; a || b is true as soon as one is
//   - c ? a : b is the common answer of a and b when c is unknown
//
// What reads a source that could not be read at all stays unknown even with ??
// and nil. A division by zero, and every other result that is not a finite
// number, is unknown too: no rule fires because of it.
package rules
