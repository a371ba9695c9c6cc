package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"licensewatch/config"
)

// TestCertificateBundle: the folders are left out only where there is a bundle to read
// instead, and nobody has named one.
func TestCertificateBundle(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, size int) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	whole, empty, missing := file("whole", config.SmallestBundle), file("empty", 0), filepath.Join(dir, "missing")
	for name, test := range map[string]struct {
		bundles []string
		set     string // SSL_CERT_DIR
		file    string // SSL_CERT_FILE
		want    string
	}{
		"a bundle":             {[]string{missing, whole}, "", "", os.DevNull},
		"none":                 {[]string{missing}, "", "", ""},
		"an empty one first":   {[]string{empty, whole}, "", "", ""},
		"somebody has set it":  {[]string{whole}, "/etc/ssl/mine", "", "/etc/ssl/mine"},
		"a file of one's own":  {[]string{whole}, "", "/etc/ssl/mine.pem", ""},
		"no bundle, and it is": {[]string{missing}, "/etc/ssl/mine", "", "/etc/ssl/mine"},
	} {
		t.Run(name, func(t *testing.T) {
			for variable, value := range map[string]string{"SSL_CERT_DIR": test.set, "SSL_CERT_FILE": test.file} {
				t.Setenv(variable, value) // which also puts it back at the end
				if value == "" {
					_ = os.Unsetenv(variable)
				}
			}
			config.UseCertificateBundleOf(test.bundles)
			if got := os.Getenv("SSL_CERT_DIR"); got != test.want {
				t.Errorf("SSL_CERT_DIR is %q, want %q", got, test.want)
			}
		})
	}
}
