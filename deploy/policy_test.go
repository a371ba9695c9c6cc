package deploy_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/tencent"
)

// policy is a CAM document. CAM wants its keys in small letters, and
// encoding/json takes any: keys checks the letters.
type policy struct {
	Version   string      `json:"version"`
	Statement []statement `json:"statement"`
}

type statement struct {
	Effect    string              `json:"effect"`
	Action    any                 `json:"action"`
	Resource  []string            `json:"resource"`
	Principal map[string][]string `json:"principal"`
}

func loadPolicy(t *testing.T, path string) policy {
	t.Helper()
	text := read(t, path)
	var p policy
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	for _, key := range []string{"Version", "Statement", "Effect", "Action", "Resource", "Principal", "Service"} {
		if strings.Contains(text, `"`+key+`"`) {
			t.Errorf("%s: the key %s must be written in small letters", path, key)
		}
	}
	return p
}

// TestPolicyAllowsWhatIsCalled: no less, or a source cannot be read; no more,
// since nothing else is needed. The resource is "*" because these actions are
// not authorised per resource.
func TestPolicyAllowsWhatIsCalled(t *testing.T) {
	t.Parallel()
	actions := []any{tencent.ActionExport, tencent.ActionExportTasks}
	for _, source := range license.Sources() {
		actions = append(actions, source.Info().CAM())
	}
	slices.SortFunc(actions, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	want := policy{Version: "2.0", Statement: []statement{{Effect: "allow", Action: actions, Resource: []string{"*"}}}}
	if diff := cmp.Diff(want, loadPolicy(t, "deploy/cam-policy.json")); diff != "" {
		t.Errorf("cam-policy.json differs (-want +got):\n%s", diff)
	}
}

// TestTrustPolicy: the platform, and nobody else, takes on the role.
func TestTrustPolicy(t *testing.T) {
	t.Parallel()
	want := policy{Version: "2.0", Statement: []statement{{
		Effect: "allow", Action: "name/sts:AssumeRole", Principal: map[string][]string{"service": {"scf.qcloud.com"}},
	}}}
	if diff := cmp.Diff(want, loadPolicy(t, "deploy/trust-policy.json")); diff != "" {
		t.Errorf("trust-policy.json differs (-want +got):\n%s", diff)
	}
}

// TestStorePolicy: what a store in COS needs, in one folder of one bucket.
func TestStorePolicy(t *testing.T) {
	t.Parallel()
	want := policy{Version: "2.0", Statement: []statement{{
		Effect:   "allow",
		Action:   []any{"name/cos:GetObject", "name/cos:PutObject", "name/cos:DeleteObject"},
		Resource: []string{"qcs::cos:ap-guangzhou:uid/1250000000:bucket-1250000000/licensewatch/*"},
	}}}
	if diff := cmp.Diff(want, loadPolicy(t, "deploy/cam-policy-cos.json")); diff != "" {
		t.Errorf("cam-policy-cos.json differs (-want +got):\n%s", diff)
	}
	// of an archive nothing is deleted, and the newest record is looked for
	want.Statement[0].Action = []any{"name/cos:GetObject", "name/cos:PutObject", "name/cos:GetBucket"}
	want.Statement[0].Resource = []string{"qcs::cos:ap-guangzhou:uid/1250000000:evidence-1250000000/licensewatch/*"}
	if diff := cmp.Diff(want, loadPolicy(t, "deploy/cam-policy-archive.json")); diff != "" {
		t.Errorf("cam-policy-archive.json differs (-want +got):\n%s", diff)
	}
}
