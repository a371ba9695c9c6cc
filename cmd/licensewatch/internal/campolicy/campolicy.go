// Package campolicy writes the CAM policies that the settings need, and compares
// a policy somebody else wrote with them.
//
// The files:
//
//	campolicy.go  what is needed, and the policies that allow just that
//	node.go       JSON with the place of every value
//	parse.go      a policy file, and what is wrong with its form
//	check.go      the comparison: missing, denied; excess.go: more than needed
//	trust.go      the same for a trust policy
//	match.go      wildcards, and COS resources
//	fleet.go      the policies of many accounts, each in the account that needs it
//	terraform.go  the same as resources of Terraform
package campolicy

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"licensewatch/config"
	"licensewatch/license"
	"licensewatch/state"
	"licensewatch/tencent"
)

// Need is one permission.
type Need struct {
	Action   string `json:"action"`   // as CAM writes it: "cwp:ExportTasks", "name/cos:GetObject"
	Resource string `json:"resource"` // "*", or the objects in COS
	Why      string `json:"why"`      // what it is for, in words
}

// everything is the resource of the cwp and tcss actions: CAM authorizes them
// per operation, and takes a statement that names a concrete resource as none.
const everything = "*"

// The reasons. Actions of the same reason are switched on and off together.
const (
	whyExport = "the export of the license details"
	whyStore  = "the store in COS"
	// Nothing of an archive is ever deleted.
	whyArchive = "the archive in COS"
)

// Needs are the permissions that a run with these settings uses, and no others.
// The error names LICENSEWATCH_STATE_URL or LICENSEWATCH_ARCHIVE_URL, and says what is wrong
// with it.
func Needs(settings config.Config) ([]Need, error) {
	var needs []Need
	add := func(why string, actions ...string) {
		for _, action := range actions {
			needs = append(needs, Need{Action: action, Resource: everything, Why: why})
		}
	}
	for _, source := range license.Sources() {
		if info := source.Info(); slices.Contains(settings.Sources, source) {
			add(info.Purpose, info.CAM())
		}
	}
	if slices.Contains(settings.Sources, license.SourceOverview) && settings.Export != config.ExportOff {
		add(whyExport, tencent.ActionExport, tencent.ActionExportTasks)
	}
	slices.SortFunc(needs, func(a, b Need) int { return strings.Compare(a.Action, b.Action) })
	objects, err := storeObjects(settings.StateURL)
	if err != nil {
		err = fmt.Errorf("LICENSEWATCH_STATE_URL: %w", err)
	}
	if objects != "" {
		for _, action := range []string{"name/cos:GetObject", "name/cos:PutObject", "name/cos:DeleteObject"} {
			needs = append(needs, Need{Action: action, Resource: objects, Why: whyStore})
		}
	}
	archived, archiveErr := storeObjects(settings.ArchiveURL)
	if archived != "" {
		for _, action := range []string{"name/cos:GetObject", "name/cos:PutObject", "name/cos:GetBucket"} {
			needs = append(needs, Need{Action: action, Resource: archived, Why: whyArchive})
		}
	}
	if archiveErr == nil && settings.ArchiveURL != "" {
		archiveErr = state.CheckArchiveURL(settings.ArchiveURL, settings.StateURL)
	}
	if err == nil && archiveErr != nil {
		err = fmt.Errorf("LICENSEWATCH_ARCHIVE_URL: %w", archiveErr)
	}
	return needs, err
}

// Off are the permissions that other settings would need and these do not.
func Off(settings config.Config) []Need {
	needs, _ := Needs(settings)
	settings.Sources = license.Sources()
	settings.Export = config.ExportAlways
	settings.StateURL = "cos://any-1250000000/?region=ap-guangzhou" // its actions count, not its bucket
	settings.ArchiveURL = settings.StateURL
	all, _ := Needs(settings)
	known := map[string]bool{} // store and archive share actions
	for _, on := range needs {
		known[on.Action] = true
	}
	return slices.DeleteFunc(all, func(n Need) bool {
		isKnown := known[n.Action]
		known[n.Action] = true
		return isKnown
	})
}

// service is the product whose action it is.
func (n Need) service() string {
	service, _, _ := strings.Cut(withoutPrefix(n.Action), ":")
	return service
}

// storeObjects is the six-part resource of everything below the store's prefix;
// empty for a store that is not in COS.
func storeObjects(storeURL string) (string, error) {
	if storeURL == "" {
		return "", nil
	}
	if err := state.CheckURL(storeURL); err != nil {
		return "", err
	}
	u, err := url.Parse(storeURL)
	if err != nil || u.Scheme != "cos" {
		return "", err
	}
	region := u.Query().Get("region")
	if region == "" {
		region = everything // an endpoint stands in for it
	}
	path := strings.Trim(u.Path, "/") + "/"
	appID := u.Host[strings.LastIndexByte(u.Host, '-')+1:]
	return "qcs::cos:" + region + ":uid/" + appID + ":" + u.Host + "/" + strings.TrimPrefix(path, "/") + "*", nil
}

// Policy is a CAM policy, with its keys in CAM's order and small letters.
type Policy struct {
	Version   string      `json:"version"`
	Statement []Statement `json:"statement"`
}

// Statement allows actions on resources.
type Statement struct {
	Effect   string   `json:"effect"`
	Action   []string `json:"action"`
	Resource []string `json:"resource"`
}

const (
	version = "2.0" // the only version of CAM's policy language
	allow   = "allow"
	deny    = "deny"
)

// For is the policy that allows what is needed: a statement for each resource.
func For(needs []Need) Policy {
	policy := Policy{Version: version, Statement: []Statement{}}
	for _, need := range needs {
		i := slices.IndexFunc(policy.Statement, func(s Statement) bool { return s.Resource[0] == need.Resource })
		if i < 0 {
			i = len(policy.Statement)
			policy.Statement = append(policy.Statement, Statement{Effect: allow, Resource: []string{need.Resource}})
		}
		policy.Statement[i].Action = append(policy.Statement[i].Action, need.Action)
	}
	return policy
}

// Text is a policy as CAM's console takes it, indented.
func Text(policy any) (string, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(policy)
	return b.String(), err
}
