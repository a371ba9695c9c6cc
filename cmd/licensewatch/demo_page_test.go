package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestDemoPage(t *testing.T) {
	for _, language := range []string{"en", "zh"} {
		t.Run(language, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), "demo.html")
			if err := os.WriteFile(name, []byte(strings.Repeat("what was there before ", 5000)), 0o600); err != nil {
				t.Fatal(err)
			}
			code, out, errs := command(t, nil, "demo", "--scenario", "everything-wrong", "--language", language, "--html", name)
			if code != exitFine || errs != "" {
				t.Fatalf("exit %d: %s", code, errs)
			}
			wantIn(t, "output", out, "── Slack · ", "open "+name+" in a browser")
			written, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, "demo-"+language+".html", maskedPage(string(written)))
			picture := map[string]string{"en": "What ends in the next twelve months", "zh": "未来十二个月的到期时间"}[language]
			wantIn(t, "picture", string(written), `<title id="timeline-t">`+picture+`</title>`, ">cwp-aaaa</text>")
		})
	}
}

// maskedPage takes out what differs from run to run, and the style and the picture, which the
// tests of their packages look after.
func maskedPage(text string) string {
	text = regexp.MustCompile(`(?s)<div class="picture">.*</div>`).ReplaceAllString(text, "<div></div>")
	text = regexp.MustCompile(`(?s)<style>.*</style>`).ReplaceAllString(text, "<style></style>")
	text = regexp.MustCompile(`sha256-.*?&#39;`).ReplaceAllString(text, "sha256-…")
	return regexp.MustCompile(`elapsed_ms&#34;: \d+`).ReplaceAllString(text, "elapsed_ms&#34;: 0")
}

func TestDemoPageOfAQuietAlert(t *testing.T) {
	name := filepath.Join(t.TempDir(), "demo.html")
	if code, _, errs := command(t, nil, "demo", "--scenario", "healthy", "--mode", "alert", "--html", name); code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	written, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	wantIn(t, "page", string(written), "Nothing was posted.", "nothing is due")
}

func TestDemoAtATime(t *testing.T) {
	code, out, errs := command(t, nil, "demo", "--at", "2027-02-03T20:30:00Z")
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantIn(t, "output", out, "Feb 4, 04:30 (UTC+8)", "ends in 12 days")
}

func TestDemoWritesNowhere(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		args []string
		want []string
	}{
		"a directory":         {[]string{"--html", dir}, []string{"--html " + dir + ": that is a directory", dir + "/demo.html"}},
		"no such directory":   {[]string{"--html", dir + "/gone/demo.html"}, []string{"--html " + dir + "/gone/demo.html: no such file or directory", "a directory that exists"}},
		"a file in its place": {[]string{"--html", file + "/demo.html"}, []string{"not a directory", "a directory that exists"}},
		"an empty name":       {[]string{"--html="}, []string{"--html is given, but empty"}},
		"no zone":             {[]string{"--at", "2027-02-03 20:30"}, []string{`--at "2027-02-03 20:30"`, "2026-11-22T09:07:00+08:00"}},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := command(t, nil, append([]string{"demo"}, test.args...)...)
			if code != exitUsage || out != "" {
				t.Errorf("exit %d, output:\n%s", code, out)
			}
			wantIn(t, "error", errs, test.want...)
		})
	}
}
