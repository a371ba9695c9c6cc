package campolicy_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"licensewatch/cmd/licensewatch/internal/campolicy"
	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/license"
)

// fleetOf loads an accounts file with these accounts.
func fleetOf(t *testing.T, accounts string) *fleet.Fleet {
	t.Helper()
	text := "version: 1\ndefaults: {role: reader, external_id: LICENSEWATCH_EXTERNAL_ID}\nsites: {intl: {keys: LICENSEWATCH_INTL}}\naccounts:\n" + accounts +
		"channels: [{name: a, kind: slack, url: LICENSEWATCH_A}]\ndefault: a\n"
	f, err := fleet.Load("accounts.yaml", []byte(text), fleet.Options{Site: license.SiteCN})
	if err != nil || len(f.LeftOut) > 0 {
		t.Fatal(err, f.LeftOut)
	}
	return f
}

func allSettings(t *testing.T) config.Config {
	t.Helper()
	settings, err := config.LoadWithoutChannels(func() map[string]string { return nil })
	if err != nil {
		t.Fatal(err)
	}
	return settings
}

// actionsOn are the actions that policies allow, by resource.
func actionsOn(policies ...campolicy.Policy) map[string][]string {
	all := map[string][]string{}
	for _, policy := range policies {
		for _, statement := range policy.Statement {
			for _, resource := range statement.Resource {
				all[resource] = append(all[resource], statement.Action...)
			}
		}
	}
	return all
}

// TestForFleet: each key may assume the roles that it has to, and no others; who reads may
// read, and exports only where the file says so.
func TestForFleet(t *testing.T) {
	t.Parallel()
	f := fleetOf(t, `  - {uin: "100000000001", name: one}
  - {uin: "100000000002", name: two, role: "qcs::cam::uin/{uin}:roleName/other", export: true}
  - {uin: "200000000003", name: three, site: intl}
  - {uin: "200000000004", name: four, site: intl, keys: LICENSEWATCH_SG}
`)
	settings := allSettings(t)
	settings.StateURL = "cos://bucket-1250000000/lw?region=ap-guangzhou"
	p, err := campolicy.ForFleet(settings, f, "cos://list-1250000000/fleet/accounts.yaml?region=ap-guangzhou")
	if err != nil {
		t.Fatal(err)
	}
	function := actionsOn(p.Function...)
	for resource, want := range map[string]string{
		"*": "", // no account is the function's own
		"qcs::cam::uin/100000000001:roleName/reader":                               "name/sts:AssumeRole",
		"qcs::cam::uin/100000000002:roleName/other":                                "name/sts:AssumeRole",
		"qcs::cam::uin/200000000003:roleName/reader":                               "",
		"qcs::cos:ap-guangzhou:uid/1250000000:list-1250000000/fleet/accounts.yaml": "name/cos:GetObject",
		"qcs::cos:ap-guangzhou:uid/1250000000:bucket-1250000000/lw/*":              "name/cos:GetObject name/cos:PutObject name/cos:DeleteObject",
	} {
		if got := strings.Join(function[resource], " "); got != want {
			t.Errorf("the function may %q on %s, want %q", got, resource, want)
		}
	}
	if len(p.Assuming) != 1 || p.Assuming[0].Keys != "LICENSEWATCH_INTL" || len(actionsOn(p.Assuming[0].Policies...)) != 1 ||
		actionsOn(p.Assuming[0].Policies...)["qcs::cam::uin/200000000003:roleName/reader"] == nil {
		t.Errorf("assuming: %+v", p.Assuming)
	}
	if len(p.Readers) != 1 || p.Readers[0].Accounts[0].Name != "four" {
		t.Errorf("readers: %+v", p.Readers)
	}
	var roles []string
	for _, r := range p.Roles {
		exports := slices.Contains(actionsOn(r.Policy)["*"], "cwp:ExportLicenseDetail")
		roles = append(roles, fmt.Sprintf("%s %v export=%t caller=%s id=%v", r.Role, campolicy.NamesOf(r.Accounts), exports, r.Trust.Statement[0].Principal.QCS, r.Trust.Statement[0].Condition.StringEqual["sts:external_id"]))
	}
	const id = " id=<what LICENSEWATCH_EXTERNAL_ID holds>"
	want := []string{
		"reader [one] export=false caller=[qcs::cam::uin/<uin of the function's account>:root]" + id,
		"other [two] export=true caller=[qcs::cam::uin/<uin of the function's account>:root]" + id,
		"reader [three] export=false caller=[qcs::cam::uin/<uin of the account of the keys LICENSEWATCH_INTL>:root]" + id,
	}
	if !slices.Equal(roles, want) {
		t.Errorf("roles:\n%s\nwant\n%s", strings.Join(roles, "\n"), strings.Join(want, "\n"))
	}
}

// TestManyRoles: the roles of 5,000 accounts stand in as many policies as are needed, each
// role once, and no policy is longer than CAM takes.
func TestManyRoles(t *testing.T) {
	t.Parallel()
	var accounts strings.Builder
	accounts.WriteString("  - {uin: \"100000099999\", self: true}\n")
	for i := range 5000 {
		fmt.Fprintf(&accounts, "  - {uin: \"1%011d\"}\n", i)
	}
	p, err := campolicy.ForFleet(allSettings(t), fleetOf(t, accounts.String()), "")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, policy := range p.Function {
		if text, err := campolicy.Text(policy); err != nil || len(text) > 6144 {
			t.Errorf("%d characters, %v", len(text), err)
		}
		for resource, actions := range actionsOn(policy) {
			if slices.Contains(actions, "name/sts:AssumeRole") {
				seen[resource]++
			}
		}
	}
	if len(seen) != 5000 || len(p.Function) > 80 {
		t.Errorf("%d roles in %d policies", len(seen), len(p.Function))
	}
	if caller := p.Roles[0].Caller; caller != "100000099999" || len(p.Roles) != 1 {
		t.Errorf("%s, %d kinds of roles", caller, len(p.Roles))
	}
}

// TestTerraform: every document is JSON with lists, and no line leaves its comment.
func TestTerraform(t *testing.T) {
	t.Parallel()
	f := fleetOf(t, `  - {uin: "100000000001", name: "one # two"}
  - {uin: "100000000000", self: true}
  - {uin: "200000000004", site: intl, keys: LICENSEWATCH_SG}
`)
	p, err := campolicy.ForFleet(allSettings(t), f, "")
	if err != nil {
		t.Fatal(err)
	}
	text := p.Terraform()
	documents := strings.Split(text, "<<EOT\n")[1:]
	if len(documents) != 4 {
		t.Errorf("%d documents", len(documents))
	}
	for _, document := range documents {
		body, _, found := strings.Cut(document, "EOT\n")
		var parsed struct {
			Statement []struct {
				Action    []string
				Resource  []string
				Principal struct{ QCS []string }
			}
		}
		if err := json.Unmarshal([]byte(body), &parsed); err != nil || !found || len(parsed.Statement) == 0 || len(parsed.Statement[0].Action) == 0 {
			t.Errorf("%v: %s", err, body)
		}
	}
	for _, part := range []string{`"qcs::cam::uin/100000000000:uin/100000000000"`, `"${var.external_id}"`, "role_id   = tencentcloud_cam_role.reader.id", "role_name   = var.function_role"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %s in\n%s", part, text)
		}
	}
	if strings.Contains(text, ":root") || strings.Count(text, "{") != strings.Count(text, "}") {
		t.Errorf("Terraform takes no root; brackets:\n%s", text)
	}
}

// TestAllowScatter: the function may invoke itself and nothing else, and what names no function
// is refused.
func TestAllowScatter(t *testing.T) {
	t.Parallel()
	f := fleetOf(t, `  - {uin: "100000000001", name: one}
  - {uin: "100000000009", name: own, self: true}
`)
	p, err := campolicy.ForFleet(allSettings(t), f, "")
	if err != nil {
		t.Fatal(err)
	}
	if p, err = p.AllowScatter("ap-shanghai/licensewatch"); err != nil {
		t.Fatal(err)
	}
	const resource = "qcs::scf:ap-shanghai:uin/100000000009:namespace/default/function/licensewatch"
	if got := actionsOn(p.Function...)[resource]; !slices.Equal(got, []string{"scf:InvokeFunction"}) {
		t.Errorf("on the function %q is allowed", got)
	}
	for _, wrong := range []string{"licensewatch", "ap-shanghai/", "/licensewatch", "a/b/c/d", ""} {
		if _, err := p.AllowScatter(wrong); err == nil {
			t.Errorf("%q is taken for a function", wrong)
		}
	}
}
