// Package records reads the records of an archive for a report that is made within a run's
// time and memory: the newest day of all accounts first, so many requests side by side, until
// the time is up. What was read is held packed, since days are much alike, and given to the
// report from the oldest day on. What there was no time for is known, and said on the page.
//
//	read.go    the days, newest first
//	record.go  one record: its manifest, and the files of it that a report has
//	chain.go   what is wrong with records as they follow each other
//	decode.go  the files' contents, for whoever reads records
//	gather.go  what was read becomes what a report is made of
//
// Only the files that a report shows are compared with their manifests; "archive verify"
// compares all.
package records
