package campolicy

import (
	"fmt"
	"strings"
)

// exampleObjects is the six-part form of objects in COS.
const exampleObjects = "qcs::cos:ap-guangzhou:uid/1250000000:bucket-1250000000/licensewatch/*"

// withoutPrefix is an action without the prefix that may stand before it.
func withoutPrefix(action string) string { return strings.TrimPrefix(action, "name/") }

// matchesPattern says whether a pattern with wildcards (*) takes the whole text.
func matchesPattern(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == text
	}
	last := len(parts) - 1
	if !strings.HasPrefix(text, parts[0]) {
		return false
	}
	text = text[len(parts[0]):]
	for _, part := range parts[1:last] {
		i := strings.Index(text, part)
		if i < 0 {
			return false
		}
		text = text[i+len(part):]
	}
	return strings.HasSuffix(text, parts[last])
}

// whatever stands for anything that may be there: a character that only a wildcard takes.
const whatever = "\x00"

// coversPattern says whether the pattern takes everything that the other one does; of
// that, only a wildcard at the end counts.
func coversPattern(pattern, other string) bool {
	if prefix, ok := strings.CutSuffix(other, "*"); ok {
		other = prefix + whatever
	}
	return matchesPattern(pattern, other)
}

// meetsPrefix says whether something that begins with the prefix fits the pattern.
func meetsPrefix(pattern, prefix string) bool {
	head, _, wild := strings.Cut(pattern, "*")
	return strings.HasPrefix(head, prefix) || wild && strings.HasPrefix(prefix, head)
}

// resourceForm says what is wrong with the form of a resource; empty when
// nothing is.
func resourceForm(resource string) string {
	n := len(strings.SplitN(resource, ":", sixParts))
	switch {
	case resource == everything:
		return ""
	case !strings.HasPrefix(resource, "qcs:"):
		return "does not begin with qcs::"
	case n != sixParts:
		return fmt.Sprintf("has %d parts instead of six", n)
	default:
		return ""
	}
}

// The parts of a resource: qcs:project:service:region:account:resource.
const (
	sixParts    = 6
	servicePart = 2
	pathPart    = 5
)

// isEverything says whether the resource leaves nothing of the service out.
func isEverything(resource, service string) bool {
	for i, part := range strings.SplitN(resource, ":", sixParts) {
		whole := part == "" || part == everything || i == 0 && part == "qcs" || i == servicePart && part == service
		if !whole {
			return false
		}
	}
	return true
}

// compareResource compares a file's resource with the objects that are needed:
// whether it covers all of them, and whether it touches any.
func compareResource(resource, objects string) (covering, touching bool) {
	if resource == everything {
		return true, true
	}
	got, want := strings.SplitN(resource, ":", sixParts), strings.SplitN(objects, ":", sixParts)
	if len(got) != sixParts || len(want) != sixParts {
		return false, false
	}
	for i := servicePart; i < pathPart; i++ { // service, region, account; empty means any, or one's own
		if got[i] != "" && !coversPattern(got[i], want[i]) {
			return false, false
		}
	}
	path := bucketPath(got[pathPart])
	return coversPattern(path, want[pathPart]), meetsPrefix(path, strings.TrimSuffix(want[pathPart], "*"))
}

// isExactly says whether the resource names the objects that are needed and no
// others. A bucket's name tells its region and its owner.
func isExactly(resource, objects string) bool {
	got, want := strings.SplitN(resource, ":", sixParts), strings.SplitN(objects, ":", sixParts)
	return len(got) == sixParts && bucketPath(got[pathPart]) == want[pathPart]
}

// bucketPath turns the older spelling of a bucket's objects,
// prefix//1250000000/bucket/…, into bucket-1250000000/….
func bucketPath(path string) string {
	old, ok := strings.CutPrefix(path, "prefix//")
	if !ok {
		return path
	}
	appID, rest, _ := strings.Cut(old, "/")
	bucket, objects, _ := strings.Cut(rest, "/")
	return bucket + "-" + appID + "/" + objects
}
