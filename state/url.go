package state

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"licensewatch/internal/hostname"
)

// The kinds of stores a URL can name.
const (
	schemeFile = "file"
	schemeCOS  = "cos"
)

// storeTarget is what a URL names.
type storeTarget struct {
	scheme string
	dir    string // file: the absolute directory

	// cos:
	bucket, region string
	prefix         string   // of every key; empty, or ends with a slash
	base           *url.URL // the bucket's root
}

// CheckURL says what is wrong with the URL of a store, in words that begin
// after the setting's name and hold nothing of the URL that could be a secret.
// Nothing is looked up.
func CheckURL(rawURL string) error {
	_, err := parseURL(rawURL)
	return err
}

// CheckArchiveURL is CheckURL for the place of an archive, which has to lie apart from the
// memory of stateURL: what is written over and what must never be written over do not mix.
func CheckArchiveURL(rawURL, stateURL string) error {
	archive, err := parseURL(rawURL)
	if err != nil {
		return err
	}
	memory, err := parseURL(stateURL)
	if err != nil { // there is none, or it is wrong by itself
		return nil //nolint:nilerr // CheckURL says what is wrong with it
	}
	a, m := archive.place(), memory.place()
	switch {
	case a == m:
		return errors.New("is where the memory lies (LICENSEWATCH_STATE_URL): name another directory, or a bucket of its own")
	case strings.HasPrefix(a, m):
		return errors.New("lies inside the memory (LICENSEWATCH_STATE_URL): name a directory or prefix beside it, or a bucket of its own")
	case strings.HasPrefix(m, a):
		return errors.New("has the memory (LICENSEWATCH_STATE_URL) inside it: name a directory or prefix beside it, or a bucket of its own")
	}
	return nil
}

// MissingDirectory is the directory of a file:/// URL that the first object to be written
// would make: it is not there, and the one above it is. It is empty for every other URL.
func MissingDirectory(rawURL string) string {
	target, err := parseURL(rawURL)
	if err != nil || target.scheme != schemeFile {
		return ""
	}
	if _, err := os.Lstat(target.dir); !errors.Is(err, fs.ErrNotExist) {
		return ""
	}
	if above, err := os.Stat(filepath.Dir(target.dir)); err != nil || !above.IsDir() {
		return ""
	}
	return target.dir
}

// place is where the store lies, with a slash at its end: what is in another one begins
// with that one's place.
func (t storeTarget) place() string {
	if t.scheme == schemeFile {
		return strings.TrimSuffix(t.dir, string(filepath.Separator)) + "/"
	}
	return strings.TrimSuffix(t.base.String(), "/") + "/" + t.prefix
}

func parseURL(rawURL string) (storeTarget, error) {
	if strings.ContainsFunc(rawURL, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		return storeTarget{}, errors.New("holds white space: write the URL in one piece, a space in a path as %20")
	}
	if !strings.Contains(rawURL, "://") {
		if meant := meantBucket("https://" + rawURL); meant != "" {
			return storeTarget{}, errors.New("is the bucket's host without cos://: write " + meant)
		}
		return storeTarget{}, errors.New("is not a URL: write file:///directory or cos://bucket-appid/prefix?region=ap-guangzhou")
	}
	if meant := meantBucket(rawURL); meant != "" {
		return storeTarget{}, errors.New("is a URL of the bucket for browsers: write " + meant)
	}
	u, err := url.Parse(rawURL)
	if err != nil { // err repeats the URL
		return storeTarget{}, errors.New("cannot be read as a URL: write file:///directory or cos://bucket-appid/prefix?region=ap-guangzhou")
	}
	switch {
	case u.User != nil:
		return storeTarget{}, errors.New("holds a user name or password before the host: remove them; COS is used with the function's own keys")
	case strings.Contains(rawURL, "#"):
		return storeTarget{}, errors.New("holds a fragment (# and what follows): remove it; a # in a path is written %23")
	case u.Scheme == schemeFile:
		return parseFile(u)
	case u.Scheme == schemeCOS:
		return parseCOS(u)
	default:
		return storeTarget{}, errors.New("names a store that does not exist: it must begin with file:// or cos://")
	}
}

// meantBucket is the URL to write in the place of one that the console shows of a
// bucket; empty for every other URL. Of its path only a plain prefix is repeated,
// of its query, which may hold a signature, nothing.
func meantBucket(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil || !slices.Contains([]string{"https", "http", schemeCOS}, u.Scheme) {
		return ""
	}
	path := strings.Trim(u.Path, "/")
	bucket, region, isBucket := bucketOfHost(strings.ToLower(u.Hostname()))
	switch {
	case isBucket && bucket == "": // the host of all buckets of a region
		bucket, path, _ = strings.Cut(path, "/")
	case strings.HasPrefix(u.Hostname(), "console.") && strings.HasPrefix(path, "cos"):
		bucket, region, path = u.Query().Get("bucket"), u.Query().Get("region"), ""
	}
	if bucket == "" || checkBucket(bucket) != "" || !isRegion(region) {
		return ""
	}
	const usual, longest = "licensewatch", 60
	if _, plain := plainPath(path); !plain || path == "" || len(path) > longest || path != strings.ToLower(path) {
		path = usual
	}
	return schemeCOS + "://" + bucket + "/" + path + "?region=" + region
}

// bucketOfHost takes bucket.cos.region.myqcloud.com apart.
func bucketOfHost(host string) (bucket, region string, ok bool) {
	for _, domain := range []string{".myqcloud.com", ".tencentcos.cn", ".tencentcos.com"} {
		name, isOurs := strings.CutSuffix(host, domain)
		parts := strings.Split(name, ".")
		n := len(parts)
		if isOurs && n >= 2 && slices.Contains([]string{"cos", "cos-internal", "cos-website"}, parts[n-2]) {
			return strings.Join(parts[:n-2], "."), parts[n-1], true
		}
	}
	return "", "", false
}

func parseFile(u *url.URL) (storeTarget, error) {
	dir := filepath.Clean(filepath.FromSlash(u.Path))
	switch {
	case u.Host != "":
		return storeTarget{}, errors.New("must be file:/// with three slashes and an absolute path: what follows two slashes is a host")
	case strings.Contains(u.String(), "?"):
		return storeTarget{}, errors.New("holds a query (? and what follows), which file:// does not have: remove it; a ? in a path is written %3F")
	case strings.ContainsFunc(u.Path, unicode.IsControl):
		return storeTarget{}, errors.New("holds a control character in its path: remove it")
	case !filepath.IsAbs(dir) || dir == string(filepath.Separator):
		return storeTarget{}, errors.New("names no directory: write file:/// and an absolute path")
	}
	return storeTarget{scheme: schemeFile, dir: dir}, nil
}

func parseCOS(u *url.URL) (storeTarget, error) {
	t := storeTarget{scheme: schemeCOS, bucket: u.Host}
	if wrong := checkBucket(t.bucket); wrong != "" {
		return storeTarget{}, errors.New(wrong)
	}
	prefix, ok := plainPath(u.Path)
	if !ok {
		return storeTarget{}, fmt.Errorf("has a prefix that cannot be used: write at most %d letters, digits, dots, underscores and hyphens, divided by single slashes", maxPart)
	}
	t.prefix = strings.TrimPrefix(prefix+"/", "/")
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return storeTarget{}, errors.New("has a query that cannot be read: write ?region=ap-guangzhou")
	}
	for name, values := range query {
		if name != "region" && name != "endpoint" {
			return storeTarget{}, errors.New("has a parameter that does not exist: there are region and endpoint")
		}
		if len(values) > 1 {
			return storeTarget{}, fmt.Errorf("has the parameter %s more than once", name)
		}
	}
	t.region = query.Get("region")
	if !query.Has("endpoint") {
		return t.atTencent()
	}
	return t.atEndpoint(query.Get("endpoint"))
}

// atTencent finds the bucket where it is.
func (t storeTarget) atTencent() (storeTarget, error) {
	switch {
	case t.region == "":
		return storeTarget{}, errors.New("names no region: add ?region= and the bucket's region, for example ap-guangzhou")
	case !isRegion(t.region):
		return storeTarget{}, errors.New("has a region that cannot be one: write it as the console does, for example ap-guangzhou")
	}
	t.base = &url.URL{Scheme: "https", Host: t.bucket + ".cos." + t.region + ".myqcloud.com"}
	return t, nil
}

// atEndpoint finds the bucket at the endpoint; then the region means nothing.
func (t storeTarget) atEndpoint(endpoint string) (storeTarget, error) {
	base, wrong := parseEndpoint(endpoint)
	if wrong != "" {
		return storeTarget{}, errors.New("has an endpoint that " + wrong)
	}
	t.base = base
	return t, nil
}

// parseEndpoint reads the URL of a bucket's root. wrong holds nothing of it.
func parseEndpoint(text string) (base *url.URL, wrong string) {
	u, err := url.Parse(text)
	if err != nil { // err repeats the URL
		return nil, "cannot be read as a URL: write for example http://127.0.0.1:9000"
	}
	root, plain := plainPath(u.Path)
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, "does not begin with https://, or with http:// for this machine itself"
	case u.Hostname() == "":
		return nil, "names no host"
	case u.User != nil:
		return nil, "holds a user name or password: remove them"
	case strings.ContainsAny(text, "?#"):
		return nil, "holds a query or a fragment: remove it"
	case !plain:
		return nil, "has a path that cannot be used: leave it out"
	case u.Scheme == "http" && !hostname.IsLoopback(u):
		return nil, "is plain http, which is allowed to this machine itself only (127.0.0.1, ::1, localhost): write https://"
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: root}, ""
}

// plainPath returns a path without slashes at its end, and with one before it
// unless it is empty. ok is false when it would have to be escaped or could lead
// elsewhere.
func plainPath(text string) (plain string, ok bool) {
	text = strings.Trim(text, "/")
	if text == "" {
		return "", true
	}
	for part := range strings.SplitSeq(text, "/") {
		if part == "" || part[0] == '.' || strings.ContainsFunc(part, func(r rune) bool { return !isPlain(r) }) {
			return "", false
		}
	}
	return "/" + text, len(text) <= maxPart
}

// checkBucket says what is wrong with a bucket's name; empty when nothing is.
func checkBucket(bucket string) string {
	const example = "write it as the console shows it, for example licensewatch-1250000000"
	i := strings.LastIndexByte(bucket, '-')
	switch {
	case bucket == "":
		return "names no bucket: " + example
	case strings.Trim(bucket, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || len(bucket) > 60:
		return "has a bucket that cannot be one: " + example
	case i <= 0 || len(bucket)-i <= 5 || strings.Trim(bucket[i+1:], "0123456789") != "":
		return "has a bucket without the APPID at its end: " + example
	default:
		return ""
	}
}

// isRegion is true for what can be a region's name, such as ap-beijing-fsi.
func isRegion(region string) bool {
	return len(region) <= 40 && strings.Contains(region, "-") && !strings.HasPrefix(region, "-") &&
		!strings.HasSuffix(region, "-") &&
		strings.Trim(region, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}
