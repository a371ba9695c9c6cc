package config

import (
	"net/url"
	"strings"
)

// Destination is where a webhook leads: its URL in the one spelling that can be
// compared. Letter case of scheme and host, the default port, slashes at the end, an
// escape that need not be one and the order of the query's names do not count. It is
// as secret as the URL.
func Destination(webhook Secret) string {
	u, err := url.Parse(strings.TrimRight(webhook.Reveal(), "/"))
	if err != nil { // Load gives no such webhook
		return webhook.Reveal()
	}
	host, port := hostOf(u), u.Port()
	if port != "" && u.Scheme+port != "https443" && u.Scheme+port != "http80" {
		host += ":" + port
	}
	return u.Scheme + "://" + host + strings.TrimRight(u.Path, "/") + "?" + u.Query().Encode()
}
