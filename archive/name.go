package archive

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// manifestName is the manifest's file in its record.
const manifestName = "manifest.json"

// The other files that a record may have; what they hold is nothing to this package, but for
// AccountsName, by which a fleet's record names those of its accounts.
const (
	ReadingName  = "reading.json"
	FindingsName = "findings.json"
	MessagesName = "messages.json"
	MachinesName = "machines.json"
	AccountsName = "accounts.json"
)

// probeName is an object at the top of an archive, by which "licensewatch check" tries it.
const probeName = "probe"

// selfAccount is the folder of an account whose UIN is not known.
const selfAccount = "self"

// FleetFolder is the folder of what a run of many accounts seals besides their records. That
// of a part of the accounts, the second of eight, is "fleet-2-8".
const FleetFolder = "fleet"

// timeLayout is how a record's name has its time, in UTC.
const timeLayout = "2006/01/02/150405Z"

// recordLength is how long a record's name is, "2026/11/28/010700Z-4f13b5".
const recordLength = len("2006/01/02/150405Z-") + runIDLength

// runIDLength is how many hexadecimal digits a run's id has.
const runIDLength = 6

// AccountFolder is the folder of an account's records: its UIN, or "self" where that is not
// known. Each folder is a chain of its own. That of a fleet stays as it is.
func AccountFolder(uin string) string {
	if folder := cmp.Or(uin, selfAccount); isAccountFolder(folder) {
		return folder
	}
	return selfAccount
}

func isAccountFolder(name string) bool {
	return name == selfAccount || isFleetFolder(name) || isNumber(name)
}

// SliceFolder is the folder of what a run of a slice of many accounts seals: "fleet-2-8". Where
// nothing is divided (of is 0) it is FleetFolder.
func SliceFolder(number, of int) string {
	if of == 0 {
		return FleetFolder
	}
	return FleetFolder + "-" + strconv.Itoa(number) + "-" + strconv.Itoa(of)
}

// isFleetFolder says whether the records in a folder name those of accounts.
func isFleetFolder(name string) bool {
	rest, ok := strings.CutPrefix(name, FleetFolder)
	slice, of, _ := strings.Cut(strings.TrimPrefix(rest, "-"), "-")
	return ok && (rest == "" || rest == "-"+slice+"-"+of && isNumber(slice) && isNumber(of))
}

func isNumber(text string) bool {
	return text != "" && len(text) <= 20 && strings.Trim(text, "0123456789") == ""
}

// RecordName names the record of a run: "2026/11/28/010700Z-4f13b5". Names sort by time.
func RecordName(at time.Time, runID string) string {
	return at.UTC().Format(timeLayout) + "-" + runID
}

// parseRecordName takes a record's name apart; ok is false for what is none.
func parseRecordName(name string) (at time.Time, runID string, ok bool) {
	if len(name) != recordLength {
		return time.Time{}, "", false
	}
	text, runID, _ := strings.Cut(name, "-")
	at, err := time.Parse(timeLayout, text)
	return at, runID, err == nil && isHex(runID, runIDLength) && RecordName(at, runID) == name
}

// IsRecordName says whether it is a record's name.
func IsRecordName(name string) bool {
	_, _, ok := parseRecordName(name)
	return ok
}

// isFileName says whether a file of a record may have the name: parts of small letters,
// digits, hyphens and dots, one of which may be a folder's.
func isFileName(name string) bool {
	folder, base, ok := strings.Cut(name, "/")
	if !ok {
		base = folder
	}
	for _, part := range []string{folder, base} {
		if part == "" || len(part) > 100 || part[0] == '.' ||
			strings.Trim(part, "abcdefghijklmnopqrstuvwxyz0123456789-.") != "" {
			return false
		}
	}
	return name != manifestName
}

func isHex(text string, length int) bool {
	return len(text) == length && strings.Trim(text, "0123456789abcdef") == ""
}
