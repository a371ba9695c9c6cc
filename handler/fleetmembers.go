package handler

import (
	"context"
	"log/slog"
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
			known.Update(list, !members.Incomplete, now)
		}
	}
	f.memory.setOrganization(known)
	members := make([]fleet.Member, len(known.Members))
	for i, m := range known.Members {
		members[i] = fleet.Member{Uin: m.Uin, Name: m.Name}
	}
	for _, a := range fleet.Matching(f.WithMembers(members), f.pick) {
		if f.slice.Has(a.Uin) {
			f.uins[a.Name] = a.Uin
			f.watched = append(f.watched, a)
		}
	}
}
