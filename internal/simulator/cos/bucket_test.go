package cos_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"licensewatch/internal/simulator/cos"
)

const forbid = "x-cos-forbid-overwrite: true"

func TestObjects(t *testing.T) {
	t.Parallel()
	bucket := newBucket(nil)
	check(t, call{}.send(bucket), http.StatusNotFound, "NoSuchKey")
	check(t, call{method: http.MethodHead}.send(bucket), http.StatusNotFound, "")
	check(t, call{method: http.MethodDelete}.send(bucket), http.StatusNoContent, "")

	check(t, put("one", forbid).send(bucket), http.StatusOK, "")
	check(t, put("two", forbid).send(bucket), http.StatusConflict, "FileAlreadyExists")
	check(t, put("three", "x-cos-forbid-overwrite: false").send(bucket), http.StatusOK, "")
	check(t, put("four").send(bucket), http.StatusOK, "")

	got := call{}.send(bucket)
	check(t, got, http.StatusOK, "")
	if got.Body.String() != "four" || got.Header().Get("ETag") != `"8cbad96aced40b3838dd9f07f6ef5772"` {
		t.Errorf("the object is %q with %v", got.Body, got.Header())
	}
	head := call{method: http.MethodHead}.send(bucket)
	if head.Header().Get("Content-Length") != "4" || head.Header().Get("Date") != "Sun, 22 Nov 2026 01:07:00 GMT" {
		t.Errorf("HEAD gives %v", head.Header())
	}
	check(t, call{method: http.MethodDelete}.send(bucket), http.StatusNoContent, "")
	check(t, call{}.send(bucket), http.StatusNotFound, "NoSuchKey")
}

func TestVersionedBucketForbidsNothing(t *testing.T) {
	t.Parallel()
	bucket := newBucket(func(o *cos.Options) { o.Versioned = true })
	check(t, put("one", forbid).send(bucket), http.StatusOK, "")
	second := put("two", forbid).send(bucket)
	check(t, second, http.StatusOK, "")
	if second.Header().Get("x-cos-version-id") == "" {
		t.Error("the answer has no version")
	}
	if got := string(bucket.Objects()["object"]); got != "two" {
		t.Errorf("the object is %q, want the second", got)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	unknownLength := put("x")
	unknownLength.afterwards = func(r *http.Request) { r.ContentLength = -1 }
	cut := put("x")
	cut.afterwards = func(r *http.Request) { r.Body = io.NopCloser(iotest.ErrReader(io.ErrUnexpectedEOF)) }
	tests := map[string]struct {
		call   call
		status int
		code   string
	}{
		"digest of another body": {put("x", "content-md5: mQ/fVh815F3k6TAUm8m0eg=="), 400, "BadDigest"},
		"no digest":              {put("x", "content-md5: abc"), 400, "InvalidDigest"},
		"neither true nor false": {put("x", "x-cos-forbid-overwrite: yes"), 400, "InvalidArgument"},
		"no length":              {unknownLength, 411, "MissingContentLength"},
		"cut short":              {cut, 400, "IncompleteBody"},
		"too large":              {put(strings.Repeat("x", 80<<20+1)), 400, "EntityTooLarge"},
		"another method":         {call{method: http.MethodPost}, 405, "MethodNotAllowed"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bucket := newBucket(nil)
			check(t, test.call.send(bucket), test.status, test.code)
			if len(bucket.Objects()) != 0 {
				t.Error("something was written")
			}
		})
	}
}

func TestDeny(t *testing.T) {
	t.Parallel()
	bucket := newBucket(nil)
	bucket.Deny(http.MethodPut, true)
	check(t, put("x").send(bucket), http.StatusForbidden, "AccessDenied")
	check(t, call{}.send(bucket), http.StatusNotFound, "NoSuchKey")
	bucket.Deny(http.MethodPut, false)
	check(t, put("x").send(bucket), http.StatusOK, "")
}

func TestOverride(t *testing.T) {
	t.Parallel()
	bucket := newBucket(nil)
	bucket.Override(http.MethodPut, func(w http.ResponseWriter, r *http.Request) {
		cos.Usual(httptest.NewRecorder(), r) // the work is done, the answer lost
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	check(t, put("x").send(bucket), http.StatusServiceUnavailable, "")
	if len(bucket.Objects()) != 1 {
		t.Error("the usual work was not done")
	}
	check(t, call{key: "other", method: http.MethodPut}.send(bucket), http.StatusForbidden, "SignatureDoesNotMatch")
	bucket.Override(http.MethodPut, nil)
	check(t, put("y").send(bucket), http.StatusOK, "")
	bucket.SetObject("object", []byte("set"))
	if got := (call{}.send(bucket)).Body.String(); got != "set" {
		t.Errorf("the object is %q", got)
	}
	bucket.SetObject("object", nil)

	want := []cos.Request{
		{Method: "PUT", Key: "object", Size: 1, Status: 503},
		{Method: "PUT", Key: "object", Status: 403},
		{Method: "PUT", Key: "object", Size: 1, Status: 200},
		{Method: "GET", Key: "object", Status: 200},
	}
	if diff := cmp.Diff(want, bucket.Requests()); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
	if len(bucket.Objects()) != 0 {
		t.Error("the object was not removed")
	}
}

func TestOneOfManyWins(t *testing.T) {
	t.Parallel()
	bucket := newBucket(nil)
	var won atomic.Int32
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if (put(fmt.Sprint(i), forbid).send(bucket)).Code == http.StatusOK {
				won.Add(1)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 {
		t.Errorf("%d writers won, want 1", won.Load())
	}
}
