package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// exampleStore is the store that deploy/cam-policy-cos.json is for.
const exampleStore = "cos://bucket-1250000000/licensewatch?region=ap-guangzhou"

// exampleArchive is the archive that deploy/cam-policy-archive.json is for.
const exampleArchive = "cos://evidence-1250000000/licensewatch?region=ap-guangzhou"

func TestPolicy(t *testing.T) {
	for name, test := range map[string]struct {
		settings map[string]string
		args     []string
	}{
		"policy.txt":       {nil, nil},
		"policy.json":      {map[string]string{"LICENSEWATCH_STATE_URL": exampleStore}, []string{"--output", "json"}},
		"policy-least.txt": {map[string]string{"LICENSEWATCH_SOURCES": "tcss", "LICENSEWATCH_STATE_URL": "file:///var/lib/licensewatch"}, nil},
		"policy-trust.txt": {nil, []string{"--trust"}},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := command(t, test.settings, append([]string{"policy"}, test.args...)...)
			if code != exitFine {
				t.Fatalf("exit %d: %s", code, errs)
			}
			golden(t, name, out)
		})
	}
}

// TestPolicyIsWhatIsDeployed: the files that the READMEs name are what the
// command prints for the default settings.
func TestPolicyIsWhatIsDeployed(t *testing.T) {
	for file, args := range map[string][]string{"cam-policy.json": nil, "trust-policy.json": {"--trust"}} {
		_, out, _ := command(t, nil, append([]string{"policy"}, args...)...)
		if diff := cmp.Diff(deployed(t, file), out); diff != "" {
			t.Errorf("deploy/%s differs (-file +printed):\n%s", file, diff)
		}
	}
	type document struct{ Statement []map[string]any }
	settings := map[string]string{"LICENSEWATCH_STATE_URL": exampleStore, "LICENSEWATCH_ARCHIVE_URL": exampleArchive}
	_, out, _ := command(t, settings, "policy")
	var printed, store, archive document
	for text, into := range map[string]*document{out: &printed, deployed(t, "cam-policy-cos.json"): &store,
		deployed(t, "cam-policy-archive.json"): &archive} {
		if err := json.Unmarshal([]byte(text), into); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(append(store.Statement, archive.Statement...), printed.Statement[1:]); diff != "" {
		t.Errorf("deploy/cam-policy-cos.json and cam-policy-archive.json differ (-files +printed):\n%s", diff)
	}
}

func deployed(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "deploy", file))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestPolicyCheck(t *testing.T) {
	const careless = "testdata/policy-careless.json"
	settings := map[string]string{"LICENSEWATCH_STATE_URL": exampleStore}
	for name, args := range map[string][]string{"policy-check.txt": nil, "policy-check.json": {"--output", "json"}} {
		code, out, errs := command(t, settings, append([]string{"policy", "--check", careless}, args...)...)
		if code != exitFound {
			t.Errorf("%v: exit %d", args, code)
		}
		wantIn(t, "error", errs, " mistakes to correct; licensewatch policy prints what is needed")
		golden(t, name, out)
	}
	for _, step := range []struct {
		settings map[string]string
		args     []string
		code     int
		want     string
	}{
		{nil, []string{"--check", "../../deploy/cam-policy.json"}, exitFine, "allows everything that is needed (7 actions)"},
		{map[string]string{"LICENSEWATCH_EXPORT": "off"}, []string{"--check", "../../deploy/cam-policy.json"}, exitFine, "the export of the license details is switched off"},
		{nil, []string{"--trust", "--check", "../../deploy/trust-policy.json"}, exitFine, "lets the platform run the function"},
		{nil, []string{"--check", "../../deploy/trust-policy.json"}, exitFound, "check it with --trust"},
		{nil, []string{"--trust", "--check", careless}, exitFound, "check it without --trust"},
		{nil, []string{"--check", "gone.json"}, exitUsage, "gone.json cannot be read: no such file"},
		{nil, []string{"--check", ""}, exitUsage, "--check is given, but empty"},
		{nil, []string{"--check", "policy_test.go"}, exitFound, "policy_test.go:1:1: is not JSON"},
		{map[string]string{"LICENSEWATCH_SOURCES": "cvm"}, nil, exitFound, "LICENSEWATCH_SOURCES: "},
		{map[string]string{"LICENSEWATCH_STATE_URL": "cos://bucket/x"}, nil, exitFound, "LICENSEWATCH_STATE_URL: has a bucket without the APPID"},
		{map[string]string{"LICENSEWATCH_ARCHIVE_URL": "cos://bucket/x"}, nil, exitFound, "LICENSEWATCH_ARCHIVE_URL: has a bucket without the APPID"},
		{map[string]string{"LICENSEWATCH_STATE_URL": exampleStore, "LICENSEWATCH_ARCHIVE_URL": exampleStore}, nil, exitFound, "LICENSEWATCH_ARCHIVE_URL: is where the memory lies"},
		{map[string]string{"LICENSEWATCH_MACHINES": "of"}, nil, exitFound, "LICENSEWATCH_MACHINES: "},
		{map[string]string{"LICENSEWATCH_STATE_URL": exampleStore, "LICENSEWATCH_ARCHIVE_URL": exampleArchive}, nil, exitFine,
			"tcss; the export digest, a store in COS and an archive in COS, as the settings"},
		{map[string]string{"LICENSEWATCH_SOURCE": "tcss"}, nil, exitFine, "did you mean LICENSEWATCH_SOURCES?"},
	} {
		code, out, errs := command(t, step.settings, append([]string{"policy"}, step.args...)...)
		if code != step.code {
			t.Errorf("%v %v: exit %d, want %d:\n%s%s", step.settings, step.args, code, step.code, out, errs)
		}
		wantIn(t, strings.Join(step.args, " "), out+errs, step.want)
	}
}

func TestPolicyFromStandardInput(t *testing.T) {
	var out, errs bytes.Buffer
	root := newRoot(console{out: &out, err: &errs})
	root.SetArgs([]string{"policy", "--trust", "--check", "-"})
	root.SetIn(strings.NewReader(`{"version":"2.0"`))
	if err := root.ExecuteContext(t.Context()); err == nil {
		t.Error("half a policy is no mistake")
	}
	wantIn(t, "output", out.String(), "standard input:1:17: is not JSON: it ends too early")
}

// TestPolicyFleet: what every account of a file needs, for the console, for Terraform and
// for programs.
func TestPolicyFleet(t *testing.T) {
	for name, args := range map[string][]string{
		"policy-fleet.txt": nil, "policy-fleet.tf": {"--terraform"}, "policy-fleet.json": {"--output", "json"},
	} {
		code, out, errs := command(t, map[string]string{"LICENSEWATCH_ACCOUNTS_FILE": fleetFile}, append([]string{"policy", "--fleet"}, args...)...)
		if code != exitFine {
			t.Errorf("%s: exit %d: %s", name, code, errs)
		}
		wantIn(t, name, errs, "! the members of the organization are not known here")
		golden(t, name, out)
	}
	text := fleetText(t)
	files(t, map[string]string{"accounts.yaml": text, "partly.yaml": strings.Replace(text, "self: true", "keys: LICENSEWATCH_SG, self: true", 1)})
	for _, step := range []struct {
		line string
		code int
		want string
	}{
		{"policy --fleet", exitFound, "no accounts file: name one with --accounts FILE or in LICENSEWATCH_ACCOUNTS_FILE"},
		{"policy --accounts accounts.yaml", exitUsage, "--accounts, --terraform and --scatter go with --fleet"},
		{"policy --fleet --trust --accounts accounts.yaml", exitUsage, "leave --trust and --check out"},
		{"policy --fleet --terraform -o json --accounts accounts.yaml", exitUsage, "exclude each other"},
		{"policy --fleet --accounts partly.yaml", exitFound, "1 of 4 accounts would not be watched"},
		{"policy --fleet --accounts partly.yaml", exitFound, "put its number in the place of <uin of the function's account>, or add the function's account to the file with self: true"},
	} {
		code, out, errs := command(t, nil, strings.Fields(step.line)...)
		if code != step.code {
			t.Errorf("%s: exit %d, want %d:\n%s", step.line, code, step.code, errs)
		}
		wantIn(t, step.line, out+errs, step.want)
	}
}
