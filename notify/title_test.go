package notify_test

import (
	"bytes"
	"testing"

	"licensewatch/license"
	"licensewatch/notify"
)

// TestHeadlineIsTheFirstLine: what a list of messages shows of a message is what
// stands above it.
func TestHeadlineIsTheFirstLine(t *testing.T) {
	t.Parallel()
	for name, scene := range scenes {
		for _, language := range languages {
			r := scene(language)
			var b bytes.Buffer
			if err := notify.Terminal(&b, r, false); err != nil {
				t.Fatal(err)
			}
			first, err := b.ReadString('\n')
			if err != nil || notify.Headline(r)+"\n" != first {
				t.Errorf("%s/%s: headline %q, first line %q (%v)", name, language, notify.Headline(r), first, err)
			}
		}
	}
	if got := notify.Headline(allWell(license.English)); got != "🟢 All security licenses are in order" {
		t.Errorf("headline %q", got)
	}
}
