// Package cos is a bucket of Tencent Cloud COS for the demo and the tests: an
// http.Handler that keeps objects in memory and answers GET, HEAD, PUT and
// DELETE of single objects as the XML API is documented to.
//
// It verifies every request's signature by code of its own, and is stricter than
// the original: what a client sends unsigned, though it matters, is refused. The
// package shares no code with the client it is used against, so that a mistake
// in one cannot hide in the other.
package cos
