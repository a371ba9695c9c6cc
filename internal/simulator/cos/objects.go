package cos

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"hash/crc64"
	"io"
	"net/http"
	"strconv"
)

// maxObject is more than any client here writes; COS takes 5 GB.
const maxObject = 80 << 20

// acceptRequest checks everything about a request that does not depend on what is in
// the bucket, and reads its body.
func (b *Bucket) acceptRequest(r *http.Request, key string) ([]byte, *refusal) {
	method := permissionOf(r, key)
	b.mu.Lock()
	signedWith, denied := b.keys, b.denied[method]
	b.mu.Unlock()
	if refused := verifySignature(r, signedWith, b.options.Now()); refused != nil {
		return nil, refused
	}
	if denied {
		return nil, newRefusal(http.StatusForbidden, "AccessDenied", "Access Denied.")
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete:
	default:
		return nil, newRefusal(http.StatusMethodNotAllowed, "MethodNotAllowed",
			"The specified method is not allowed against this resource.")
	}
	if method != MethodList && method != MethodObjectLock && (key == "" || r.URL.RawQuery != "" && !isLink(r)) {
		return nil, newRefusal(http.StatusNotImplemented, "NotImplemented",
			"Only single objects, without sub-resources, and the listing are simulated.")
	}
	if b.options.WriteOnce && (r.Method == http.MethodDelete ||
		r.Method == http.MethodPut && r.Header.Get("X-Cos-Forbid-Overwrite") != "true") {
		return nil, newRefusal(http.StatusForbidden, "AccessDenied", "Access Denied.")
	}
	if r.Method != http.MethodPut {
		return nil, nil
	}
	return readBody(r)
}

// permissionOf is what Deny calls what a request does.
func permissionOf(r *http.Request, key string) string {
	switch {
	case key != "" || r.Method != http.MethodGet:
		return r.Method
	case r.URL.Query().Has("object-lock"):
		return MethodObjectLock
	default:
		return MethodList
	}
}

// readBody reads the object of a PUT and compares it with its digest.
func readBody(r *http.Request) ([]byte, *refusal) {
	if r.ContentLength < 0 {
		return nil, newRefusal(http.StatusLengthRequired, "MissingContentLength",
			"You must provide the Content-Length HTTP header.")
	}
	if r.ContentLength > maxObject {
		return nil, newRefusal(http.StatusBadRequest, "EntityTooLarge",
			"Your proposed upload exceeds the maximum allowed object size.")
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, newRefusal(http.StatusBadRequest, "IncompleteBody", "The body is shorter than its Content-Length.")
	}
	if header := r.Header.Get("Content-MD5"); header != "" {
		want, err := base64.StdEncoding.DecodeString(header)
		if err != nil || len(want) != md5.Size {
			return nil, newRefusal(http.StatusBadRequest, "InvalidDigest",
				"The Content-MD5 you specified is not valid.")
		}
		if got := md5.Sum(body); !bytes.Equal(got[:], want) {
			return nil, newRefusal(http.StatusBadRequest, "BadDigest",
				"The Content-MD5 you specified did not match what we received.")
		}
	}
	if forbid := r.Header.Get("X-Cos-Forbid-Overwrite"); forbid != "" && forbid != "true" && forbid != "false" {
		return nil, newRefusal(http.StatusBadRequest, "InvalidArgument",
			"x-cos-forbid-overwrite must be true or false.")
	}
	return body, nil
}

// answerRequest does what was asked.
func (b *Bucket) answerRequest(w http.ResponseWriter, r *http.Request, key string, body []byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	object, exists := b.objects[key]
	switch {
	case key == "" && r.URL.Query().Has("object-lock"):
		b.answerObjectLock(w, r)
	case key == "":
		b.answerList(w, r)
	case r.Method == http.MethodDelete:
		delete(b.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case r.Method == http.MethodPut && exists && r.Header.Get("X-Cos-Forbid-Overwrite") == "true" &&
		!b.options.Versioned:
		newRefusal(http.StatusConflict, "FileAlreadyExists", "The object you are writing already exists.").write(w, r)
	case r.Method == http.MethodPut:
		b.objects[key] = body
		if b.options.Versioned {
			w.Header().Set("x-cos-version-id", strconv.Itoa(b.count))
		}
		setObjectHeaders(w, body)
		w.Header().Set("Content-Length", "0")
		w.WriteHeader(http.StatusOK)
	case !exists:
		newRefusal(http.StatusNotFound, "NoSuchKey", "The specified key does not exist.").write(w, r)
	default:
		setObjectHeaders(w, object)
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Length", strconv.Itoa(len(object)))
		w.WriteHeader(http.StatusOK)
		_, _ = w.Write(object) // net/http sends no body to a HEAD; a client that left is its own matter
	}
}

// setObjectHeaders sets the headers that identify an object's content.
func setObjectHeaders(w http.ResponseWriter, object []byte) {
	w.Header().Set("ETag", fmt.Sprintf(`"%x"`, md5.Sum(object)))
	w.Header().Set("x-cos-hash-crc64ecma", strconv.FormatUint(crc64.Checksum(object, crc64.MakeTable(crc64.ECMA)), 10))
}
