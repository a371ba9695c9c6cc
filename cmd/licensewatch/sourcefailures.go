package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"licensewatch/fleet"
	"licensewatch/license"
)

// warnIncomplete says what of the answers is not whole.
func warnIncomplete(w io.Writer, s license.Snapshot) {
	lines := newCheckList(w)
	if o := s.Orders; o != nil && o.Incomplete {
		lines.warn(fmt.Sprintf("The list of orders is incomplete: %d read, %d announced.", len(o.List), o.TotalCount))
	}
	if fields := s.Unparsed(); len(fields) > 0 {
		lines.warn("Values that make no sense, kept as unknown: " + strings.Join(fields, ", ") + ".")
	}
}

// warnRefused names what the role does not allow yet, which is no failure.
func warnRefused(w io.Writer, s license.Snapshot) {
	for _, source := range s.Refused() {
		newCheckList(w).warn(string(source) + " is left out" + failureRemedy(s.Failures[source]))
	}
}

// printUnread names what could not be read, with what to do, and counts it.
func printUnread(w io.Writer, s license.Snapshot) int {
	lines := newCheckList(w)
	for _, source := range s.Wanted {
		if f := s.Failures[source]; f != nil {
			lines.bad(string(source) + ": " + f.Code + failureRemedy(f))
		}
	}
	return lines.wrong
}

// failureRemedy is what to do about a failure, with the facts to ask about it.
func failureRemedy(f *license.Failure) string {
	facts := slices.DeleteFunc([]string{f.Action, f.RequestID}, func(s string) bool { return s == "" })
	text := ""
	if len(facts) > 0 {
		text = " (" + strings.Join(facts, ", request ") + ")"
	}
	return text + ": " + failureFix(f)
}

// failureFix is what to do about a failure, from a prompt.
func failureFix(f *license.Failure) string {
	if f.Kind == license.FailureClock && f.ClockSkew != 0 {
		return "this machine's clock is off by " + offBy(f.ClockSkew) + ": set it right"
	}
	if f.Code == "NoCredentials" {
		return "there are no keys: set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or write them into ~/.tencentcloud/credentials"
	}
	return license.AdviceAtPrompt(f).String()
}

// offBy is a skew in words. The API refuses what is off by minutes, and two
// answers about one clock are to give one remedy.
func offBy(skew time.Duration) string {
	if skew = skew.Abs(); skew < time.Minute {
		return fmt.Sprintf("%d s", int64(skew.Seconds()))
	}
	switch n, isDays, isLong := license.InDays(skew); {
	case isDays:
		return "about " + countOf(int(n), "day")
	case isLong:
		return "about " + countOf(int(n), "hour")
	}
	return "about " + countOf(int(skew.Round(time.Minute).Minutes()), "minute")
}

// causeText is a failure in a word or two: its code, and what was asked.
func causeText(f *license.Failure) string {
	if f.Action == "" {
		return f.Code
	}
	return f.Code + " for " + f.Action
}

// accessOf is by which keys an account is read; empty: it is not watched.
func accessOf(a *fleet.Account) string {
	switch {
	case a.Self:
		return "self"
	case a.Role != "":
		return "role"
	case a.Keys != nil:
		return "keys"
	}
	return ""
}

// accountFixOf is accountFix of an account whose entry is known: it names the variables of the
// keys that are not accepted.
func accountFixOf(a *fleet.Account, f *license.Failure) string {
	if f.Kind != license.FailureCredentials || a.Keys == nil {
		return accountFix(accessOf(a), f)
	}
	return fmt.Sprintf("the keys are not accepted: check %[1]s_SECRET_ID and %[1]s_SECRET_KEY, and the account's site: "+
		"in the accounts file", a.Keys.Name)
}

// accountFix is what to do about a failure to read one of many accounts.
func accountFix(access string, f *license.Failure) string {
	action := f.Service + ":" + f.Action
	switch {
	case f.Service == "sts":
	case f.Kind == license.FailureDenied && access == "role":
		return "allow " + action + " to the account's role; licensewatch policy --fleet prints all that it needs"
	case f.Kind == license.FailureDenied && access == "keys":
		return "allow " + action + " to the owner of the account's keys; licensewatch policy --fleet prints all that it needs"
	case f.Kind == license.FailureCredentials && access == "keys":
		return "the account's keys are not accepted: check the variables that keys: names in the accounts file, and its site:"
	}
	return failureFix(f)
}
