package fleet

import (
	"slices"

	"go.yaml.in/yaml/v4"
)

// readOrganization reads which members of the organization are watched.
func (l *accessReader) readOrganization(n *yaml.Node) {
	if n == nil {
		return
	}
	values := l.Mapping(n, "organization", "role", "include", "exclude", "labels")
	if values == nil {
		return
	}
	o := &Organization{role: l.role, externalID: l.externalID, export: l.export, Labels: l.readLabels(values["labels"]),
		site: l.options.Site}
	if at := values["role"]; at != nil {
		o.role = l.readRole(at, "")
	} else if !l.hasRole {
		l.Fail(n, "organization has no role: write which one is assumed in its members, here or into defaults")
	}
	if at := values["include"]; at != nil {
		o.Include = l.texts(at, "include")
	}
	if at := values["exclude"]; at != nil {
		o.Exclude = l.texts(at, "exclude")
	}
	o.keys = l.siteKeys[o.site]
	l.fleet.Organization = o
}

// Watches says whether a member is one to watch.
func (o *Organization) Watches(m Member) bool {
	fitsOne := func(pattern string) bool { return matches(pattern, m.Uin) || matches(pattern, m.Name) }
	return (len(o.Include) == 0 || slices.ContainsFunc(o.Include, fitsOne)) && !slices.ContainsFunc(o.Exclude, fitsOne)
}

// access is by which keys a member is read.
func (o *Organization) access(uin string) Access {
	return Access{Role: roleARN(o.role, uin), ExternalID: o.externalID.value, ExternalIDVariable: o.externalID.variable,
		Keys: o.keys}
}

// AnyMember stands for all members: its uin is *, and so is that of its role.
func (o *Organization) AnyMember() Account {
	return Account{Uin: "*", Name: "members of the organization", Site: o.site, Labels: o.Labels, Access: o.access("*"),
		Export: o.export}
}

// WithMembers are the accounts of the file and, behind them, the members of the
// organization that are to be watched and that the file does not list, right or wrong. A
// member whose name another account has goes by its uin.
func (f *Fleet) WithMembers(members []Member) []Account {
	if f.Organization == nil {
		return f.Accounts
	}
	taken := map[string]bool{}
	for _, a := range f.Accounts {
		taken[a.Uin], taken[a.Name] = true, true
	}
	for _, a := range f.LeftOut {
		taken[a.Uin], taken[a.Name] = true, true
	}
	all := slices.Clone(f.Accounts)
	o := f.Organization
	for _, m := range members {
		if m.Uin == "" || taken[m.Uin] || !o.Watches(m) {
			continue
		}
		a := Account{Uin: m.Uin, Name: m.Name, Site: o.site, Labels: o.Labels, Access: o.access(m.Uin),
			Export: o.export}
		if a.Name == "" || taken[a.Name] {
			a.Name = a.Uin
		}
		taken[a.Uin], taken[a.Name] = true, true
		all = append(all, a)
	}
	return all
}
