package records

import (
	"slices"

	"licensewatch/archive"
)

// CheckChains finds what is wrong with the records as they follow each other. heads are the
// newest records that a store remembers, by account.
func (r *Records) CheckChains(heads map[string]archive.Link) {
	for _, account := range r.accounts {
		head, isKnown := heads[account]
		r.found[account] = r.checkChain(r.found[account], head, isKnown)
	}
}

// checkChain compares each record with what the one after it knows of it, and adds those that
// are gone.
func (r *Records) checkChain(entries []*entry, head archive.Link, isKnown bool) []*entry {
	byName := map[string]*entry{}
	told := map[string]bool{}
	for _, e := range entries {
		byName[e.name] = e
		for _, name := range e.missing {
			told[name] = true
		}
	}
	expected := map[string]string{} // hashes, by record
	if isKnown {
		expected[head.Record] = head.SHA256
	}
	for _, e := range slices.Backward(entries) {
		if before := e.previous; before != nil && before.Record < e.name {
			expected[before.Record] = before.SHA256
		}
	}
	for name, hash := range expected {
		e := byName[name]
		switch {
		case archive.Link{Record: name}.At().Before(r.Since):
		case e == nil || e.isUnsealed:
			told[name] = true
			entries = append(entries, &entry{name: name, at: archive.Link{Record: name}.At(),
				defect: string(archive.Gone)})
		case e.defect == "" && e.hash != hash:
			e.defect = "manifest.json: " + string(archive.Changed)
		}
	}
	return slices.DeleteFunc(sortedEntries(entries), func(e *entry) bool { return e.isUnsealed && told[e.name] })
}

// notSealed says what is wrong with a folder that has no manifest, of which no record tells.
const notSealed = string(archive.NotSealed)
