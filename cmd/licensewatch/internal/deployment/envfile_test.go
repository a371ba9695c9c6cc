package deployment_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/cmd/licensewatch/internal/deployment"
)

func TestParseEnv(t *testing.T) {
	t.Parallel()
	file := deployment.ParseEnv(".env", []byte("\ufeff# a comment\n\n  A=1 # one\nexport B='x ? & = # $y'\nC=\"two words\" # don’t\nD=\n  E=a#b?c=d\nF='' # nothing"))
	if len(file.Mistakes) > 0 {
		t.Fatalf("%s", lines(file.Mistakes))
	}
	type entry struct {
		Name, Value  string
		Line, Column int
	}
	var got []entry
	for _, e := range file.Entries {
		got = append(got, entry{e.Name, e.Value, e.Line, e.Column})
	}
	want := []entry{
		{"A", "1", 3, 5}, {"B", "x ? & = # $y", 4, 10}, {"C", "two words", 5, 3},
		{"D", "", 6, 3}, {"E", "a#b?c=d", 7, 5}, {"F", "", 8, 3},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestEnvMistakes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"A":                          ".env:1:1: the line sets nothing: write NAME='value'",
		"A = secret":                 ".env:1:2: A: has white space beside the =",
		"A= secret":                  ".env:1:2: A: has white space beside the =",
		"2A=secret":                  ".env:1:1: the line does not begin with a name",
		"x y=secret":                 ".env:1:1: the line does not begin with a name",
		"A=https://h/?key=secret&b=": ".env:1:3: A: holds a character that a shell reads in its own way: put single quotes",
		"A_WEBHOOK_URL=https://h/secret1;https://h/secret2":   ".env:1:15: A_WEBHOOK_URL: holds two URLs joined by \";\": write a comma (,) between two URLs, and single quotes around all: NAME='first,second'",
		"A_WEBHOOK_URL=https://h/secret1 https://h/secret2":   ".env:1:15: A_WEBHOOK_URL: holds two URLs with white space between them: write a comma (,) between two URLs, and single",
		"A_WEBHOOK_URL='https://h/secret1'|https://h/secret2": ".env:1:15: A_WEBHOOK_URL: holds two URLs joined by \"|\": write a comma",
		"A_WEBHOOK_URL=https://h/?a=https://h/secret&b":       ".env:1:15: A_WEBHOOK_URL: holds a character that a shell reads in its own way: put single quotes",
		"A=$secret":                ".env:1:3: A: holds a character that a shell reads in its own way",
		"A='secret":                ".env:1:3: A: begins with ' and does not end with it",
		"A='secret'x":              ".env:1:3: A: goes on behind the closing '",
		"A=\"$secret\"":            ".env:1:3: A: holds $, a backquote or a backslash in double quotes",
		"A=1\nA=secret":            ".env:2:1: A: stands here twice, first in line 1",
		"A=1\r\nB=secret\r\n":      ".env:1:4: the lines end as on Windows",
		"A=‘secret’":               ".env:1:3: A: holds a typographic quotation mark",
		"A=secret\n\xff":           ".env:1:1: the file is not UTF-8",
		"{\n1\n2\n3\n4\nsecret\n}": ".env:1:1: no line of the file is a NAME='value'",
		"ä=secret":                 ".env:1:1: the line does not begin with a name",
	} {
		file := deployment.ParseEnv(".env", []byte(text))
		got := lines(file.Mistakes)
		if len(got) != 1 || !strings.HasPrefix(got[0], want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if strings.Contains(strings.Join(got, ""), "secret") {
			t.Errorf("%q: a value is shown: %q", text, got)
		}
	}
}

func FuzzParseEnv(f *testing.F) {
	for _, seed := range []string{"A=1", "export A='x'", "A = 1", "A='x\nB=\"\"", "\r\n=\r", "#", "ü='", "\ufeffA=b #c"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file := deployment.ParseEnv(".env", data)
		for _, m := range file.Mistakes {
			if m.Line < 1 || m.Column < 1 || m.Text == "" {
				t.Errorf("%+v", m)
			}
		}
		for _, e := range file.Entries {
			if e.Name == "" || strings.ContainsAny(e.Value, "\n") {
				t.Errorf("%+v", e)
			}
		}
	})
}
