// Package decode takes the answers of the Tencent Cloud API apart, one field at
// a time, so that a field of the wrong type costs that field and not the answer.
//
// It knows nothing of HTTP and of the SDK.
package decode
