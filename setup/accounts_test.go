package setup_test

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"licensewatch/fleet"
	"licensewatch/internal/simulator/cos"
	"licensewatch/license"
	"licensewatch/setup"
	"licensewatch/state"
)

const accounts = `version: 1
accounts: [{uin: "100000000001", self: true}]
channels: [{name: a, kind: slack, url: LICENSEWATCH_A}]
default: a
`

// TestLoadAccounts: from a path, from the package, and from a bucket.
func TestLoadAccounts(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "accounts.yaml"), []byte(accounts), 0o600); err != nil {
		t.Fatal(err)
	}
	bucket := cos.New(cos.Options{SecretID: "AKIDx", SecretKey: "k"})
	server := httptest.NewServer(bucket)
	t.Cleanup(server.Close)
	place := "cos://bucket-1250000000/fleet?region=ap-guangzhou&endpoint=" + server.URL
	options := state.Options{Credentials: func() (id, key, token string, err error) { return "AKIDx", "k", "", nil }}
	store, err := state.Open(place, options)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Put(t.Context(), "accounts.yaml", []byte(accounts)); err != nil {
		t.Fatal(err)
	}
	object := strings.Replace(place, "/fleet?", "/fleet/accounts.yaml?", 1)
	t.Setenv("USER_CODE_ROOT", dir)
	for file, want := range map[string]string{
		filepath.Join(dir, "accounts.yaml"):    "",
		"accounts.yaml":                        "",
		object:                                 "",
		"gone.yaml":                            "LICENSEWATCH_ACCOUNTS_FILE: the accounts file gone.yaml cannot be read (no such file or directory)",
		"AKIDz8krbsJ5yKBZQpn74WFkmLPx3gnPhESA": "LICENSEWATCH_ACCOUNTS_FILE: the accounts file cannot be read (no such file or directory)",
		strings.Replace(object, "accounts.yaml", "gone", 1):    "LICENSEWATCH_ACCOUNTS_FILE: there is no such object in the bucket",
		strings.Replace(object, "accounts.yaml", "", 1):        "LICENSEWATCH_ACCOUNTS_FILE: names no object: write cos://bucket-appid/key?region=",
		"cos://bucket-1250000000/accounts.yaml":                "LICENSEWATCH_ACCOUNTS_FILE: names no region",
		"cos://bucket-1250000000?region=ap-guangzhou":          "LICENSEWATCH_ACCOUNTS_FILE: names no object",
		strings.Replace(object, "accounts.yaml", "UP.yaml", 1): "LICENSEWATCH_ACCOUNTS_FILE: the accounts file cannot be read: ",
	} {
		f, err := setup.LoadAccounts(t.Context(), file, fleet.Options{Site: license.SiteCN}, options)
		said := strings.Join(setup.Mistakes(err), "\n")
		if want == "" && (err != nil || len(f.Accounts) != 1) || !strings.HasPrefix(said, want) {
			t.Errorf("%s: %s, want %s", file, said, want)
		}
	}
	if err := store.Put(t.Context(), "accounts.yaml", []byte(strings.Replace(accounts, "1", "2", 1))); err != nil {
		t.Fatal(err)
	}
	f, err := setup.LoadAccounts(t.Context(), object, fleet.Options{Site: license.SiteCN}, options)
	if said := strings.Join(setup.Mistakes(err), "\n"); said != "cos://bucket-1250000000/fleet/accounts.yaml:1:10: version must be 1: this program reads no other" || f == nil || len(f.Channels) != 1 {
		t.Errorf("%s: %+v", said, f)
	}
}
