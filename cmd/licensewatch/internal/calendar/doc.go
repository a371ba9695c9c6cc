// Package calendar says every message that a deployment would send in a stretch
// of time. It takes the account from package future, the findings from the real
// rules, and what is said of them from the very step by which a run decides
// (handler.Decision) and its ledger. Nothing is read, stored or waited for, and
// every channel takes every message.
//
//	timer.go    when runs begin
//	course.go   one run after the other
//	silence.go  going on until alerts have nothing more to say
//	fold.go     messages that say the same again
package calendar
