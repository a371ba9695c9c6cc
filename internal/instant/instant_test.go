package instant_test

import (
	"testing"
	"time"

	"licensewatch/internal/instant"
)

func TestInstants(t *testing.T) {
	t.Parallel()
	early := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	late := early.Add(time.Minute)
	for _, pair := range [][2]time.Time{{early, late}, {late, early}} {
		if got := instant.Earlier(pair[0], pair[1]); !got.Equal(early) {
			t.Errorf("Earlier(%v) = %v", pair, got)
		}
		if got, want := instant.Halfway(pair[0], pair[1]), early.Add(30*time.Second); !got.Equal(want) {
			t.Errorf("Halfway(%v) = %v, want %v", pair, got, want)
		}
	}
}
