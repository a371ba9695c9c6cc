package campolicy

import (
	"fmt"
	"slices"
	"strings"

	"licensewatch/internal/suggest"
)

// checkExcess warns about what a statement allows and nobody needs.
func (c *checker) checkExcess(s statement, needs, off []Need) {
	var used []Need
	here := s.needsHere(needs)
	for _, a := range s.actions {
		found, elsewhere := allowedNeeds(a.text, here), allowedNeeds(a.text, needs)
		used = append(used, found...)
		switch wild := strings.Contains(a.text, "*"); {
		case len(found) == 0 && s.touchesArchive(here) && matchesPattern(withoutPrefix(a.text), "cos:DeleteObject"):
			c.warnExcess(a.at, a.text, "%q is not needed for %s: who may delete there can remove evidence, take it out",
				a.text, whyArchive)
		case wild && len(found) > 0:
			c.warnExcess(a.at, a.text, "%q allows more than is needed: write %s", a.text,
				suggest.List(actionsOf(found), "and"))
		case len(found) > 0:
		case len(elsewhere) > 0:
			c.warnExcess(a.at, a.text, "%q is needed for %s only: not on these objects", a.text, elsewhere[0].Why)
		case len(allowedNeeds(a.text, off)) > 0 && !wild:
			c.warnExcess(a.at, a.text, "%s is not needed: %s is switched off", a.text, allowedNeeds(a.text, off)[0].Why)
		default:
			c.warnExcess(a.at, a.text, "%q is not needed by licensewatch", a.text)
		}
	}
	c.checkWideResources(s, used)
}

// needsHere are the needs that the statement's resources touch, and those of no objects; all
// of them where it touches no objects that are needed, which its resources are told for.
func (s statement) needsHere(needs []Need) []Need {
	isElsewhere := func(n Need) bool {
		return n.Resource != everything && !slices.ContainsFunc(s.resources,
			func(r placedText) bool { return touchesNeed(r.text, n) })
	}
	here := slices.DeleteFunc(slices.Clone(needs), isElsewhere)
	if slices.ContainsFunc(here, hasObjects) {
		return here
	}
	return needs
}

// touchesArchive says whether the archive's objects are among those that the statement is
// about, and no other's.
func (s statement) touchesArchive(here []Need) bool {
	return slices.ContainsFunc(here, hasObjects) &&
		!slices.ContainsFunc(here, func(n Need) bool { return hasObjects(n) && n.Why != whyArchive })
}

func hasObjects(n Need) bool { return n.Resource != everything }

// checkWideResources warns about objects in COS beyond those needed. Actions
// that CAM does not authorize per resource need the widest resource.
func (c *checker) checkWideResources(s statement, used []Need) {
	places := placesOf(used)
	if len(places) == 0 {
		return
	}
	mixed := slices.ContainsFunc(used, func(n Need) bool { return !hasObjects(n) })
	for _, r := range s.resources {
		var touched, covered []Need
		for _, place := range places {
			covering, touching := compareResource(r.text, place.Resource)
			if touching {
				touched = append(touched, place)
			}
			if covering {
				covered = append(covered, place)
			}
		}
		switch {
		case len(touched) == 0:
			c.warnExcess(r.at, r.text, "%q is not needed: %s", r.text, whereTheyLie(places))
		case mixed && isEverything(r.text, "cos"):
			c.warnExcess(r.at, r.text, "%q opens every object in COS: give the cos: actions a statement of their own, with the resource %s", r.text, quotedPlaces(places))
		case len(covered) > 0 && !slices.ContainsFunc(covered,
			func(n Need) bool { return isExactly(r.text, n.Resource) }):
			c.warnExcess(r.at, r.text, "%q covers more objects than are needed: write %s", r.text,
				quotedPlaces(covered))
		}
	}
}

// placesOf is one need for each place in COS.
func placesOf(needs []Need) (places []Need) {
	for _, n := range needs {
		if hasObjects(n) && !slices.ContainsFunc(places, func(p Need) bool { return p.Resource == n.Resource }) {
			places = append(places, n)
		}
	}
	return places
}

func quotedPlaces(places []Need) string {
	var quoted []string
	for _, p := range places {
		quoted = append(quoted, fmt.Sprintf("%q", p.Resource))
	}
	return suggest.List(quoted, "and")
}

func whereTheyLie(places []Need) string {
	var texts []string
	for _, p := range places {
		texts = append(texts, fmt.Sprintf("%s lies in %q", p.Why, p.Resource))
	}
	return suggest.List(texts, "and")
}

// allowedNeeds are the needs that an action of a file allows.
func allowedNeeds(action string, needs []Need) []Need {
	var found []Need
	for _, need := range needs {
		if matchesPattern(withoutPrefix(action), withoutPrefix(need.Action)) {
			found = append(found, need)
		}
	}
	return found
}

func actionsOf(needs []Need) []string {
	var actions []string
	for _, need := range needs {
		actions = append(actions, need.Action)
	}
	return actions
}
