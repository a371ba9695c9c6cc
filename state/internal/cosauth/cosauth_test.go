package cosauth_test

import (
	"cmp"
	"testing"
	"time"

	"licensewatch/state/internal/cosauth"
)

// TestAuthorization compares with published examples: the PUT of COS's page on
// request signatures, and the test vector of Tencent's own client for Go.
func TestAuthorization(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		keys        cosauth.Keys
		method      string // PUT where it is empty
		path        string
		query       map[string]string
		headers     map[string]string
		from, until int64
		want        string
	}{
		"documentation": {
			keys: cosauth.Keys{ID: "AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q", Key: "BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz"},
			path: "/exampleobject(腾讯云)",
			headers: map[string]string{
				"Date":             "Thu, 16 May 2019 06:45:51 GMT",
				"Host":             "examplebucket-1250000000.cos.ap-beijing.myqcloud.com",
				"Content-Type":     "text/plain",
				"Content-Length":   "13",
				"Content-MD5":      "mQ/fVh815F3k6TAUm8m0eg==",
				"x-cos-acl":        "private",
				"x-cos-grant-read": `uin="100000000011"`,
			},
			from: 1557989151, until: 1557996351,
			want: "q-sign-algorithm=sha1&q-ak=AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q" +
				"&q-sign-time=1557989151;1557996351&q-key-time=1557989151;1557996351" +
				"&q-header-list=content-length;content-md5;content-type;date;host;x-cos-acl;x-cos-grant-read&q-url-param-list=" +
				"&q-signature=3b8851a11a569213c17ba8fa7dcf2abec6935172",
		},
		"client for Go": {
			keys: cosauth.Keys{ID: "QmFzZTY0IGlzIGEgZ2VuZXJp", Key: "AKIDZfbOA78asKUYBcXFrJD0a1ICvR98JM"},
			path: "/testfile2",
			headers: map[string]string{
				"Host":                "testbucket-125000000.cos.ap-guangzhou.myqcloud.com",
				"x-cos-content-sha1":  "db8ac1c259eb89d4a131b253bacfca5f319d54f2",
				"x-cos-stroage-class": "nearline",
			},
			from: 1480932292, until: 1481012292,
			want: "q-sign-algorithm=sha1&q-ak=QmFzZTY0IGlzIGEgZ2VuZXJp" +
				"&q-sign-time=1480932292;1481012292&q-key-time=1480932292;1481012292" +
				"&q-header-list=host;x-cos-content-sha1;x-cos-stroage-class&q-url-param-list=" +
				"&q-signature=ce4ac0ecbcdb30538b3fee0a97cc6389694ce53a",
		},
		"documentation, with a query": {
			keys:   cosauth.Keys{ID: "AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q", Key: "BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz"},
			method: "GET", path: "/exampleobject(腾讯云)",
			query: map[string]string{
				"response-content-type":  "application/octet-stream",
				"response-cache-control": "max-age=600",
			},
			headers: map[string]string{
				"Date": "Thu, 16 May 2019 06:55:53 GMT",
				"Host": "examplebucket-1250000000.cos.ap-beijing.myqcloud.com",
			},
			from: 1557989753, until: 1557996953,
			want: "q-sign-algorithm=sha1&q-ak=AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q" +
				"&q-sign-time=1557989753;1557996953&q-key-time=1557989753;1557996953" +
				"&q-header-list=date;host&q-url-param-list=response-cache-control;response-content-type" +
				"&q-signature=01681b8c9d798a678e43b685a9f1bba0f6c0e012",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := cosauth.Authorization(test.keys, cmp.Or(test.method, "PUT"), test.path, test.query, test.headers, time.Unix(test.from, 0), time.Unix(test.until, 0))
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}
