package main

import (
	"bytes"
	"errors"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCheck: a check that finds nothing is worth something only if it finds
// what there is.
func TestCheck(t *testing.T) {
	needChromium(t)
	t.Parallel()
	by := complaintsBy(t)
	for name, want := range map[string][]string{
		"good":      nil,
		"wide":      {"360 px, light: the page is ", " px wide, the screen has 360 px", `the text of <p> "wwww`},
		"cut":       {`1280 px, light: <p> "A text that is longer than its box." is cut off`},
		"low":       {`<p> "A text that ishigher than its box." is cut off`},
		"folded":    {`the text of <p> "pale" has a contrast of 1.92`},
		"pale":      {`the text of <p> "A text of little contrast." has a contrast of 3.54, 4.5 is needed`},
		"faded":     {`"A text that one can see through." has a contrast of 3.9`},
		"dark":      {`1280 px, dark: the text of <p> "A text that vanishes at night." has a contrast of 1.16`},
		"noisy":     {"console.error"},
		"broken":    {"a script fails: Uncaught ReferenceError: nothing is not defined"},
		"hungry":    {"the page asks for file://", "gone.png"},
		"forbidden": {"console: ", "Content Security Policy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			found := strings.Join(by[name], "\n")
			if (found != "") != (want != nil) {
				t.Errorf("%d complaints:\n%s", len(by[name]), found)
			}
			for _, part := range want {
				if !strings.Contains(found, part) {
					t.Errorf("not found: %s\n%s", part, found)
				}
			}
			if name == "dark" && strings.Contains(found, "light") {
				t.Errorf("by day nothing is wrong:\n%s", found)
			}
		})
	}
}

// complaintsBy checks the pages of testdata, and gives what was found by page.
func complaintsBy(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.html")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d pages: %v", len(files), err)
	}
	var out bytes.Buffer
	if err := run(t.Context(), append([]string{"check"}, files...), &out); !errors.Is(err, errFound) {
		t.Fatalf("the error is %v", err)
	}
	by := map[string][]string{}
	for line := range strings.Lines(out.String()) {
		file, _, _ := strings.Cut(line, ", ")
		name := strings.TrimSuffix(filepath.Base(file), ".html")
		by[name] = append(by[name], strings.TrimSpace(line))
	}
	return by
}

func TestCheckIsContent(t *testing.T) {
	needChromium(t)
	t.Parallel()
	var out bytes.Buffer
	err := run(t.Context(), []string{"check", "testdata/good.html"}, &out)
	if err != nil || out.String() != "1 pages in 4 views: nothing to complain of\n" {
		t.Errorf("the error is %v:\n%s", err, out.String())
	}
}

func TestShot(t *testing.T) {
	needChromium(t)
	t.Parallel()
	file := filepath.Join(t.TempDir(), "good.png")
	var pictures [2][]byte
	for i := range pictures {
		if err := run(t.Context(), []string{"shot", "-width", "500", "-dark", "testdata/good.html", file}, nil); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		pictures[i] = data
	}
	picture, err := png.Decode(bytes.NewReader(pictures[0]))
	if err != nil {
		t.Fatal(err)
	}
	if r, _, _, _ := picture.At(0, 0).RGBA(); picture.Bounds().Dx() != 500 || r>>8 != 0x11 {
		t.Errorf("the picture is %v, its corner %v", picture.Bounds(), picture.At(0, 0))
	}
	if !bytes.Equal(pictures[0], pictures[1]) {
		t.Error("the same page gives two pictures")
	}
}

func TestWrongUse(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"":                              "usage:",
		"which not":                     "usage:",
		"check":                         "usage:",
		"look page.html":                "usage:",
		"shot testdata/good.html":       "a file to write",
		"shot -width x a.html b.png":    "invalid value",
		"check testdata/not-there.html": "not-there.html",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			if strings.Contains(line, "not-there") {
				needChromium(t)
			}
			err := run(t.Context(), strings.Fields(line), &bytes.Buffer{})
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("the error is %v, want %s", err, want)
			}
		})
	}
}

func needChromium(t *testing.T) {
	t.Helper()
	if _, err := find(); err != nil {
		t.Skip(err)
	}
}
