package cos

import (
	"fmt"
	"net/http"
)

// answerObjectLock is the answer to GET Bucket ObjectLockConfiguration. What COS calls it when
// there is no configuration is not documented; this is what others that speak S3 say.
func (b *Bucket) answerObjectLock(w http.ResponseWriter, r *http.Request) {
	if !b.options.ObjectLock {
		newRefusal(http.StatusNotFound, "ObjectLockConfigurationNotFoundError",
			"Object Lock configuration does not exist for this bucket.").write(w, r)
		return
	}
	rule := ""
	if b.options.LockDays > 0 {
		rule = fmt.Sprintf("<Rule><DefaultRetention><Mode>COMPLIANCE</Mode><Days>%d</Days></DefaultRetention></Rule>",
			b.options.LockDays)
	}
	w.Header().Set("Content-Type", "application/xml")
	_, _ = fmt.Fprintf(w, "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled>%s</ObjectLockConfiguration>", rule)
}
