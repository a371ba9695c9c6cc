package diagnosis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"licensewatch/state"
)

// seeRetention looks at what keeps the archive's records from being changed or deleted, as far
// as that can be seen. It is never a failure: runs seal all the same.
func seeRetention(ctx context.Context, url string, options state.Options) outcome {
	say := func(status Status, text, fix string) outcome {
		return outcome{Check: Check{Status: status, Text: text, Fix: fix}}
	}
	a, err := state.OpenArchive(url, ArchiveSetting, time.Time{}, options)
	if err != nil {
		return say(Skipped, "not tried: the archive's URL cannot be used", "")
	}
	const setOne = "where the account may use object lock, enable it for the bucket and set a default retention; else deny cos:DeleteObject and cos:PutObject without x-cos-forbid-overwrite there to everybody"
	found, _, err := state.SeeRetention(ctx, a)
	refusal, isRefused := errors.AsType[*state.Error](err)
	switch {
	case isRefused && refusal.Code == "AccessDenied":
		return say(Warning, "the bucket's retention cannot be seen with these keys",
			"look into the console; the permission that shows it is probably "+state.RetentionAction+
				" (which runs do not need)")
	case err != nil:
		return say(Skipped, "not known: "+err.Error(), "")
	case !found.Enabled:
		return say(Warning, "the bucket has no object lock: who may delete in it can delete records, which verify finds out", setOne)
	case found.Days == 0:
		return say(Warning, "the bucket has an object lock, and no default retention: records are not locked",
			"set a default retention for the bucket")
	default:
		return say(OK, fmt.Sprintf("each record is locked for %d days", found.Days), "")
	}
}
