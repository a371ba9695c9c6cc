package layout_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	listedFile = regexp.MustCompile(`(?m)^//\t[a-z_]+\.go `)
	namedFile  = regexp.MustCompile(`\b[a-z_]+\.go\b`)
)

// TestFileLists: a package comment that lists the package's files lists all of them, and no other.
// Whoever looks for something begins there.
func TestFileLists(t *testing.T) {
	t.Parallel()
	lists := 0
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".git")):
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		source, err := os.ReadFile(path) //nolint:gosec // a file of the repository
		if err != nil {
			return err
		}
		comment, _, _ := strings.Cut(string(source), "\npackage ")
		if !listedFile.MatchString(comment) {
			return nil
		}
		lists++
		files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.go"))
		if err != nil {
			return err
		}
		named := append(namedFile.FindAllString(comment, -1), "doc.go")
		for i, file := range files {
			files[i] = filepath.Base(file)
			if !slices.Contains(named, files[i]) && !strings.HasSuffix(file, "_test.go") {
				t.Errorf("%s: the list of its files lacks %s", path, files[i])
			}
		}
		for _, name := range named {
			if name != "doc.go" && !slices.Contains(files, name) {
				t.Errorf("%s: there is no file %s", path, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if lists == 0 {
		t.Error("no list was found")
	}
}
