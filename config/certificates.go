package config

import "os"

// certificateBundles are the files in which Go looks for all certificates of a Linux
// system, in its order.
var certificateBundles = []string{
	"/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
	"/etc/pki/tls/cacert.pem",
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "/etc/ssl/cert.pem",
}

// smallestBundle is fewer bytes than a system's bundle has: one that was left empty is none.
const smallestBundle = 50 << 10

// UseCertificateBundle keeps Go from reading each file of the certificate folders as well,
// once it has read the bundle that was made of them: some 8 ms of a cold start. It does so
// only where there is a bundle. Where SSL_CERT_DIR or SSL_CERT_FILE is set, both count as
// ever: a file of one's own may hold one certificate, and the folders all others. Call it
// before the first TLS connection, once the platform has handed the environment over.
func UseCertificateBundle() { useCertificateBundle(certificateBundles) }

func useCertificateBundle(bundles []string) {
	for _, name := range []string{"SSL_CERT_DIR", "SSL_CERT_FILE"} {
		if _, isSet := os.LookupEnv(name); isSet {
			return
		}
	}
	for _, bundle := range bundles {
		if info, err := os.Stat(bundle); err == nil { // Go looks no further
			if info.Size() >= smallestBundle {
				_ = os.Setenv("SSL_CERT_DIR", os.DevNull) // no folder, which Go passes over
			}
			return
		}
	}
}
