package simulator

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"time"
)

const uploadPath = "/cgi-bin/webhook/upload_media"

// What a robot takes of a file, in bytes: more than 5, at most 20 MB.
const (
	leastMedia = 6
	mostMedia  = 20 << 20
)

// Upload is a file that a WeCom robot was given.
type Upload struct {
	Channel string // as of a Post
	Name    string // as it would be shown
	Bytes   int64
	SHA256  string
	MediaID string // empty: it was refused
	Answer  string
}

// serveUpload takes a file for a WeCom group robot. The file is looked at before the key.
func (s *chats) serveUpload(w http.ResponseWriter, r *http.Request) {
	index, channel, ok := s.matchWebhook("wecom", r.URL.Query().Get("key"), wecomKey)
	u, refused := readUpload(r)
	u.Channel = channel
	switch {
	case refused != nil:
	case !ok:
		refused = &wecomRefusal{93000, "invalid webhook url"}
	case !s.takeQuota("wecom", index, time.Minute):
		refused = &wecomRefusal{45009, "api freq out of limit"}
	}
	answer := func(w http.ResponseWriter, _ *http.Request) {
		if refused == nil {
			u.MediaID = "3" + u.SHA256[:40] + strconv.Itoa(index)
			refused = &wecomRefusal{0, "ok"}
		}
		text, err := json.Marshal(map[string]any{"errcode": refused.code, "errmsg": refused.errmsg(), "type": "file",
			"media_id": u.MediaID, "created_at": strconv.FormatInt(s.options.Now().Unix(), 10)})
		if err != nil {
			panic(err) // numbers and texts can always be written
		}
		_, _ = w.Write(text)
	}
	seen := &capture{ResponseWriter: w}
	defer func() { // also when the handler aborts
		u.Answer = string(seen.body)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.uploads = append(s.uploads, u)
	}()
	if refused != nil {
		answer(seen, r)
		return
	}
	s.answerRequest("wecom upload", seen, r, usualAnswer{answer: answer})
}

// readUpload reads and checks a file, which is not kept.
func readUpload(r *http.Request) (Upload, *wecomRefusal) {
	var u Upload
	parts, err := r.MultipartReader()
	switch {
	case r.Method != http.MethodPost:
		return u, &wecomRefusal{43002, "require POST method"}
	case r.URL.Query().Get("type") != "file":
		return u, &wecomRefusal{40004, "invalid media type"}
	case err != nil || r.ContentLength < 0:
		return u, &wecomRefusal{44001, "empty media data"}
	}
	part, err := parts.NextPart()
	if err != nil {
		return u, &wecomRefusal{44001, "empty media data"}
	}
	_, facts, err := mime.ParseMediaType(part.Header.Get("Content-Disposition"))
	if err != nil || facts["name"] != "media" || facts["filename"] == "" || facts["filelength"] == "" {
		return u, &wecomRefusal{44001, "empty media data"}
	}
	u.Name = facts["filename"]
	hash := sha256.New()
	u.Bytes, err = io.Copy(hash, part)
	u.SHA256 = hex.EncodeToString(hash.Sum(nil))
	if err != nil {
		return u, &wecomRefusal{44001, "empty media data"}
	}
	_, after := parts.NextPart()
	switch {
	case after != io.EOF:
		return u, &wecomRefusal{40063, "some parameters are empty"}
	case fmt.Sprint(u.Bytes) != facts["filelength"], u.Bytes < leastMedia:
		return u, &wecomRefusal{40006, "invalid media size"}
	case u.Bytes > mostMedia:
		return u, &wecomRefusal{45001, "media size out of limit"}
	}
	return u, nil
}

// checkMedia says why the robot would not send a file: its id is none that the very robot
// gave.
func (s *chats) checkMedia(channel, id string) *wecomRefusal {
	s.mu.Lock()
	defer s.mu.Unlock()
	isGiven := func(u Upload) bool { return u.Channel == channel && u.MediaID == id && id != "" }
	if !slices.ContainsFunc(s.uploads, isGiven) {
		return &wecomRefusal{40007, "invalid media_id"}
	}
	return nil
}
