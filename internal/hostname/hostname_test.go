package hostname_test

import (
	"net/url"
	"strings"
	"testing"

	"licensewatch/internal/hostname"
)

func TestIsLoopback(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"localhost": true, "LocalHost.": true, "127.0.0.1": true, "127.8.9.10:80": true, "[::1]:80": true, "[::ffff:127.0.0.1]": true,
		"localhost.example": false, "127.0.0.1.example": false, "10.0.0.1": false, "0.0.0.0": false, "": false,
	} {
		if got := hostname.IsLoopback(&url.URL{Scheme: "http", Host: host}); got != want {
			t.Errorf("%q: %v, want %v", host, got, want)
		}
	}
}

func TestOfRedirect(t *testing.T) {
	t.Parallel()
	for location, want := range map[string]string{
		"https://user:pass@Other.example:8443/path?key=secret#more": "host Other.example",
		"http://[2001:db8::1]/x":                                    "host 2001:db8::1",
		"/elsewhere?key=secret":                                     "another path of the same host",
		"":                                                          "another path of the same host",
		"https://say%20this/":                                       "an address that is none",
		"https://中文.example/":                                       "an address that is none",
		"https://" + strings.Repeat("a", 256) + "/":                 "an address that is none",
		"://": "an address that is none",
	} {
		if got := hostname.OfRedirect(location); got != want {
			t.Errorf("%q: %q, want %q", location, got, want)
		}
	}
}
