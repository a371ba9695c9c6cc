package simulator

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
)

// Member is a member account of the organization.
type Member struct {
	UIN      string // digits: the API gives a number
	Name     string
	NodeName string            // the department
	Status   string            // PermissionStatus; empty: Confirmed
	Tags     map[string]string // of the member
}

// maxMembersLimit is the most members of a page.
const maxMembersLimit = 50

// describeOrganizationMembers lists the members, a page at a time. Who asks is the
// organization's manager, or has none.
func describeOrganizationMembers(s asked, params jsonObject) (jsonObject, *apiError) {
	for _, name := range []string{"SearchKey", "AuthName", "Product", "Tags", "NodeId", "NodeName"} {
		if _, given := params[name]; given {
			return nil, &apiError{"UnsupportedOperation", "`" + name + "` is not simulated."}
		}
	}
	limit, offset := integerParam(params, "Limit", 0), integerParam(params, "Offset", 0)
	switch {
	case limit < 1 || limit > maxMembersLimit:
		return nil, &apiError{"InvalidParameter", "`Limit` must be from 1 to 50."}
	case offset < 0 || offset%limit != 0:
		return nil, &apiError{"InvalidParameter", "`Offset` must be a multiple of `Limit`."}
	case len(s.members) == 0 || s.account != s.self:
		return nil, &apiError{"ResourceNotFound.OrganizationNotExist", "The organization does not exist."}
	}
	total := int64(len(s.members))
	items := []jsonObject{}
	for i := offset; i < min(offset+limit, total); i++ {
		items = append(items, s.members[i].item())
	}
	return jsonObject{"Items": items, "Total": total}, nil
}

// item is the member as the API writes it.
func (m Member) item() jsonObject {
	tags := []jsonObject{}
	for _, key := range slices.Sorted(maps.Keys(m.Tags)) {
		tags = append(tags, jsonObject{"TagKey": key, "TagValue": m.Tags[key]})
	}
	return jsonObject{
		"MemberUin": json.Number(m.UIN), "Name": m.Name, "NickName": "", "MemberType": "Invite",
		"NodeId": 27, "NodeName": m.NodeName,
		"OrgPolicyType": "Financial", "OrgPolicyName": "financial management",
		"OrgPermission":    []jsonObject{{"Id": 1, "Name": "view bills"}, {"Id": 2, "Name": "view balance"}},
		"OrgIdentity":      []jsonObject{{"IdentityId": 1, "IdentityAliasName": "administrator"}},
		"PermissionStatus": cmp.Or(m.Status, "Confirmed"), "BindStatus": "Success", "IsAllowQuit": "Allow",
		"PayUin": nil, "PayName": nil, "Remark": "", "Tags": tags,
		"CreateTime": "2021-04-17 12:19:07", "UpdateTime": "2021-04-17 12:19:07",
	}
}
