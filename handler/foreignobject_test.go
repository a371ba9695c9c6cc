package handler_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
)

// TestForeignObjects: what a bucket holds under a name of licensewatch's costs no
// memory, whatever it is. Only what may not be read does, and never keeps a run from
// speaking.
func TestForeignObjects(t *testing.T) {
	sum := sha256.Sum256([]byte(deadLock))
	token := "takeover/" + hex.EncodeToString(sum[:8])
	contents := map[string]string{
		"huge": strings.Repeat("x", 5<<20), "empty": "", "binary": "\x00\xff\xfe", "a list": "[]", "a number": "7", "deep": strings.Repeat("[", 100_000),
		"refused": "refused", "down": "down",
	}
	for _, name := range []string{"claim.json", "ledger.json", "ledger-2.json", "aside/list.json", token} {
		for kind, content := range contents {
			t.Run(name+" is "+kind, func(t *testing.T) {
				w, bucket := newBucket(t, "near-expiry", func(bucket http.Handler) http.Handler {
					return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
						code := map[string]int{"refused": http.StatusForbidden, "down": http.StatusServiceUnavailable}[kind]
						if code != 0 && r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, name) {
							rw.WriteHeader(code)
							return
						}
						bucket.ServeHTTP(rw, r)
					})
				})
				w.ahead = time.Minute
				if name == "aside/list.json" {
					bucket.SetObject("lw/ledger.json", []byte("{damaged"))
				}
				if name == "ledger-2.json" { // it is the ledger's while something else has the first name
					bucket.SetObject("lw/ledger.json", []byte(contents["huge"]))
				}
				if name == token {
					bucket.SetObject("lw/claim.json", []byte(deadLock))
				}
				bucket.SetObject("lw/"+name, []byte(content))
				w.wantTick("alert", handler.OutcomeSent, 1, 1)
				if content == kind && name != "aside/list.json" {
					w.wantTick("alert", handler.OutcomeSent, 2, 2)
					w.wantContains("the message", w.posted("slack")[1], "Running without memory")
					return
				}
				w.wantTick("alert", handler.OutcomeQuiet, 1, 1)
				if content == kind && string(bucket.Objects()["lw/aside/list.json"]) != content {
					t.Error("a list that could not be read is written anew")
				}
			})
		}
	}
}

const deadLock = `{"owner":"x","expires":"2020-01-01T00:00:00Z"}`
