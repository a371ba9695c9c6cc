package message_test

import (
	"bytes"
	"testing"

	"licensewatch/internal/scene"
	"licensewatch/license"
	"licensewatch/message"
)

// TestHeadlineIsTheFirstLine: what a list of messages shows of a message is what
// stands above it.
func TestHeadlineIsTheFirstLine(t *testing.T) {
	t.Parallel()
	for name, report := range scene.All {
		for _, language := range scene.Languages {
			r := report(language)
			var b bytes.Buffer
			if err := message.Terminal(&b, r, false); err != nil {
				t.Fatal(err)
			}
			first, err := b.ReadString('\n')
			if err != nil || message.Headline(r)+"\n" != first {
				t.Errorf("%s/%s: headline %q, first line %q (%v)", name, language, message.Headline(r), first, err)
			}
		}
	}
	if got := message.Headline(scene.AllWell(license.English)); got != "🟢 All security licenses are in order" {
		t.Errorf("headline %q", got)
	}
}
