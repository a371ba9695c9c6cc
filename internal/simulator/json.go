package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"unicode/utf8"
)

// decodeObject decodes one JSON object and nothing after it, numbers exact. Text
// that is not UTF-8 is refused rather than replaced.
func decodeObject(body []byte) (jsonObject, error) {
	if !utf8.Valid(body) {
		return nil, errors.New("not UTF-8")
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var object jsonObject
	if err := decoder.Decode(&object); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("something follows the object")
	}
	if object == nil {
		return nil, errors.New("null is no object")
	}
	return object, nil
}

// isJSON says whether a Content-Type is JSON in UTF-8.
func isJSON(contentType string) bool {
	kind, params, err := mime.ParseMediaType(contentType)
	charset := params["charset"]
	return err == nil && kind == "application/json" && (charset == "" || charset == "utf-8" || charset == "UTF-8")
}
