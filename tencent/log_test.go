package tencent_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/tencent"
)

// logbook keeps what is logged, from debug on.
type logbook struct {
	mu sync.Mutex
	bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Buffer.Write(p)
}

func (l *logbook) logger() *slog.Logger {
	return slog.New(slog.NewJSONHandler(l, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "ms" {
				return slog.Attr{}
			}
			return a
		},
	}))
}

func (l *logbook) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.String()
}

type logTest struct {
	answer http.HandlerFunc
	call   func(t *testing.T, c *tencent.Client)
	want   string
}

func logTests() map[string]logTest {
	return map[string]logTest{
		"read": {
			answer: answerWith(`{"Response":{"State":3,"CoresCnt":-1,"RequestId":"r"}}`),
			call:   describeForLog,
			want: `{"level":"DEBUG","msg":"api try","action":"tcss:DescribePurchaseStateInfo","try":1,"status":200,"bytes":54}
{"level":"WARN","msg":"api fields make no sense","action":"tcss:DescribePurchaseStateInfo","api_request_id":"r","fields":["CoresCnt"]}
{"level":"DEBUG","msg":"api fields absent or null","action":"tcss:DescribePurchaseStateInfo","api_request_id":"r","fields":["SubState","AllCoresCnt","UndefendCoresCnt","AuthorizedCoresCnt","GivenAuthorizedCoresCnt","TrialCoresCnt","CurrentFlexibleCoresCnt","FlexibleCoresLimit","NoContainerCoresCnt","DefendClusterCoresCnt","DefendHostCoresCnt","DefendPolicy","InquireKey","ImageCnt","AuthorizedImageCnt","PurchasedAuthorizedCnt","GivenAuthorizedCnt","BeginTime","ExpirationTime","AutomaticRenewal"]}
`,
		},
		"failed at the second try": {
			answer: inTurn(refuseWith("InternalError"), refuseWith("UnauthorizedOperation")),
			call:   describeForLog,
			want: `{"level":"DEBUG","msg":"api try","action":"tcss:DescribePurchaseStateInfo","try":1,"status":200,"bytes":82,"code":"InternalError"}
{"level":"DEBUG","msg":"api try","action":"tcss:DescribePurchaseStateInfo","try":2,"status":200,"bytes":90,"code":"UnauthorizedOperation"}
{"level":"WARN","msg":"api call failed","action":"tcss:DescribePurchaseStateInfo","code":"UnauthorizedOperation","api_request_id":"req-1","status":200,"bytes":90,"try":2}
`,
		},
		"order list incomplete": {
			answer: paged(page{total: 5, elements: []string{order(1), `{"LicenseId":2,"LicenseCnt":{}}`}}, page{refusal: "InvalidParameter"}),
			call: func(t *testing.T, c *tencent.Client) {
				if _, err := c.DescribeLicenseList(t.Context()); err != nil {
					t.Error(err)
				}
			},
			want: `{"level":"DEBUG","msg":"api try","action":"cwp:DescribeLicenseList","try":1,"status":200,"bytes":154}
{"level":"WARN","msg":"api fields make no sense","action":"cwp:DescribeLicenseList","api_request_id":"r","fields":["LicenseCnt"]}
{"level":"DEBUG","msg":"api try","action":"cwp:DescribeLicenseList","try":1,"status":200,"bytes":85,"code":"InvalidParameter"}
{"level":"WARN","msg":"api call failed","action":"cwp:DescribeLicenseList","code":"InvalidParameter","api_request_id":"req-1","status":200,"bytes":85,"try":1}
{"level":"WARN","msg":"order list incomplete","action":"cwp:DescribeLicenseList","reason":"a page could not be read","read":2,"announced":5,"pages":1}
`,
		},
		"no task id": {
			answer: answerWith(`{"Response":{"TaskId":0,"RequestId":"r"}}`),
			call: func(t *testing.T, c *tencent.Client) {
				if _, err := c.ExportLicenseDetail(t.Context(), ""); err != nil {
					t.Error(err)
				}
			},
			want: `{"level":"DEBUG","msg":"api try","action":"cwp:ExportLicenseDetail","try":1,"status":200,"bytes":41}
{"level":"WARN","msg":"export without a task id","action":"cwp:ExportLicenseDetail","api_request_id":"r"}
`,
		},
	}
}

func TestLogLines(t *testing.T) {
	t.Parallel()
	for name, test := range logTests() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var book logbook
			o := options(t, newCloud(t, test.answer).URL)
			o.Logger = book.logger()
			test.call(t, tencent.New(o))
			if diff := cmp.Diff(test.want, book.text()); diff != "" {
				t.Errorf("log (-want +got):\n%s", diff)
			}
		})
	}
}

func describeForLog(t *testing.T, c *tencent.Client) { _ = describe(t.Context(), c) }

// secrets are what must not get out: the keys, and what servers put in bodies,
// headers and links.
func secrets() map[string]string {
	return map[string]string{
		"id": secretID, "key": secretKey, "token": token,
		"body":     "Bo6yCanRw8ZtXq2LmVe4JhSd0PfNg9Ku",
		"location": "Lc3aTioNb7VxWq5RzYm1GkHs8DjPe2Uf",
		"link":     "Sg9nLinKt4CvBx7MzQw1ErTy6UiOp3As",
	}
}

// leaked names the secrets of which a piece of 12 characters is in the text, as
// it is, URL-encoded, in base64, or in upper or lower case.
func leaked(text string) []string {
	const piece = 12
	text = strings.ToLower(text)
	var names []string
	for name, secret := range secrets() {
		forms := []string{secret, url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret))}
		if slices.ContainsFunc(forms, func(form string) bool { return holdsPiece(text, strings.ToLower(form), piece) }) {
			names = append(names, name)
		}
	}
	return names
}

func holdsPiece(text, of string, length int) bool {
	for i := 0; i+length <= len(of); i++ {
		if strings.Contains(text, of[i:i+length]) {
			return true
		}
	}
	return false
}

func TestLeakedNotices(t *testing.T) {
	t.Parallel()
	for name, secret := range secrets() {
		for _, text := range []string{"x" + secret[5:17], url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret))} {
			if diff := cmp.Diff([]string{name}, leaked(text)); diff != "" {
				t.Errorf("%s in %s (-want +got):\n%s", name, text, diff)
			}
		}
	}
}

// echo makes an answer as indiscreet as it can be: it sends back what it was
// sent, beside secrets of its own.
func echo(answer http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for name, value := range r.Header {
			w.Header()["Echo-"+name] = value
		}
		s := secrets()
		w.Header().Set("Location", "https://"+s["location"]+":pw@elsewhere.example/"+s["location"]+"?key="+s["location"])
		answer(w, r)
		_, _ = io.WriteString(w, s["body"]+r.Header.Get("Authorization")+r.Header.Get("X-TC-Token"))
	}
}

// No secret gets into an error or the log, whatever goes wrong.
func TestSecretsStayInside(t *testing.T) {
	t.Parallel()
	rows := faults()
	s := secrets()
	rows["message"] = fault{answer: answerWith(`{"Response":{"Error":{"Code":"InvalidParameter","Message":"` + s["body"] + `"},"RequestId":"r"}}`)}
	rows["code is no word"] = fault{answer: answerWith(`{"Response":{"Error":{"Code":"` + s["body"] + ` !"},"RequestId":"<` + s["body"] + `>"}}`)}
	rows["wrong fields"] = fault{answer: answerWith(`{"Response":{"State":"` + s["body"] + `","Status":"FINISHED","TaskId":"` + s["body"] + `","DownloadUrl":"https://h/?sign=` + s["link"] + `","TotalCount":"` + s["body"] + `","List":["` + s["body"] + `",{"LicenseId":"` + s["body"] + `"}]}}`)}
	rows["keys as words"] = fault{answer: keysAsWords("Error")}
	rows["keys as words, refused"] = fault{answer: keysAsWords("Error", http.StatusBadGateway)}
	rows["keys as values"] = fault{answer: keysAsWords("List")}
	for name, row := range rows {
		for _, echoing := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/%t", name, echoing), func(t *testing.T) {
				t.Parallel()
				answer := row.answer
				if echoing && !strings.HasPrefix(name, "redirect") {
					answer = echo(answer)
				}
				checkNothingLeaks(t, newCloud(t, answer))
			})
		}
	}
}

// keysAsWords answers with what the request was sent with, in words that are shown elsewhere.
func keysAsWords(member string, status ...int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, code := range status {
			w.WriteHeader(code)
		}
		_, id, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
		id, _, _ = strings.Cut(id, "/")
		_, _ = fmt.Fprintf(w, `{"Response":{"RequestId":%q,"SubState":%q,%q:{"Code":%q}}}`, id, id, member, r.Header.Get("X-TC-Token"))
	}
}

func checkNothingLeaks(t *testing.T, cloud *cloud) {
	t.Helper()
	var book logbook
	o := options(t, cloud.URL)
	o.Logger, o.Now = book.logger(), func() time.Time { return time.Date(2026, 11, 22, 1, 7, 0, 0, time.UTC) }
	c := tencent.New(o)
	_, err1 := c.DescribeLicenseGeneral(t.Context())
	_, err2 := c.DescribeLicenseList(t.Context())
	_, err3 := c.DescribePurchaseStateInfo(t.Context())
	_, err4 := c.ExportLicenseDetail(t.Context(), "")
	task, err5 := c.ExportTasks(t.Context(), 1)
	var text strings.Builder
	text.WriteString(book.text() + fmt.Sprintf("%v %+v %#v", task, task, task))
	for _, err := range []error{err1, err2, err3, err4, err5} {
		fmt.Fprintf(&text, "\n%v\n%+v\n%#v", err, err, err)
		for ; err != nil; err = errors.Unwrap(err) {
			encoded, _ := json.Marshal(err)
			fmt.Fprintf(&text, "\n%T %q %#v %s", err, err, err, encoded)
		}
	}
	if names := leaked(text.String()); len(names) > 0 {
		t.Errorf("%v leaked into\n%s", names, text.String())
	}
}

// A redirect's address is full of secrets, and only its host is shown.
func TestRedirectShowsTheHostAlone(t *testing.T) {
	t.Parallel()
	s := secrets()["location"]
	tests := map[string]string{
		"https://" + s + ":pw@elsewhere.example:8443/" + s + "?k=" + s: "to host elsewhere.example",
		"/path/" + s:                          "to another path of the same host",
		"":                                    "to another path of the same host",
		"https://%zz" + s:                     "to an address that is none",
		"https://a<b>" + s + "/":              "to an address that is none",
		"https://[::1]:80/" + s:               "to host ::1",
		"https://" + strings.Repeat("a", 300): "to an address that is none",
	}
	for location, want := range tests {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", location)
				w.WriteHeader(http.StatusFound)
			})
			err := describe(t.Context(), tencent.New(options(t, cloud.URL)))
			if err == nil || err.Error() != "tcss DescribePurchaseStateInfo: Redirect: "+want {
				t.Errorf("error %v, want it to end %s", err, want)
			}
			checkNothingLeaks(t, cloud)
		})
	}
}
