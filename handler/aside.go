package handler

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log/slog"
	"strings"
	"time"
)

// Ledgers that could not be read are kept for people, for a while. A store cannot
// be listed, and the ledger that should know of them is the one that gets lost, so
// a list of them lies beside them. It is read and written when a ledger is put
// there, and when the ledger says that it is time to remove some.

const (
	asideList = "aside/list.json"
	// asideLife is how long such a ledger is kept, and mostAside how many of them.
	asideLife = 30 * 24 * time.Hour
	mostAside = 10
	// asidePause is the least time between two looks at the list.
	asidePause = 24 * time.Hour
)

// aside is a ledger that was kept.
type aside struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
} // the list has the oldest first

// keepAside keeps the bytes of a ledger that cannot be read.
func (m *memory) keepAside(ctx context.Context, data []byte, reason error) error {
	sum := sha256.Sum256(data)
	name := asideName + hex.EncodeToString(sum[:6])
	m.tellAside(ctx, name, reason)
	if err := m.store.Put(ctx, name, data); err != nil {
		return err
	}
	m.listAside(ctx, name)
	return nil
}

// tellAside sees to it that the loss is told, in the first message there is.
func (m *memory) tellAside(ctx context.Context, name string, reason error) {
	m.ledger.KeepAside(name)
	m.run.logger.LogAttrs(ctx, slog.LevelError, "the ledger cannot be read; it is kept aside, and begun anew",
		slog.String("aside", name), slog.String("reason", reason.Error()))
}

// clearAside removes what has been kept long enough, when its time has come.
func (m *memory) clearAside(ctx context.Context) {
	if m.works() && m.claimed && m.ledger.ClearsAside(m.run.now()) {
		ctx, cancel := m.held(ctx)
		defer cancel()
		m.listAside(ctx, "")
	}
}

// listAside brings the list up to date: it enters a ledger that was kept just now,
// unless the name is empty, and removes those that are too old or too many. What
// the store refuses here costs no memory; it is tried again on another day.
func (m *memory) listAside(ctx context.Context, added string) {
	now := m.run.now()
	var list, kept []aside
	if data, err := m.store.Get(ctx, asideList); err == nil {
		_ = json.Unmarshal(data, &list) // one that cannot be read is begun anew
	}
	list = append(list, aside{added, now.UTC()})
	for i, a := range list {
		switch {
		case !strings.HasPrefix(a.Name, asideName) || a.Name == added && i+1 < len(list):
		case i < len(list)-mostAside || now.Sub(a.At) >= asideLife:
			if m.store.Delete(ctx, a.Name) != nil {
				kept = append(kept, a)
			}
		default:
			kept = append(kept, a)
		}
	}
	if data, err := json.Marshal(kept); err == nil {
		_ = m.store.Put(ctx, asideList, data)
	}
	var next time.Time
	if len(kept) > 0 {
		next = now.Add(max(asidePause, kept[0].At.Add(asideLife).Sub(now)))
	}
	m.ledger.ClearAsideAt(next)
}
