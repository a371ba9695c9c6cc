package download

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"os"
	"strings"

	"licensewatch/internal/hostname"
	"licensewatch/internal/neterr"
	"licensewatch/internal/retry"
	"licensewatch/license"
)

// Most is the most bytes of a file.
const Most = 64 << 20

// Options are what a download needs.
type Options struct {
	Transport http.RoundTripper
	Dir       string       // where the file is put
	Policy    retry.Policy // of tries
}

// File is one that arrived whole.
type File struct {
	Path   string
	Size   int64 // bytes
	SHA256 string
	Kind   Kind
}

// Fetch brings the file of a link to the disk, within ctx. It sends no keys and no
// cookies, follows no redirect and decodes nothing: what it keeps is byte for byte what
// the link gives.
func Fetch(ctx context.Context, link license.SignedURL, o Options) (File, *license.FileFailure) {
	var file File
	err := o.Policy.Do(ctx, func(ctx context.Context, _ int) error {
		got, failure := fetchOnce(ctx, link, o)
		if failure != nil {
			return failure
		}
		file = got
		return nil
	}, func(err error) retry.Verdict { return retry.Verdict{Again: isWorthATry(err)} })
	if err != nil {
		failure, ok := errors.AsType[*license.FileFailure](err)
		if !ok {
			failure = &license.FileFailure{}
		}
		return File{}, failure
	}
	return file, nil
}

// isWorthATry says whether the same link may give the file at once.
func isWorthATry(err error) bool {
	failure, ok := errors.AsType[*license.FileFailure](err)
	if !ok {
		return false
	}
	switch failure.Problem {
	case license.FileUnreachable, license.FileCut, license.FileTimeout:
		return true
	case license.FileStatus:
		return failure.Status >= http.StatusInternalServerError || failure.Status == http.StatusTooManyRequests ||
			failure.Status == http.StatusRequestTimeout
	case license.FileHost, license.FileRedirect, license.FilePage, license.FileEmpty, license.FileTooLarge,
		license.FileDisk, license.FileNoLink:
	}
	return false
}

func fetchOnce(ctx context.Context, link license.SignedURL, o Options) (File, *license.FileFailure) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, link.Reveal(), http.NoBody)
	if err != nil { // it repeats the link
		return File{}, &license.FileFailure{Problem: license.FileHost, Where: "an address that is none"}
	}
	request.Header.Set("User-Agent", "licensewatch")
	request.Header.Set("Accept-Encoding", "identity") // else the transport unpacks, and the length is another
	// what follows the announced length on a connection that is kept, the transport writes into the log
	request.Close = true
	response, err := o.Transport.RoundTrip(request)
	if err != nil {
		return File{}, networkFailure(ctx, err)
	}
	defer func() { _ = response.Body.Close() }()
	if failure := checkAnswer(response); failure != nil {
		return File{}, failure
	}
	file, failure := save(ctx, response, o.Dir)
	if failure != nil && file.Path != "" {
		_ = os.Remove(file.Path)
	}
	return file, failure
}

// checkAnswer looks at what comes before the file.
func checkAnswer(response *http.Response) *license.FileFailure {
	isChunked := len(response.TransferEncoding) > 0 || response.ProtoMajor > 1 // its end is marked
	media, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	switch status := response.StatusCode; {
	case status >= 300 && status < 400:
		return &license.FileFailure{Problem: license.FileRedirect,
			Where: hostname.OfRedirect(response.Header.Get("Location"))}
	case status != http.StatusOK:
		return &license.FileFailure{Problem: license.FileStatus, Status: status}
	case media == "text/html":
		return &license.FileFailure{Problem: license.FilePage}
	case response.ContentLength > Most:
		return &license.FileFailure{Problem: license.FileTooLarge}
	case response.ContentLength < 0 && !isChunked: // where it ends, or breaks off, nobody can tell
		return &license.FileFailure{Problem: license.FileCut}
	}
	return nil
}

// save writes the answer's body to a file. Of a failure, the file is there as far as
// its Path is.
func save(ctx context.Context, response *http.Response, dir string) (File, *license.FileFailure) {
	target, err := os.CreateTemp(dir, "")
	if err != nil {
		return File{}, &license.FileFailure{Problem: license.FileDisk}
	}
	file := File{Path: target.Name()}
	hash := sha256.New()
	head, tail, content := headWriter{}, tailWriter{}, contentWriter{}
	disk := &diskWriter{to: target}
	file.Size, err = io.Copy(io.MultiWriter(disk, hash, &head, &tail, &content), io.LimitReader(response.Body, Most+1))
	if closed := target.Close(); disk.err == nil {
		disk.err = closed
	}
	file.SHA256, file.Kind = hex.EncodeToString(hash.Sum(nil)), kindOf(head.bytes)
	switch {
	case disk.err != nil:
		return file, &license.FileFailure{Problem: license.FileDisk}
	case err != nil:
		failure := networkFailure(ctx, err)
		if errors.Is(err, io.ErrUnexpectedEOF) && ctx.Err() == nil {
			failure.Problem = license.FileCut
		}
		return file, failure
	case file.Size > Most:
		return file, &license.FileFailure{Problem: license.FileTooLarge}
	case file.Size != response.ContentLength && response.ContentLength >= 0:
		return file, &license.FileFailure{Problem: license.FileCut}
	case !content.isThere:
		return file, &license.FileFailure{Problem: license.FileEmpty}
	case (file.Kind == Zip || file.Kind == XLSX) && !bytes.Contains(tail.bytes, []byte(zipEnd)):
		return file, &license.FileFailure{Problem: license.FileCut} // more followed than the answer announced
	case file.Kind == page:
		return file, &license.FileFailure{Problem: license.FilePage}
	}
	return file, nil
}

// networkFailure is the failure of a try without a whole answer. The error may hold the
// link.
func networkFailure(ctx context.Context, err error) *license.FileFailure {
	if neterr.Of(ctx, err).Kind == neterr.Timeout {
		return &license.FileFailure{Problem: license.FileTimeout}
	}
	return &license.FileFailure{Problem: license.FileUnreachable}
}

// diskWriter remembers that it was the disk that failed.
type diskWriter struct {
	to  io.Writer
	err error
}

// Write implements io.Writer.
func (w *diskWriter) Write(p []byte) (int, error) {
	n, err := w.to.Write(p)
	w.err = err
	return n, err
}

// headWriter keeps the first bytes.
type headWriter struct{ bytes []byte }

// Write implements io.Writer.
func (w *headWriter) Write(p []byte) (int, error) {
	if room := headBytes - len(w.bytes); room > 0 {
		w.bytes = append(w.bytes, p[:min(room, len(p))]...)
	}
	return len(p), nil
}

// contentWriter looks whether there is anything but blanks, in UTF-8 or UTF-16, and the mark
// of the encoding.
type contentWriter struct{ isThere bool }

// Write implements io.Writer.
func (w *contentWriter) Write(p []byte) (int, error) {
	const blanks = "\t\n\v\f\r \x00\xef\xbb\xbf\xff\xfe"
	for i := 0; i < len(p) && !w.isThere; i++ {
		w.isThere = strings.IndexByte(blanks, p[i]) < 0
	}
	return len(p), nil
}

// tailWriter keeps the last bytes, tailBytes or more.
type tailWriter struct{ bytes []byte }

// Write implements io.Writer.
func (w *tailWriter) Write(p []byte) (int, error) {
	w.bytes = append(w.bytes, p[max(0, len(p)-tailBytes):]...)
	if over := len(w.bytes) - tailBytes; over > tailBytes {
		w.bytes = append(w.bytes[:0], w.bytes[over:]...)
	}
	return len(p), nil
}
