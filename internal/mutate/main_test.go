package main

import "testing"

// TestMutationsFit: what is to be changed stands in its file once. "make mutate" makes
// the changes.
func TestMutationsFit(t *testing.T) {
	t.Chdir("../..")
	for _, m := range mutations {
		if _, err := m.apply(); err != nil {
			t.Errorf("%s: %v", m.name, err)
		}
	}
}
