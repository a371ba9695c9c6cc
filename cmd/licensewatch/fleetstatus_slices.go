package main

import (
	"cmp"
	"strings"
	"time"

	"licensewatch/ledgers"
)

// sliceStatusJSON is the memory of a slice of the accounts.
type sliceStatusJSON struct {
	Slice   string   `json:"slice"` // like 2/8; all: what is remembered without slices
	Alive   bool     `json:"alive"`
	LastRun *runJSON `json:"last_run"` // null: none is remembered
	Bytes   int      `json:"bytes"`    // as it is stored
	Read    bool     `json:"read"`     // false: it cannot be read
}

// runsOfAll is what is remembered of the runs: of slices the newest, and what is wrong with any.
func (f *watchedFleet) runsOfAll(now time.Time) runsJSON {
	all := runsJSON{Alive: true, Remarks: []string{}}
	if other := f.otherOwner(); other != "" {
		all.addRemark("Look whose it is: " + other)
	}
	for _, m := range f.memories {
		if all.Owner == nil {
			all.Owner = ownerOf(m.Ledgers.Fleet)
		}
		if m.err != nil || m.isBlank() && m.slice.Of > 0 {
			all.Alive = false // and sliceRemarks says why
			continue
		}
		runs := runsJSON{}
		runs.setRuns(m.Ledgers.Fleet, now)
		all.Alive = all.Alive && runs.Alive
		all.LastRun = laterRun(all.LastRun, runs.LastRun)
		all.LastDigest = laterRun(all.LastDigest, runs.LastDigest)
		all.LastAlert = laterRun(all.LastAlert, runs.LastAlert)
		for _, remark := range runs.Remarks {
			all.addRemark(strings.TrimPrefix(f.inMemory(m)+": ", ": ") + remark)
		}
	}
	if f.isDivided() && all.Owner != nil {
		own := *all.Owner
		own.Account, _, _ = strings.Cut(own.Account, " slice-")
		all.Owner = &own
	}
	all.Remarks = append(all.Remarks, f.sliceRemarks()...)
	return all
}

// organization is the list of members, of slices each with its own.
func (f *watchedFleet) organization(now time.Time) *organizationJSON {
	all := &organizationJSON{New: []string{}, Gone: []string{}}
	for _, m := range f.memories {
		o := &m.Ledgers.Organization
		if at := timeInZone(o.At, now); all.ReadAt == nil || at != nil && at.Before(*all.ReadAt) {
			all.ReadAt = at
		}
		for _, member := range o.Members {
			if f.memoryOf(member.Uin) == m {
				all.Members++
			}
		}
		all.New, all.Gone = append(all.New, newsNames(o.New)...), append(all.Gone, newsNames(o.Gone)...)
	}
	return all
}

// storedMemory is the largest memory as it is stored: of slices each has the same room.
func (f *watchedFleet) storedMemory(now time.Time) storedMemoryJSON {
	stored := storedMemoryJSON{Most: ledgers.MaxSize, Unreadable: []string{}}
	for _, m := range f.memories {
		if m.Size >= stored.Bytes && m.err == nil {
			stored.Store, stored.Bytes, stored.Slice = m.Store, m.Size, ""
			if m.slice.Of > 0 {
				stored.Slice = m.slice.String()
			}
		}
		if stored.LockedBy == "" {
			stored.LockedBy, stored.LockedUntil = m.LockedBy, timeInZone(m.LockedUntil, now)
		}
	}
	return stored
}

// setSlices says how each slice is, where there are any.
func (s *fleetStatusJSON) setSlices(f *fleetStatus, now time.Time) {
	if !f.isDivided() {
		return
	}
	for _, m := range f.memories {
		slice := sliceStatusJSON{Slice: "all", Bytes: m.Size, Read: m.err == nil,
			LastRun: asRun(m.Ledgers.Fleet.Runs().Last(), now)}
		if m.slice.Of > 0 {
			slice.Slice = m.slice.String()
		}
		runs := runsJSON{}
		runs.setRuns(m.Ledgers.Fleet, now)
		slice.Alive = runs.Alive
		s.Slices = append(s.Slices, slice)
	}
}

// noteFailing says since when a channel has accepted nothing, by each memory.
func (s *fleetStatusJSON) noteFailing(f *fleetStatus, c *channelJSON, now time.Time) {
	for _, m := range f.memories {
		since, isFailing := m.Ledgers.Fleet.FailingSince(c.Name)
		if !isFailing || now.Sub(since) < 24*time.Hour {
			continue
		}
		if c.Failing == nil || since.Before(*c.Failing) {
			c.Failing = timeInZone(since, now)
		}
		s.addRemark(c.Name + " has accepted nothing since " + formatZonedTime(since.In(now.Location())) + f.inMemory(m))
	}
}

// takeEarlier takes what another slice has sooner.
func (n *nextRunJSON) takeEarlier(other nextRunJSON) {
	for _, each := range []struct{ to, from **time.Time }{{&n.Digest, &other.Digest}, {&n.Alert, &other.Alert}} {
		if *each.to == nil || *each.from != nil && (*each.from).Before(**each.to) {
			*each.to = *each.from
		}
	}
	if n.Speaks == nil || other.Speaks != nil && other.Speaks.Before(*n.Speaks) {
		n.Speaks, n.Finding = other.Speaks, cmp.Or(other.Finding, n.Finding)
	}
	n.OnlyChanges = n.OnlyChanges || other.OnlyChanges
}
