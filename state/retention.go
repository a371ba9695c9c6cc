package state

import (
	"context"
	"errors"
	"net/http"
	"strconv"
)

// Retention is what keeps the objects of a bucket from being changed or deleted: its object
// lock, with the default period of objects that bring none of their own.
type Retention struct {
	Enabled bool
	Days    int // of the default period; 0: there is none
}

// RetentionAction is what the permission to see the retention is probably called; COS's list of
// actions was not at hand to look it up.
const RetentionAction = "cos:GetBucketObjectLockConfiguration"

// SeeRetention looks at the retention of an archive's bucket (GET Bucket
// ObjectLockConfiguration). isBucket is false for an archive in a directory, which has none.
func SeeRetention(ctx context.Context, a Archive) (r Retention, isBucket bool, err error) {
	s, isBucket := a.(*cosStore)
	if !isBucket {
		return r, false, nil
	}
	var page []byte
	err = s.caller.callStore(ctx, opList, "", func(ctx context.Context) (err error) {
		page, err = s.tryOnce(ctx, cosOperation{op: opList, method: http.MethodGet, action: RetentionAction,
			query: map[string]string{"object-lock": ""}})
		return err
	})
	refusal, ok := errors.AsType[*Error](err)
	if ok && refusal.HTTPStatus == http.StatusNotFound && refusal.Code != "NoSuchBucket" {
		return r, true, nil // it was never configured; how COS calls that is not documented
	}
	if err != nil {
		return r, true, err
	}
	r.Enabled = xmlElement(page, "ObjectLockEnabled") == "Enabled"
	r.Days, _ = strconv.Atoi(xmlElement(page, "Days")) // absent: no default period
	return r, true, nil
}
