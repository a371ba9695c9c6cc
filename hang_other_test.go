//go:build !linux

package main_test

// Elsewhere no process is made to hang.
const hangVariable = "LICENSEWATCH_TEST_HANGS_AT"

func runHanging(string) { panic("processes are made to hang on Linux only") }
