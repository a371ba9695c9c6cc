package records_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/archive"
	"licensewatch/license"
	"licensewatch/report"
	"licensewatch/report/records"
	"licensewatch/state"
)

const account = "self"

// first is the time of the first record.
var first = time.Date(2026, 11, 22, 1, 7, 0, 0, time.UTC)

// shelf is an archive with a record each day, of which some cannot be read.
type shelf struct {
	state.Archive
	dir   string
	heads []archive.Link
	fails string // the folder that is not listed
	why   error
}

func (s *shelf) List(ctx context.Context, folder string) ([]string, error) {
	if s.fails != "" && strings.HasSuffix(folder, s.fails) {
		return nil, s.why
	}
	return s.Archive.List(ctx, folder)
}

func newShelf(t *testing.T, days int) *shelf {
	t.Helper()
	dir := t.TempDir()
	store, err := state.OpenArchive("file://"+dir, "test", time.Time{}, state.Options{})
	must(t, err)
	s := &shelf{Archive: store, dir: dir}
	for day := range days {
		at := first.AddDate(0, 0, day)
		var head *archive.Link
		if day > 0 {
			head = &s.heads[day-1]
		}
		link, err := archive.Seal(t.Context(), store, archive.Unsealed{Account: account, Site: "cn", At: at,
			RunID: fmt.Sprintf("4f%04x", day), Mode: "digest", Files: []archive.Content{
				archive.Bytes("reading.json", fmt.Appendf(nil, `{"version":1,"read_at":%q,"site":"cn",
"cwp":{"LicenseCnt":40,"UsedLicenseCnt":%d},"failed":{"tcss":{"Kind":"permission","Code":"AuthFailure"}}}`, at.Format(time.RFC3339), 20+day)),
				archive.Bytes("messages.json", []byte(`{"messages":[{"kind":"report","mode":"digest","channel":"slack","verdict":"accepted"}]}`)),
			}}, head)
		must(t, err)
		s.heads = append(s.heads, link)
	}
	return s
}

// path is a file of a day's record.
func (s *shelf) path(day int, name string) string {
	return filepath.Join(s.dir, account, filepath.FromSlash(s.heads[day].Record), name)
}

// read reads so many days up to that of the last record.
func (s *shelf) read(ctx context.Context, days int, change func(*records.Options)) *records.Records {
	to := first.Truncate(24*time.Hour).AddDate(0, 0, len(s.heads)-1)
	o := records.Options{Store: s, From: to.AddDate(0, 0, 1-days), To: to, Logger: slog.New(slog.DiscardHandler),
		ChannelName: func(name string) string { return "the channel " + name }}
	if change != nil {
		change(&o)
	}
	r := records.New(o)
	r.Read(ctx, []string{account}, 3)
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newestOf is where the newest reading of a report comes from, and how many licenses it has in use.
func newestOf(t *testing.T, r *records.Records) (used []string) {
	t.Helper()
	g := report.NewGatherer(account, "")
	must(t, r.Gather(g, account))
	if newest := g.Newest(); newest != nil {
		used = append(used, newest.Record)
		if u := newest.Snapshot.Overview; u != nil && u.UsedLicenseCnt != nil {
			used = append(used, fmt.Sprint(*u.UsedLicenseCnt))
		}
	}
	return used
}

// TestRead reads the newest days first; what cannot be read, and what is older, is left out and
// known to be.
func TestRead(t *testing.T) {
	denied, canceled := errors.New("denied"), context.Canceled
	for name, test := range map[string]struct {
		spoil   func(t *testing.T, s *shelf)
		options func(*records.Options)
		isOver  bool // the time is, before anything is read
		since   int  // the first day that is read; 4 is the day after the last
		stopped error
		read    int
		broken  int
	}{
		"all":           {since: 0, read: 4},
		"fewer days":    {options: func(o *records.Options) { o.From = o.From.AddDate(0, 0, 2) }, since: 2, read: 2},
		"days before":   {options: func(o *records.Options) { o.From = o.From.AddDate(0, 0, -3) }, since: -3, read: 4},
		"a day refused": {spoil: func(_ *testing.T, s *shelf) { s.fails, s.why = "2026/11/23", denied }, since: 2, stopped: denied, read: 2},
		"today refused": {spoil: func(_ *testing.T, s *shelf) { s.fails, s.why = "2026/11/25", denied }, since: 4, stopped: denied},
		"no time":       {isOver: true, since: 4, stopped: canceled},
		"little room":   {options: func(o *records.Options) { o.MostHeld = 1000 }, since: 0, read: 4},
		"no room":       {options: func(o *records.Options) { o.MostHeld = 1 }, since: 4, stopped: records.ErrRoom},
		"a changed file": {spoil: func(t *testing.T, s *shelf) { must(t, os.WriteFile(s.path(1, "messages.json"), []byte("{}"), 0o600)) },
			read: 3, broken: 1},
		"a changed manifest": {spoil: func(t *testing.T, s *shelf) { must(t, os.WriteFile(s.path(1, "manifest.json"), []byte("{}"), 0o600)) },
			read: 3, broken: 1},
		"a record that is gone": {spoil: func(t *testing.T, s *shelf) { must(t, os.RemoveAll(filepath.Dir(s.path(1, "x")))) },
			read: 3, broken: 1},
		"the newest is gone": {spoil: func(t *testing.T, s *shelf) { must(t, os.RemoveAll(filepath.Dir(s.path(3, "x")))) },
			read: 3, broken: 1},
		"not sealed": {spoil: func(t *testing.T, s *shelf) { must(t, os.Remove(s.path(3, "manifest.json"))) }, read: 3, broken: 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShelf(t, 4)
			if test.spoil != nil {
				test.spoil(t, s)
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if test.isOver {
				cancel()
			}
			r := s.read(ctx, 4, test.options)
			r.CheckChains(map[string]archive.Link{account: s.heads[3]})
			since := first.Truncate(24*time.Hour).AddDate(0, 0, test.since)
			read, broken := r.Count()
			if !r.Since.Equal(since) || !errors.Is(r.Stopped, test.stopped) || read != test.read || broken != test.broken {
				t.Errorf("since %s, %v, %d records, %d broken; want %s, %v, %d, %d", r.Since, r.Stopped, read, broken,
					since, test.stopped, test.read, test.broken)
			}
		})
	}
}

// TestGather gives what was read, and behind it what the run adds, for which there is room in any
// case.
func TestGather(t *testing.T) {
	for name, test := range map[string]struct {
		room int
		adds bool
		want []string
	}{
		"records":                 {0, false, []string{"self/2026/11/23/010700Z-4f0001", "21"}},
		"records and the run":     {0, true, []string{"run 4f9999", "33"}},
		"the run, without room":   {1, true, []string{"run 4f9999", "33"}},
		"nothing, without either": {1, false, nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShelf(t, 2)
			r := s.read(t.Context(), 2, func(o *records.Options) { o.MostHeld = test.room })
			if test.adds {
				own := license.Snapshot{Account: account, Site: "cn", ReadAt: first.AddDate(0, 0, 1).Add(time.Hour),
					Overview: &license.Overview{UsedLicenseCnt: new(int64(33))}}
				must(t, r.Add(account, "run 4f9999", own, nil))
			}
			r.CheckChains(nil)
			if diff := cmp.Diff(test.want, newestOf(t, r)); diff != "" {
				t.Errorf("the newest reading (-want +got):\n%s", diff)
			}
		})
	}
}

// TestDecode: what is of another type than expected is left out, and nothing else; orders of two
// days that are alike are not the same ones.
func TestDecode(t *testing.T) {
	decoder := records.Decoder{}
	read := func(orders ...string) *license.Snapshot {
		var list []json.RawMessage
		for _, order := range orders {
			list = append(list, json.RawMessage(order))
		}
		return decoder.Reading(account, "cn", first, records.ReadingParts{ReadAt: time.Unix(0, 0), Orders: list, Sections: map[string]json.RawMessage{
			"cwp": json.RawMessage(`{"LicenseCnt":"many","UsedLicenseCnt":3}`), "tcss": json.RawMessage("[]")},
			Failed: map[string]json.RawMessage{"tcss": json.RawMessage(`{"Kind":"permission"}`)}}, []byte(`[{"ResourceId":"cwp-aaaa"}]`))
	}
	reading := read(`{"ResourceId":"a"}`, `{"ResourceId":"b"}`)
	if !reading.ReadAt.Equal(first) || reading.Overview == nil || reading.Overview.UsedLicenseCnt == nil || *reading.Overview.UsedLicenseCnt != 3 ||
		reading.Failures["tcss"] == nil || reading.Bindings == nil || len(reading.Bindings.List) != 1 {
		t.Errorf("%+v", reading)
	}
	reading.Orders.List[0].Twin = 2
	next := read(`{"ResourceId":"a"}`, `{"ResourceId":"c"}`, `7`).Orders.List
	if len(next) != 3 || next[0].Name() != "a" || next[0].Twin != 0 || next[1].Name() != "c" || next[2].Name() != "" {
		t.Errorf("%+v", next)
	}
	if none := read(); none.Orders != nil || slices.Contains(none.Wanted, license.SourceOrders) {
		t.Errorf("orders that were not read: %+v", none)
	}
	for _, odd := range []string{"", "null", "[]", `"text"`, `{"findings":7,"messages":7}`, "{"} {
		if n := len(records.Findings([]byte(odd))) + len(records.Messages([]byte(odd), nil)); n != 0 {
			t.Errorf("%q has %d", odd, n)
		}
	}
	messages := records.Messages([]byte(`{"messages":[{"channel":"slack","kind":"note"}]}`), strings.ToUpper)
	if len(messages) != 1 || messages[0].Channel != "SLACK" || messages[0].Kind != "note" {
		t.Errorf("%+v", messages)
	}
}
