package config

// What the tests of certificates look at.
const SmallestBundle = smallestBundle

// UseCertificateBundleOf is UseCertificateBundle on another system.
func UseCertificateBundleOf(bundles []string) { useCertificateBundle(bundles) }
