package account

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"licensewatch/config"
	"licensewatch/tencent"
)

// Role is how an account is reached that trusts another one: its keys are those of a role,
// which is assumed when the account is read. They are kept as long as the Role is, which is
// for one run, and nowhere else. It is safe side by side.
type Role struct {
	caller     *tencent.RoleCaller
	arn        string
	session    string
	externalID config.Secret

	assuming chan struct{} // holds one while the role is assumed
	refused  error         // for good
	keys     atomic.Pointer[tencent.TemporaryKeys]
}

// NewRole is the role of that ARN (qcs::cam::uin/100000000001:roleName/licensewatch-reader).
// The accounts of a run that are reached with the same keys share a caller. session is what
// the account's audit shows; tencent.SessionName makes one of any text. externalID is what
// the role's trust asks for; zero where it asks for none.
func NewRole(caller *tencent.RoleCaller, arn, session string, externalID config.Secret) *Role {
	return &Role{caller: caller, arn: arn, session: session, externalID: externalID, assuming: make(chan struct{}, 1)}
}

// leastLife is how long keys must be good for yet, to be used.
const leastLife = time.Minute

// errNotAssumed is a client that is used before its role was assumed.
var errNotAssumed = errors.New("the role of this account was not assumed")

// Assume assumes the role, once: it does nothing where there are keys that are good for a
// while, and a refusal that is for good is not asked for again. The error is an
// *tencent.APIError.
func (r *Role) Assume(ctx context.Context) error {
	select {
	case r.assuming <- struct{}{}:
	case <-ctx.Done():
		_, err := r.ask(ctx) // which says that the time is up
		return err
	}
	defer func() { <-r.assuming }()
	if keys := r.keys.Load(); keys != nil && time.Until(keys.Expires()) > leastLife {
		return nil
	}
	if r.refused != nil {
		return r.refused
	}
	keys, err := r.ask(ctx)
	if err != nil {
		if failed, ok := errors.AsType[*tencent.APIError](err); ok && !failed.Retryable {
			r.refused = err
		}
		return err
	}
	r.keys.Store(&keys)
	return nil
}

func (r *Role) ask(ctx context.Context) (tencent.TemporaryKeys, error) {
	return r.caller.AssumeRole(ctx, tencent.Role{ARN: r.arn, Session: r.session, ExternalID: r.externalID.Reveal()})
}

// credentials are the keys, for who asks at every try.
func (r *Role) credentials() (id, key, token string, err error) {
	keys := r.keys.Load()
	if keys == nil {
		return "", "", "", errNotAssumed
	}
	id, key, token = keys.Reveal()
	return id, key, token, nil
}

// PermanentKeys are an account's own keys as Options.Credentials.
func PermanentKeys(id, key config.Secret) func() (id, key, token string, err error) {
	return func() (string, string, string, error) { return id.Reveal(), key.Reveal(), "", nil }
}
