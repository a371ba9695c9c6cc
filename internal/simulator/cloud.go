package simulator

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// jsonObject is a JSON object of the API.
type jsonObject map[string]any

// apiError is an error as the API gives it.
type apiError struct{ code, message string }

// serveCloud is every Tencent Cloud service: verify, record, answer.
func (s *Simulator) serveCloud(w http.ResponseWriter, r *http.Request, body []byte) {
	now := s.options.SignatureClock()
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
	auth, op, params, refused := s.admitRequest(r, body, now)
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
	s.answerRequest(call.Action, w, r, usualAnswer{requestID: id, answer: func(w http.ResponseWriter, _ *http.Request) {
		s.writeAnswer(w, id, call.Action, op, params)
	}})
}

// admitRequest decides whether a request is answered at all. What it could find out is
// returned beside a refusal.
func (s *Simulator) admitRequest(r *http.Request, body []byte,
	now time.Time) (authorization, operation, jsonObject, *apiError) {
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
	if refused := verifySignature(r, body, auth, keys, now); refused != nil {
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
func checkEnvelope(r *http.Request) *apiError {
	if r.Method != http.MethodPost {
		return &apiError{"UnsupportedProtocol", "Only POST requests are simulated."}
	}
	if !isJSON(r.Header.Get("Content-Type")) {
		return &apiError{"UnsupportedProtocol", "The content type must be application/json."}
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
	return uuidFrom(fmt.Sprintf("%s %d", call.Action, s.requests[call.Action]))
}

// writeAnswer answers an admitted call as the scenario has it.
func (s *Simulator) writeAnswer(w http.ResponseWriter, id, action string, op operation, params jsonObject) {
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
func writeRefusal(w http.ResponseWriter, id string, refused *apiError) {
	writeResponse(w, jsonObject{
		"Error":     jsonObject{"Code": refused.code, "Message": refused.message},
		"RequestId": id,
	})
}

func writeResponse(w http.ResponseWriter, response jsonObject) {
	w.Header().Set("Content-Type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(jsonObject{"Response": response}) // fails only when the client is gone
}

// uuidFrom makes an id of the usual form that depends only on the seed.
func uuidFrom(seed string) string {
	b := sha256.Sum256([]byte(seed))
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
