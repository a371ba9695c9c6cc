// Package hostname compares the names of hosts, by their spelling alone: no name is
// looked up.
package hostname

import (
	"net/netip"
	"net/url"
	"strings"
)

// Of is a URL's host in the one spelling that can be compared: without a port, in small
// letters, without a dot at its end.
func Of(u *url.URL) string {
	return strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
}

// IsLoopback says whether a URL's host is this machine itself.
func IsLoopback(u *url.URL) bool {
	if Of(u) == "localhost" {
		return true
	}
	address, err := netip.ParseAddr(u.Hostname())
	return err == nil && address.Unmap().IsLoopback()
}

// OfRedirect says where a redirect leads, and nothing else of it: "host example.com". What
// stands in a URL besides its host may be a secret.
func OfRedirect(location string) string {
	const longest = 255 // bytes, of a name in the DNS
	u, err := url.Parse(location)
	switch {
	case err != nil || strings.ContainsFunc(u.Hostname(), notInHost) || len(u.Hostname()) > longest:
		return "an address that is none"
	case u.Hostname() == "":
		return "another path of the same host"
	default:
		return "host " + u.Hostname()
	}
}

func notInHost(r rune) bool {
	letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	return !letter && !strings.ContainsRune("._:-", r)
}
