// Package archive keeps evidence: what was read, exported, judged and said, in records
// that nobody changes unnoticed.
//
// A record is a folder, named by the account and the time. Its manifest is written last: it
// has the hash of every file, and that of the record before. So a record is sealed or
// visibly not one, and whoever knows the hash of the newest manifest, the head, knows the
// whole chain.
//
//	manifest.go  the manifest: its bytes, strictly
//	name.go      the names of records and files
//	seal.go      a record is sealed: files first, the manifest last
//	head.go      the newest record is found
//	read.go      what an archive holds is listed and read, compared with the manifests
//	fleet.go     what a fleet's record says of those of its accounts
//	recent.go    a record that an earlier try may have sealed is found again
//	verify.go    an archive is checked against its manifests, its chain and what others remember:
//	verify_record.go has one record, chain.go how they follow each other
//
// docs/evidence.md has the format, and how to check it without this package.
package archive
