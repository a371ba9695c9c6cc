package state_test

import (
	"net/url"
	"strings"
	"testing"

	"licensewatch/state"
)

func TestCheckURL(t *testing.T) {
	t.Parallel()
	const bucket = "cos://licensewatch-1250000000"
	tests := map[string]string{ // URL -> what the error says; empty: none
		"file:///mnt/state":   "",
		"file:///mnt/state/":  "",
		"file:///a%20b/%23":   "",
		"FILE:///mnt/state":   "",
		"file://":             "names no directory",
		"file:///":            "names no directory",
		"file:///a/..":        "names no directory",
		"file://mnt/state":    "three slashes",
		"file://./state":      "three slashes",
		"file://localhost/a":  "three slashes",
		"file:/mnt/state":     "is not a URL",
		"file:state":          "is not a URL",
		"/mnt/state":          "is not a URL",
		"":                    "is not a URL",
		"file:///a?b=c":       "holds a query",
		"file:///a?":          "holds a query",
		"file:///a#b":         "holds a fragment",
		"file:///a b":         "white space",
		"file:///a\n":         "white space",
		"file:///a%00":        "control character",
		"file:///a%zz":        "cannot be read",
		"s3://bucket/prefix":  "it must begin with file:// or cos://",
		"https://example.com": "it must begin with file:// or cos://",
		"://":                 "cannot be read",

		"https://licensewatch-1250000000.cos.ap-guangzhou.myqcloud.com":                            "is a URL of the bucket for browsers: write cos://licensewatch-1250000000/licensewatch?region=ap-guangzhou",
		"https://licensewatch-1250000000.cos.ap-guangzhou.myqcloud.com/prod/lw/":                   "write cos://licensewatch-1250000000/prod/lw?region=ap-guangzhou",
		"https://licensewatch-1250000000.cos.eu-frankfurt.tencentcos.cn/lw?q-signature=0f1e2d":     "write cos://licensewatch-1250000000/lw?region=eu-frankfurt",
		"http://licensewatch-1250000000.cos-internal.ap-beijing-fsi.tencentcos.cn/":                "write cos://licensewatch-1250000000/licensewatch?region=ap-beijing-fsi",
		"https://cos.ap-guangzhou.myqcloud.com/licensewatch-1250000000/lw":                         "write cos://licensewatch-1250000000/lw?region=ap-guangzhou",
		"cos://licensewatch-1250000000.cos.ap-guangzhou.myqcloud.com/lw":                           "write cos://licensewatch-1250000000/lw?region=ap-guangzhou",
		"licensewatch-1250000000.cos.ap-guangzhou.myqcloud.com":                                    "is the bucket's host without cos://: write cos://licensewatch-1250000000/licensewatch?region=ap-guangzhou",
		"https://console.cloud.tencent.com/cos/bucket?bucket=lw-1250000000&region=ap-guangzhou":    "write cos://lw-1250000000/licensewatch?region=ap-guangzhou",
		"https://console.tencentcloud.com/cos/bucket?bucket=lw-1250000000":                         "it must begin with file:// or cos://",
		"https://cos.accelerate.myqcloud.com/licensewatch-1250000000/lw":                           "it must begin with file:// or cos://",
		"https://licensewatch.cos.ap-guangzhou.myqcloud.com/lw":                                    "it must begin with file:// or cos://",
		"https://licensewatch-1250000000.cos.ap-guangzhou.myqcloud.com.evil.example/lw":            "it must begin with file:// or cos://",
		"https://licensewatch-1250000000.cos.ap-guangzhou.myqcloud.com/" + strings.Repeat("a", 99): "write cos://licensewatch-1250000000/licensewatch?region=ap-guangzhou",

		bucket + "/lw?region=ap-guangzhou":                              "",
		bucket + "/prod/LW_1.x/?region=ap-beijing-fsi":                  "",
		bucket + "?region=na-siliconvalley":                             "",
		bucket + "/?region=ap-guangzhou&endpoint=http://127.0.0.1:9000": "",
		bucket + "/lw?endpoint=http://[::1]:9000/bucket/":               "",
		bucket + "/lw?endpoint=http%3A%2F%2Flocalhost%3A9000":           "",
		bucket + "/lw?endpoint=https://state.example.com":               "",
		bucket + "/lw":                                                      "names no region",
		bucket + "/lw?region=":                                              "names no region",
		bucket + "/lw?region=guangzhou":                                     "has a region that cannot be one",
		bucket + "/lw?region=ap-guangzhou.evil.example":                     "has a region that cannot be one",
		bucket + "/lw?region=-a":                                            "has a region that cannot be one",
		bucket + "/lw?regoin=ap-guangzhou":                                  "has a parameter that does not exist",
		bucket + "/lw?region=ap-guangzhou&region=ap-beijing":                "region more than once",
		bucket + "/lw?region=%zz":                                           "has a query that cannot be read",
		bucket + "/a//b?region=ap-guangzhou":                                "has a prefix that cannot be used",
		bucket + "/../b?region=ap-guangzhou":                                "has a prefix that cannot be used",
		bucket + "/ä?region=ap-guangzhou":                                   "has a prefix that cannot be used",
		bucket + "/" + strings.Repeat("a", 201) + "?region=ap-guangzhou":    "has a prefix that cannot be used",
		bucket + ":443/lw?region=ap-guangzhou":                              "has a bucket that cannot be one",
		"cos://Licensewatch-1250000000/lw?region=ap-guangzhou":              "has a bucket that cannot be one",
		"cos://x.example.com/lw?region=ap-guangzhou":                        "has a bucket that cannot be one",
		"cos://" + strings.Repeat("a", 50) + "-1250000000?region=ap-a":      "has a bucket that cannot be one",
		"cos:///lw?region=ap-guangzhou":                                     "names no bucket",
		"cos://licensewatch/lw?region=ap-guangzhou":                         "without the APPID",
		"cos://licensewatch-prod/lw?region=ap-guangzhou":                    "without the APPID",
		"cos://-1250000000/lw?region=ap-guangzhou":                          "without the APPID",
		"cos://AKID:key@licensewatch-1250000000/lw?region=ap-guangzhou":     "holds a user name",
		bucket + "/lw?endpoint=http://example.com":                          "endpoint that is plain http",
		bucket + "/lw?endpoint=http://127.0.0.1.example.com":                "endpoint that is plain http",
		bucket + "/lw?endpoint=127.0.0.1:9000":                              "endpoint that cannot be read",
		bucket + "/lw?endpoint=localhost:9000":                              "endpoint that does not begin with https://",
		bucket + "/lw?endpoint=":                                            "endpoint that does not begin with https://",
		bucket + "/lw?endpoint=https://":                                    "endpoint that names no host",
		bucket + "/lw?endpoint=https://id:key@example.com":                  "endpoint that holds a user name",
		bucket + "/lw?endpoint=https://example.com/a//b":                    "endpoint that has a path that cannot be used",
		bucket + "/lw?endpoint=" + url.QueryEscape("https://example.com?a"): "endpoint that holds a query",
	}
	for rawURL, want := range tests {
		t.Run(rawURL, func(t *testing.T) {
			t.Parallel()
			err := state.CheckURL(rawURL)
			switch {
			case want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case want != "" && err == nil:
				t.Errorf("accepted, want %q", want)
			case want != "" && !strings.Contains(err.Error(), want):
				t.Errorf("got %q, want %q", err, want)
			}
		})
	}
}

// TestCheckArchiveURL: an archive lies apart from the memory.
func TestCheckArchiveURL(t *testing.T) {
	t.Parallel()
	const bucket, at = "cos://b-1250000000/", "?region=ap-guangzhou"
	for name, test := range map[string]struct{ archive, memory, want string }{
		"alone":                         {"file:///a", "", ""},
		"no URL":                        {"a", "", "is not a URL"},
		"beside a memory":               {"file:///lw/archive", "file:///lw/state", ""},
		"named nearly as a memory":      {"file:///state-2", "file:///state", ""},
		"the memory itself":             {"file:///lw/./state/", "file:///lw/state", "is where the memory lies"},
		"in the memory":                 {"file:///lw/archive", "file:///lw", "lies inside the memory"},
		"around the memory":             {"file:///lw", "file:///lw/state", "has the memory"},
		"beside a memory that is wrong": {"file:///a", "file://a", ""},
		"another kind":                  {"file:///b", bucket + "b" + at, ""},
		"another bucket":                {"cos://c-1250000000/lw" + at, bucket + "lw" + at, ""},
		"another prefix":                {bucket + "archive" + at, bucket + "lw" + at, ""},
		"the same prefix":               {bucket + "lw/" + at, bucket + "lw" + at, "is where the memory lies"},
		"in the prefix":                 {bucket + "lw/archive" + at, bucket + "lw" + at, "lies inside the memory"},
		"in the bucket's root":          {bucket + "archive" + at, bucket + at, "lies inside the memory"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := state.CheckArchiveURL(test.archive, test.memory)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("%v, want %q", err, test.want)
			}
		})
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	if _, err := state.Open("cos://b-1250000000/lw?region=ap-guangzhou", state.Options{}); err == nil || !strings.Contains(err.Error(), "credentials") {
		t.Errorf("COS without credentials gives %v", err)
	}
	if s, err := state.Open("file://relative", options()); err == nil || s != nil {
		t.Errorf("a wrong URL gives %v, %v", s, err)
	}
}

// FuzzCheckURL: whatever is accepted can be opened, and no error repeats what
// it was given.
func FuzzCheckURL(f *testing.F) {
	for _, seed := range []string{
		"file:///mnt/state", "file://x", "cos://b-1250000000/p?region=ap-guangzhou", "cos://b-1250000000?endpoint=http://127.0.0.1:1/x",
		"cos://id:key@b-1250000000/p?region=ap-guangzhou", "cos://b-1250000000/p?region=ap-guangzhou&endpoint=https://u:p@h/",
		"https://b-1250000000.cos.ap-guangzhou.myqcloud.com/p", "https://cos.ap-guangzhou.myqcloud.com/b-1250000000/p", "https://console.cloud.tencent.com/cos?bucket=b-1250000000&region=ap-a", "x://%zz", "file:///%2e%2e/a",
	} {
		f.Add(seed)
	}
	const planted = "qJ4vTzW8"
	f.Fuzz(func(t *testing.T, rawURL string) {
		for _, text := range []string{rawURL, rawURL + planted, planted + rawURL, strings.Replace(rawURL, "//", "//"+planted+"@", 1)} {
			err := state.CheckURL(text)
			if err != nil {
				if strings.Contains(err.Error(), planted) {
					t.Errorf("%q: the error repeats it: %v", text, err)
				}
				continue
			}
			s, err := state.Open(text, options())
			if err != nil {
				t.Fatalf("%q is accepted and cannot be opened: %v", text, err)
			}
			if kind := s.String(); kind != "file" && kind != "cos" {
				t.Errorf("%q is a store of kind %q", text, kind)
			}
		}
	})
}
