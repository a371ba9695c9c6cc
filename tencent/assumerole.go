package tencent

import (
	"context"
	"strings"
	"time"

	"licensewatch/internal/text"
	"licensewatch/tencent/internal/decode"
)

var assumeRole = operation{service: "sts", version: "2018-08-13", action: "AssumeRole", region: true, usable: holdsKeys}

const (
	// roleSeconds is how long assumed keys are good: as long as the longest run.
	roleSeconds = 900
	// assumeRolesPerSecond is what the API takes from a caller.
	assumeRolesPerSecond = 600
)

// What the keys may have, in bytes: twice what the API documents.
const (
	maxKeyText   = 2 << 10
	maxTokenText = 8 << 10
)

// Role is a role in another account, and how it is assumed.
type Role struct {
	ARN        string // qcs::cam::uin/100000000001:roleName/licensewatch-reader
	Session    string // what the other account's audit shows: SessionName
	ExternalID string // what the role's trust asks for; empty where it asks for none
}

// RoleCaller assumes roles with the keys of its client, no faster than the API takes them
// from one caller: the accounts of a run that are reached with the same keys share one.
type RoleCaller struct {
	client *Client
	pace   *pace
}

// NewRoleCaller makes a caller for one run.
func (c *Client) NewRoleCaller() *RoleCaller {
	return &RoleCaller{client: c, pace: newPace(assumeRolesPerSecond)}
}

// AssumeRole asks for keys of the role, good for 15 minutes. The error is an *APIError.
func (r *RoleCaller) AssumeRole(ctx context.Context, role Role) (TemporaryKeys, error) {
	if role.Session == "" || role.Session != SessionName(role.Session) {
		return TemporaryKeys{}, newAPIError(assumeRole, &exchange{},
			internalFault("the session's name holds what none may"))
	}
	if err := r.pace.wait(ctx, r.client.sleep); err != nil {
		return TemporaryKeys{}, newAPIError(assumeRole, &exchange{}, timeoutFault(err))
	}
	with := parameters{"RoleArn": role.ARN, "RoleSessionName": role.Session, "DurationSeconds": roleSeconds}
	if role.ExternalID != "" {
		with["ExternalId"] = role.ExternalID
	}
	begun := time.Now()
	answer, err := r.client.callOperation(ctx, assumeRole, with)
	if err != nil {
		return TemporaryKeys{}, err
	}
	id, key, token := keysOf(answer.Fields)
	reveal := func() (string, string, string) { return id, key, token }
	return TemporaryKeys{reveal: &reveal, expires: begun.Add(roleSeconds * time.Second)}, nil
}

// SessionName is a text as the name of a session: 2 to 128 of the characters that one may
// have, with a - for each other.
func SessionName(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', strings.ContainsRune("_+=,.@-", r):
			return r
		default:
			return '-'
		}
	}, name)
	name += strings.Repeat("-", max(0, 2-len(name)))
	return name[:min(len(name), 128)]
}

// holdsKeys says whether an answer holds keys that a request can be signed with.
func holdsKeys(fields decode.Fields) bool {
	id, key, token := keysOf(fields)
	return id != "" && key != "" && token != "" && len(id) <= maxKeyText && len(key) <= maxKeyText &&
		len(token) <= maxTokenText &&
		!strings.ContainsFunc(id+key+token, text.NotInHeader)
}

// keysOf are the keys of an answer; a text is empty where there is none. They are copies,
// which do not keep the answer.
func keysOf(fields decode.Fields) (id, key, token string) {
	credentials := decode.Object(fields["Credentials"])
	read := func(name string) string {
		if t := decode.Text(credentials[name]); t != nil {
			return strings.Clone(*t)
		}
		return ""
	}
	return read("TmpSecretId"), read("TmpSecretKey"), read("Token")
}
