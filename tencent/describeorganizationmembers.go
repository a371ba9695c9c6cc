package tencent

import (
	"context"
	"encoding/json"
	"log/slog"

	"licensewatch/license"
	"licensewatch/tencent/internal/decode"
)

var describeOrganizationMembers = operation{service: "organization", version: "2021-03-31", action: "DescribeOrganizationMembers",
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
	pace := newPace(listsPerSecond)
	list, err := c.readMembers(ctx, pace)
	if err != nil {
		return nil, err
	}
	if list.worthAnotherReading() {
		if again, err := c.readMembers(ctx, pace); err == nil && again.betterThan(list) {
			list = again
		}
	}
	problem := list.missingReason()
	if problem != "" {
		c.logger.LogAttrs(ctx, slog.LevelWarn, "members of the organization incomplete",
			slog.String("action", describeOrganizationMembers.camAction()), slog.String("reason", problem),
			slog.Int("read", len(list.members)), slog.Int64("announced", list.total), slog.Int("pages", list.pages))
	}
	members := &license.Members{List: list.members, Total: list.total, Incomplete: problem != ""}
	if list.total < 0 {
		members.Total = int64(len(list.members))
	}
	return members, nil
}

// readMembers fails only when the first page does.
func (c *Client) readMembers(ctx context.Context, pace *pace) (*memberList, error) {
	list := &memberList{seen: map[int64]bool{}, total: -1, words: license.Words{}}
	for {
		if err := pace.wait(ctx, c.sleep); err != nil && list.pages > 0 {
			list.cut = true
			return list, nil
		}
		answer, err := c.callOperation(ctx, describeOrganizationMembers,
			// Where a page begins must be a multiple of what it may hold.
			parameters{"Limit": membersPerPage, "Offset": list.pages * membersPerPage})
		switch {
		case err != nil && list.pages == 0:
			return nil, err
		case err != nil: // the call has logged it
			list.cut = true
			return list, nil //nolint:nilerr // the list says that it is incomplete
		}
		if more := list.addPage(answer.Fields); !more {
			return list, nil
		}
		if len(list.members) >= maxMembers {
			list.isTooLong = true
			return list, nil
		}
	}
}

// holdsMembers says whether a page tells anything about members: a list, or that there are
// none. An organization must not look empty because nothing was said.
func holdsMembers(fields decode.Fields) bool {
	total := decode.Count(fields["Total"])
	return decode.List(fields["Items"]) != nil || total != nil && *total == 0
}

// memberList puts the pages of DescribeOrganizationMembers together.
type memberList struct {
	members   []license.Member
	seen      map[int64]bool // by their numbers
	pages     int
	total     int64 // what the last page announced; -1 when it did not
	moved     bool  // the announced total changed from page to page
	lost      int   // elements that name no account
	cut       bool  // a page could not be read
	isTooLong bool  // there are more members than are read
	words     license.Words
}

// addPage takes a page, and says whether there should be another one.
func (l *memberList) addPage(page decode.Fields) (more bool) {
	total := int64(-1)
	if n := decode.Count(page["Total"]); n != nil {
		total = *n
	}
	l.moved = l.moved || l.pages > 0 && total != l.total
	l.total = total
	l.pages++
	before := len(l.members)
	for _, element := range decode.List(page["Items"]) {
		l.addMember(element)
	}
	begins := int64(l.pages) * membersPerPage // the next page
	return len(l.members) > before && (total < 0 || begins < total)
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
		m.Tags[i].TagKey, m.Tags[i].TagValue = l.words.Once(cutText(m.Tags[i].TagKey)), l.words.Once(cutText(m.Tags[i].TagValue))
	}
	l.members = append(l.members, m)
}

// worthAnotherReading says whether the pages contradict each other.
func (l *memberList) worthAnotherReading() bool {
	return !l.cut && !l.isTooLong && (l.moved || int64(len(l.members)) != l.total)
}

// betterThan prefers a list that adds up, then the longer one, then the newer.
func (l *memberList) betterThan(older *memberList) bool {
	return l.missingReason() == "" || len(l.members) >= len(older.members)
}

// missingReason says why a member may be missing; empty when none is.
func (l *memberList) missingReason() string {
	switch {
	case l.isTooLong:
		return "there are more members than are read"
	case l.cut:
		return "a page could not be read"
	case l.moved:
		return "the total moved"
	case l.total < 0:
		return "no total was announced"
	case l.lost > 0:
		return "an element of the list names no account"
	case int64(len(l.members)) != l.total:
		return "more or fewer members than announced"
	default:
		return ""
	}
}
