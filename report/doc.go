// Package report is what a report for people says: of one account or of many, from the
// records of an archive, from snapshot files or from the live account. It is data only. How
// it looks on a page, in a table or in a calendar is the business of others, which all show
// the same numbers.
//
//	values.go    the numbers of a reading that are followed day by day
//	gather.go    one account: readings and findings, oldest first, become what is kept
//	said.go      and the messages: what was said to whom
//	evidence.go  and the records: days with one and without; missing.go: who lacks which
//	builder.go   the accounts, one after the other, become a Report
//	addorders.go what ends of an account, with the machines that hang on it
//	gap.go       which machines lose their edition by which day
//	days.go      the numbers of all accounts by day
//	report.go    the Report
//	order.go     what ends: orders, and container security
//	plan.go      what has to be renewed, and when, and what need not be
//	outlook.go   what is expected of the use, and what has changed in a month
//	tables.go    the Report as tables, in one language: tables_orders.go, tables_evidence.go
//	table.go     what a table is, and how its columns are made
//	wording.go   the words of both languages; unread.go: why a source was not read
//	machines.go  the machines with an edition that a license pays for
//	sort.go      long lists are sorted where they lie
//
// Memory does not grow with the days times the accounts: of an account only its newest
// reading is kept, by order; its days are added to those of all and let go. Every figure
// names the record it comes from; one of all accounts is the sum of theirs.
//
// Days are those of UTC, as records have them. What is not known stays unknown: a sum says of
// how many accounts it is known.
package report
