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
//   - tcss: the fields of license.PurchaseState, and DaysLeft and Ended
//   - machines: the counts of machines by edition, under the names of the API, and
//     LicensedMachineCnt and UncountedMachineCnt
//   - order: the fields of license.Order, and DaysLeft, Ended and UsedPercent, in
//     a rule with "each: order"; order.Tags maps tag keys to values
//   - account: Name, Uin, Site and Labels, which maps names to values
//   - fleet: the fields of license.FleetTotals, and UsedPercent, in a rule with
//     "each: fleet", which reads nothing else and is judged where Snapshot.Fleet is set
//   - previous.cwp, previous.tcss, previous.machines, previous.order: the same of
//     the previous reading, with days counted to the same day
//
// and texts also have days(n), when(text), date(text), edition(type),
// renewal(flag), state(n), source(type), percent(n), name() and owner(), which
// write in the language of the text. Ended is to the second; days(n) and when(text) count
// calendar days, and when(text) and date(text) have the hour where the day alone
// would mislead.
//
// What the orders are together belongs to cwp, so that a rule which adds it goes
// on when they were not read: cwp.OrdersComplete (a complete list of the last 7 days
// stands for one that cannot be read), and, 0 unless it is true,
// cwp.ListedOrderCnt, cwp.ExpiredByOrders (licenses of orders that are isolated or
// ended), cwp.DestroyedByOrders, cwp.NearExpiryByOrders (prepaid, within the
// service's 15 days and a day of doubt at either end) and cwp.NearExpiryRenewing
// (of those that renew themselves). machines.OrdersComplete and
// machines.EndingByOrders are cwp.OrdersComplete and cwp.NearExpiryByOrders, for
// rules about machines. cwp.LapsedLicenseCnt are the licenses of orders that have
// lapsed or are gone since the previous reading, or that ended within the last day.
// cwp.FullestType, cwp.FullestUsed and cwp.FullestCnt are about the edition of which
// the greatest share is in use, where its numbers add up.
//
// The service unbinds the licenses of an order that ends. What is remembered of
// it: order.LapsedUse, how many were in use before the end; order.TakenOver,
// whether as many are in use in the account again; order.DestroyedDaysAgo;
// order.Listed, false for one that had lapsed and is no longer listed.
// order.Machines is how many machines use an order, or did before its end.
//
// # What a finding says of itself
//
// "info_when" and "critical_when" decide about the severity of a rule that fires,
// in this order. "clear_when" keeps a rule that fired going until it is true, so
// that a number which goes up and down at a threshold is one finding. "measure" is
// how much of it there is: more by "worse_by" than when it was told, or beyond one
// of "worse_at", is worse. "machines" is how many machines it is about. "group" is
// a plain text for many orders at once, "over" a text that is true once it is over.
// "remind_at" are days left, "remind_every" is a time, or two: the first one for a
// week, then the second.
//
// "covered_by" names rules that say the same. While one of them fires on the same
// subject, or on any for a rule about the account, the finding is covered: it is
// neither told nor counted. With "covered_when", that counts only while this is
// true.
//
// "owner", at the top of the file, says who looks after an order, as in
//
//	owner: order.Tags["owner"] ?? order.Tags["team"]
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
//   - x ?? y is y when x is unknown, or an empty text
//   - x == nil and x != nil ask whether x is unknown
//   - a && b is false as soon as one side is; a || b is true as soon as one is
//   - c ? a : b is the common answer of a and b when c is unknown
//
// What reads a source that could not be read at all stays unknown even with ??
// and nil. A division by zero, and every other result that is not a finite
// number or a whole number that fits, is unknown too: no rule fires because of it.
//
// A field that the API documents as an enumeration may hold a value that is not in
// the list, which is beside the field in license. Nobody knows what that means:
// comparing it with anything else is unknown, comparing it with itself is not, and
// texts print it. The same holds for tcss.SubState of an expired plan; a
// tcss.State that SubState contradicts is unknown altogether.
package rules
