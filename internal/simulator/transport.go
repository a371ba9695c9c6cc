package simulator

import (
	"net/http"
	"net/http/httptest"
)

// Transport hands requests to the simulator without a connection.
func (s *Simulator) Transport() http.RoundTripper { return InProcess(s) }

// InProcess hands requests to a handler without a connection.
func InProcess(handler http.Handler) http.RoundTripper { return inProcess{handler} }

type inProcess struct{ handler http.Handler }

// RoundTrip lets the handler answer.
func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	served := r.Clone(r.Context())
	if served.Body == nil { // a server's request always has one
		served.Body = http.NoBody
	}
	t.handler.ServeHTTP(recorder, served)
	response := recorder.Result()
	response.Request = r
	return response, nil
}
