// Package layout_test keeps the imports running one way:
//
//	main, cmd -> handler -> {account -> tencent, session -> life, state; setup -> rules; config -> notify -> message} -> license
//
// config asks notify about the kinds of channels.
//
// It asks the go command what every package really imports, so a new package
// without a rule here fails too.
package layout_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "licensewatch"

// layout says which packages of ours each package may import, apart from those
// below itself. A rule holds for the packages below it too, unless they have
// their own. Tests are bound by tests instead.
var layout = map[string]struct{ imports, tests []string }{
	"license":            {nil, nil},
	"internal/retry":     {nil, nil},
	"internal/proxy":     {nil, nil},
	"internal/neterr":    {[]string{"internal/proxy"}, nil},
	"internal/suggest":   {nil, nil},
	"internal/text":      {nil, nil},
	"internal/hostname":  {nil, nil},
	"internal/instant":   {nil, nil},
	"internal/smallfile": {nil, nil},
	"internal/yamlnode":  {[]string{"internal/suggest"}, nil},
	"config":             {[]string{"license", "notify", "internal/hostname", "internal/suggest"}, nil},
	"fleet":              {[]string{"license", "config", "notify", "internal/suggest", "internal/text", "internal/yamlnode"}, []string{"internal/proof"}},
	"rules":              {[]string{"license", "internal/suggest", "internal/yamlnode"}, nil},
	"message":            {[]string{"license", "internal/text"}, []string{"internal/scene"}},
	"notify":             {[]string{"license", "message", "internal/neterr", "internal/proxy", "internal/retry", "internal/text"}, []string{"internal/simulator", "internal/scene"}},
	"tencent":            {[]string{"license", "internal/hostname", "internal/neterr", "internal/proxy", "internal/retry", "internal/text"}, []string{"internal/simulator"}},
	"state":              {[]string{"license", "internal/hostname", "internal/neterr", "internal/proxy", "internal/retry", "internal/text"}, []string{"internal/simulator"}},
	"archive":            {nil, []string{"internal/proof"}},
	"forecast":           {nil, nil},
	"report":             {[]string{"license", "forecast", "internal/text"}, nil},
	"report/records":     {[]string{"archive", "ledgers", "license", "report", "internal/guard"}, []string{"state"}},
	"ledgers":            {[]string{"license", "life"}, []string{"rules"}},
	"session":            {[]string{"config", "ledgers", "life", "state", "internal/guard", "internal/instant", "internal/retry"}, nil},
	"account":            {[]string{"license", "config", "tencent", "internal/guard"}, []string{"internal/simulator"}},
	"setup":              {[]string{"config", "fleet", "rules", "state", "internal/smallfile"}, []string{"license", "internal/simulator"}},
	"internal/guard":     {nil, nil},
	"handler":            {[]string{"license", "forecast", "internal/proxy", "internal/retry", "config", "rules", "life", "message", "notify", "tencent", "state", "archive", "report", "report/records", "fleet", "ledgers", "session", "account", "setup", "internal/download", "internal/guard", "internal/hostname", "internal/instant", "internal/text"}, []string{"internal/simulator", "internal/proof"}},
	"internal/download":  {[]string{"license", "internal/hostname", "internal/neterr", "internal/retry"}, nil},
	"internal/simulator": {[]string{"license"}, nil},
	"":                   {[]string{"handler"}, []string{"internal/simulator", "internal/proof", "license", "archive", "state"}},
	"cmd":                {[]string{"license", "forecast", "report", "report/records", "internal/hostname", "internal/neterr", "handler", "config", "fleet", "rules", "life", "message", "notify", "tencent", "state", "archive", "ledgers", "session", "account", "setup", "internal/proxy", "internal/simulator", "internal/smallfile", "internal/suggest", "internal/text", "internal/yamlnode"}, []string{"internal/proof"}},
	"deploy":             {nil, []string{"config", "license", "tencent"}},
	"docs":               {nil, []string{"config", "fleet", "license", "rules"}},
	"life":               {[]string{"license", "internal/text"}, nil},
	"internal/pack":      {nil, nil},
	"internal/mutate":    {nil, nil},
	"internal/proof":     {nil, nil},
	"internal/scene":     {[]string{"license", "message"}, nil},
	"internal/layout":    {nil, nil},
}

// stdOnly are the packages that import nothing but the standard library, so
// that they stay what they are: words, and small tools.
var stdOnly = []string{"license", "forecast", "archive", "internal/guard", "internal/hostname", "internal/instant", "internal/proxy", "internal/retry", "internal/smallfile", "internal/suggest", "internal/text", "internal/mutate", "internal/proof"}

// tooHeavy are packages that must not get into the function. Where a package
// is reached all the same, the list names the only importers it may have:
// net/rpc brings the template packages along, but runs none.
var tooHeavy = map[string][]string{
	"licensewatch/internal/simulator": nil,
	"github.com/spf13/cobra":          nil,
	"github.com/google/go-cmp/cmp":    nil,
	"testing":                         nil,
	"text/template":                   {"html/template"},
	"html/template":                   {"net/rpc"},
	"net/rpc":                         {"github.com/tencentyun/scf-go-lib/cloudfunction", "github.com/tencentyun/scf-go-lib/functioncontext"},
}

// sdk is Tencent Cloud's SDK. Only its common part may be linked: the typed
// parts triple the function's size.
const sdk = "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/"

// pkg is what go list tells of a package.
type pkg struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// goCommand runs the go command in the module's root, for the platform the
// function is built for, and returns what it prints.
func goCommand(t *testing.T, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", args...)
	command.Dir = "../.."
	command.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=0")
	var complaints strings.Builder
	command.Stderr = &complaints
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", args[0], err, complaints.String())
	}
	return string(out)
}

func goList(t *testing.T, args ...string) []pkg {
	t.Helper()
	out := goCommand(t, append([]string{"list", "-json=ImportPath,Imports,TestImports,XTestImports"}, args...)...)
	var packages []pkg
	for decoder := json.NewDecoder(strings.NewReader(out)); ; {
		var p pkg
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// ours is the path inside the module; false for a package of somebody else's.
func ours(path string) (string, bool) {
	if path == module {
		return "", true
	}
	return strings.CutPrefix(path, module+"/")
}

// ruleFor is the name of the layout entry that holds for a package of ours.
func ruleFor(path string) (string, bool) {
	for {
		if _, ok := layout[path]; ok {
			return path, true
		}
		cut := strings.LastIndex(path, "/")
		if cut < 0 {
			return "", false
		}
		path = path[:cut]
	}
}

func TestImportsRunOneWay(t *testing.T) {
	t.Parallel()
	for _, p := range goList(t, "./...") {
		path, _ := ours(p.ImportPath)
		name, ok := ruleFor(path)
		if !ok {
			t.Errorf("%s has no rule: say in layout what it may import", p.ImportPath)
			continue
		}
		rule := layout[name]
		checkImports(t, path, name, rule.imports, p.Imports)
		checkImports(t, path+" (tests)", name, append(rule.tests, rule.imports...), slices.Concat(p.TestImports, p.XTestImports))
		for _, imported := range p.Imports {
			if slices.Contains(stdOnly, name) && strings.Contains(strings.Split(imported, "/")[0], ".") {
				t.Errorf("%s imports %s: it may import only the standard library", path, imported)
			}
		}
	}
}

// checkImports fails for what a package of ours imports without being allowed
// to; name is the entry of layout that holds for it.
func checkImports(t *testing.T, path, name string, allowed, imports []string) {
	t.Helper()
	for _, imported := range imports {
		target, ok := ours(imported)
		if !ok {
			continue
		}
		to, _ := ruleFor(target)
		if to != name && !slices.Contains(allowed, to) {
			t.Errorf("%s imports %s: the layout allows it %v only", path, target, allowed)
		}
	}
}

func TestFunctionLinksNothingHeavy(t *testing.T) {
	t.Parallel()
	importers := map[string][]string{}
	for _, p := range goList(t, "-deps", ".") {
		for _, imported := range p.Imports {
			importers[imported] = append(importers[imported], p.ImportPath)
		}
	}
	if len(importers["net/rpc"]) == 0 {
		t.Fatal("the list of dependencies is not the function's: the platform speaks net/rpc")
	}
	for path, by := range importers {
		allowed, heavy := tooHeavy[path]
		typed := strings.HasPrefix(path, sdk) && !strings.HasPrefix(path, sdk+"common")
		for _, importer := range by {
			if typed || heavy && !slices.Contains(allowed, importer) {
				t.Errorf("the function imports %s, by way of %s", path, importer)
			}
		}
	}
}

// TestFunctionExecutesNoTemplates looks at what the linker kept. Once something
// executes a template, every exported method of every type stays linked, which
// is more than a megabyte.
func TestFunctionExecutesNoTemplates(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "main")
	goCommand(t, "build", "-buildvcs=false", "-o", binary, ".")
	symbols := goCommand(t, "tool", "nm", binary)
	if !strings.Contains(symbols, " text/template.(*Template).Parse") {
		t.Fatal("the symbols are not the function's: net/rpc makes a template at its start")
	}
	if strings.Contains(symbols, " text/template.(*state).") {
		t.Error("the function executes templates: find out which new code does (go list -deps helps)")
	}
}

// TestPlaces: CONTRIBUTING.md lists what a new source and a new kind of channel change
// besides their own files. Where the machines and DingTalk are named shows whether that is
// all.
func TestPlaces(t *testing.T) {
	for name, test := range map[string]struct {
		section, names, own string // names: a pattern
		most                int
	}{
		"channel": {"### A new kind of channel", `(?i)dingtalk`, "dingtalk", 6},
		"source": {
			"### A new API call", `SourceMachines|[dD]escribeMachineGeneral|license\.Machines|\*Machines\b|addMachines|machineLines|\bmachines\[`,
			"machine", 10,
		},
	} {
		t.Run(name, func(t *testing.T) {
			listed, named := listedPlaces(t, test.section, test.own), filesNaming(t, regexp.MustCompile(test.names), test.own)
			if len(named) < 3 || len(named) > test.most || !slices.Equal(listed, named) {
				t.Errorf("CONTRIBUTING.md lists %v; it is named in %v, %d at most", listed, named, test.most)
			}
		})
	}
}

// listedPlaces are the Go files that a section of CONTRIBUTING.md names, but for those
// with a name of their own.
func listedPlaces(t *testing.T, title, own string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "CONTRIBUTING.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), title)
	section = regexp.MustCompile(`(?m)^##`).Split(section, 2)[0]
	var listed []string
	for _, match := range regexp.MustCompile("`([a-z_/]+\\.go)`").FindAllStringSubmatch(section, -1) {
		if !strings.Contains(match[1], own) && !slices.Contains(listed, match[1]) {
			listed = append(listed, match[1])
		}
	}
	slices.Sort(listed)
	return listed
}

// filesNaming are the Go files, tests and those with a name of their own apart, that hold
// the pattern.
func filesNaming(t *testing.T, pattern *regexp.Regexp, own string) []string {
	t.Helper()
	var named []string
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		name := entry.Name()
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.Contains(name, own) {
			return err
		}
		code, err := os.ReadFile(path)
		if pattern.Match(code) {
			named = append(named, filepath.ToSlash(strings.TrimPrefix(path, root+string(filepath.Separator))))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(named)
	return named
}

// root is the module's folder.
var root = filepath.Join("..", "..")
