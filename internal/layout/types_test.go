package layout_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// mostFiles is in how many files the methods of a type may lie.
const mostFiles = 4

// manyFiles are the types that may have more: the API client, with a file for each API, and
// what explains, with a file for each section of the page.
var manyFiles = map[string]bool{"tencent.Client": true, "cmd/licensewatch/internal/explanation.explainer": true}

// TestTypesLieTogether: whoever reads a type finds its methods in a few files. One that grows
// beyond them is several, which know each only what they need.
func TestTypesLieTogether(t *testing.T) {
	t.Parallel()
	files := map[string]map[string]bool{}
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == "tools" || strings.HasPrefix(entry.Name(), ".git")):
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, declared := range parsed.Decls {
			f, ok := declared.(*ast.FuncDecl)
			if !ok || f.Recv == nil {
				continue
			}
			folder, _ := filepath.Rel(root, filepath.Dir(path))
			name := folder + "." + receiverName(f.Recv.List[0].Type)
			if files[name] == nil {
				files[name] = map[string]bool{}
			}
			files[name][filepath.Base(path)] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files["handler.run"]) == 0 {
		t.Error("no methods were found")
	}
	for name, in := range files {
		if len(in) > mostFiles && !manyFiles[name] {
			t.Errorf("%s has methods in %d files, and may in %d: give parts of it types of their own", name, len(in), mostFiles)
		}
	}
}

// receiverName is the name of a receiver's type.
func receiverName(of ast.Expr) string {
	switch of := of.(type) {
	case *ast.StarExpr:
		return receiverName(of.X)
	case *ast.IndexExpr:
		return receiverName(of.X)
	case *ast.Ident:
		return of.Name
	default:
		return "?"
	}
}
