package terminal_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"licensewatch/cmd/licensewatch/internal/terminal"
	"licensewatch/internal/text"
)

// hostile is a name that holds what no name should.
const hostile = "a\x1b[2J\x00b\u009bc\u202ed\u2066e\u200bf\ufeffg\r\nFAKE\tline\xffh\u3164\U000e0041\U0010ffff"

func TestSafe(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                              "",
		"17 个授权 · ok":                   "17 个授权 · ok",
		"\x1b[2Jgone\r\n\tx\x7f\u0085y": " [2Jgone   x  y",
		"a\u202eb\u2066c":               "a b c",
		"a\u200bb\ufeffc\u3164d":        "a b c d",
		"a\xffb":                        "a\ufffdb",
	} {
		if got := terminal.Safe(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestSprintf(t *testing.T) {
	t.Parallel()
	painted := terminal.Sprintf("\x1b[1m%s\x1b[0m", "a\x1bb")
	if painted != "\x1b[1ma b\x1b[0m" {
		t.Errorf("painted: %q", painted)
	}
	type named string
	got := terminal.Sprintf("%s|%-6s|%v|%q|%*d|%d|%5.1f|%s|%v\n", painted, named("x\ny"), errors.New("e\u009b"), "q\u202e\n", 4, 7, int64(8), 2.5,
		[]string{"l\x1b"}, struct{ A any }{"s\u200b"})
	if want := terminal.Styled("\x1b[1ma b\x1b[0m|x y   |e |\"q\\u202e\\n\"|   7|8|  2.5|[l ]|{s }\n"); got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got := terminal.Lines([]string{"a\nb", "c\x1b"}); got != "a b\nc " {
		t.Errorf("lines: %q", got)
	}
}

// TestJSON: what is written steers nothing, and means what it meant.
func TestJSON(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	if err := terminal.JSON(&out, map[string]string{hostile: hostile, "plain": "<a & 中文>"}); err != nil {
		t.Fatal(err)
	}
	for _, r := range out.String() {
		if r != '\n' && text.IsHidden(r) {
			t.Errorf("%U in %q", r, out.String())
		}
	}
	var back map[string]string
	if err := json.Unmarshal([]byte(out.String()), &back); err != nil {
		t.Fatal(err)
	}
	valid := strings.ToValidUTF8(hostile, "\ufffd")
	if back[valid] != valid || !strings.Contains(out.String(), `"plain": "<a & 中文>"`) {
		t.Errorf("it reads as %q", back)
	}
	if err := terminal.JSON(&out, func() {}); err == nil {
		t.Error("a function passes for JSON")
	}
}

func TestJSONLog(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	line := "{\"a\":\"\u009b\U000e0041\"}\n"
	if n, err := terminal.JSONLog(&out).Write([]byte(line)); n != len(line) || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if want := `{"a":"\u009b\udb40\udc41"}` + "\n"; out.String() != want {
		t.Errorf("%q, want %q", out.String(), want)
	}
	if _, err := terminal.JSONLog(full{}).Write([]byte(line)); err == nil {
		t.Error("a lost line is none")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

// TestJSONStream: part by part, it is the document that JSON writes.
func TestJSONStream(t *testing.T) {
	t.Parallel()
	type inner struct {
		A string `json:"a"`
		B []int  `json:"b"`
	}
	values := []inner{{hostile, nil}, {"<&>", []int{1, 2}}}
	var whole, parts strings.Builder
	if err := terminal.JSON(&whole, map[string]any{"a": "x", "empty": []int{}, "list": values, "z": map[string]int{}}); err != nil {
		t.Fatal(err)
	}
	stream := terminal.NewJSONStream(&parts)
	stream.Open("", "{")
	stream.Value("a", "x")
	stream.Open("empty", "[")
	stream.Close("]")
	stream.Open("list", "[")
	for _, value := range values {
		stream.Value("", value)
	}
	stream.Close("]")
	stream.Value("z", map[string]int{})
	stream.Close("}")
	if stream.Err() != nil || parts.String() != whole.String() {
		t.Errorf("%v: %s\nwant %s", stream.Err(), parts.String(), whole.String())
	}
	for _, v := range []any{func() {}, "x"} {
		broken := terminal.NewJSONStream(full{})
		broken.Value("", v)
		if broken.Value("", 1); broken.Err() == nil {
			t.Error("what was lost is no error")
		}
	}
}
