package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// terraformSchema is what the documentation of the provider lists, of the types that are used.
type terraformSchema struct {
	Provider, Version, Source string
	Resource, Data            map[string]terraformType
}

type terraformType struct {
	Arguments  map[string]terraformArgument
	Attributes []string // which can be read besides
}

// terraformArgument is an argument, or a block where Block is not nil.
type terraformArgument struct {
	Required bool
	Block    map[string]terraformArgument
}

func loadTerraformSchema(t *testing.T) terraformSchema {
	t.Helper()
	text, err := os.ReadFile("testdata/terraform/provider.json")
	if err != nil {
		t.Fatal(err)
	}
	var s terraformSchema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// terraformModule is a folder of .tf files.
type terraformModule struct {
	dir    string
	blocks []*hclsyntax.Block
}

func parseTerraform(t *testing.T, name, text string) []*hclsyntax.Block {
	t.Helper()
	file, diagnostics := hclparse.NewParser().ParseHCL([]byte(text), name)
	if diagnostics.HasErrors() {
		t.Fatal(diagnostics)
	}
	return file.Body.(*hclsyntax.Body).Blocks
}

func loadTerraformModule(t *testing.T, dir string) terraformModule {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.tf"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%s has no .tf file: %v", dir, err)
	}
	m := terraformModule{dir: dir}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		m.blocks = append(m.blocks, parseTerraform(t, name, string(text))...)
	}
	return m
}

// The arguments and blocks of Terraform itself.
var (
	terraformMeta = map[string][]string{
		"resource": {"count", "for_each", "provider", "depends_on", "lifecycle"},
		"data":     {"count", "for_each", "provider", "depends_on", "lifecycle"},
		"module":   {"source", "version", "count", "for_each", "providers", "depends_on"},
	}
	terraformVariable = []string{"description", "type", "default", "sensitive", "nullable", "validation"}
	terraformOutput   = []string{"description", "value", "sensitive", "depends_on", "precondition"}
)

// checkTerraform says what the provider, or the module that is called, does not know, and
// what it needs and does not get.
func (s terraformSchema) checkTerraform(m terraformModule, modules func(source string) terraformModule) []string {
	var mistakes []string
	add := func(at hcl.Range, format string, args ...any) {
		mistakes = append(mistakes, fmt.Sprintf("%s:%d: %s", at.Filename, at.Start.Line, fmt.Sprintf(format, args...)))
	}
	for _, b := range m.blocks {
		switch b.Type {
		case "resource", "data":
			types := s.Resource
			if b.Type == "data" {
				types = s.Data
			}
			if len(b.Labels) != 2 {
				add(b.TypeRange, "%s needs a type and a name", b.Type)
			} else if kind, ok := types[b.Labels[0]]; !ok {
				add(b.TypeRange, "the list of the provider's arguments has no %s %s", b.Type, b.Labels[0])
			} else {
				checkTerraformBody(b.Body, b.Labels[0], kind.Arguments, terraformMeta[b.Type], add)
			}
		case "module":
			source, _ := b.Body.Attributes["source"].Expr.Value(nil)
			called := map[string]terraformArgument{}
			for _, v := range modules(source.AsString()).blocks {
				if v.Type == "variable" {
					called[v.Labels[0]] = terraformArgument{Required: v.Body.Attributes["default"] == nil}
				}
			}
			checkTerraformBody(b.Body, "module "+b.Labels[0], called, terraformMeta["module"], add)
		case "variable":
			checkTerraformBody(b.Body, "variable "+b.Labels[0], nil, terraformVariable, add)
		case "output":
			checkTerraformBody(b.Body, "output "+b.Labels[0], nil, terraformOutput, add)
		case "locals", "provider", "terraform":
		default:
			add(b.TypeRange, "there are no blocks %s", b.Type)
		}
	}
	return append(mistakes, m.checkReferences(s)...)
}

// checkTerraformBody checks a body, and the blocks in it.
func checkTerraformBody(body *hclsyntax.Body, of string, known map[string]terraformArgument, meta []string,
	add func(at hcl.Range, format string, args ...any)) {
	given := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(body.Attributes)) {
		given[name] = true
		argument, ok := known[name]
		if !ok && !slices.Contains(meta, name) {
			add(body.Attributes[name].NameRange, "%s has no argument %s", of, name)
		}
		if argument.Block != nil {
			add(body.Attributes[name].NameRange, "%s of %s is a block", name, of)
		}
	}
	for _, b := range body.Blocks {
		name, inner := b.Type, b.Body
		if name == "dynamic" {
			name = b.Labels[0]
			for _, content := range b.Body.Blocks {
				inner = content.Body
			}
		}
		given[name] = true
		argument, ok := known[name]
		switch {
		case slices.Contains(meta, name):
		case !ok || argument.Block == nil:
			add(b.TypeRange, "%s has no block %s", of, name)
		default:
			checkTerraformBody(inner, of+"."+name, argument.Block, nil, add)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if known[name].Required && !given[name] {
			add(body.SrcRange, "%s needs %s", of, name)
		}
	}
}

// declared are the names that a module's expressions may begin with: var.x, local.x,
// data.type.name, module.x, type.name.
func (m terraformModule) declared() map[string]bool {
	names := map[string]bool{}
	for _, b := range m.blocks {
		switch b.Type {
		case "variable":
			names["var."+b.Labels[0]] = true
		case "module":
			names["module."+b.Labels[0]] = true
		case "resource":
			names[b.Labels[0]+"."+b.Labels[1]] = true
		case "data":
			names["data."+b.Labels[0]+"."+b.Labels[1]] = true
		case "locals":
			for name := range b.Body.Attributes {
				names["local."+name] = true
			}
		}
	}
	return names
}

// checkReferences finds what expressions refer to and nobody declares.
func (m terraformModule) checkReferences(s terraformSchema) []string {
	var mistakes []string
	names := m.declared()
	for _, b := range m.blocks {
		if b.Type == "terraform" {
			continue
		}
		_ = hclsyntax.VisitAll(b.Body, func(node hclsyntax.Node) hcl.Diagnostics {
			traversal, ok := node.(*hclsyntax.ScopeTraversalExpr)
			if !ok {
				return nil
			}
			if mistake := referenceMistake(traversal.Traversal, names, s); mistake != "" {
				mistakes = append(mistakes, fmt.Sprintf("%s:%d: %s", traversal.SrcRange.Filename, traversal.SrcRange.Start.Line, mistake))
			}
			return nil
		})
	}
	return mistakes
}

// referenceMistake says what is wrong with a reference; empty when nothing is.
func referenceMistake(t hcl.Traversal, names map[string]bool, s terraformSchema) string {
	var parts []string
	for _, step := range t {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			parts = append(parts, step.Name)
		case hcl.TraverseAttr:
			parts = append(parts, step.Name)
		}
	}
	types, first := s.Resource, 0
	if parts[0] == "data" {
		types, first = s.Data, 1
	}
	if len(parts) < first+2 {
		return "" // the variable of a for expression, the name of a type
	}
	name := parts[first] + "." + parts[first+1]
	kind, isResource := types[parts[first]]
	switch {
	case slices.Contains([]string{"var", "local", "module"}, parts[0]) && !names[name]:
		return "there is no " + name
	case !isResource:
		return ""
	case parts[0] == "data" && !names["data."+name] || parts[0] != "data" && !names[name]:
		return "there is no " + name
	case len(parts) > first+2 && !slices.Contains(kind.Attributes, parts[first+2]):
		if _, ok := kind.Arguments[parts[first+2]]; !ok {
			return fmt.Sprintf("%s has no attribute %s", parts[first], parts[first+2])
		}
	}
	return ""
}
