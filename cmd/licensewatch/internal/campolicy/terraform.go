package campolicy

import (
	"fmt"
	"regexp"
	"strings"
)

// Terraform is the same as resources of the provider tencentcloudstack/tencentcloud. Each
// part belongs into the configuration of another account, as its comment says.
func (f Fleet) Terraform() string {
	var b strings.Builder
	for i, policy := range f.Function {
		if i == 0 {
			b.WriteString("# In the account of the function: what its execution role may do.\n\n" +
				variableBlock("function_role", "the name of the function's execution role", false))
		}
		name := numbered("licensewatch-fleet", i, len(f.Function))
		b.WriteString(policyBlock(name, policy) + attachByName(name))
	}
	for _, k := range f.Assuming {
		fmt.Fprintf(&b, "# In the account of the keys %s: attach it to their user.\n\n", k.Keys)
		for i, policy := range k.Policies {
			b.WriteString(policyBlock(numbered("licensewatch-assume", i, len(k.Policies)), policy))
		}
	}
	for _, r := range f.Roles {
		fmt.Fprintf(&b, "# In %s: the role that is assumed.\n\n", accountsText(r.Accounts))
		b.WriteString(r.terraform())
	}
	for _, k := range f.Readers {
		fmt.Fprintf(&b, "# In %s: attach it to the user of the keys %s.\n\n", accountsText(k.Accounts), k.Keys)
		for _, policy := range k.Policies {
			b.WriteString(policyBlock("licensewatch-reader", policy))
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// accountsText names accounts in a comment, the first few.
func accountsText(accounts []FleetAccount) string {
	const most = 6
	names := NamesOf(accounts)
	if len(names) > most {
		return fmt.Sprintf("each of %d accounts (%s and %d more)", len(names),
			oneLine(strings.Join(names[:most], ", ")), len(names)-most)
	}
	if len(names) == 1 {
		return oneLine(names[0])
	}
	return fmt.Sprintf("each of %d accounts (%s)", len(names), oneLine(strings.Join(names, ", ")))
}

// oneLine keeps a name within its comment.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// numbered is a name for one of several.
func numbered(name string, i, count int) string {
	if count == 1 {
		return name
	}
	return fmt.Sprintf("%s-%d", name, i+1)
}

// notWord is what no name of a resource has.
var notWord = regexp.MustCompile(`\W+`)

func resourceName(name string) string { return notWord.ReplaceAllString(name, "_") }

func variableBlock(name, description string, isSensitive bool) string {
	sensitive := ""
	if isSensitive {
		sensitive = "  sensitive   = true\n"
	}
	return fmt.Sprintf("variable %q {\n  description = %q\n  type        = string\n%s}\n\n", name, description,
		sensitive)
}

// document is a policy as a text of Terraform. It knows lists where CAM takes a text as well.
func document(policy any) string {
	text, _ := Text(policy) // these types have a JSON form
	return "<<EOT\n" + text + "EOT\n"
}

func policyBlock(name string, policy Policy) string {
	return fmt.Sprintf("resource \"tencentcloud_cam_policy\" %q {\n  name     = %q\n  document = %s}\n\n",
		resourceName(name), name, document(policy))
}

func attachByName(name string) string {
	return fmt.Sprintf("resource \"tencentcloud_cam_role_policy_attachment_by_name\" %q {\n  role_name   = var.function_role\n  policy_name = tencentcloud_cam_policy.%[2]s.name\n}\n\n",
		resourceName(name), resourceName(name))
}

// terraform is the role with its policy.
func (r AccountRole) terraform() string {
	if strings.HasPrefix(r.Role, "role/") {
		return fmt.Sprintf("# %s goes by its number, by which Terraform can make none: attach the policy to it by hand.\n\n", oneLine(r.Role)) +
			policyBlock("licensewatch-reader", r.Policy)
	}
	name := resourceName(r.Role)
	var b strings.Builder
	if r.ExternalIDVariable != "" {
		b.WriteString(variableBlock("external_id", "what "+r.ExternalIDVariable+" holds", true))
	}
	fmt.Fprintf(&b, "resource \"tencentcloud_cam_role\" %q {\n  name        = %q\n  description = \"lets licensewatch read the security licenses\"\n  document    = %s}\n\n",
		name, r.Role, document(r.terraformTrust()))
	b.WriteString(policyBlock(r.Role, r.Policy))
	fmt.Fprintf(&b, "resource \"tencentcloud_cam_role_policy_attachment\" %q {\n  role_id   = tencentcloud_cam_role.%[1]s.id\n  policy_id = tencentcloud_cam_policy.%[1]s.id\n}\n\n", name)
	return b.String()
}

// terraformStatement is AccountTrustStatement as Terraform takes it: with lists, and with
// the uin in the place of root.
type terraformStatement struct {
	Effect    string           `json:"effect"`
	Action    []string         `json:"action"`
	Principal AccountPrincipal `json:"principal"`
	Condition *terraformCond   `json:"condition,omitempty"`
}

type terraformCond struct {
	StringEqual map[string][]string `json:"string_equal"`
}

func (r AccountRole) terraformTrust() any {
	statement := terraformStatement{Effect: allow, Action: []string{assumeRole},
		Principal: AccountPrincipal{QCS: []string{"qcs::cam::uin/" + r.Caller + ":uin/" + r.Caller}}}
	if r.ExternalIDVariable != "" {
		statement.Condition = &terraformCond{map[string][]string{externalIDKey: {"${var.external_id}"}}}
	}
	return struct {
		Version   string               `json:"version"`
		Statement []terraformStatement `json:"statement"`
	}{version, []terraformStatement{statement}}
}
