package simulator

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// fields is a JSON object of the API.
type fields map[string]any

// refusal is an error as the API gives it.
type refusal struct{ code, message string }

// serveCloud is every Tencent Cloud service: verify, record, answer.
func (s *Simulator) serveCloud(w http.ResponseWriter, r *http.Request, body []byte) {
	now := s.options.SignatureClock()
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	auth, op, params, refused := s.admit(r, body, now)
	call := Call{
		Service:  auth.service,
		Action:   r.Header.Get("X-TC-Action"),
		SecretID: auth.secretID,
		Token:    r.Header.Get("X-TC-Token") != "",
		Body:     body,
		Verdict:  Accepted,
	}
	if refused != nil {
		call.Verdict = refused.code
	}
	id := s.recordCall(call)
	if refused != nil {
		writeRefusal(w, id, refused)
		return
	}
	s.answer(call.Action, w, r, usual{requestID: id, answer: func(w http.ResponseWriter, _ *http.Request) {
		s.writeAnswer(w, id, call.Action, op, params)
	}})
}

// admit decides whether a request is answered at all. What it could find out is
// returned beside a refusal.
func (s *Simulator) admit(r *http.Request, body []byte, now time.Time) (authorization, operation, fields, *refusal) {
	if refused := checkEnvelope(r); refused != nil {
		return authorization{}, operation{}, nil, refused
	}
	auth, refused := parseAuthorization(r.Header.Get("Authorization"))
	if refused != nil {
		return auth, operation{}, nil, refused
	}
	s.mu.Lock()
	keys := s.keys
	s.mu.Unlock()
	if refused := verify(r, body, auth, keys, now); refused != nil {
		return auth, operation{}, nil, refused
	}
	op, refused := findOperation(auth.service, r.Header.Get("X-TC-Action"), r.Header.Get("X-TC-Version"))
	if refused != nil {
		return auth, op, nil, refused
	}
	if refused := op.checkRegion(r.Header.Get("X-TC-Region")); refused != nil {
		return auth, op, nil, refused
	}
	params, refused := op.read(body)
	return auth, op, params, refused
}

// checkEnvelope checks the method and the headers every call needs.
func checkEnvelope(r *http.Request) *refusal {
	if r.Method != http.MethodPost {
		return &refusal{"UnsupportedProtocol", "Only POST requests are simulated."}
	}
	if !isJSON(r.Header.Get("Content-Type")) {
		return &refusal{"UnsupportedProtocol", "The content type must be application/json."}
	}
	for _, name := range []string{"Action", "Version", "Timestamp"} {
		if r.Header.Get("X-TC-"+name) == "" {
			return missing(name)
		}
	}
	return nil
}

// recordCall keeps the call and gives the id of its answer. Ids depend only on
// the action and its count, so that a run can be repeated to the letter.
func (s *Simulator) recordCall(call Call) (requestID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, call)
	s.requests[call.Action]++
	return uuid(fmt.Sprintf("%s %d", call.Action, s.requests[call.Action]))
}

// writeAnswer answers an admitted call as the scenario has it.
func (s *Simulator) writeAnswer(w http.ResponseWriter, id, action string, op operation, params fields) {
	if refused, ok := s.scenario.refusals[action]; ok {
		writeRefusal(w, id, &refused)
		return
	}
	s.mu.Lock()
	response, refused := op.answer(s, params)
	s.mu.Unlock()
	if refused != nil {
		writeRefusal(w, id, refused)
		return
	}
	response["RequestId"] = id
	writeResponse(w, response)
}

// writeRefusal answers with an error; the HTTP status is 200 all the same.
func writeRefusal(w http.ResponseWriter, id string, refused *refusal) {
	writeResponse(w, fields{
		"Error":     fields{"Code": refused.code, "Message": refused.message},
		"RequestId": id,
	})
}

func writeResponse(w http.ResponseWriter, response fields) {
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(fields{"Response": response}) // fails only when the client is gone
}

// uuid makes an id of the usual form that depends only on the seed.
func uuid(seed string) string {
	b := sha256.Sum256([]byte(seed))
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
