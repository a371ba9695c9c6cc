package state

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"licensewatch/internal/text"
	"licensewatch/state/internal/cosauth"
)

// How long before and after now a signature holds: for a clock that is a little
// ahead of COS's, and for a slow request.
const (
	signedBefore = time.Minute
	signedAfter  = 10 * time.Minute
)

// cosStore keeps each object in one of a bucket, by COS's XML API.
type cosStore struct {
	target      storeTarget
	caller      caller
	credentials func() (id, key, token string, err error)
	transport   http.RoundTripper
}

func newCOSStore(t storeTarget, options Options, c caller) *cosStore {
	s := &cosStore{target: t, caller: c, credentials: options.Credentials, transport: options.Transport}
	if s.transport == nil {
		s.transport = newOwnTransport()
	}
	return s
}

// writeBuffer is larger than most requests: a process that is frozen has sent one or
// has not, and hardly half of one.
const writeBuffer = 32 << 10

// newOwnTransport makes the one of a store that was given none. Nobody says when a store is
// not needed any more, so it leaves no connections behind.
func newOwnTransport() *http.Transport {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DisableKeepAlives:      true,
		MaxResponseHeaderBytes: maxAnswer,
		WriteBufferSize:        writeBuffer,
		Protocols:              &protocols,
	}
}

// String returns "cos".
func (*cosStore) String() string { return schemeCOS }

// Get implements Store.
func (s *cosStore) Get(ctx context.Context, name string) ([]byte, error) {
	var data []byte
	err := s.caller.callStore(ctx, opGet, name, func(ctx context.Context) (err error) {
		data, err = s.getObject(ctx, name)
		return err
	})
	return data, err
}

// Put implements Store.
func (s *cosStore) Put(ctx context.Context, name string, data []byte) error {
	data = bytes.Clone(data) // a transport may still read it after the call
	return s.caller.callStore(ctx, opPut, name, func(ctx context.Context) error {
		return s.putObject(ctx, opPut, name, data)
	})
}

// Create implements Store.
func (s *cosStore) Create(ctx context.Context, name string, data []byte) error {
	data = bytes.Clone(data)
	return s.caller.callCreate(ctx, name, data, s.getObject, func(ctx context.Context) error {
		return s.putObject(ctx, opCreate, name, data)
	})
}

// Delete implements Store.
func (s *cosStore) Delete(ctx context.Context, name string) error {
	return s.caller.callStore(ctx, opDelete, name, func(ctx context.Context) error {
		_, err := s.tryOnce(ctx, cosOperation{op: opDelete, method: http.MethodDelete, action: "cos:DeleteObject",
			name: name})
		return err
	})
}

func (s *cosStore) getObject(ctx context.Context, name string) ([]byte, error) {
	return s.tryOnce(ctx, cosOperation{op: opGet, method: http.MethodGet, action: "cos:GetObject", name: name})
}

func (s *cosStore) putObject(ctx context.Context, op, name string, data []byte) error {
	if len(data) > MaxSize {
		return tooLargeError()
	}
	digest := md5.Sum(data) // COS refuses a body that came through damaged
	headers := map[string]string{
		"Content-Type": "application/octet-stream",
		"Content-MD5":  base64.StdEncoding.EncodeToString(digest[:]),
	}
	if op == opCreate {
		headers["X-Cos-Forbid-Overwrite"] = "true"
	}
	_, err := s.tryOnce(ctx, cosOperation{op: op, method: http.MethodPut, action: "cos:PutObject", name: name,
		headers: headers, data: data})
	return err
}

// cosOperation is one request to COS.
type cosOperation struct {
	op      string
	method  string
	action  string // what the permission is called
	name    string
	headers map[string]string
	query   map[string]string
	data    []byte
	content io.Reader // in place of data, where it is not held in memory
	size    int64     // of content
	into    io.Writer // where the answer goes, in place of memory
}

// tryOnce makes one try. It follows no redirect, since no round tripper does.
func (s *cosStore) tryOnce(ctx context.Context, o cosOperation) ([]byte, error) {
	request, failure := s.signedRequest(ctx, o)
	if failure != nil {
		return nil, failure
	}
	response, err := s.transport.RoundTrip(request)
	if err != nil {
		return nil, s.noAnswer(ctx, o, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK && response.StatusCode != http.StatusNoContent {
		return nil, s.refusalError(o, response)
	}
	if o.into != nil {
		return nil, s.streamObject(ctx, o, response)
	}
	if isWrite(o.op) {
		_, _ = io.CopyN(io.Discard, response.Body, maxAnswer) // so that the connection can be used again
		return nil, nil
	}
	return s.readObject(ctx, o, response)
}

// readObject reads the object, and no more than one may have.
func (s *cosStore) readObject(ctx context.Context, o cosOperation, response *http.Response) ([]byte, error) {
	if response.ContentLength > MaxSize {
		return nil, tooLargeError()
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, MaxSize+1))
	switch {
	case err != nil:
		return nil, s.noAnswer(ctx, o, err)
	case len(data) > MaxSize:
		return nil, tooLargeError()
	default:
		return data, nil
	}
}

// signedRequest makes the signed request.
func (s *cosStore) signedRequest(ctx context.Context, o cosOperation) (*http.Request, *Error) {
	id, key, token, err := s.credentials()
	if err != nil {
		return nil, &Error{Code: codeCredentials, Denied: true, reason: err.Error(), err: err}
	}
	if strings.ContainsFunc(id+key+token, text.NotInHeader) {
		return nil, &Error{Code: codeCredentials, Denied: true,
			reason: "the keys hold white space or other odd characters: copy them again"}
	}
	address := url.URL{Scheme: s.target.base.Scheme, Host: s.target.base.Host,
		Path: s.target.base.Path + "/" + s.target.prefix + o.name}
	if o.op == opList { // of the bucket itself
		address.Path = s.target.base.Path + "/"
		address.RawQuery = strings.TrimSuffix(encodeQuery(o.query), "=") // of a sub-resource the name alone
	}
	body := o.content
	if body == nil || o.size == 0 {
		body = bytes.NewReader(o.data)
	}
	request, err := http.NewRequestWithContext(ctx, o.method, address.String(), body)
	if err != nil { // err repeats the URL
		return nil, &Error{Code: codeConnection, reason: "the object's address cannot be written",
			hint: "check " + s.caller.setting}
	}
	if request.ContentLength = int64(len(o.data)); o.content != nil {
		request.ContentLength = o.size
	}
	signed := map[string]string{"Host": request.Host}
	maps.Copy(signed, o.headers)
	if token != "" {
		signed["X-Cos-Security-Token"] = token
	}
	for name, value := range signed {
		request.Header.Set(name, value)
	}
	now := s.caller.now()
	request.Header.Set("Authorization", cosauth.Authorization(cosauth.Keys{ID: id, Key: key},
		o.method, address.Path, o.query, signed, now.Add(-signedBefore), s.signedUntil(o, now)))
	request.Header.Set("Accept-Encoding", "identity") // objects come as they are
	request.Header.Set("User-Agent", "licensewatch")
	return request, nil
}

// signedUntil is the last second of the signature. What a lease's holder writes is
// signed for the lease's time only: a process that was frozen with the request ready
// sends it in vain, whoever has the lock by then, and no other request is needed to
// find that out.
func (s *cosStore) signedUntil(o cosOperation, now time.Time) time.Time {
	until := now.Add(signedAfter)
	if l := s.caller.lease; l != nil && isWrite(o.op) && l.until.Before(until) {
		until = l.until.Add(-time.Second) // all of that second is still good
	}
	return until
}

// Displace implements Store. Everything in a bucket can be replaced.
func (s *cosStore) Displace(context.Context, string, string) error { return ErrNotFound }

// Discard implements Store.
func (s *cosStore) Discard(ctx context.Context, name string) error { return s.Delete(ctx, name) }

// Lease implements Store.
func (s *cosStore) Lease(_ string, until time.Time) Store {
	leased := *s
	leased.caller.lease = newLease(until)
	return &leased
}

// Revoke implements Store. COS ends a lease by its time.
func (s *cosStore) Revoke(context.Context, string) error { return nil }
