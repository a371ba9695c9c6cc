package handler

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"

	"licensewatch/config"
	"licensewatch/life"
)

// Whose memory it is, and where the channels lead that it speaks of.

// otherOwner is the code of a memory that is another account's.
const otherOwner = "OtherOwner"

// OwnerError says that the memory is that of another account or site. It is left as
// it is.
type OwnerError struct{ Owner life.Owner }

// Error says of LICENSEWATCH_STATE_URL whose it is, and what to do.
func (e *OwnerError) Error() string {
	return "leads to the memory of " + e.Owner.String() + ", which is left alone: give each account a prefix of its own"
}

// CheckOwner says whether a run of this owner may use the ledger; the error is an
// *OwnerError.
func CheckOwner(ledger *life.Ledger, own life.Owner) error {
	if owner := ledger.Owner(); owner.IsOther(own) {
		return &OwnerError{owner}
	}
	return nil
}

// enter makes the ledger that was read, or begun, that of the run.
func (m *memory) enter() error {
	own := m.run.whose()
	if err := CheckOwner(m.ledger, own); err != nil {
		m.ledger = life.New()
		return err
	}
	m.ledger.Own(own)
	if !m.run.mistaken { // else some channels may be left out, and the others in their places
		BindChannels(m.ledger, m.run.config, m.run.now())
	}
	return nil
}

// isOthers looks whether the memory whose claim another run holds is another
// account's: it is no use to wait for that.
func (m *memory) isOthers(ctx context.Context) error {
	data, err := m.store.Get(ctx, m.name)
	if err == nil {
		if ledger, err := m.decoded(ctx, data); err == nil {
			return CheckOwner(ledger, m.run.whose())
		}
	}
	return nil // the claim is all that is known
}

// whose is the site and the account of the run, as far as they are known: a site that
// is misspelled is not.
func (r *run) whose() life.Owner {
	own := life.Owner{Site: r.config.Site, Account: r.host.TencentcloudUin}
	if r.mistaken {
		own.Site = ""
	}
	return own
}

// BindChannels tells the ledger where the channels of the settings lead, so that it
// speaks of them by the names that ChannelNames gives.
func BindChannels(ledger *life.Ledger, c config.Config, now time.Time) {
	key := ledger.Key(newNonce())
	channels := make([]life.Channel, len(c.Channels))
	for i, channel := range c.Channels {
		// From the hash the webhook can be neither guessed nor tested without the key.
		hash := hmac.New(sha256.New, []byte(key))
		_, _ = io.WriteString(hash, channel.Kind.Name+config.Destination(channel.Kind, channel.Webhook))
		channels[i] = life.Channel{Name: channel.Name, ID: hex.EncodeToString(hash.Sum(nil)[:6])}
	}
	ledger.Bind(channels, now)
}
