package config

import "time"

// DefaultZone is the default zone. It is written out, because a run without
// further settings must not depend on zone files, which the function's image
// need not have. Its clock has been UTC+8 without a change since 1991.
var DefaultZone = time.FixedZone("Asia/Shanghai", 8*60*60)

// readZone reads a zone of the IANA list; a mistake leaves Asia/Shanghai. Other
// zones come from the machine's zone files or those linked into the program.
func readZone(f *settingMistakes, v variable) *time.Location {
	if v.value == DefaultZone.String() {
		return DefaultZone
	}
	if v.value == "Local" {
		f.addMistake(v, "Local is not a zone of its own, and the function's clock runs in UTC: write a zone such as Asia/Shanghai, Europe/Berlin or UTC")
		return DefaultZone
	}
	location, err := time.LoadLocation(v.value)
	if err != nil { // err repeats the value and says no more
		f.addMistake(v, "%s is not a known zone: write it as the IANA list does, such as Asia/Shanghai, Europe/Berlin or UTC", quoteValue(v.value))
		return DefaultZone
	}
	return location
}
