package fleet

import (
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/config"
	"licensewatch/internal/suggest"
	"licensewatch/license"
)

// The names of the variables that hold keys end so.
const (
	idSuffix     = "_SECRET_ID"
	secretSuffix = "_SECRET_KEY"
)

// accessReader reads by which keys and roles accounts are read.
type accessReader struct{ *loader }

// readDefaults reads what holds for accounts that do not say it themselves.
func (l *accessReader) readDefaults(n *yaml.Node) {
	l.site = l.options.Site
	if n == nil {
		return
	}
	values := l.Mapping(n, "defaults", "role", "site", "external_id", "export")
	if at := values["role"]; at != nil {
		l.role, l.hasRole = l.readRole(at, ""), true
	}
	if at := values["site"]; at != nil {
		if site := l.readSite(at); site != "" {
			l.site = site
		}
	}
	if at := values["external_id"]; at != nil {
		l.externalID = l.readExternalID(at)
	}
	l.export = l.flag(values["export"], "export", false)
}

// readSites reads the keys that assume the roles of a site.
func (l *accessReader) readSites(n *yaml.Node) {
	if n == nil {
		return
	}
	values := l.Mapping(n, "sites", string(license.SiteCN), string(license.SiteIntl))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		site := l.Mapping(values[name], "a site", "keys")
		switch {
		case site == nil:
		case site["keys"] == nil:
			l.Fail(values[name], "%s has no keys: write how the names of their variables begin", name)
		default:
			l.siteKeys[license.Site(name)] = l.readKeys(site["keys"])
		}
	}
}

// readKeys reads how the names of the variables begin that hold keys; nil when that is
// wrong.
func (l *accessReader) readKeys(n *yaml.Node) *Keys {
	name, ok := l.variable(n, "keys")
	if !ok {
		return nil
	}
	if base := strings.TrimSuffix(strings.TrimSuffix(name, secretSuffix), idSuffix); base != name && base != "" {
		l.Fail(n, "keys must be how both names begin, without %s and %s: write %s", idSuffix, secretSuffix, base)
		return nil
	}
	keys := &Keys{Name: name}
	var idSet, secretSet bool
	keys.ID, idSet = l.secret(n, "keys", name+idSuffix)
	keys.Secret, secretSet = l.secret(n, "keys", name+secretSuffix)
	if !idSet || !secretSet {
		return nil
	}
	return keys
}

// externalID is an external id with the variable that holds it.
type externalID struct {
	value    config.Secret
	variable string
}

// readExternalID reads the variable that holds an external id.
func (l *accessReader) readExternalID(n *yaml.Node) externalID {
	name, ok := l.variable(n, "external_id")
	if !ok {
		return externalID{}
	}
	id, ok := l.secret(n, "external_id", name)
	if ok && !id.IsZero() && !externalIDForm().MatchString(id.Reveal()) {
		l.Fail(n, "external_id: what %s holds is none: 2 to 128 letters, digits and _+=,.@:/-", name)
	}
	return externalID{id, name}
}

// readAccess reads by which keys an account is read.
func (l *accessReader) readAccess(n *yaml.Node, values map[string]*yaml.Node, account Account) Access {
	isSelf := l.flag(values["self"], "self", false)
	var ways []string
	for _, way := range []string{"self", "role", "keys"} {
		if values[way] != nil && (way != "self" || isSelf) {
			ways = append(ways, way)
		}
	}
	if len(ways) > 1 {
		l.Fail(values[ways[1]], "the account has %s: it is read in one of these ways, leave the others out",
			suggest.List(ways, "and"))
		return Access{}
	}
	if at := values["external_id"]; at != nil && (isSelf || values["keys"] != nil) {
		l.Fail(at, "external_id goes with a role, and %s assumes none: leave it out", ways[0])
	}
	switch {
	case isSelf:
		return l.readSelf(values["self"], account)
	case values["keys"] != nil:
		return Access{Keys: l.readKeys(values["keys"])}
	default:
		return l.readAssumed(n, values, account)
	}
}

// readSelf checks that an account can be the function's own.
func (l *accessReader) readSelf(n *yaml.Node, account Account) Access {
	switch {
	case l.selfLine > 0:
		l.Fail(n, "self stands at the account in line %d already: the function belongs to one", l.selfLine)
	case account.Site != "" && account.Site != l.options.Site:
		l.Fail(n, "self is the account of the function, which is on site %s (LICENSEWATCH_SITE), not on %s",
			l.options.Site, account.Site)
	default:
		l.selfLine = account.Line
	}
	return Access{Self: true}
}

// readAssumed reads the role of an account, and by which keys it is assumed.
func (l *accessReader) readAssumed(n *yaml.Node, values map[string]*yaml.Node, account Account) Access {
	id, role := l.externalID, l.role
	if at := values["role"]; at != nil {
		role = l.readRole(at, account.Uin)
	} else if !l.hasRole {
		l.Fail(n, "the account has no role, no keys and no self: say how it is read, or write a role into defaults")
	}
	if at := values["external_id"]; at != nil {
		id = l.readExternalID(at)
	}
	return Access{Role: roleARN(role, account.Uin), ExternalID: id.value, ExternalIDVariable: id.variable,
		Keys: l.assumingKeys(n, account.Site)}
}

// assumingKeys are the keys that assume the roles of a site; nil are the function's own.
func (l *accessReader) assumingKeys(n *yaml.Node, site license.Site) *Keys {
	keys, isGiven := l.siteKeys[site]
	if !isGiven && site != "" && site != l.options.Site {
		l.Fail(n, "the account is on site %s, where no role can be assumed with the function's keys (site %s): write sites: {%s: {keys: …}}, or keys at the account",
			site, l.options.Site, site)
	}
	return keys
}
