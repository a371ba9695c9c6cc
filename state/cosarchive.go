package state

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"licensewatch/internal/text"
	"licensewatch/state/internal/cosauth"
)

// CreateFrom implements Archive.
func (s *cosStore) CreateFrom(ctx context.Context, name string, content io.ReaderAt, size int64) error {
	digest := md5.New() // COS refuses a body that came through damaged
	if _, err := io.Copy(digest, io.NewSectionReader(content, 0, size)); err != nil {
		return &Error{Store: schemeCOS, Op: opCreate, Name: name, Code: codeIO, reason: "the content cannot be read"}
	}
	headers := map[string]string{
		"Content-Type":           "application/octet-stream",
		"Content-MD5":            base64.StdEncoding.EncodeToString(digest.Sum(nil)),
		"X-Cos-Forbid-Overwrite": "true",
	}
	err := s.caller.ofSize(size).callStore(ctx, opCreate, name, func(ctx context.Context) error {
		_, err := s.tryOnce(ctx, cosOperation{op: opCreate, method: http.MethodPut, action: "cos:PutObject", name: name,
			headers: headers, content: io.NewSectionReader(content, 0, size), size: size})
		return err
	})
	// a bucket may say so of what is locked, and look first at that
	if failure, ok := errors.AsType[*Error](err); ok && failure.Denied && s.CopyTo(ctx, name, io.Discard) == nil {
		return ErrExists
	}
	return err
}

// CopyTo implements Archive.
func (s *cosStore) CopyTo(ctx context.Context, name string, w io.Writer) error {
	return s.caller.ofSize(maxCopied).callStore(ctx, opGet, name, func(ctx context.Context) error {
		_, err := s.tryOnce(ctx, cosOperation{op: opGet, method: http.MethodGet, action: "cos:GetObject", name: name,
			into: w})
		return err
	})
}

// streamObject copies the object to where it goes.
func (s *cosStore) streamObject(ctx context.Context, o cosOperation, response *http.Response) error {
	if _, err := io.Copy(o.into, response.Body); err != nil {
		failure := s.noAnswer(ctx, o, err)
		failure.Retryable = false // a part of it is there
		return failure
	}
	return nil
}

// List implements Archive.
func (s *cosStore) List(ctx context.Context, folder string) (names []string, err error) {
	prefix := s.target.prefix
	if folder != "" {
		prefix += folder + "/"
	}
	return s.listPages(ctx, folder, prefix, map[string]string{"delimiter": "/"})
}

// ListBehind implements Archive.
func (s *cosStore) ListBehind(ctx context.Context, folder, name string) ([]string, error) {
	prefix := s.target.prefix + folder + "/"
	return s.listPages(ctx, folder, prefix, map[string]string{"marker": prefix + name})
}

// listPages lists what begins with a prefix, and gives the names without it.
func (s *cosStore) listPages(ctx context.Context, folder, prefix string,
	query map[string]string) (names []string, err error) {
	query["prefix"], query["max-keys"], query["encoding-type"] = prefix, "1000", "url"
	for {
		var page []byte
		err := s.caller.callStore(ctx, opList, folder, func(ctx context.Context) (err error) {
			page, err = s.tryOnce(ctx, cosOperation{op: opList, method: http.MethodGet, action: "cos:GetBucket",
				name: folder, query: query})
			return err
		})
		if err != nil {
			return nil, err
		}
		names = append(names, listedNames(page, prefix)...)
		marker := unescapeKey(xmlElement(page, "NextMarker"))
		switch more := xmlElement(page, "IsTruncated"); {
		case more == "false":
			slices.Sort(names)
			return slices.Compact(names), nil
		case more != "true" || marker <= query["marker"]: // half a listing may hide what is newest
			return nil, &Error{Store: schemeCOS, Op: opList, Name: folder, Code: codeAnswer, Retryable: true,
				reason: "the answer is no listing, or one that does not go on"}
		case len(names) > maxListed:
			return nil, tooManyError()
		}
		query["marker"] = marker
	}
}

// listedNames are the names on a page of a listing: its objects, and its folders with a
// slash at the end.
func listedNames(page []byte, prefix string) (names []string) {
	for _, element := range []struct{ parent, child string }{{"Contents", "Key"}, {"CommonPrefixes", "Prefix"}} {
		for _, part := range strings.Split(string(page), "<"+element.parent+">")[1:] {
			key := unescapeKey(xmlElement([]byte(part), element.child))
			if name, ok := strings.CutPrefix(key, prefix); ok && name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}

// unescapeKey is a key as it is, of one as encoding-type=url shows it.
func unescapeKey(shown string) string {
	key, err := url.QueryUnescape(shown)
	if err != nil {
		return shown
	}
	return key
}

// encodeQuery writes a query as it is signed: each byte that is not plain as %XX.
func encodeQuery(query map[string]string) string {
	values := url.Values{}
	for name, value := range query {
		values.Set(name, value)
	}
	return strings.ReplaceAll(values.Encode(), "+", "%20")
}

// Link implements Archive. A browser shows what it is told is a page.
func (s *cosStore) Link(name string, until time.Time) (link string, isBrief bool) {
	id, key, token, err := s.credentials()
	if err != nil || strings.ContainsFunc(id+key+token, text.NotInHeader) {
		return "", false
	}
	address := url.URL{Scheme: s.target.base.Scheme, Host: s.target.base.Host,
		Path: s.target.base.Path + "/" + s.target.prefix + name}
	parameters := map[string]string{"response-content-type": "text/html; charset=utf-8"}
	address.RawQuery = cosauth.Query(cosauth.Keys{ID: id, Key: key}, token, address.Path, address.Host, parameters,
		s.caller.now().Add(-signedBefore), until)
	return address.String(), token != ""
}
