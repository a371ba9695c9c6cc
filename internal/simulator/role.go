package simulator

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// What AssumeRole takes, as its page has it.
var (
	roleForm       = regexp.MustCompile(`^qcs::cam::uin/(\d+):(?:roleName|role)/([^/\s]+)$`)
	sessionForm    = regexp.MustCompile(`^[\w+=,.@-]{2,128}$`)
	externalIDForm = regexp.MustCompile(`^[\w+=,.@:/-]{2,128}$`)
)

const (
	defaultDuration = 7200 // seconds
	maxDuration     = 43200
)

// parseRole is the account and the name of a role.
func parseRole(arn string) (uin, name string, ok bool) {
	parts := roleForm.FindStringSubmatch(arn)
	if parts == nil {
		return "", "", false
	}
	return parts[1], parts[2], true
}

// assumeRole gives keys of the account that the role is in. A role that does not exist is
// refused as the service does it, which is not as the page says (ResourceNotFound.RoleNotFound).
func assumeRole(s asked, params jsonObject) (jsonObject, *apiError) {
	arn, session := params["RoleArn"].(string), params["RoleSessionName"].(string)
	externalID, hasID := params["ExternalId"].(string)
	duration := integerParam(params, "DurationSeconds", defaultDuration)
	uin, name, ok := parseRole(arn)
	switch {
	case !ok:
		return nil, &apiError{"InvalidParameter.ResouceError", "The RoleArn is no six-segment resource description."}
	case !sessionForm.MatchString(session):
		return nil, &apiError{"InvalidParameter.ParamError", "The RoleSessionName is not valid."}
	case hasID && !externalIDForm.MatchString(externalID):
		return nil, &apiError{"InvalidParameter.ParamError", "The ExternalId is not valid."}
	case duration < 1 || duration > maxDuration:
		return nil, &apiError{"InvalidParameter.OverTimeError", "The DurationSeconds is too long."}
	}
	to := s.accounts[uin]
	switch {
	case to == nil || to.Role == "" || to.Role != name || to.Site != s.account.Site:
		return nil, &apiError{"InternalError.GetRoleError", "role not exist"}
	case to.Trusts != "" && to.Trusts != s.account.UIN, to.ExternalID != "" && to.ExternalID != externalID:
		return nil, &apiError{"UnauthorizedOperation",
			"you are not authorized to perform operation (sts:AssumeRole), resource (" + arn + ") has no permission"}
	}
	s.assumed++
	until := s.options.SignatureClock().Add(time.Duration(duration) * time.Second)
	keys := temporaryKeys(uin, until, s.assumed)
	return jsonObject{
		"Credentials": jsonObject{"TmpSecretId": keys.id, "TmpSecretKey": keys.key, "Token": keys.token},
		"ExpiredTime": until.Unix(), "Expiration": until.UTC().Format(time.RFC3339),
	}, nil
}

// temporaryPrefix is what the ids of temporary keys begin with.
const temporaryPrefix = "AKIDtmp"

// temporaryKeys are keys of an account until a time. All of them follow from the id, so that
// none need be kept: it holds the account, the time and a number.
func temporaryKeys(uin string, until time.Time, number int) credentials {
	id := fmt.Sprintf("%s.%s.%d.%d", temporaryPrefix, uin, until.Unix(), number)
	return keysFollowing(id)
}

func keysFollowing(id string) credentials {
	return credentials{id: id, key: hexSHA256([]byte("key of " + id))[:32], token: "token-" +
		hexSHA256([]byte("token of "+id))}
}

// keysOf finds the keys with an id and whose they are; no keys where there are none.
func (s *cloud) keysOf(id string, now time.Time) (credentials, *accountState) {
	s.mu.Lock()
	own := s.keys
	s.mu.Unlock()
	parts := strings.Split(id, ".")
	switch {
	case id == own.id:
		return own, s.self
	case s.byKeys[id] != nil:
		return credentials{id: id, key: s.byKeys[id].SecretKey}, s.byKeys[id]
	case len(parts) == 4 && parts[0] == temporaryPrefix && s.accounts[parts[1]] != nil:
		keys := keysFollowing(id)
		if until, err := strconv.ParseInt(parts[2], 10, 64); err != nil || now.Unix() >= until {
			keys.token = "the token has expired"
		}
		return keys, s.accounts[parts[1]]
	}
	return credentials{}, s.self
}
