package main

import (
	"bytes"
	"errors"
	"strings"
	"testing"
)

// TestPrint: what is wrong on paper is found, and the pages are counted.
func TestPrint(t *testing.T) {
	needChromium(t)
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), []string{"print", "-most", "2", "testdata/paper/good.html"}, &out); err != nil ||
		out.String() != "testdata/paper/good.html: 2 printed pages\n" {
		t.Errorf("the error is %v:\n%s", err, &out)
	}
	out.Reset()
	if err := run(t.Context(), []string{"print", "-most", "1", "testdata/paper/cut.html"}, &out); !errors.Is(err, errFound) {
		t.Errorf("the error is %v", err)
	}
	for _, want := range []string{`a page break may go through <tr> "A row that may be cut"`, `<tr> "A row that is too high" is higher than a page`,
		`<thead> "Head" does not stand on every page`, "printed pages, 1 are the most"} {
		if !strings.Contains(out.String(), "testdata/paper/cut.html, on paper: ") || !strings.Contains(out.String(), want) {
			t.Errorf("not found: %s\n%s", want, &out)
		}
	}
	if strings.Contains(out.String(), "A row that is kept") {
		t.Errorf("what is kept is no problem:\n%s", &out)
	}
}
