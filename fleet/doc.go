// Package fleet reads the accounts file: which accounts are watched, by which keys, and
// who hears of what. It is pure: the file's text and the environment come in, values and
// mistakes with their places go out.
//
// The files:
//
//	fleet.go         what a file says
//	load.go          the file as a whole, and its mistakes
//	value.go         single values: texts, words, lists, names of variables
//	account.go       the accounts; role.go and access.go: how each is read
//	organization.go  the accounts of an organization
//	channel.go       the channels
//	route.go         the routes, and what a route fits
//	routing.go       who hears of a finding
//	reach.go         routes that fit nothing, channels that hear nothing
//	pattern.go       patterns with * and ?
//	slice.go         the slices into which accounts are divided
package fleet
