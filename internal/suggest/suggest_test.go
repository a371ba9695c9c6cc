package suggest_test

import (
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
