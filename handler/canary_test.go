package handler_test

import (
	"encoding/base64"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
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

// leaks gives the secrets of which a piece, 12 characters long, stands in text: raw,
// escaped for a URL or for JSON, or in base64.
func leaks(text string, secrets ...string) []string {
	const piece = 12
	var found []string
	for _, secret := range secrets {
		if slices.ContainsFunc(formsOf(secret), func(form string) bool { return sharesPiece(text, form, piece) }) {
			found = append(found, secret[:10]+"…")
		}
	}
	return found
}

// formsOf are the ways in which a text may be written. What base64 makes of it
// depends on what stands before it.
func formsOf(secret string) []string {
	quoted, _ := json.Marshal(secret) // a text can be marshalled
	forms := []string{secret, url.QueryEscape(secret), url.PathEscape(secret), strings.Trim(string(quoted), `"`)}
	for before := range 3 {
		text := []byte(strings.Repeat(" ", before) + secret)
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			forms = append(forms, encoding.EncodeToString(text)[4*min(before, 1):])
		}
	}
	return forms
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
	const odd = `canary/"<&Q1w2E3r4T5y6`
	for name, text := range map[string]string{
		"raw":                  odd,
		"a piece":              "x" + odd[5:17],
		"in a query":           "a=" + url.QueryEscape(odd),
		"in a path":            "/" + url.PathEscape(odd) + "/",
		"in JSON":              asText(t, map[string]string{"a": odd}),
		"in base64":            base64.StdEncoding.EncodeToString([]byte(odd)),
		"in a base64 text":     base64.StdEncoding.EncodeToString([]byte("a: " + odd + ", b")),
		"in base64, for a URL": base64.URLEncoding.EncodeToString([]byte("key " + odd)),
	} {
		if len(leaks(text, odd, canaryLink)) != 1 {
			t.Errorf("%s: the leak in %q is not found", name, text)
		}
	}
	if found := leaks("x"+odd[5:16]+"y", odd); found != nil {
		t.Errorf("11 characters: %v", found)
	}
}

func asText(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
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
	machines := []string{"DescribeMachineGeneral", "DescribeLicenseBindList"} // of which the latter is asked where there are orders
	broken := map[string][]string{
		"api":      append([]string{"DescribeLicenseGeneral", "DescribeLicenseList", "DescribePurchaseStateInfo", "ExportLicenseDetail", "ExportTasks"}, machines...),
		"machines": machines,
	}
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
		"secret in list": simulator.Answer(`{"Response":{"RequestId":"` + canaryID + `","TotalCount":"` + canaryToken +
			`","List":"` + link + `","MachineCnt":"` + link + `"}}`),
		"secret as code": simulator.Answer(`{"Response":{"Error":{"Code":"` + canaryToken + `","Message":"` + link + `"},"RequestId":"` + canaryID + `"}}`),
	}
	chats := map[string]http.HandlerFunc{
		"fine": nil, "echo 500": echo(500), "echo 200": echo(200), "redirect": redirect, "reset": simulator.Reset(), "gone": status(404, "no_service"),
	}
	for what, actions := range broken {
		for apiFault, answer := range api {
			for chatFault, chat := range chats {
				if what == "machines" && chatFault != "fine" && chatFault != "echo 200" {
					continue // chats break in all ways already
				}
				t.Run(what+" "+apiFault+", Slack "+chatFault, func(t *testing.T) {
					archived := t.TempDir()
					w := newWorld(t, "everything-wrong", "LICENSEWATCH_LOG_LEVEL", "debug", "LICENSEWATCH_MACHINES", "names",
						"LICENSEWATCH_ARCHIVE_URL", "file://"+archived+"/archive")
					w.plantCanaries()
					w.Override("ExportTasks", finished)
					for _, action := range actions {
						if answer != nil {
							w.Override(action, answer)
						}
					}
					w.OverrideChat("slack", chat)
					for _, event := range []string{digestEvent, alertEvent} {
						w.checkLeaks(event)
					}
					w.checkRecords(archived, 4) // of an alert that knows nothing there is none
					isAsked := slices.ContainsFunc(w.Calls(), func(c simulator.Call) bool { return c.Action == "DescribeLicenseBindList" })
					if what == "machines" && !isAsked {
						t.Error("no machines of orders were asked for")
					}
				})
			}
		}
	}
}

// plantCanaries has the runs work with keys that can be found.
func (w *world) plantCanaries() {
	w.SetCredentials(canaryID, canaryKey, canaryToken)
	w.set("TENCENTCLOUD_SECRETID", canaryID)
	w.set("TENCENTCLOUD_SECRETKEY", canaryKey)
	w.set("TENCENTCLOUD_SESSIONTOKEN", canaryToken)
}

func (w *world) checkLeaks(event string) {
	w.t.Helper()
	summary, err := w.run(event)
	keys := []string{canaryID, canaryKey, canaryToken}
	webhooks := []string{w.WebhookURL("slack")[len("http://127.0.0.1:"):], w.WebhookURL("wecom")[len("http://127.0.0.1:"):]}
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

// checkRecords looks for secrets in whatever was sealed, the link in the messages included.
func (w *world) checkRecords(dir string, least int) {
	w.t.Helper()
	files := 0
	secrets := append([]string{canaryID, canaryKey, canaryToken, canaryLink},
		secretParts([]string{w.WebhookURL("slack")[len("http://127.0.0.1:"):], w.WebhookURL("wecom")[len("http://127.0.0.1:"):]})...)
	must(w.t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if found := leaks(path+string(data), secrets...); len(found) > 0 {
			w.t.Errorf("%s holds %v", path, found)
		}
		files++
		return err
	}))
	if files < least {
		w.t.Errorf("%d files are sealed", files)
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
