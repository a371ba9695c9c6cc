package simulator

import (
	"cmp"
	"io"
	"net/http"
	"net/http/httptest"
)

// Transport hands requests to the simulator without a connection.
func (s *Simulator) Transport() http.RoundTripper { return InProcess(s) }

// InProcess hands requests to a handler without a connection.
func InProcess(handler http.Handler) http.RoundTripper { return inProcess{handler} }

type inProcess struct{ handler http.Handler }

// RoundTrip lets the handler answer. One that aborts breaks the connection.
func (t inProcess) RoundTrip(r *http.Request) (response *http.Response, err error) {
	defer func() {
		if p := recover(); p == http.ErrAbortHandler { //nolint:errorlint // a panic's value is compared as it is
			response, err = nil, cmp.Or(r.Context().Err(), io.ErrUnexpectedEOF)
		} else if p != nil {
			panic(p)
		}
	}()
	recorder := httptest.NewRecorder()
	served := r.Clone(r.Context())
	if served.Body == nil { // a server's request always has one
		served.Body = http.NoBody
	}
	t.handler.ServeHTTP(recorder, served)
	response = recorder.Result()
	response.Request = r
	return response, nil
}
