package simulator

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// linkLife is how long a simulated download link is valid.
const linkLife = 10 * time.Minute

// exports are the export tasks that were begun.
type exports struct {
	next   int64            // the id of the next task
	polls  map[int64]int    // how often each task was asked for
	owners map[int64]string // the account of each task
	months map[int64]string // of the tasks for a usage history
}

// exportMonth is how a month is written.
var exportMonth = regexp.MustCompile(`^\d{4}-(0[1-9]|1[012])$`)

func exportLicenseDetail(s asked, params jsonObject) (jsonObject, *apiError) {
	month, _ := params["ExportMonth"].(string)
	isHistory, _ := params["IsHistory"].(bool)
	switch {
	case month != "" && !isHistory:
		return nil, &apiError{"InvalidParameter", "ExportMonth is for a history only."}
	case month != "" && !exportMonth.MatchString(month):
		return nil, &apiError{"InvalidParameterValue", "ExportMonth is no month."}
	case len(s.scenario.orders) == 0:
		return nil, &apiError{"ResourceNotFound", "There is no license to export."}
	}
	id := s.exports.next
	s.exports.next++
	s.exports.polls[id], s.exports.owners[id] = 0, s.account.UIN
	if isHistory {
		s.exports.months[id] = month
	}
	answer := publishedAnswer("cwp-ExportLicenseDetail")
	answer["TaskId"] = id
	return answer, nil
}

func exportTasks(s asked, params jsonObject) (jsonObject, *apiError) {
	id, err := strconv.ParseInt(params["TaskId"].(string), 10, 64)
	polls, known := s.exports.polls[id]
	if err != nil || !known || s.exports.owners[id] != s.account.UIN {
		return nil, &apiError{"ResourceNotFound", "The export task does not exist."}
	}
	s.exports.polls[id]++
	if polls < s.scenario.pending {
		return jsonObject{"Status": "PENDING", "DownloadUrl": "", "FileName": ""}, nil
	}
	return jsonObject{"Status": "FINISHED", "DownloadUrl": s.linkOf(id), "FileName": "licenses.csv"}, nil
}

const (
	exportPath = "/export/"
	exportHost = "cwp-export-1250000000.cos.ap-guangzhou.myqcloud.com"
	// linkSignature is what a link is signed with: nothing that is a signature.
	linkSignature = "simulated-link-signature-0123456789"
)

// DownloadURL is the link a finished export of the license details gives at this moment.
// It has the form of a presigned COS link, but nothing in it is a signature.
func (s *cloud) DownloadURL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.linkOf(0)
}

func (s *cloud) linkOf(id int64) string {
	now := s.options.Now()
	valid := fmt.Sprintf("%d;%d", now.Unix(), now.Add(linkLife).Unix())
	where, name := "https://"+exportHost+"/", "licenses.csv"
	if s.options.LocalExport {
		where = s.base + exportPath
	}
	if month, isHistory := s.exports.months[id]; isHistory {
		name = "history" + month + ".csv"
	}
	return where + name + "?q-sign-algorithm=sha1&q-ak=AKID-export&q-sign-time=" + valid + "&q-key-time=" + valid +
		"&q-header-list=host&q-url-param-list=&q-signature=" + linkSignature
}

// RouteExports leads requests for exported files to the simulator, and all others to next.
func (s *cloud) RouteExports(next http.RoundTripper) http.RoundTripper {
	return exportRoute{InProcess(http.HandlerFunc(s.serveExport)), next}
}

type exportRoute struct{ exports, next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (t exportRoute) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Host, ".myqcloud.com") { // wherever a link leads
		return t.exports.RoundTrip(r)
	}
	return t.next.RoundTrip(r)
}

// serveExport gives an exported file as COS does: to who has the link, and to nobody who
// brings keys.
func (s *cloud) serveExport(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.downloads++
	s.mu.Unlock()
	query, _ := url.ParseQuery(strings.ReplaceAll(r.URL.RawQuery, ";", "%3B")) // COS takes both
	_, until, _ := strings.Cut(query.Get("q-sign-time"), ";")
	seconds, _ := strconv.ParseInt(until, 10, 64)
	switch {
	case r.Method != http.MethodGet:
		cosRefusal(w, http.StatusMethodNotAllowed, "MethodNotAllowed")
		return
	case r.Header.Get("Authorization") != "" || r.Header.Get("X-TC-Token") != "" || r.Header.Get("Cookie") != "":
		cosRefusal(w, http.StatusBadRequest, "InvalidArgument")
		return
	case query.Get("q-signature") != linkSignature || s.options.Now().Unix() > seconds:
		cosRefusal(w, http.StatusForbidden, "AccessDenied")
		return
	}
	s.answerRequest("export file", w, r, usualAnswer{answer: func(w http.ResponseWriter, r *http.Request) {
		text := s.exportText(strings.Contains(r.URL.Path, "history"))
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		_, _ = io.WriteString(w, text)
	}})
}

func cosRefusal(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\t<Code>%s</Code>\n</Error>", code)
}

// exportText is the simulated file: what the cloud's has in its columns is not documented.
func (s *cloud) exportText(isHistory bool) string {
	var b strings.Builder
	b.WriteString("\ufeffResource ID,Licenses,In use\r\n")
	if isHistory {
		b.Reset()
		b.WriteString("\ufeffResource ID,Licenses,In use at most\r\n")
	}
	for i, o := range s.scenario.orders {
		_, _ = fmt.Fprintf(&b, "simulated-%d,%d,%d\r\n", i+1, o.seats, o.used)
	}
	return b.String()
}
