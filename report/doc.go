// Package report is what a report for people says: of one account or of many, from the
// records of an archive, from snapshot files or from the live account. It is data only. How
// it looks on a page, in a table or in a calendar is the business of others, which all show
// the same numbers.
//
//	values.go    the numbers of a reading that are followed day by day
//	gather.go    one account: readings, findings and messages, oldest first, become what is kept
//	builder.go   the accounts, one after the other, become a Report
//	report.go    the Report
//	order.go     what ends: orders, and container security
//	plan.go      what has to be renewed, and when
//	evidence.go  days with records and without
//	tables.go    the Report as tables, in one language
//
// Memory does not grow with the days times the accounts: of an account only its newest
// reading is kept, by order; its days are added to those of all and let go. Every figure
// names the record it comes from; one of all accounts is the sum of theirs.
//
// Days are those of UTC, as records have them. What is not known stays unknown: a sum says of
// how many accounts it is known.
package report
