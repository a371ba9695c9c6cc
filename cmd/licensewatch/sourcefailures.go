package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

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
	if fix := roleRemedies[f.Kind]; fix != "" && f.Service == "sts" {
		return fix
	}
	return strings.ReplaceAll(remedies[f.Kind], "{action}", f.Service+":"+f.Action)
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

// roleRemedies are for an account whose role was not assumed. The API does not say which of
// the three it was that did not fit.
var roleRemedies = map[license.FailureKind]string{
	license.FailureDenied: "allow sts:AssumeRole on the role to the owner of these keys, have the role trust their account, and compare the external id; licensewatch policy --fleet prints all of it",
	license.FailureRole:   "that account has no such role: create it (licensewatch policy --fleet prints what it needs), or correct its name in the accounts file",
}

// remedies are for people whose keys are in their own environment.
var remedies = map[license.FailureKind]string{
	license.FailureDenied:      "allow {action} to the owner of these keys",
	license.FailureCredentials: "the keys are not accepted: check TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, whether temporary keys have expired, and LICENSEWATCH_SITE",
	license.FailureClock:       "the time of the request was refused: set this machine's clock",
	license.FailureRole:        "open the product's console once and grant it its service role",
	license.FailureThrottled:   "too many requests: try again in a minute",
	license.FailureServer:      "a fault at Tencent Cloud: try again later",
	license.FailureNetwork:     "not reached: check the network, HTTPS_PROXY and LICENSEWATCH_API_ENDPOINT",
	license.FailureProxy:       "a proxy on the way did not let it through: check HTTPS_PROXY (user name, password), NO_PROXY and what the proxy allows",
	license.FailureTimeout:     "no answer in time: try again, and check the network and HTTPS_PROXY",
	license.FailureTLS:         "the TLS certificate was not accepted: look for a proxy, and check LICENSEWATCH_API_ENDPOINT",
	license.FailureRedirect:    "the host sent us elsewhere: check LICENSEWATCH_API_ENDPOINT, or look for a proxy",
	license.FailureAnswer:      "the answer makes no sense: check LICENSEWATCH_SITE and LICENSEWATCH_API_ENDPOINT",
	license.FailureRequest:     "the request was refused: check LICENSEWATCH_SITE, then report it with the request id",
	license.FailureInternal:    "a mistake of licensewatch itself: please report it",
}

// causeText is a failure in a word or two: its code, and what was asked.
func causeText(f *license.Failure) string {
	if f.Action == "" {
		return f.Code
	}
	return f.Code + " for " + f.Action
}
