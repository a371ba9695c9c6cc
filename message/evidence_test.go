package message_test

import (
	"strings"
	"testing"

	"licensewatch/internal/scene"
	"licensewatch/license"
	"licensewatch/message"
)

// TestEvidenceNotices: a digest says how far the archive reaches, and since when it does not.
func TestEvidenceNotices(t *testing.T) {
	t.Parallel()
	head := license.Notice{Code: license.NoticeEvidence, Args: []string{"2026-11-20T17:07:00Z", "3f9a1c0b77e2"}}
	for name, test := range map[string]struct {
		notices []license.Notice
		en, zh  string
	}{
		"sealed":    {[]license.Notice{head}, "Evidence until Nov 21: 3f9a1c0b77e2", "存证截至11月21日：3f9a1c0b77e2"},
		"no reason": {[]license.Notice{{Code: license.NoticeNotArchived, Args: []string{"2026-11-20T17:07:00Z", "Odd"}}}, "Not archived since Nov 21: Odd.", "自11月21日起未能写入存证归档：Odd，"},
		"of accounts": {[]license.Notice{{Code: license.NoticeAccountsNotArchived, Args: []string{"2026-11-20T17:07:00Z", "Odd"}}},
			"Since Nov 21 not every account is archived: Odd.", "自11月21日起有账号未能写入存证归档：Odd，"},
		"a reason": {[]license.Notice{head, {Code: license.NoticeNotArchived, Args: []string{"2026-11-21T01:07:00Z", "NoSuchBucket"}}},
			"Not archived since Nov 21: NoSuchBucket (there is no such bucket: check LICENSEWATCH_ARCHIVE_URL).", "LICENSEWATCH_ARCHIVE_URL"},
		"odd facts": {[]license.Notice{{Code: license.NoticeEvidence, Args: []string{"yesterday\x1b[31m"}}}, "Evidence until n/a: n/a", "存证截至"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for language, want := range map[license.Language]string{license.English: test.en, license.Chinese: test.zh} {
				r := scene.OneWarning(language)
				r.Notices = test.notices
				var text strings.Builder
				if err := message.Terminal(&text, r, false); err != nil {
					t.Fatal(err)
				}
				if !strings.Contains(text.String(), want) {
					t.Errorf("want %q in\n%s", want, text.String())
				}
			}
		})
	}
}
