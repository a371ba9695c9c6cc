package fleet

import (
	"regexp"
	"strings"
	"sync"

	"go.yaml.in/yaml/v4"
)

// uinPlace stands in a role's ARN for the uin of the account.
const uinPlace = "{uin}"

// Compiled when they are first needed: a run without an accounts file need not wait.
var (
	roleName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\w+=,.@-]{1,128}$`) })
	roleForm = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^qcs::cam::uin/([0-9]+|\{uin\}):(roleName|role(/tencentcloudServiceRole(Name)?)?)/[\w+=,.@-]{1,128}$`)
	})
	externalIDForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\w+=,.@:/-]{2,128}$`) })
)

const arnExample = "qcs::cam::uin/{uin}:roleName/licensewatch-reader"

// readRole reads a role's name or its ARN; empty when it is neither. The uin is that of
// the account; empty: the role is that of many.
func (l *accessReader) readRole(n *yaml.Node, uin string) string {
	role, ok := l.text(n, "role")
	if !ok {
		return ""
	}
	found := roleForm().FindStringSubmatch(role)
	switch {
	case roleName().MatchString(role):
		return role
	case found == nil && strings.HasPrefix(role, "qcs"):
		l.Fail(n, "role is no ARN of a role: those read %s", arnExample)
	case found == nil:
		l.Fail(n, "role must be a role's name, or its ARN as %s", arnExample)
	case found[1] == uinPlace || found[1] == uin && uin != "":
		return role
	case uin == "":
		l.Fail(n, "role is that of one account, and would be assumed for all: write %s in the place of its uin",
			uinPlace)
	default:
		l.Fail(n, "role is that of another account: write %s in the place of its uin", uinPlace)
	}
	return ""
}

// roleARN is the ARN of a role in an account; empty where one of both is.
func roleARN(role, uin string) string {
	switch {
	case role == "" || uin == "":
		return ""
	case strings.HasPrefix(role, "qcs:"):
		return strings.ReplaceAll(role, uinPlace, uin)
	default:
		return "qcs::cam::uin/" + uin + ":roleName/" + role
	}
}
