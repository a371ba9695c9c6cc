package license

import "strconv"

// Members are the member accounts of an organization: the answer of organization
// DescribeOrganizationMembers, all its pages.
type Members struct {
	List  []Member // each account once
	Total int64    // as the last page announces them; the length of List where it does not
	// Incomplete is true when the pages did not add up, or when there are more members than
	// are read: who is not in the list may be a member all the same.
	Incomplete bool
}

// Member is a member account of an organization. Only its number is sure to be there.
type Member struct {
	MemberUin        *int64
	Name             *string
	NodeName         *string // its department
	PermissionStatus *string // Confirmed, or UnConfirmed: it has not accepted yet what the organization may do
	Tags             []Tag
}

// Uin is the number of the account.
func (m Member) Uin() string {
	if m.MemberUin == nil {
		return ""
	}
	return strconv.FormatInt(*m.MemberUin, 10)
}
