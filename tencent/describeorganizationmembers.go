package tencent

import (
	"context"
	"encoding/json"

	"licensewatch/license"
	"licensewatch/tencent/internal/decode"
)

var describeOrganizationMembers = operation{service: "organization", version: "2021-03-31",
	action: "DescribeOrganizationMembers",
	usable: holdsMembers}

// ActionOrganizationMembers is what who lists the organization must be allowed, as CAM names it.
var ActionOrganizationMembers = describeOrganizationMembers.camAction()

const (
	membersPerPage = 50     // the most that the API gives
	maxMembers     = 10_000 // an organization has 100 unless it asks for more
)

// DescribeOrganizationMembers lists the member accounts of the organization that the client's
// keys manage, page after page. A list that does not add up is read once more; when that
// does not help, or when a page after the first cannot be read, what was read is returned
// as Incomplete. The error is an *APIError.
func (c *Client) DescribeOrganizationMembers(ctx context.Context) (*license.Members, error) {
	list, err := readList(ctx, c, describeOrganizationMembers, newPace(listsPerSecond), "members of the organization",
		newMemberList)
	if err != nil {
		return nil, err
	}
	members := &license.Members{List: list.members, Total: list.total, Incomplete: list.missingReason() != ""}
	if list.total < 0 {
		members.Total = int64(len(list.members))
	}
	return members, nil
}

// holdsMembers says whether a page tells anything about members: a list, or that there are
// none. An organization must not look empty because nothing was said.
func holdsMembers(fields decode.Fields) bool {
	total := decode.Count(fields["Total"])
	return decode.IsList(fields["Items"]) || total != nil && *total == 0
}

// memberList puts the pages of DescribeOrganizationMembers together.
type memberList struct {
	paging

	members []license.Member
	seen    map[int64]bool // by their numbers
	words   license.Words
}

func newMemberList() *memberList {
	return &memberList{paging: paging{total: -1}, seen: map[int64]bool{}, words: license.Words{}}
}

// nextPage begins, as each page must, at a multiple of what it may hold.
func (l *memberList) nextPage() parameters {
	return parameters{"Limit": membersPerPage, "Offset": l.pages * membersPerPage}
}

func (l *memberList) count() int { return len(l.members) }

func (l *memberList) addPage(page decode.Fields) (_ []string, more bool) {
	l.beginPage(decode.Count(page["Total"]))
	before := len(l.members)
	for _, element := range decode.List(page["Items"]) {
		l.addMember(element)
	}
	begins := int64(l.pages) * membersPerPage // the next page
	more = len(l.members) > before && (l.total < 0 || begins < l.total)
	if more && len(l.members) >= maxMembers {
		l.isTooLong = true
		return nil, false
	}
	return nil, more
}

// addMember adds a member, unless it is there already: pages overlap when members come and
// go meanwhile.
func (l *memberList) addMember(element json.RawMessage) {
	var m license.Member
	fields := decode.Object(element)
	if fields != nil {
		fields.Struct(&m)
	}
	switch {
	case m.MemberUin == nil || *m.MemberUin <= 0:
		l.lost++
		return
	case l.seen[*m.MemberUin]:
		return
	}
	l.seen[*m.MemberUin] = true
	if m.Name != nil {
		*m.Name = cutText(*m.Name)
	}
	for _, text := range []*string{m.NodeName, m.PermissionStatus} { // which many have
		if text != nil {
			*text = l.words.Once(cutText(*text))
		}
	}
	m.Tags = m.Tags[:min(len(m.Tags), maxTags)]
	for i := range m.Tags {
		m.Tags[i].TagKey, m.Tags[i].TagValue = l.words.Once(cutText(m.Tags[i].TagKey)),
			l.words.Once(cutText(m.Tags[i].TagValue))
	}
	l.members = append(l.members, m)
}

func (l *memberList) worthAnotherReading() bool {
	return l.isContradictory(len(l.members))
}

func (l *memberList) missingReason() string {
	switch reason := l.unreadReason("members"); {
	case reason != "":
		return reason
	case l.lost > 0:
		return "an element of the list names no account"
	case int64(len(l.members)) != l.total:
		return "more or fewer members than announced"
	default:
		return ""
	}
}
