//go:build !race

package handler_test

// raced says whether the race detector watches the tests.
const raced = false
