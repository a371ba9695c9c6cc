package cos

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
)

// refusal is an error as COS answers it.
type refusal struct {
	XMLName      xml.Name `xml:"Error"`
	Code         string   `xml:"Code"`
	Message      string   `xml:"Message"`
	StringToSign string   `xml:"StringToSign,omitempty"`
	FormatString string   `xml:"FormatString,omitempty"` // holds the signed headers, the token among them
	Resource     string   `xml:"Resource"`
	RequestID    string   `xml:"RequestId"`
	TraceID      string   `xml:"TraceId"`

	status int
}

func newRefusal(status int, code, message string) *refusal {
	return &refusal{Code: code, Message: message, status: status}
}

// write sends the refusal.
func (e *refusal) write(w http.ResponseWriter, r *http.Request) {
	e.Resource = r.Host + r.URL.Path
	e.RequestID = w.Header().Get("x-cos-request-id")
	e.TraceID = base64.StdEncoding.EncodeToString([]byte("trace of " + e.RequestID))
	body, err := xml.MarshalIndent(e, "", "\t")
	if err != nil {
		panic(err) // the type can always be marshalled
	}
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(e.status)
	_, _ = fmt.Fprintf(w, "<?xml version='1.0' encoding='utf-8' ?>\n%s\n", body) // a client that left is its own matter
}

// requestID makes the id of the n-th request, in the form COS gives them.
func requestID(n int) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%08x_simulated", n))
}
