package simulator

import (
	"net/http"
	"net/http/httptest"
)

// Transport hands requests to the simulator without a connection.
func (s *Simulator) Transport() http.RoundTripper { return inProcess{s} }

type inProcess struct{ handler http.Handler }

// RoundTrip lets the handler answer.
func (t inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	t.handler.ServeHTTP(recorder, r)
	response := recorder.Result()
	response.Request = r
	return response, nil
}
