package rules

import "licensewatch/license"

// setCalendar says of each finding that fires whether it would do so, no less
// badly, if nothing but the clock had changed since the previous reading.
func (e *evaluation) setCalendar(findings []license.Finding) {
}
