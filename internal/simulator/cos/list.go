package cos

import (
	"encoding/xml"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// mostListed is how many entries a page has at most.
const mostListed = 1000

// listing is the answer to GET Bucket (List Objects).
type listing struct {
	XMLName        xml.Name       `xml:"ListBucketResult"`
	Name           string         `xml:"Name"`
	EncodingType   string         `xml:"EncodingType,omitempty"`
	Prefix         string         `xml:"Prefix"`
	Marker         string         `xml:"Marker"`
	MaxKeys        int            `xml:"MaxKeys"`
	Delimiter      string         `xml:"Delimiter,omitempty"`
	IsTruncated    bool           `xml:"IsTruncated"`
	NextMarker     string         `xml:"NextMarker,omitempty"`
	Contents       []listedObject `xml:"Contents"`
	CommonPrefixes []listedPrefix `xml:"CommonPrefixes"`
}

type listedObject struct {
	Key  string `xml:"Key"`
	Size int    `xml:"Size"`
}

type listedPrefix struct {
	Prefix string `xml:"Prefix"`
}

// answerList gives a page of the keys in their order, those behind a delimiter as one.
func (b *Bucket) answerList(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	limit, err := strconv.Atoi(query.Get("max-keys"))
	if err != nil || limit <= 0 || limit > mostListed {
		limit = mostListed
	}
	shown := func(text string) string { return text }
	if query.Get("encoding-type") == "url" {
		shown = func(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "%2F", "/") }
	}
	prefix, delimiter, marker := query.Get("prefix"), query.Get("delimiter"), query.Get("marker")
	page := listing{Name: "bucket", EncodingType: query.Get("encoding-type"), Prefix: shown(prefix),
		Marker: shown(marker), MaxKeys: limit, Delimiter: shown(delimiter)}
	last, count := marker, 0
	for _, key := range slices.Sorted(maps.Keys(b.objects)) {
		rest, ok := strings.CutPrefix(key, prefix)
		if !ok || key <= marker || strings.HasSuffix(last, delimiter) && delimiter != "" &&
			strings.HasPrefix(key, last) {
			continue
		}
		if count == limit {
			page.IsTruncated, page.NextMarker = true, shown(last)
			break
		}
		count++
		last = key
		if folder, _, isBehind := strings.Cut(rest, delimiter); delimiter != "" && isBehind {
			last = prefix + folder + delimiter
			page.CommonPrefixes = append(page.CommonPrefixes, listedPrefix{shown(last)})
			continue
		}
		page.Contents = append(page.Contents, listedObject{shown(key), len(b.objects[key])})
	}
	w.Header().Set("Content-Type", "application/xml")
	_, _ = w.Write([]byte(xml.Header))
	_ = xml.NewEncoder(w).Encode(page) // a client that left is its own matter
}
