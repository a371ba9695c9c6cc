package cos_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"licensewatch/internal/simulator/cos"
)

// published are the requests of COS's page on request signatures, to a bucket
// with the page's keys and at the page's time.
func published(r *http.Request, unix int64) *httptest.ResponseRecorder {
	bucket := cos.New(cos.Options{
		SecretID:  "AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q",
		SecretKey: "BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz",
		Now:       func() time.Time { return time.Unix(unix, 0) },
	})
	w := httptest.NewRecorder()
	bucket.ServeHTTP(w, r)
	return w
}

const publishedObject = "http://examplebucket-1250000000.cos.ap-beijing.myqcloud.com/exampleobject(%E8%85%BE%E8%AE%AF%E4%BA%91)"

func publishedPut() *http.Request {
	r := httptest.NewRequest(http.MethodPut, publishedObject, strings.NewReader("ObjectContent"))
	r.Header.Set("Date", "Thu, 16 May 2019 06:45:51 GMT")
	r.Header.Set("Content-Type", "text/plain")
	r.Header.Set("Content-MD5", "mQ/fVh815F3k6TAUm8m0eg==")
	r.Header.Set("x-cos-acl", "private")
	r.Header.Set("x-cos-grant-read", `uin="100000000011"`)
	r.Header.Set("Authorization", "q-sign-algorithm=sha1&q-ak=AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q"+
		"&q-sign-time=1557989151;1557996351&q-key-time=1557989151;1557996351"+
		"&q-header-list=content-length;content-md5;content-type;date;host;x-cos-acl;x-cos-grant-read&q-url-param-list="+
		"&q-signature=3b8851a11a569213c17ba8fa7dcf2abec6935172")
	return r
}

func TestPublishedExamples(t *testing.T) {
	t.Parallel()
	check(t, published(publishedPut(), 1557989151), http.StatusOK, "")
	check(t, published(publishedPut(), 1557996352), http.StatusForbidden, "AccessDenied")

	get := httptest.NewRequest(http.MethodGet, publishedObject+
		"?response-content-type=application%2Foctet-stream&response-cache-control=max-age%3D600", nil)
	get.Header.Set("Date", "Thu, 16 May 2019 06:55:53 GMT")
	get.Header.Set("Authorization", "q-sign-algorithm=sha1&q-ak=AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q"+
		"&q-sign-time=1557989753;1557996953&q-key-time=1557989753;1557996953"+
		"&q-header-list=date;host&q-url-param-list=response-cache-control;response-content-type"+
		"&q-signature=01681b8c9d798a678e43b685a9f1bba0f6c0e012")
	// Accepted, and then not simulated.
	check(t, published(get, 1557989753), http.StatusNotImplemented, "NotImplemented")
}

func TestSignatureIsVerified(t *testing.T) {
	t.Parallel()
	without := func(name string) func([]string) []string {
		return func(names []string) []string {
			return slices.DeleteFunc(names, func(n string) bool { return n == name })
		}
	}
	edit := func(old, replacement string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), old, replacement, 1))
		}
	}
	tests := map[string]struct {
		call   call
		status int
		code   string
	}{
		"right":                  {call{}, 404, "NoSuchKey"},
		"none":                   {call{afterwards: func(r *http.Request) { r.Header.Del("Authorization") }}, 403, "AccessDenied"},
		"another algorithm":      {call{afterwards: edit("=sha1", "=sha256")}, 400, "InvalidArgument"},
		"another id":             {call{id: "AKIDother"}, 403, "InvalidAccessKeyId"},
		"another key":            {call{key: "other"}, 403, "SignatureDoesNotMatch"},
		"another signature":      {call{afterwards: edit("q-signature=", "q-signature=0")}, 400, "InvalidArgument"},
		"another path":           {call{afterwards: func(r *http.Request) { r.URL.Path, r.RequestURI = "/other", "/other" }}, 403, "SignatureDoesNotMatch"},
		"another method":         {call{afterwards: func(r *http.Request) { r.Method = http.MethodDelete }}, 403, "SignatureDoesNotMatch"},
		"another host":           {call{afterwards: func(r *http.Request) { r.Host = "other" }}, 403, "SignatureDoesNotMatch"},
		"another token":          {call{afterwards: func(r *http.Request) { r.Header.Set("x-cos-security-token", "other") }}, 403, "InvalidAccessKeyId"},
		"no token":               {call{afterwards: func(r *http.Request) { r.Header.Del("x-cos-security-token") }}, 403, "InvalidAccessKeyId"},
		"expired":                {call{from: now.Add(-time.Hour), until: now.Add(-time.Second)}, 403, "AccessDenied"},
		"not yet":                {call{from: now.Add(time.Second), until: now.Add(time.Hour)}, 403, "RequestTimeTooSkewed"},
		"ends before it begins":  {call{from: now.Add(time.Minute), until: now}, 400, "InvalidArgument"},
		"another key time":       {call{afterwards: edit("q-key-time=1", "q-key-time=0")}, 403, "SignatureDoesNotMatch"},
		"host unsigned":          {call{lists: without("host")}, 403, "AccessDenied"},
		"token unsigned":         {call{lists: without("x-cos-security-token")}, 403, "AccessDenied"},
		"type unsigned":          {call{headers: map[string]string{"Content-Type": "a/b"}, lists: without("content-type")}, 403, "AccessDenied"},
		"header not sent":        {call{lists: func(n []string) []string { return append(n, "x-cos-zzz") }}, 403, "AccessDenied"},
		"headers out of order":   {call{lists: func(n []string) []string { slices.Reverse(n); return n }}, 403, "AccessDenied"},
		"header twice in a list": {call{lists: func(n []string) []string { return slices.Insert(n, 0, n[0]) }}, 403, "AccessDenied"},
		"header sent twice":      {call{afterwards: func(r *http.Request) { r.Header.Add("x-cos-security-token", "again") }}, 403, "AccessDenied"},
		"parameter unsigned":     {call{afterwards: func(r *http.Request) { r.URL.RawQuery = "acl" }}, 403, "AccessDenied"},
		"header added":           {call{afterwards: func(r *http.Request) { r.Header.Set("x-cos-acl", "public-read") }}, 403, "AccessDenied"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, test.call.send(newBucket(nil)), test.status, test.code)
		})
	}
}

func TestPathIsTheOneSent(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	bucket := newBucket(nil)
	mux.Handle("/cos/", http.StripPrefix("/cos", bucket))
	check(t, call{method: http.MethodPut, path: "/cos/lw/object", body: "x"}.send(mux), http.StatusOK, "")
	if string(bucket.Objects()["lw/object"]) != "x" {
		t.Errorf("the bucket holds %v", bucket.Objects())
	}
}

func TestKeysChange(t *testing.T) {
	t.Parallel()
	bucket := newBucket(nil)
	bucket.SetKeys(id, "new key", token)
	check(t, call{}.send(bucket), http.StatusForbidden, "SignatureDoesNotMatch")
	check(t, call{key: "new key"}.send(bucket), http.StatusNotFound, "NoSuchKey")
}
