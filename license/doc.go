// Package license holds the words of the domain: what was read about the
// licenses (Snapshot), what the rules make of it (Finding) and what the chats
// are told (Report).
//
// Fields that come from Tencent Cloud keep the API's own names, so that the
// official pages are the glossary. The package imports only the standard
// library and does no input or output; every other package may import it.
package license
