//go:build !race

package ledgers_test

const raceEnabled = false
