package smallfile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"licensewatch/internal/smallfile"
)

func TestRead(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "secret-name")
	for text, want := range map[string]string{"": "", "four": "four", "five!": "five!", "much more": "much "} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := smallfile.Read(name, 4); string(got) != want || err != nil {
			t.Errorf("%q: %q, %v, want %q", text, got, err, want)
		}
	}
	for _, unreadable := range []string{name + "-not-there", filepath.Dir(name)} {
		if _, err := smallfile.Read(unreadable, 4); err == nil || strings.Contains(err.Error(), "/") {
			t.Errorf("%v, want an error without the name", err)
		}
	}
	if _, err := smallfile.Read(name+"-not-there", 4); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want fs.ErrNotExist", err)
	}
}
