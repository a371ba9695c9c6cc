package archive

import (
	"slices"
	"time"
)

// checkChain compares the records with what the records after them know. What a manifest
// says counts only where it was not changed itself.
func (v *verifier) checkChain() {
	byName := make(map[string]*foundRecord, len(v.records))
	for _, r := range v.records {
		byName[r.name] = r
	}
	v.findChanged(byName)
	told := map[string]bool{}       // the unsealed folders that records tell of
	followed := map[string]string{} // by which record
	for _, r := range v.records {   // those outside of the days as well: they know of those within
		if r.manifest == nil || r.distrust {
			continue
		}
		for _, m := range r.manifest.Missing {
			told[m.Name] = true
		}
		v.checkPrevious(r, byName)
		v.checkFork(r, followed)
	}
	v.checkUnsealed(told, followed)
}

// findChanged finds the manifests of which the record after them knows another one. The
// newest comes first: whether a record is to be trusted, the one after it says.
func (v *verifier) findChanged(byName map[string]*foundRecord) {
	for _, r := range slices.Backward(v.records) {
		if r.manifest == nil || r.distrust || r.manifest.Previous == nil {
			continue
		}
		before := byName[r.manifest.Previous.Record]
		if before == nil || before.hash == "" || before.hash == r.manifest.Previous.SHA256 || before.name >= r.name {
			continue
		}
		before.distrust = true
		if before.manifest != nil && v.check.covers(before.name) { // else it is reported already
			v.report(before.name, manifestName, Changed, r.name+" knows another one")
		}
	}
}

// checkFork notes which record the record follows, which nobody else may.
func (v *verifier) checkFork(r *foundRecord, followed map[string]string) {
	previous := ""
	if r.manifest.Previous != nil {
		previous = r.manifest.Previous.Record
	}
	if other, ok := followed[previous]; ok && (v.check.covers(r.name) || v.check.covers(other)) {
		detail := "two records follow " + previous + ": this one and " + other
		if previous == "" {
			detail = "a second beginning, beside " + other
		}
		v.report(r.name, "", Forked, detail)
	}
	followed[previous] = r.name
}

// checkUnsealed reports folders without a manifest of which no record tells.
func (v *verifier) checkUnsealed(told map[string]bool, followed map[string]string) {
	for _, r := range v.records {
		_, isFollowed := followed[r.name]
		switch {
		case r.hash != "" || isFollowed || !v.check.covers(r.name): // that its manifest is missing was reported
		case r.isEmpty && !told[r.name]: // nothing was begun
		case told[r.name]:
			v.chain.Unsealed = append(v.chain.Unsealed, r.name)
		default:
			v.report(r.name, "", NotSealed, "")
		}
	}
}

// checkPrevious looks whether the record before is there.
func (v *verifier) checkPrevious(r *foundRecord, byName map[string]*foundRecord) {
	if r.manifest.Previous == nil {
		return
	}
	previous := r.manifest.Previous.Record
	before := byName[previous]
	switch {
	case previous >= r.name:
		if v.check.covers(r.name) {
			v.report(r.name, "", OutOfOrder, "it follows "+previous)
		}
	case !v.check.covers(previous):
	case before == nil:
		v.report(previous, "", Gone, r.name+" follows it")
	case before.hash == "":
		v.report(previous, manifestName, Gone, r.name+" follows it")
	}
}

// checkHead compares the newest record that the store remembers with what is there. It
// comes first: what a changed manifest says of the records before does not count.
func (v *verifier) checkHead() {
	head, isKnown := v.check.Heads[v.chain.Account]
	for _, r := range v.records {
		if !isKnown || r.name != head.Record || r.hash == "" || r.hash == head.SHA256 || !v.check.covers(r.name) {
			continue
		}
		if r.distrust = true; r.manifest != nil { // else it is reported already
			v.report(r.name, manifestName, Changed, "the store remembers another one")
		}
	}
}

// checkTail looks whether the newest record that the store remembers is there.
func (v *verifier) checkTail() {
	head, isKnown := v.check.Heads[v.chain.Account]
	isThere := slices.ContainsFunc(v.records, func(r *foundRecord) bool {
		return r.name == head.Record && r.hash != ""
	})
	isNamed := slices.ContainsFunc(v.defects, func(p Defect) bool {
		return p.Record == head.Record && p.Reason == Gone
	})
	if isKnown && !isThere && !isNamed && v.check.covers(head.Record) {
		v.report(head.Record, "", CutOff, "the store remembers it")
	}
}

// findGaps finds the days between the first and the last record that have none; of the days
// that are verified also those before the first record, and those that only a later record
// shows to be over.
func (v *verifier) findGaps() {
	const day = 24 * time.Hour
	from, to := v.check.From, v.check.To
	var last time.Time
	if !from.IsZero() {
		last = from.Add(-day)
	}
	for _, r := range v.records {
		at, _, _ := parseRecordName(r.name)
		at = at.Truncate(day)
		if r.hash == "" || at.Before(from) {
			continue
		}
		isBehind := !to.IsZero() && at.After(to)
		if isBehind {
			at = to.Add(day)
		}
		if !last.IsZero() && at.Sub(last) > day {
			v.chain.Gaps = append(v.chain.Gaps, Gap{last.Add(day).Format(time.DateOnly),
				at.Add(-day).Format(time.DateOnly)})
		}
		if last = at; isBehind {
			return
		}
	}
}
