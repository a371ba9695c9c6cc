package cos

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options describe a bucket.
type Options struct {
	// SecretID, SecretKey and Token are the keys that requests must be signed
	// with; an empty Token means permanent keys, sent without one.
	SecretID, SecretKey, Token string
	// Versioned is a bucket that has, or ever had, versioning: in it
	// x-cos-forbid-overwrite has no effect.
	Versioned bool
	// WriteOnce refuses every DELETE, and every PUT that might overwrite.
	WriteOnce bool
	// ObjectLock is a bucket whose objects are locked, and LockDays for how long where they say
	// nothing themselves; 0: there is no default.
	ObjectLock bool
	LockDays   int
	// Now is the bucket's clock, that signatures are checked against and that the
	// Date header shows. Nil means time.Now.
	Now func() time.Time
}

// Request is one request that the bucket got.
type Request struct {
	Method          string
	Key             string
	ForbidOverwrite bool
	Size            int // bytes of the body
	Status          int // of the answer; 0 when an override sent none
}

// Bucket is one bucket. It is safe for concurrent use.
type Bucket struct {
	options Options

	mu        sync.Mutex // guards everything below
	keys      keys
	objects   map[string][]byte
	requests  []Request
	overrides map[string]http.HandlerFunc
	denied    map[string]bool
	count     int // requests so far; makes request ids
}

type keys struct{ id, key, token string }

// New makes an empty bucket.
func New(options Options) *Bucket {
	if options.Now == nil {
		options.Now = time.Now
	}
	return &Bucket{
		options:   options,
		keys:      keys{options.SecretID, options.SecretKey, options.Token},
		objects:   map[string][]byte{},
		overrides: map[string]http.HandlerFunc{},
		denied:    map[string]bool{},
	}
}

// SetKeys changes the keys that requests must be signed with from now on.
func (b *Bucket) SetKeys(id, key, token string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.keys = keys{id, key, token}
}

// MethodList stands for the listing in Deny, which is a GET of the bucket itself.
const MethodList = "LIST"

// MethodObjectLock stands for the look at the bucket's object lock in Deny.
const MethodObjectLock = "OBJECTLOCK"

// Deny takes the permission for a method away, or gives it back.
func (b *Bucket) Deny(method string, denied bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.denied[method] = denied
}

// Override replaces the answer to a method; nil restores it. A request is
// verified and recorded first: what would be refused is refused all the same.
// Usual gives the handler the answer it replaces.
func (b *Bucket) Override(method string, h http.HandlerFunc) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.overrides[method] = h
}

// usualKey is where a request's context has the usual answer.
type usualKey struct{}

// Usual answers a request as if there were no override, from within one: to
// answer only some requests otherwise, or to do the work and lose the answer.
func Usual(w http.ResponseWriter, r *http.Request) {
	if h, ok := r.Context().Value(usualKey{}).(http.HandlerFunc); ok {
		h(w, r)
	}
}

// Objects returns a copy of everything in the bucket, by key.
func (b *Bucket) Objects() map[string][]byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	objects := maps.Clone(b.objects)
	for key, data := range objects {
		objects[key] = bytes.Clone(data)
	}
	return objects
}

// SetObject puts an object into the bucket; nil data removes it.
func (b *Bucket) SetObject(key string, data []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if data == nil {
		delete(b.objects, key)
		return
	}
	b.objects[key] = bytes.Clone(data)
}

// Requests returns the requests answered so far, in the order of their answers.
func (b *Bucket) Requests() []Request {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.requests)
}

// ServeHTTP answers one request.
func (b *Bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	seen := &statusWriter{ResponseWriter: w}
	request := Request{
		Method:          r.Method,
		Key:             strings.TrimPrefix(r.URL.Path, "/"),
		ForbidOverwrite: r.Header.Get("X-Cos-Forbid-Overwrite") == "true",
	}
	defer func() { // also when an override aborts the connection
		request.Status = seen.status
		b.mu.Lock()
		defer b.mu.Unlock()
		b.requests = append(b.requests, request)
	}()
	b.setHeaders(w)
	body, refused := b.acceptRequest(r, request.Key)
	request.Size = len(body)
	if refused != nil {
		refused.write(seen, r)
		return
	}
	b.mu.Lock()
	override := b.overrides[r.Method]
	b.mu.Unlock()
	usual := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { b.answerRequest(w, r, request.Key, body) })
	if override == nil {
		override = usual
	}
	// Without the lock: an override may hang.
	override(seen, r.WithContext(context.WithValue(r.Context(), usualKey{}, usual)))
}

// setHeaders sets the headers that every answer has.
func (b *Bucket) setHeaders(w http.ResponseWriter) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.count++
	w.Header().Set("Server", "tencent-cos")
	w.Header().Set("Date", b.options.Now().UTC().Format(http.TimeFormat))
	w.Header().Set("x-cos-request-id", requestID(b.count))
}

// statusWriter remembers the answer's status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *statusWriter) Write(data []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(data)
}

// Unwrap lets an http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
