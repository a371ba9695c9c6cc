package handler

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"licensewatch/account"
	"licensewatch/fleet"
	"licensewatch/ledgers"
	"licensewatch/license"
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

// membersFor are those of the members that came or went, as the memory names them, of whom a
// channel hears: those are to hear of a member to whom anything of it is routed.
func (f *fleetRun) membersFor(channel string, named []string) (heard []string) {
	if f.hearers == nil {
		f.hearers = map[string][]string{}
	}
	for _, text := range named {
		channels, isKnown := f.hearers[text]
		if !isKnown {
			member := ledgers.MemberNamed(text)
			account := f.memberAccount(fleet.Member{Uin: member.Uin, Name: member.Name})
			channels = f.RoutesOf(&account).All()
			f.hearers[text] = channels
		}
		if slices.Contains(channels, channel) {
			heard = append(heard, text)
		}
	}
	return heard
}

// memberAccount is a member as the account that it is or was.
func (f *fleetRun) memberAccount(m fleet.Member) fleet.Account {
	for i := range f.Accounts {
		if f.Accounts[i].Uin == m.Uin {
			return f.Accounts[i]
		}
	}
	account := fleet.Account{Uin: m.Uin, Name: m.Name}
	if account.Name == "" {
		account.Name = m.Uin
	}
	if f.Organization != nil {
		account.Labels = f.Organization.Labels
	}
	return account
}

// noMembersFor says which channels hear of no member that came or went.
func (f *fleetRun) noMembersFor(channels []string) map[string][]license.NoticeCode {
	named := slices.Concat(f.memory.newAndGone())
	unheard := map[string][]license.NoticeCode{}
	for _, channel := range channels {
		if len(f.membersFor(channel, named)) == 0 {
			unheard[channel] = []license.NoticeCode{license.NoticeMembers}
		}
	}
	return unheard
}
