package main

import (
	"cmp"
	"fmt"
	"strings"
)

// print writes the status of all accounts for people.
func (s *fleetStatusJSON) print(c console) {
	v := newCheckList(c.out)
	owner := s.Owner
	s.Owner = nil // it is no account
	s.printRuns(v)
	s.Owner = owner
	if owner != nil {
		c.print("  the memory of %s, site %s\n", cmp.Or(owner.Account, "an unknown accounts file"),
			cmp.Or(owner.Site, "unknown"))
	}
	c.print("\nAccounts\n  %s: %s\n", countOf(s.Accounts.Accounts, "account"), s.Accounts.describe())
	if len(s.Worst) > 0 {
		c.print("  %s %s\n", v.style.paint(ansiRed, "critical:"), namesOf(s.Worst, causeNames))
	}
	if s.Acks > 0 {
		c.print("  %s (licensewatch ack --list)\n", countOf(s.Acks, "acknowledgement"))
	}
	if o := s.Organization; o != nil {
		text := "its members were not listed yet"
		if o.ReadAt != nil {
			text = countOf(o.Members, "member") + " listed " + formatTime(*o.ReadAt)
		}
		for _, part := range []struct {
			names []string
			what  string
		}{{o.New, "new"}, {o.Gone, "left"}} {
			if len(part.names) > 0 {
				text += "; " + part.what + ": " + namesOf(part.names, causeNames)
			}
		}
		c.print("  organization: %s\n", text)
	}
	c.print("\nChannels\n")
	for i := range s.Channels {
		s.Channels[i].print(c)
	}
	s.Memory.print(c, len(s.Slices))
	(&statusJSON{runsJSON: s.runsJSON, Next: s.Next}).printNext(c)
}

func (c *channelJSON) print(out console) {
	firing := c.Firing.describe()
	if firing == "–" {
		firing = "nothing that fires"
	}
	out.print("  %-12s  may hear of %s: %s\n", c.Name, countOf(c.Accounts, "account"), firing)
	for _, o := range c.Owed {
		text := fmt.Sprintf("is owed the %s %s of %s, about %s in %s", o.Mode, o.ID, formatTime(o.At),
			countOf(o.Findings, "finding"),
			namesOf(o.Accounts, causeNames))
		switch {
		case o.GivenUp != nil:
			text = strings.Replace(text, "is owed", "gave no answer in three runs to", 1)
		case o.Refused != nil:
			text += "; it refuses for good, last " + formatTime(*o.Refused)
		}
		out.print("  %-12s  %s\n", "", text)
	}
}

func (m *storedMemoryJSON) print(c console, slices int) {
	c.print("\nMemory\n")
	const percent = 100
	store := m.Store
	if slices > 0 {
		store += fmt.Sprintf(", %d memories; the largest, %s", slices,
			cmp.Or(strings.TrimSuffix("slice "+m.Slice, "slice "), "of all accounts"))
	}
	c.print("  %s: %s of %s (%.1f %%)\n", store, kilobytes(m.Bytes), kilobytes(m.Most),
		percent*float64(m.Bytes)/float64(m.Most))
	if m.LockedUntil != nil {
		c.print("  held by run %s, until %s at the latest\n", m.LockedBy, formatZonedTime(*m.LockedUntil))
	}
}

func kilobytes(n int) string { return fmt.Sprintf("%.1f KB", float64(n)/1024) }
