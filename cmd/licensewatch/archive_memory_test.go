package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"licensewatch/archive"
)

// mostMemory is what the archive's commands may take, in bytes.
const mostMemory = 64 << 20

// commandPeak is command, whose output is lost, with the most bytes that were on the heap
// besides those of before.
func commandPeak(t *testing.T, args ...string) (code int, errs string, peak uint64) {
	t.Helper()
	setEnvironment(t, nil)
	runtime.GC()
	before := heapBytes()
	over, sampled := make(chan struct{}), make(chan uint64)
	go func() {
		most := before
		for {
			select {
			case <-over:
				sampled <- most
				return
			case <-time.After(time.Millisecond):
				most = max(most, heapBytes())
			}
		}
	}()
	var stderr bytes.Buffer
	code = runCommandLine(t.Context(), args, console{
		out: io.Discard, err: &stderr, now: func() time.Time { return testNow },
		sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	close(over)
	return code, stderr.String(), <-sampled - before
}

// heapBytes is how many bytes the objects on the heap have, also those that nobody has
// collected yet.
func heapBytes() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// repeated is a part so many times, each with its number where the part has a verb for it.
func repeated(count int, part string) string {
	var b strings.Builder
	for i := range count {
		if i > 0 {
			b.WriteByte(',')
		}
		_, _ = fmt.Fprintf(&b, part, i)
	}
	return b.String()
}

// TestArchiveMemory: whatever lies in an archive, reading it takes no more than a small
// machine has.
func TestArchiveMemory(t *testing.T) {
	many := repeated(900_000, `"f%d":1`)
	orders := func(word string) string {
		return `{"version":1,"orders":[` + repeated(mostOrders, `{"ResourceId":"`+word+`-%d","Alias":"`+strings.Repeat(word, 440/len(word))+`"}`) + `]}`
	}
	for name, test := range map[string]struct {
		file   string
		texts  []string // of a record each
		reason int      // bytes of each of the manifest's reasons
		args   []string
		want   string // of the errors; empty: all is well
	}{
		"long manifests":      {"reading.json", make([]string, 30), 10_000, []string{"list", "-o", "json"}, ""},
		"fields of a section": {"reading.json", []string{`{"version":1,"cwp":{` + many + `}}`}, 0, []string{"history", "cwp.LicenseCnt"}, "010700Z-4f0000: reading.json: cwp has more than 5000 fields"},
		"fields of an order":  {"reading.json", []string{`{"orders":[{},{` + many + `}]}`, `{"orders":[]}`}, 0, []string{"compare", "4f0001", "4f0000"}, "010700Z-4f0000: reading.json: order 2: it has more than 5000 fields"},
		"causes":              {"reading.json", []string{`{"failed":{` + repeated(mostFields+1, `"f%d":1`) + `}}`}, 0, []string{"show", "4f0000"}, "reading.json: failed has more than 5000 fields"},
		"a long value":        {"reading.json", []string{`{"cwp":{"a":"` + strings.Repeat("a", 8<<20) + `"}}`}, 0, []string{"history", "cwp.LicenseCnt"}, "cwp has more than 262144 bytes"},
		"many orders":         {"reading.json", []string{`{"orders":[` + repeated(mostOrders+1, `{"a":%d}`) + `]}`}, 0, []string{"history", "cwp.LicenseCnt"}, "it has more than 20000 orders"},
		"other orders":        {"reading.json", []string{orders("a"), orders("b")}, 0, []string{"compare", "4f0000", "4f0001", "-o", "json"}, ""},
		"many findings":       {"findings.json", []string{`{"findings":[` + strings.Repeat("{},", 1_300_000) + `{}]}`}, 0, []string{"show", "4f0000"}, "findings.json: it has more than 250000 values"},
		"deep":                {"messages.json", []string{strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000)}, 0, []string{"show", "4f0000", "-o", "json"}, "messages.json: it nests 9000 levels"},
		"far to the right":    {"messages.json", []string{strings.Repeat("[", 19) + repeated(200_000, "%d") + strings.Repeat("]", 19)}, 0, []string{"show", "4f0000", "-o", "json"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "archive")
			var records []archive.Unsealed
			for day, text := range test.texts {
				record := sealedDay(archiveAccount, day)
				record.Files = []archive.Content{archive.Bytes(test.file, []byte(text))}
				for i := range 100 {
					if test.reason > 0 {
						record.Missing = append(record.Missing, archive.Missing{Name: fmt.Sprint("a", i), Reason: strings.Repeat("r", test.reason)})
					}
				}
				records = append(records, record)
			}
			sealRecords(t, dir, records...)
			code, errs, peak := commandPeak(t, append(append([]string{"archive"}, test.args...), "--archive", dir)...)
			if code != exitFine && test.want == "" || !strings.Contains(errs, test.want) {
				t.Errorf("exit %d: %.500s", code, errs)
			}
			if peak > mostMemory {
				t.Errorf("it took %d MB", peak>>20)
			}
			t.Logf("%.1f MB", float64(peak)/(1<<20))
		})
	}
}
