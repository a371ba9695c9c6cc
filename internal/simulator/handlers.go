package simulator

import (
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

// Answer answers with HTTP 200 and this JSON text, whatever it is.
func Answer(json string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, json)
	}
}

// APIError refuses an API call as the cloud does: HTTP 200 with an error in it.
func APIError(code, message string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		u, _ := r.Context().Value(usualKey{}).(usualAnswer)
		writeRefusal(w, u.requestID, &apiError{code, message})
	}
}

// Status answers with an HTTP status and a body of any kind.
func Status(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// Hang gives no answer until the client goes away or the simulator is closed.
func Hang() http.HandlerFunc {
	return func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		panic(http.ErrAbortHandler) // a return would be an empty 200
	}
}

// Slow answers as then does, after a while.
func Slow(by time.Duration, then http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !pause(r, by) {
			panic(http.ErrAbortHandler)
		}
		then(w, r)
	}
}

// pause waits; false when nobody waits for the answer any more.
func pause(r *http.Request, by time.Duration) bool {
	timer := time.NewTimer(by)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// Reset breaks the connection instead of answering (TCP RST).
func Reset() http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil { // not on a connection of its own
			panic(http.ErrAbortHandler)
		}
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
		}
		_ = conn.Close()
	}
}

// Usual answers as if nothing had been overridden; it is for Sequence.
func Usual() http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if u, ok := r.Context().Value(usualKey{}).(usualAnswer); ok {
			u.answer(w, r)
		}
	}
}

// Sequence answers the first request by the first handler, the second by the
// second, and so on; the last handler answers all that follow.
func Sequence(handlers ...http.HandlerFunc) http.HandlerFunc {
	var mu sync.Mutex
	next := 0
	return func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		h := handlers[next]
		next = min(next+1, len(handlers)-1)
		mu.Unlock()
		h(w, r)
	}
}
