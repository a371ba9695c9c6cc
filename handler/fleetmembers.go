package handler

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"licensewatch/account"
	"licensewatch/fleet"
	"licensewatch/ledgers"
	"licensewatch/tencent"
)

// listsMembersAfter is how old a list of the organization's members may be; a daily timer
// may be early.
const listsMembersAfter = 24*time.Hour - 5*time.Minute

// listMembers finds out which accounts are watched: those of the file, and the members of the
// organization, which are listed once a day. Where that is refused, the last list stands.
func (f *fleetRun) listMembers(ctx context.Context, client *tencent.Client, now time.Time, logger *slog.Logger) {
	known := f.memory.organization()
	isOld := known.At.IsZero() || now.Sub(known.At) >= listsMembersAfter || known.At.After(now)
	if f.Organization != nil && isOld {
		members, err := client.DescribeOrganizationMembers(ctx)
		if err != nil {
			f.unlisted = account.FailureOf(err)
			logger.LogAttrs(ctx, slog.LevelWarn, "the members of the organization were not listed",
				slog.String("error", err.Error()))
		} else {
			var list []ledgers.Member
			for _, m := range members.List {
				if !f.slice.Has(m.Uin()) {
					continue
				}
				member := ledgers.Member{Uin: m.Uin()}
				if m.Name != nil {
					member.Name = *m.Name
				}
				list = append(list, member)
			}
			known.Update(list, !members.Incomplete, now, f.memberNewsFor(list))
		}
	}
	f.memory.setOrganization(known)
	for _, a := range fleet.Matching(f.WithMembers(membersOf(known.Members)), f.pick) {
		if f.slice.Has(a.Uin) {
			f.uins[a.Name] = a.Uin
			f.watched = append(f.watched, a)
		}
	}
}

// memberNewsFor says who is to hear that a member came or went, where these are listed now: those
// that hear of its account; where they hear of no other one, and so get no digest any more, those
// of default, or else everybody. Of one that is not to be watched nobody is.
func (f *fleetRun) memberNewsFor(listed []ledgers.Member) func(ledgers.Member) []string {
	var heard []string
	for _, a := range f.WithMembers(membersOf(listed)) {
		for _, channel := range f.RoutesOf(&a).All() {
			if !slices.Contains(heard, channel) {
				heard = append(heard, channel)
			}
		}
	}
	return func(m ledgers.Member) []string {
		member := membersOf([]ledgers.Member{m})
		all := f.WithMembers(member)
		at := slices.IndexFunc(all, func(a fleet.Account) bool { return a.Uin == m.Uin })
		// not watched, or its entry in the file is wrong, which is told
		if at < 0 || !f.Organization.Watches(member[0]) {
			return nil
		}
		for _, channels := range [][]string{f.RoutesOf(&all[at]).All(), f.Default} {
			channels = slices.DeleteFunc(slices.Clone(channels), func(channel string) bool {
				return !slices.Contains(heard, channel)
			})
			if len(channels) > 0 {
				return channels
			}
		}
		return heard
	}
}

// membersOf are members as the accounts file takes them.
func membersOf(listed []ledgers.Member) []fleet.Member {
	members := make([]fleet.Member, len(listed))
	for i, m := range listed {
		members[i] = fleet.Member{Uin: m.Uin, Name: m.Name}
	}
	return members
}
