package main

import (
	"encoding/json"
	"maps"
	"testing"
)

// FuzzElements: of valid JSON, the parts are those that the standard library finds.
func FuzzElements(f *testing.F) {
	for _, seed := range []string{
		`{"a":1,"b" : [1,{"c":"]}"}] , "a":"\"\\","\u0063":null}`, ` [ 1 , "a,b" ,{ }, [] ,true]`, `{}`, `[]`, `7`, `"{"`, `{"":{"":""}}`, "[\n1.5e3\t]",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if !json.Valid(text) {
			return
		}
		var list []json.RawMessage
		fields := map[string]json.RawMessage{}
		for name, value := range elements(text) {
			list = append(list, value)
			fields[name] = value
		}
		var wantList []json.RawMessage
		wantFields := map[string]json.RawMessage{}
		if json.Unmarshal(text, &wantFields) == nil && wantFields != nil {
			if !maps.EqualFunc(fields, wantFields, func(a, b json.RawMessage) bool { return string(a) == string(b) }) {
				t.Errorf("%s: %s, want %s", text, fields, wantFields)
			}
			return
		}
		_ = json.Unmarshal(text, &wantList) // else it is no list, and has none
		if len(list) != len(wantList) {
			t.Fatalf("%s: %s, want %s", text, list, wantList)
		}
		for i := range list {
			if string(list[i]) != string(wantList[i]) {
				t.Errorf("%s: %s, want %s", text, list[i], wantList[i])
			}
		}
	})
}
