package fleet_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"licensewatch/fleet"
	"licensewatch/license"
)

// FuzzLoad: whatever a file holds, it is read without a panic; what is right can be used,
// every mistake has a place in the file, and none repeats what a variable holds.
func FuzzLoad(f *testing.F) {
	f.Add(design)
	f.Add(mine)
	f.Add(largeFile(3))
	for _, m := range append(append(wholeMistakes(), accountMistakes()...), routeMistakes()...) {
		f.Add(strings.Replace(mine, m.from, m.to, 1))
	}
	f.Fuzz(func(t *testing.T, text string) {
		loaded, err := fleet.Load("x", []byte(text), options())
		wrong, ok := errors.AsType[*fleet.Errors](err)
		if err != nil && (!ok || len(wrong.Problems) == 0) {
			t.Fatalf("%T without a problem", err)
		}
		checkPlaces(t, text, loaded, wrong)
		if err == nil {
			checkUsable(t, loaded)
		}
	})
}

func checkPlaces(t *testing.T, text string, loaded *fleet.Fleet, wrong *fleet.Errors) {
	t.Helper()
	problems := loaded.Warnings
	if wrong != nil {
		problems = append(problems, wrong.Problems...)
	}
	for _, a := range loaded.LeftOut {
		if len(a.Problems) == 0 {
			t.Errorf("line %d is left out without a reason", a.Line)
		}
		problems = append(problems, a.Problems...)
	}
	lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 2
	for _, p := range problems {
		if p.Line < 1 || p.Line > lines+strings.Count(text, "\u2028")+strings.Count(text, "\u2029")+strings.Count(text, "\u0085") || p.Column < 1 || p.Text == "" || !utf8.ValidString(p.Text) {
			t.Errorf("%+v", p)
		}
		for _, value := range environment() {
			if strings.Contains(p.Text, value) && !strings.Contains(text, value) {
				t.Errorf("%s repeats a secret", p)
			}
		}
	}
}

// checkUsable looks at what everybody relies on.
func checkUsable(t *testing.T, loaded *fleet.Fleet) {
	t.Helper()
	channels := map[string]bool{}
	for _, c := range loaded.Channels {
		channels[c.Name] = true
		if c.Kind == nil || c.Webhook.IsZero() {
			t.Errorf("channel %q cannot be told", c.Name)
		}
	}
	taken := map[string]bool{}
	for i := range loaded.Accounts {
		a := &loaded.Accounts[i]
		if a.Uin == "" || a.Name == "" || taken[a.Uin] || taken[a.Name] || a.Site != license.SiteCN && a.Site != license.SiteIntl {
			t.Errorf("%+v", a)
		}
		taken[a.Uin], taken[a.Name] = true, true
		if !a.Self && a.Role == "" && a.Keys == nil {
			t.Errorf("nobody knows how %s is read", a.Name)
		}
		told := loaded.ChannelsFor(a, fleet.Finding{Rule: "x", Severity: license.Critical})
		if len(told) == 0 {
			t.Errorf("nobody hears of %s", a.Name)
		}
		for _, name := range told {
			if !channels[name] {
				t.Errorf("%q hears of %s and is no channel", name, a.Name)
			}
		}
	}
}
