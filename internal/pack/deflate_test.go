package main //nolint:testpackage // a command cannot be imported

import (
	"bytes"
	"compress/flate"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
)

// wantInflated fails unless the standard library reads what deflate wrote.
func wantInflated(t *testing.T, data []byte) (compressed int) {
	t.Helper()
	packed := deflate(data)
	got, err := io.ReadAll(flate.NewReader(bytes.NewReader(packed)))
	if err != nil || !bytes.Equal(got, data) {
		t.Fatalf("%d bytes do not come back (error: %v)", len(data), err)
	}
	return len(packed)
}

func TestDeflate(t *testing.T) {
	t.Parallel()
	random := rand.NewChaCha8([32]byte{})
	noise := make([]byte, 200_000)
	_, _ = random.Read(noise)
	far := bytes.Repeat(noise[:window-1], 3)
	tooFar := bytes.Repeat(noise[:window+1], 3)
	var skewed []byte // the rarest bytes would have codes longer than may be
	for i, n := 0, 1; i < 22; i, n = i+1, n*2 {
		skewed = append(skewed, bytes.Repeat([]byte{byte(i)}, min(n, 1<<16))...)
	}
	shuffled := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a test
	shuffled.Shuffle(len(skewed), func(i, j int) { skewed[i], skewed[j] = skewed[j], skewed[i] })
	for name, test := range map[string]struct {
		data []byte
		most int // bytes
	}{
		"nothing":           {nil, 20},
		"one byte":          {[]byte{7}, 20},
		"two bytes":         {[]byte("ab"), 20},
		"one byte, often":   {make([]byte, 100_000), 200},
		"a sentence":        {[]byte(strings.Repeat("the quick brown fox ", 5000)), 700},
		"noise":             {noise, len(noise) + len(noise)/50},
		"the same, far":     {far, window + window/50 + 1000},
		"the same, too far": {tooFar, 3*window + window/10},
		"skewed":            {skewed, len(skewed)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if n := wantInflated(t, test.data); n > test.most {
				t.Errorf("%d bytes are %d packed, want at most %d", len(test.data), n, test.most)
			}
		})
	}
}

func FuzzDeflate(f *testing.F) {
	f.Add([]byte("abcabcabcabd"), uint16(1))
	f.Add([]byte{0, 0, 0, 1}, uint16(700))
	f.Add([]byte("ab"), uint16(40_000))
	f.Fuzz(func(t *testing.T, data []byte, times uint16) {
		if len(data)*int(times) > 1<<20 {
			t.Skip()
		}
		wantInflated(t, bytes.Repeat(data, int(times)))
	})
}
