package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"licensewatch/license"
	"licensewatch/notify"
)

// TestDemoTellsEveryChat: each kind there is takes the message, and can be drawn.
func TestDemoTellsEveryChat(t *testing.T) {
	for _, scenario := range []string{"healthy", "everything-wrong"} {
		page := filepath.Join(t.TempDir(), "demo.html")
		code, out, errs := command(t, nil, "demo", "--channels", "all", "--scenario", scenario, "--html", page, "--at", "2026-11-22T09:07:00+08:00")
		if code != 0 {
			t.Fatalf("exit %d: %s", code, errs)
		}
		drawn, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range notify.ChannelKinds() {
			if title := kind.Title(license.English); !strings.Contains(out, "── "+title+" ·") || !strings.Contains(string(drawn), title) {
				t.Errorf("%s: %s is not shown in %s", scenario, title, out)
			}
		}
		if strings.Contains(out, "font color") || strings.Contains(out, "<at ") {
			t.Errorf("marks are left in %s", out)
		}
	}
}
