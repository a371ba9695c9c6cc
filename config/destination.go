package config

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"licensewatch/internal/hostname"
	"licensewatch/notify"
)

// Destination is where a webhook leads: its URL in the one spelling that can be
// compared. Letter case of scheme and host, the default port, slashes at the end, an
// escape that need not be one and the order of the query's names do not count, nor
// which of its names this machine has. At the hosts of its kind only what the kind says
// identifies the chat; what another host reads of its URLs nobody knows. It is as secret
// as the URL.
//
// Ledgers hold hashes of it: that of an ordinary webhook stays as it is.
func Destination(kind *notify.ChannelKind, webhook Secret) string {
	u, err := url.Parse(strings.TrimRight(webhook.Reveal(), "/"))
	if err != nil { // Load gives no such webhook
		return webhook.Reveal()
	}
	host, where, query := hostname.Of(u), u.Path, u.Query()
	switch {
	case slices.Contains(kind.Hosts, host):
		where, query = kind.Identify(u)
	case isThisMachine(host):
		host = "127.0.0.1"
	}
	if port := u.Port(); port != "" && u.Scheme+port != "https443" && u.Scheme+port != "http80" {
		host += ":" + port
	}
	return u.Scheme + "://" + host + strings.TrimRight(where, "/") + "?" + query.Encode()
}

// isThisMachine is true for the names that every machine has for itself. Other loopback
// addresses may be those of different listeners.
func isThisMachine(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil &&
		(address.Unmap() == netip.AddrFrom4([4]byte{127, 0, 0, 1}) || address == netip.IPv6Loopback())
}
