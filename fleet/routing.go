package fleet

import (
	"slices"

	"licensewatch/license"
)

// Finding is what a route looks at.
type Finding struct {
	Rule     string // its id
	Severity license.Severity
	Tags     map[string]string // of the order it is about; nil where it is about none
}

// ChannelsFor are the names of those that hear of a finding of an account, each once: those
// of the first route that fits, and while that says continue, of the next one as well;
// where none fits, those of default.
func (f *Fleet) ChannelsFor(a *Account, finding Finding) []string {
	return f.RoutesOf(a).Channels(finding)
}

// AccountRoutes are the routes that fit an account, in their order.
type AccountRoutes struct {
	routes   []*Route
	fallback []string
}

// RoutesOf are the routes of an account, for who asks about many findings.
func (f *Fleet) RoutesOf(a *Account) AccountRoutes {
	of := AccountRoutes{fallback: f.Default}
	for i := range f.Routes {
		if f.Routes[i].fitsAccount(a) {
			of.routes = append(of.routes, &f.Routes[i])
		}
	}
	return of
}

// Channels are the names of those that hear of a finding of the account.
func (r AccountRoutes) Channels(finding Finding) []string {
	var names []string
	fitting := r.Fitting(finding)
	for _, route := range fitting {
		names = appendNew(names, route.To)
	}
	if len(fitting) == 0 {
		names = appendNew(names, r.fallback)
	}
	return names
}

// Fitting are the routes by which a finding of the account goes; none where it goes to
// default.
func (r AccountRoutes) Fitting(finding Finding) []*Route {
	var fitting []*Route
	for _, route := range r.routes {
		if !route.fitsFinding(finding) {
			continue
		}
		fitting = append(fitting, route)
		if !route.Continue {
			break
		}
	}
	return fitting
}

// Routes are the routes that fit the account, in their order.
func (r AccountRoutes) Routes() []*Route { return r.routes }

// All are the names of those that may hear of something of the account, in the order of
// its routes: of what is no finding, as that it cannot be read.
func (r AccountRoutes) All() []string {
	hears := map[string]bool{}
	for _, severity := range severities {
		for _, name := range r.ofSeverity(severity) {
			hears[name] = true
		}
	}
	var names []string
	for _, route := range r.routes {
		names = appendNew(names, route.To)
	}
	names = appendNew(names, r.fallback)
	return slices.DeleteFunc(names, func(name string) bool { return !hears[name] })
}

// ofSeverity are the names of those that may hear of findings with a severity.
func (r AccountRoutes) ofSeverity(severity license.Severity) []string {
	var names []string
	isForAll := false
	for _, route := range r.routes {
		if len(route.Severities) > 0 && !slices.Contains(route.Severities, severity) {
			continue
		}
		names = appendNew(names, route.To)
		if coversAll(route.Rules, orAny(nil)) && len(route.Tags) == 0 { // it fits every one of them
			isForAll = true
			if !route.Continue {
				return names
			}
		}
	}
	if !isForAll {
		names = appendNew(names, r.fallback)
	}
	return names
}

// appendNew appends the names that are not there yet.
func appendNew(names, more []string) []string {
	for _, name := range more {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}
