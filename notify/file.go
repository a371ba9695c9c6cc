package notify

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"licensewatch/internal/retry"
	"licensewatch/license"
	"licensewatch/message"
)

// FileTaking is how a kind of chat takes files: each is uploaded first, and then named by
// the id that it got.
type FileTaking struct {
	Least, Most int64 // bytes that a file may have

	field     string                                // of the upload's form
	uploadURL func(webhook string) string           // where a webhook's chat takes files
	mediaID   func(body string) string              // that an upload got, as the answer says
	message   func(mediaID string) message.Rendered // that shows the file
}

// File is one to send. It lies on the disk and never in memory.
type File struct {
	Path string
	Name string // as it is shown
	Size int64  // bytes
}

// uploadTimeout bounds one try of an upload: 20 MB by a slow line.
const uploadTimeout = time.Minute

// ShownExport is how the channel shows an export, as its kind does.
func (c *Channel) ShownExport(e license.Export) license.Export { return c.kind.ShownExport(e) }

// ShownExport is how a chat of the kind shows an export: where its file is shared and the
// chat takes it, the file follows; where it takes none of that size, it says so.
func (k *ChannelKind) ShownExport(e license.Export) license.Export {
	files := k.Files
	if files == nil || e.File == nil || !e.File.IsShared || e.File.Failure != nil ||
		e.Status != license.ExportFinished {
		return e
	}
	file := *e.File // other chats show it in their own way
	switch {
	case file.Size > files.Most:
		file.AtMost = files.Most
	case file.Size < files.Least:
		file.AtLeast = files.Least
	default:
		file.Follows = true
	}
	e.File = &file
	return e
}

// ShownPage is how a chat of the kind shows a page in a language: where it takes one of that
// size, the page follows.
func (k *ChannelKind) ShownPage(page *license.Page, language license.Language) *license.Page {
	if k.Files == nil || page == nil || !page.IsAtHand {
		return page
	}
	shown := *page
	if shown.Follows = k.takes(page.File(language).Size); !shown.Follows {
		shown.AtMost = k.Files.Most
	}
	return &shown
}

func (k *ChannelKind) takes(size int64) bool { return size >= k.Files.Least && size <= k.Files.Most }

// Takes says whether the chat takes a file of so many bytes.
func (c *Channel) Takes(size int64) bool { return c.TakesFiles() && c.kind.takes(size) }

// TakesFiles says whether the chat takes any.
func (c *Channel) TakesFiles() bool { return c.kind.Files != nil }

// SendFile uploads the file and posts the message that shows it. An upload is tried again
// whatever became of it, since nobody sees it; a message that may have arrived is not.
// The error is an *Error.
func (c *Channel) SendFile(ctx context.Context, file File) error {
	id, err := c.uploadFile(ctx, file)
	if err != nil {
		return err
	}
	_, err = c.poster.deliver(ctx, false, func(bool) message.Rendered { return c.kind.Files.message(id) }, c.kind.judge)
	return err
}

// uploadFile gives the id of the uploaded file.
func (c *Channel) uploadFile(ctx context.Context, file File) (id string, err error) {
	policy := c.poster.policy
	policy.TryTimeout = max(policy.TryTimeout, uploadTimeout)
	err = policy.Do(ctx, func(ctx context.Context, try int) error {
		start := time.Now()
		answer, refusal := c.uploadOnce(ctx, file)
		if refusal == nil {
			if id = c.kind.Files.mediaID(answer.body); id != "" {
				return nil
			}
			refusal = &Error{Channel: c.Name(), Code: message.CodeNoErrcode, Retryable: true}
		}
		refusal.again = refusal.again || refusal.Ambiguous
		refusal.Ambiguous = false // nobody has seen anything
		c.poster.logRefusal(ctx, refusal, try, time.Since(start))
		return refusal
	}, func(err error) retry.Verdict {
		refusal, ok := errors.AsType[*Error](err)
		if !ok {
			return retry.Verdict{}
		}
		return retry.Verdict{Again: refusal.again && refusal.RetryAfter <= maxWait, Wait: refusal.RetryAfter}
	})
	return id, err
}

// uploadOnce uploads the file as it is read from the disk.
func (c *Channel) uploadOnce(ctx context.Context, file File) (chatAnswer, *Error) {
	body, length, kind, err := fileForm(c.kind.Files.field, file)
	if err != nil {
		return chatAnswer{}, &Error{Channel: c.Name(), Code: message.CodeInternal, Message: "the file cannot be read"}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.kind.Files.uploadURL(c.poster.url), body)
	if err != nil || request.URL.Host == "" {
		_ = body.Close()
		return chatAnswer{}, c.poster.badURL()
	}
	request.ContentLength = length
	request.Header.Set("Content-Type", kind)
	request.Header.Set("User-Agent", userAgent)
	return c.poster.exchange(request, c.kind.judge)
}

// fileForm is the form with the file, the length of all of it and its content type. The
// boundary between its parts is long enough to be in no file.
func fileForm(field string, file File) (body io.ReadCloser, length int64, kind string, err error) {
	const boundary = "licensewatch-7f4a1c9e5b2d8036-7f4a1c9e5b2d8036"
	size := strconv.FormatInt(file.Size, 10)
	head := "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + field + "\"; filename=\"" + file.Name +
		"\"; filelength=" + size + "\r\nContent-Type: application/octet-stream\r\n\r\n"
	tail := "\r\n--" + boundary + "--\r\n"
	opened, err := os.Open(file.Path)
	if err != nil {
		return nil, 0, "", err
	}
	reader := io.MultiReader(strings.NewReader(head), io.LimitReader(opened, file.Size), strings.NewReader(tail))
	return struct {
		io.Reader
		io.Closer
	}{reader, opened}, int64(len(head)+len(tail)) + file.Size, "multipart/form-data; boundary=" + boundary, nil
}
