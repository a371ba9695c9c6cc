// Package scene has reports of every kind, for the tests of what is said and of how
// it gets there.
package scene

import "licensewatch/license"

// All are the reports that have golden files, by the names of those.
var All = map[string]func(license.Language) license.Report{
	"all-well":         AllWell,
	"one-warning":      OneWarning,
	"everything-wrong": EverythingWrong,
	"source-down":      SourceDown,
	"260-orders":       ManyOrders,
	"alert":            Alert,
	"mixed":            Mixed,

	"alert-worse":             AlertWorse,
	"alert-several":           AlertSeveral,
	"resolved":                Resolved,
	"resolved-several":        ResolvedSeveral,
	"resolved-gone":           resolvedGone,
	"resolved-destroyed":      resolvedDestroyed,
	"digest-with-stories":     DigestWithStories,
	"event":                   event,
	"events":                  Events,
	"source-still-unreadable": StillUnreadable,
	"source-back":             SourceBack,
	"no-memory":               NoMemory,

	"will-not-renew":        threeWillNotRenew,
	"unchanged":             unchanged,
	"unchanged-well":        unchangedWell,
	"late":                  late,
	"gap-and-unwatched":     gapAndUnwatched,
	"unwatched":             unwatchedAlert,
	"undocumented":          undocumented,
	"contradiction":         contradiction,
	"ended-today":           endedToday,
	"renewal-failed":        renewalHasFailed,
	"acknowledged-critical": acknowledgedCritical,
	"ack-ended":             ackEnded,
	"isolated":              isolatedOrder,
	"repeat":                repeated,
	"unheard":               unheard,
	"machines":              machines,
	"machines-not-allowed":  machinesNotAllowed,

	"page":          Page,
	"page-quiet":    pageQuiet,
	"page-left-out": pageLeftOut,

	"fleet":        fleetDigest,
	"fleet-well":   fleetWell,
	"fleet-alert":  fleetAlert,
	"fleet-unread": fleetUnread,
	"fleet-whole":  fleetWhole,
	"fleet-day":    fleetDay,
}

// Languages are those that reports are written in.
var Languages = []license.Language{license.English, license.Chinese}

// Nasty are pieces that outside text may be made of.
var Nasty = []string{
	"cwp-aaaa", "主机安全", "🔴", "e\u0301", " ", "\n", "\r\n", "\t", "`", "```", "*", "**", "_", "~", "#", "> ", "&",
	"&amp;", "<", ">",
	"<!channel>", "<@all>", "<@U0123ABC>", "@here", "</font>", `<font color="info">`, "[x](http://evil.example)", "](",
	"[", "]",
	"\x1b[31m", "\x07", "\x00", "\u009b31m", "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u2028", "\u00a0",
	"\xff\xfe", "\ufffd", "{n}", "%s", `\u003c`, `"`, `\`,
}
