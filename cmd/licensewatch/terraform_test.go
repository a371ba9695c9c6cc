package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"licensewatch/cmd/licensewatch/internal/campolicy"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/license"
)

const terraformDir = "../../deploy/terraform"

// terraformFolders are the modules and the examples.
var terraformFolders = []string{"function", "account", "examples/one-account", "examples/fleet"}

// TestTerraformArguments: every type, argument, block and reference of the modules, of the
// examples and of what policy --fleet --terraform prints is one that the provider's
// documentation lists, and what it requires is there. Terraform itself is asked by .ci/run,
// where it and the provider can be had.
func TestTerraformArguments(t *testing.T) {
	schema := loadTerraformSchema(t)
	t.Logf("!!! terraform validate is not run here: compared with the arguments of %s %s (%s)", schema.Provider, schema.Version, schema.Source)
	var found []string
	filepath.WalkDir(terraformDir, func(path string, _ os.DirEntry, _ error) error { //nolint:errcheck // what is missing is noticed
		if name, _ := filepath.Rel(terraformDir, filepath.Dir(path)); filepath.Ext(path) == ".tf" && !slices.Contains(found, name) {
			found = append(found, filepath.ToSlash(name))
		}
		return nil
	})
	if !slices.Equal(slices.Sorted(slices.Values(terraformFolders)), slices.Sorted(slices.Values(found))) {
		t.Errorf("the folders are %v", found)
	}
	for _, folder := range terraformFolders {
		dir := filepath.Join(terraformDir, folder)
		m := loadTerraformModule(t, dir)
		for _, mistake := range schema.checkTerraform(m, func(source string) terraformModule { return loadTerraformModule(t, filepath.Join(dir, source)) }) {
			t.Error(mistake)
		}
	}
	code, printed, errs := command(t, nil, "policy", "--fleet", "--terraform", "--accounts", "testdata/fleet/accounts.yaml")
	if code != exitFine {
		t.Fatal(errs)
	}
	blocks := parseTerraform(t, "policy --fleet --terraform", printed)
	if len(blocks) < 5 {
		t.Errorf("%d blocks", len(blocks))
	}
	for _, mistake := range schema.checkTerraform(terraformModule{blocks: blocks}, nil) {
		t.Error(mistake)
	}
}

// TestTerraformMistakes: what checks the modules finds mistakes.
func TestTerraformMistakes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ text, want string }{
		"unknown type":      {`resource "tencentcloud_scf_funktion" "f" {}`, "no resource tencentcloud_scf_funktion"},
		"misspelt argument": {"resource \"tencentcloud_cam_role\" \"r\" {\n name = \"a\"\n document = \"{}\"\n descr = \"b\"\n}", "has no argument descr"},
		"required":          {"resource \"tencentcloud_cam_role\" \"r\" {\n name = \"a\"\n}", "tencentcloud_cam_role needs document"},
		"block":             {"resource \"tencentcloud_scf_function_event_invoke_config\" \"r\" {\n function_name = \"a\"\n async_trigger_config {\n msg_ttl = 60\n }\n}", "async_trigger_config needs retry_config"},
		"reference":         {"output \"o\" {\n value = var.nme\n}", "there is no var.nme"},
		"attribute":         {"data \"tencentcloud_user_info\" \"i\" {}\noutput \"o\" {\n value = data.tencentcloud_user_info.i.appid\n}", "has no attribute appid"},
		"right":             {"data \"tencentcloud_user_info\" \"i\" {}\noutput \"o\" {\n value = data.tencentcloud_user_info.i.app_id\n}", "none"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := strings.Join(loadTerraformSchema(t).checkTerraform(terraformModule{blocks: parseTerraform(t, "x.tf", test.text)}, nil), "\n")
			if test.want == "none" && got != "" || test.want != "none" && !strings.Contains(got, test.want) {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}

// evaluator evaluates the locals of a module.
type evaluator struct {
	t       *testing.T
	context *hcl.EvalContext
}

// evaluate gives a module its variables (their defaults besides), and evaluates its locals.
func evaluate(t *testing.T, folder string, variables map[string]cty.Value) evaluator {
	t.Helper()
	dir := filepath.Join(terraformDir, folder)
	info := cty.ObjectVal(map[string]cty.Value{"app_id": cty.StringVal("1250000000"), "owner_uin": cty.StringVal("100000000000"), "uin": cty.StringVal("100000000000")})
	bucket := func(name string) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{"bucket": cty.StringVal(name + "-1250000000")})
	}
	e := evaluator{t, &hcl.EvalContext{Functions: terraformFunctions(), Variables: map[string]cty.Value{
		"path": cty.ObjectVal(map[string]cty.Value{"module": cty.StringVal(dir)}),
		"data": cty.ObjectVal(map[string]cty.Value{"tencentcloud_user_info": cty.ObjectVal(map[string]cty.Value{"this": info})}),
		"tencentcloud_cos_bucket": cty.ObjectVal(map[string]cty.Value{
			"memory": bucket("licensewatch"), "archive": cty.TupleVal([]cty.Value{bucket("licensewatch-evidence")})}),
	}}}
	given, attributes := map[string]cty.Value{}, map[string]*hclsyntax.Attribute{}
	for _, b := range loadTerraformModule(t, dir).blocks {
		switch b.Type {
		case "variable":
			given[b.Labels[0]] = variables[b.Labels[0]]
			if value := b.Body.Attributes["default"]; variables[b.Labels[0]] == cty.NilVal && value != nil {
				given[b.Labels[0]] = e.value(value.Expr)
			}
			if given[b.Labels[0]] == cty.NilVal {
				t.Fatalf("%s needs %s", folder, b.Labels[0])
			}
		case "locals":
			maps.Copy(attributes, b.Body.Attributes)
		}
	}
	e.context.Variables["var"] = cty.ObjectVal(given)
	locals := map[string]cty.Value{}
	for len(attributes) > 0 { // as soon as what they refer to is there
		before := len(attributes)
		e.context.Variables["local"] = cty.ObjectVal(locals)
		for name, a := range attributes {
			if value, diagnostics := a.Expr.Value(e.context); !diagnostics.HasErrors() {
				locals[name] = value
				delete(attributes, name)
			}
		}
		if len(attributes) == before {
			for _, a := range attributes {
				e.value(a.Expr)
			}
		}
	}
	e.context.Variables["local"] = cty.ObjectVal(locals)
	return e
}

func (e evaluator) value(x hclsyntax.Expression) cty.Value {
	e.t.Helper()
	v, diagnostics := x.Value(e.context)
	if diagnostics.HasErrors() {
		e.t.Fatal(diagnostics)
	}
	return v
}

func (e evaluator) local(name string) cty.Value {
	return e.context.Variables["local"].GetAttr(name)
}

func terraformFunctions() map[string]function.Function {
	file := function.New(&function.Spec{
		Params: []function.Parameter{{Name: "path", Type: cty.String}}, Type: function.StaticReturnType(cty.String),
		Impl: func(args []cty.Value, _ cty.Type) (cty.Value, error) {
			text, err := os.ReadFile(args[0].AsString())
			return cty.StringVal(string(text)), err
		},
	})
	return map[string]function.Function{
		"file": file, "jsonencode": stdlib.JSONEncodeFunc, "jsondecode": stdlib.JSONDecodeFunc, "merge": stdlib.MergeFunc,
		"concat": stdlib.ConcatFunc, "replace": stdlib.ReplaceFunc, "chunklist": stdlib.ChunklistFunc, "contains": stdlib.ContainsFunc,
		"flatten": stdlib.FlattenFunc, "length": stdlib.LengthFunc,
	}
}

// allowed are the actions of policies with their resources.
func allowed(t *testing.T, documents ...string) (all []string) {
	t.Helper()
	for _, document := range documents {
		var policy struct {
			Version   string
			Statement []struct {
				Effect           string
				Action, Resource []string
			}
		}
		if err := json.Unmarshal([]byte(document), &policy); err != nil || policy.Version != "2.0" {
			t.Fatalf("%v: %s", err, document)
		}
		for _, s := range policy.Statement {
			for _, action := range s.Action {
				for _, resource := range s.Resource {
					all = append(all, s.Effect+" "+action+" "+resource)
				}
			}
		}
	}
	slices.Sort(all)
	return all
}

// TestTerraformPoliciesOfFunction: the function may do what policy and policy --fleet print
// for the settings that the module gives it, and nothing else.
func TestTerraformPoliciesOfFunction(t *testing.T) {
	example := terraformDir + "/examples/fleet/accounts.yaml"
	many := filepath.Join(t.TempDir(), "accounts.yaml")
	var text strings.Builder
	text.WriteString("version: 1\ndefaults: {role: licensewatch-reader}\naccounts:\n")
	var roles []cty.Value
	for i := range 100 {
		fmt.Fprintf(&text, "  - {uin: \"1%011d\"}\n", i)
		roles = append(roles, cty.StringVal(fmt.Sprintf("qcs::cam::uin/1%011d:roleName/licensewatch-reader", i)))
	}
	roles = append(roles, cty.StringVal("qcs::cam::uin/*:roleName/licensewatch-reader"))
	if err := os.WriteFile(many, []byte(text.String()+"organization: {}\nchannels: [{name: a, kind: slack, url: LICENSEWATCH_A}]\ndefault: a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		accounts  string
		variables map[string]cty.Value
	}{
		"one account": {"", map[string]cty.Value{"archive": cty.True}},
		"fleet": {example, map[string]cty.Value{"accounts_file": cty.StringVal(example),
			"assume_roles": cty.ListVal([]cty.Value{cty.StringVal("qcs::cam::uin/100000000001:roleName/licensewatch-reader")})}},
		"organization": {many, map[string]cty.Value{"accounts_file": cty.StringVal(many), "reads_own_account": cty.False,
			"lists_organization": cty.True, "assume_roles": cty.ListVal(roles)}},
	} {
		t.Run(name, func(t *testing.T) {
			test.variables["region"], test.variables["package"] = cty.StringVal("ap-guangzhou"), cty.StringVal("x.zip")
			e := evaluate(t, "function", test.variables)
			environment, has := map[string]string{}, []string{}
			for name, value := range e.local("settings").AsValueMap() {
				environment[name] = value.AsString()
			}
			for name, policy := range e.local("function_policies").AsValueMap() {
				has = append(has, policy.AsString())
				if n := len(policy.AsString()); n > 6144 {
					t.Errorf("the policy %s has %d characters", name, n)
				}
			}
			if diff := cmp.Diff(allowed(t, functionPolicies(t, environment, test.accounts)...), allowed(t, has...)); diff != "" {
				t.Errorf("the module differs (-printed +module):\n%s", diff)
			}
		})
	}
}

// functionPolicies are the policies of the function's role, as policy or policy --fleet
// prints them.
func functionPolicies(t *testing.T, environment map[string]string, accounts string) (policies []string) {
	t.Helper()
	settings, err := config.LoadWithoutChannels(func() map[string]string { return environment })
	if err != nil {
		t.Fatal(err)
	}
	var documents []campolicy.Policy
	if accounts == "" {
		needs, err := campolicy.Needs(settings)
		if err != nil {
			t.Fatal(err)
		}
		documents = append(documents, campolicy.For(needs))
	} else {
		of, err := campolicy.ForFleet(settings, loadFleet(t, accounts), settings.AccountsFile)
		if err != nil {
			t.Fatal(err)
		}
		documents = of.Function
	}
	for _, document := range documents {
		text, err := campolicy.Text(document)
		if err != nil {
			t.Fatal(err)
		}
		policies = append(policies, text)
	}
	return policies
}

// loadFleet loads an accounts file that is right.
func loadFleet(t *testing.T, name string) *fleet.Fleet {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := fleet.Load(name, text, fleet.Options{Site: license.SiteCN})
	if err != nil || len(f.LeftOut) > 0 || len(f.Warnings) > 0 {
		t.Fatal(err, f)
	}
	return f
}

// TestTerraformTrustOfFunction: the platform runs the function with the role.
func TestTerraformTrustOfFunction(t *testing.T) {
	e := evaluate(t, "function", map[string]cty.Value{"region": cty.StringVal("ap-guangzhou"), "package": cty.StringVal("x.zip")})
	if got, want := e.local("trust_document").AsString(), `{"statement":[{"action":["name/sts:AssumeRole"],"effect":"allow","principal":{"service":["scf.qcloud.com"]}}],"version":"2.0"}`; got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// TestTerraformRoleOfAccount: the role of an account is the one that policy --fleet prints.
func TestTerraformRoleOfAccount(t *testing.T) {
	accounts := filepath.Join(t.TempDir(), "accounts.yaml")
	text := `version: 1
defaults: {role: licensewatch-reader, external_id: LICENSEWATCH_EXTERNAL_ID}
accounts:
  - {uin: "100000000000", self: true}
  - {uin: "100000000001"}
  - {uin: "100000000002", export: true}
channels: [{name: a, kind: slack, url: LICENSEWATCH_A}]
default: a
`
	if err := os.WriteFile(accounts, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, printed, _ := command(t, nil, "policy", "--fleet", "--output", "json", "--accounts", accounts)
	_, asTerraform, _ := command(t, nil, "policy", "--fleet", "--terraform", "--accounts", accounts)
	var document struct {
		Roles []struct {
			Export bool
			Policy json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(printed), &document); err != nil || len(document.Roles) != 2 {
		t.Fatal(err, printed)
	}
	for _, role := range document.Roles {
		e := evaluate(t, "account", map[string]cty.Value{"trusted_account": cty.StringVal("100000000000"), "external_id": cty.StringVal("secret-1"), "export": cty.BoolVal(role.Export)})
		if diff := cmp.Diff(allowed(t, string(role.Policy)), allowed(t, e.local("document").AsString())); diff != "" {
			t.Errorf("export %t: the module differs (-printed +module):\n%s", role.Export, diff)
		}
		var trust any
		if err := json.Unmarshal([]byte(e.local("trust").AsString()), &trust); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(printedTrust(t, asTerraform, "secret-1"), trust); diff != "" {
			t.Errorf("the trust policy differs (-printed +module):\n%s", diff)
		}
	}
}

// printedTrust is the trust policy of the first role in what policy --fleet --terraform prints.
func printedTrust(t *testing.T, text, externalID string) (trust any) {
	t.Helper()
	for _, b := range parseTerraform(t, "printed", text) {
		if b.Type != "resource" || b.Labels[0] != "tencentcloud_cam_role" {
			continue
		}
		context := &hcl.EvalContext{Variables: map[string]cty.Value{"var": cty.ObjectVal(map[string]cty.Value{"external_id": cty.StringVal(externalID)})}}
		document, diagnostics := b.Body.Attributes["document"].Expr.Value(context)
		if diagnostics.HasErrors() {
			t.Fatal(diagnostics)
		}
		if err := json.Unmarshal([]byte(document.AsString()), &trust); err != nil {
			t.Fatal(err)
		}
		return trust
	}
	t.Fatal("no role")
	return nil
}

// TestTerraformEnvironment: each variable that a module or an example sets is a setting, or
// one that the example's accounts file names.
func TestTerraformEnvironment(t *testing.T) {
	known := map[string]bool{}
	for _, s := range config.Settings() {
		known[s.Name] = true
	}
	f := loadFleet(t, terraformDir+"/examples/fleet/accounts.yaml")
	for _, variable := range f.Variables {
		known[variable] = true
	}
	set := map[string]bool{}
	for _, folder := range terraformFolders {
		for _, b := range loadTerraformModule(t, filepath.Join(terraformDir, folder)).blocks {
			_ = hclsyntax.VisitAll(b.Body, func(node hclsyntax.Node) hcl.Diagnostics {
				if key, ok := node.(*hclsyntax.ObjectConsKeyExpr); ok {
					if name := hcl.ExprAsKeyword(key); strings.HasPrefix(name, "LICENSEWATCH_") {
						set[name] = true
					}
				}
				return nil
			})
		}
	}
	for name := range set {
		if !known[name] {
			t.Errorf("%s is no setting", name)
		}
	}
	for _, variable := range f.Variables {
		if !set[variable] {
			t.Errorf("examples/fleet: nobody sets %s, which accounts.yaml names", variable)
		}
	}
	if len(set) < 8 {
		t.Errorf("only %v are set", set)
	}
}

// TestTerraformFormat: the files are as terraform fmt writes them, where that is on the
// machine.
func TestTerraformFormat(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("terraform")
	if err != nil {
		t.Skip("!!! terraform is not on this machine: terraform fmt was NOT run")
	}
	format := exec.CommandContext(t.Context(), tool, "fmt", "-check", "-recursive", terraformDir)
	format.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+os.DevNull)
	if out, err := format.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
