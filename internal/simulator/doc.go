// Package simulator is a local Tencent Cloud with the chats for the demo and
// the tests. It speaks HTTP on loopback and is as strict as the originals are
// documented to be: it verifies every request's TC3-HMAC-SHA256 signature,
// refuses parameters the API does not have, and enforces the chats' limits.
//
// What the cloud answers is chosen by a Scenario; what it is asked, and what
// the chats are told, is recorded. Single answers can be replaced to script a
// fault (Override, OverrideChat).
//
// With Options.Accounts it is a cloud of many accounts: each has keys of its own, for a
// while those that AssumeRole gives, and what is signed by one account's is refused for
// another.
//
// The package shares no code with the clients it is used against, so that a
// mistake in one cannot hide in the other.
package simulator
