package handler_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"licensewatch/internal/simulator"
)

// The secrets that are planted; each is distinct, so that a leak names itself.
const (
	canaryID    = "AKIDcanaryQ1w2E3r4T5y6U7i8O9p0Aa"
	canaryKey   = "canaryKeyZ9x8C7v6B5n4M3l2K1j0Hhg"
	canaryToken = "canaryTokenP0o9I8u7Y6t5R4e3W2q1Q"
	canaryLink  = "canaryLinkL1k2J3h4G5f6D7s8A9q0Ww"
)

// leaks gives the pieces of secrets, 12 characters long, that stand in text:
// raw, escaped for a URL, or in base64.
func leaks(text string, secrets ...string) []string {
	const piece = 12
	var found []string
	for _, secret := range secrets {
		forms := []string{secret, url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret)), base64.RawURLEncoding.EncodeToString([]byte(secret))}
		if slices.ContainsFunc(forms, func(form string) bool { return sharesPiece(text, form, piece) }) {
			found = append(found, secret[:10]+"…")
		}
	}
	return found
}

func sharesPiece(text, secret string, piece int) bool {
	for i := 0; i+piece <= len(secret); i++ {
		if strings.Contains(text, secret[i:i+piece]) {
			return true
		}
	}
	return false
}

func TestLeaksAreFound(t *testing.T) {
	t.Parallel()
	for _, text := range []string{canaryKey, "x" + canaryKey[5:20], base64.StdEncoding.EncodeToString([]byte(canaryKey))} {
		if len(leaks(text, canaryKey, canaryLink)) != 1 {
			t.Errorf("the leak in %q is not found", text)
		}
	}
}

// echo answers with everything it was sent, as a careless gateway would.
func echo(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(code)
		_ = r.Header.Write(w)
		_, _ = w.Write([]byte(r.URL.String()))
	}
}

// TestNoSecretLeaves plants secrets and breaks everything in turn: nothing but
// the one link in a message may show up anywhere.
func TestNoSecretLeaves(t *testing.T) {
	link := "https://x-1250000000.cos.ap-guangzhou.myqcloud.com/a.csv?q-signature=" + canaryLink
	finished := simulator.Answer(`{"Response":{"Status":"FINISHED","DownloadUrl":"` + link + `","RequestId":"r"}}`)
	actions := []string{"DescribeLicenseGeneral", "DescribeLicenseList", "DescribePurchaseStateInfo", "ExportLicenseDetail", "ExportTasks"}
	api := map[string]http.HandlerFunc{
		"fine":         nil,
		"denied":       simulator.APIError("AuthFailure.UnauthorizedOperation", canaryKey+canaryToken),
		"echo 500":     echo(500),
		"echo 200":     echo(200),
		"redirect":     redirect,
		"reset":        simulator.Reset(),
		"null":         simulator.Answer("null"),
		"half":         simulator.Answer(`{"Response":{"RequestId":"` + canaryToken),
		"secret in id": simulator.Answer(`{"Response":{"RequestId":"r","TaskId":"` + canaryKey + `"}}`),
	}
	chats := map[string]http.HandlerFunc{
		"fine": nil, "echo 500": echo(500), "echo 200": echo(200), "redirect": redirect, "reset": simulator.Reset(), "gone": status(404, "no_service"),
	}
	for apiFault, answer := range api {
		for chatFault, chat := range chats {
			t.Run("api "+apiFault+", Slack "+chatFault, func(t *testing.T) {
				w := newWorld(t, "everything-wrong", "LICENSEWATCH_LOG_LEVEL", "debug")
				w.SetCredentials(canaryID, canaryKey, canaryToken)
				t.Setenv("TENCENTCLOUD_SECRETID", canaryID)
				t.Setenv("TENCENTCLOUD_SECRETKEY", canaryKey)
				t.Setenv("TENCENTCLOUD_SESSIONTOKEN", canaryToken)
				w.Override("ExportTasks", finished)
				for _, action := range actions {
					if answer != nil {
						w.Override(action, answer)
					}
				}
				w.OverrideSlack(chat)
				for _, event := range []string{digestEvent, alertEvent} {
					w.checkLeaks(event)
				}
			})
		}
	}
}

func (w *world) checkLeaks(event string) {
	w.t.Helper()
	summary, err := w.run(event)
	keys := []string{canaryID, canaryKey, canaryToken}
	webhooks := []string{w.SlackURL()[len("http://127.0.0.1:"):], w.WeComURL()[len("http://127.0.0.1:"):]}
	said := w.log.String() + asJSON(w.t, summary)
	if err != nil {
		said += err.Error()
	}
	if found := leaks(said, append(append(keys, canaryLink), secretParts(webhooks)...)...); len(found) > 0 {
		w.t.Errorf("the log, the Summary or the error holds %v:\n%s", found, said)
	}
	for _, post := range w.Posts() {
		if found := leaks(string(post.Body), append(keys, secretParts(webhooks)...)...); len(found) > 0 {
			w.t.Errorf("a message to %s holds %v", post.Channel, found)
		}
	}
}

// secretParts are the parts of webhook URLs that are the credential.
func secretParts(urls []string) []string {
	var parts []string
	for _, u := range urls {
		cut := strings.LastIndexAny(u, "/=")
		parts = append(parts, u[cut+1:])
	}
	return parts
}
