// Package state keeps small objects between runs: in a directory or in a bucket
// of Tencent Cloud COS. It knows nothing of what they say.
//
// All stores are one interface, Store, and behave alike: whole objects only,
// writes that are seen entirely or not at all, and a Create that exactly one of
// any number of writers wins. Open makes a store of a URL, CheckURL says what is
// wrong with one, Probe finds out whether a store really does all that.
//
// A failure is ErrNotFound, ErrExists or an *Error. No error and no log line
// holds a key, a token, a URL or what an object says.
package state
