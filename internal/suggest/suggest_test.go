package suggest_test

import (
	"slices"
	"strings"
	"testing"

	"licensewatch/internal/suggest"
)

func TestDidYouMean(t *testing.T) {
	t.Parallel()
	fields := []string{"LicenseCnt", "NearExpiryLicenseCnt", "State", "SubState"}
	for word, want := range map[string]string{
		"NearExpiryLicenceCount":  "; did you mean NearExpiryLicenseCnt?",
		"licensecnt":              "; did you mean LicenseCnt?",
		"Sate":                    "; did you mean State?",
		"Satte":                   "; did you mean State?",
		"Near":                    "; did you mean NearExpiryLicenseCnt?",
		"Ne":                      "",
		"":                        "",
		"S":                       "",
		"Frobnication":            "",
		"许可":                      "",
		strings.Repeat("x", 5000): "",
	} {
		if got := suggest.DidYouMean(word, fields); got != want {
			t.Errorf("%.20q: %q, want %q", word, got, want)
		}
	}
}

func TestFieldsLike(t *testing.T) {
	t.Parallel()
	known := []string{"cwp.UsedLicenseCnt", "cwp.NotExpiredLicenseCnt", "tcss.AllCoresCnt"}
	for field, want := range map[string][]string{
		"licensecnt":      known[:2], // wherever it stands, in letters of any size
		"tcss.LicenseCnt": known[:2], // of another section
		"cwp.Machines":    known[:2], // of none: the section's
		"CWP.x":           known[:2],
		"cnt":             nil, // which is in everything
		"xxx.Machines":    nil,
	} {
		if got := suggest.FieldsLike(field, known); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", field, got, want)
		}
	}
}
