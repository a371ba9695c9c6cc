package life

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// newID gives the run's id to its first message, and to every other one an id
// that follows from that and from what it says.
func (box *outbox) newID(in Input, c messageContent) string {
	id, words := in.Base.ID, ""
	if in.IsOneOfMany {
		return box.partID(id)
	}
	for n := 0; id == "" || box.isTaken(id); n++ {
		if words == "" { // there may be thousands, and most runs write one message
			words = strings.Join(append(c.identityWords(), string(in.Mode), in.Slot), "\n")
		}
		sum := sha256.Sum256([]byte(in.Base.ID + "\n" + strconv.Itoa(n) + "\n" + words))
		id = hex.EncodeToString(sum[:3])
	}
	box.IDs[id] = in.Now
	return id
}

// partMark parts the id of a message about many accounts from the number of one of several
// parts that an account has of it, where it tells channels different things.
const partMark = "-"

// partID is the id of the account's next part of a message about many.
func (box *outbox) partID(id string) string {
	part := id
	for n := 2; slices.ContainsFunc(box.Outbox, func(m *pendingMessage) bool { return m.ID == part }); n++ {
		part = id + partMark + strconv.Itoa(n)
	}
	return part
}

// WholeID is the id of the message about many accounts that a message is a part of.
func WholeID(id string) string {
	whole, _, _ := strings.Cut(id, partMark)
	return whole
}

// partIDs are the ids of the parts of a message about many accounts that somebody is owed.
func (box *outbox) partIDs(whole string) (ids []string) {
	for _, m := range box.Outbox {
		if WholeID(m.ID) == whole {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

func (box *outbox) isTaken(id string) bool {
	_, given := box.IDs[id]
	return given || slices.ContainsFunc(box.Outbox, func(m *pendingMessage) bool { return m.ID == id })
}
