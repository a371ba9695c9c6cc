package ledgers

import (
	"slices"
	"time"
)

// Organization is the last list of the members of an organization.
type Organization struct {
	At      time.Time `json:"at,omitzero"` // when it was read; zero: never
	Members []Member  `json:"members,omitempty"`
	// New and Gone are the members that came and went since, until everybody was told.
	New  []MemberNews `json:"new,omitempty"`
	Gone []MemberNews `json:"gone,omitempty"`
}

// Member is an account of an organization.
type Member struct {
	Uin  string `json:"uin"`
	Name string `json:"name,omitempty"`
}

// MemberNews is a member that came or went.
type MemberNews struct {
	Member

	At time.Time `json:"at"` // when it was seen
	// Untold are the channels whose next digest is to name it.
	Untold []string `json:"untold,omitempty"`
}

const (
	// maxNamed is how many members that came or went are kept until they are named.
	maxNamed = 1000
	// newsLife is how long they are kept for a channel that accepts nothing.
	newsLife = 7 * 24 * time.Hour
)

// Update takes a new list in, and notes who came and who went, as far as they are to be named;
// the first list is no news. An incomplete one takes nobody away. untold says who is to hear
// of a member: of one that nobody is, there is no news.
func (o *Organization) Update(members []Member, isComplete bool, now time.Time, untold func(Member) []string) {
	before, after := map[string]bool{}, map[string]bool{}
	for _, m := range o.Members {
		before[m.Uin] = true
	}
	isFirst := o.At.IsZero()
	add := func(to *[]MemberNews, m Member) {
		if channels := untold(m); len(channels) > 0 && len(*to) < maxNamed {
			*to = append(*to, MemberNews{m, now.Truncate(time.Second).UTC(), channels})
		}
	}
	for _, m := range members {
		if after[m.Uin] = true; !before[m.Uin] && !isFirst {
			add(&o.New, m)
		}
	}
	kept := slices.Clone(members)
	for _, m := range o.Members {
		switch {
		case after[m.Uin]:
		case !isComplete:
			kept = append(kept, m)
		default:
			add(&o.Gone, m)
		}
	}
	o.At, o.Members = now, kept
}

// Listed is what a memory knows of the organization's members, and of which accounts it would know.
type Listed struct {
	Organization

	Has func(account string) bool
}

// JoinOrganizations joins what several memories know of the accounts that are to be had, as has tells:
// of each account what the memory says that has the newest list, of equally new ones the first.
// It is as old as the oldest list that says something.
func JoinOrganizations(all []Listed, has func(account string) bool) (joined Organization) {
	newest := slices.DeleteFunc(slices.Clone(all), func(o Listed) bool { return o.At.IsZero() })
	slices.SortStableFunc(newest, func(a, b Listed) int { return b.At.Compare(a.At) })
	isSaid := func(string) bool { return false }
	for _, o := range newest {
		isSaidBefore := isSaid
		o.keepAccounts(func(account string) bool { return has(account) && o.Has(account) && !isSaidBefore(account) })
		if joined.At.IsZero() || len(o.Members)+len(o.New)+len(o.Gone) > 0 {
			joined.At = o.At
		}
		joined.Members = append(joined.Members, o.Members...)
		joined.New, joined.Gone = append(joined.New, o.New...), append(joined.Gone, o.Gone...)
		isSaid = func(account string) bool { return isSaidBefore(account) || o.Has(account) }
	}
	return joined
}

// keepAccounts forgets the members that are not to be kept.
func (o *Organization) keepAccounts(has func(account string) bool) {
	o.Members = slices.DeleteFunc(slices.Clone(o.Members), func(m Member) bool { return !has(m.Uin) })
	for _, news := range []*[]MemberNews{&o.New, &o.Gone} {
		*news = slices.DeleteFunc(slices.Clone(*news), func(n MemberNews) bool { return !has(n.Uin) })
	}
}

// News are the members that came and went since a channel was told, by name.
func (o *Organization) News(channel string) (come, gone []string) {
	untold := func(news []MemberNews) (names []string) {
		for _, n := range news {
			if slices.Contains(n.Untold, channel) {
				names = append(names, n.Label())
			}
		}
		return names
	}
	return untold(o.New), untold(o.Gone)
}

// Told says that a channel was told all of its news. What everybody was told is forgotten, and
// what is old.
func (o *Organization) Told(channel string, now time.Time) {
	for _, news := range []*[]MemberNews{&o.New, &o.Gone} {
		for i := range *news {
			n := &(*news)[i]
			n.Untold = slices.DeleteFunc(slices.Clone(n.Untold), func(name string) bool { return name == channel })
		}
		*news = slices.DeleteFunc(*news, func(n MemberNews) bool {
			return len(n.Untold) == 0 || now.Sub(n.At) > newsLife
		})
	}
}

// Label is what a message calls the member.
func (m Member) Label() string {
	if m.Name == "" || m.Name == m.Uin {
		return m.Uin
	}
	return m.Name + " (" + m.Uin + ")"
}
