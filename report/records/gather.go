package records

import (
	"encoding/json"

	"licensewatch/license"
	"licensewatch/report"
)

// Gather gives an account's records to the report, oldest first, and then what the run has
// read; of each it holds one at a time.
func (r *Records) Gather(g *report.Gatherer, account string) error {
	for _, e := range r.found[account] {
		switch {
		case e.isUnsealed:
			g.AddDefect(e.name, notSealed)
		case e.defect != "":
			g.AddRecord(e.name, e.at, "", e.defect)
		default:
			if err := r.gatherRecord(g, account, e); err != nil {
				return err
			}
			g.AddRecord(e.name, e.at, e.hash, "")
		}
	}
	if e := r.added[account]; e != nil {
		return r.gatherOwn(g, account, e)
	}
	return nil
}

// gatherRecord gives a record.
func (r *Records) gatherRecord(g *report.Gatherer, account string, e *entry) error {
	files, err := r.unpack(e)
	if err != nil {
		return err
	}
	label := account + "/" + e.name
	if files[partFindings] != nil {
		g.AddFindings(label, e.at, Findings(files[partFindings]))
	}
	if files[partMessages] != nil {
		g.AddMessages(label, Messages(files[partMessages], r.options.ChannelName))
	}
	if files[partReading] != nil {
		g.AddReading(report.Reading{Record: label, Snapshot: e.snapshot(account, files)})
	}
	return nil
}

// gatherOwn gives what the run has read.
func (r *Records) gatherOwn(g *report.Gatherer, account string, e *entry) error {
	files, err := r.unpack(e)
	if err != nil {
		return err
	}
	var findings []report.Finding
	if err := json.Unmarshal(files[partFindings], &findings); err != nil {
		return err
	}
	g.AddFindings(e.name, e.at, findings)
	g.AddReading(report.Reading{Record: e.name, Snapshot: e.snapshot(account, files)})
	return nil
}

// snapshot is the reading of an entry. Each has a decoder of its own: a run holds one reading at
// a time.
func (e *entry) snapshot(account string, files [parts][]byte) license.Snapshot {
	return *new(Decoder).Reading(account, e.site, e.at, partsOf(files[partReading]), files[partMachines])
}

// unpack gives the files of an entry; nil for one that it has not.
func (r *Records) unpack(e *entry) (files [parts][]byte, err error) {
	size := 0
	for _, n := range e.sizes {
		size += n
	}
	plain, err := r.packer.Unpack(e.packed, int64(size))
	if err != nil {
		return files, err
	}
	for part, n := range e.sizes {
		if n > 0 {
			files[part], plain = plain[:n:n], plain[n:]
		}
	}
	return files, nil
}
