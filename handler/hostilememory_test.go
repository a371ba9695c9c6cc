package handler_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"licensewatch/internal/proof"
	"licensewatch/internal/simulator"
)

// TestProveMemories: whatever lies in the store, each chat hears at once of something
// critical that the memory cannot know, hears of no end of what goes on, and the
// memory works again.
func TestProveMemories(t *testing.T) {
	setApart(t)
	memories := realMemories(t)
	trials := proof.Trials(400, 8000)
	var aside atomic.Int64
	sideBySide(trials, func(i int) {
		chance := rand.New(rand.NewPCG(proof.Seed(i)))
		a := newApart("near-expiry")
		a.Override("DescribeLicenseList", ordersOf("cwp-aaaa", 20, "cwp-new0", 1))
		a.spoil(chance, memories[chance.IntN(len(memories))])
		before := len(a.bucket.Objects()["lw/ledger.json"])
		problems := a.surviveMemory(!isStrange(a.bucket.Objects()["lw/ledger.json"]))
		if len(problems) > 0 {
			t.Errorf("trial %d (a memory of %d bytes): %s", i, before, strings.Join(problems, "; "))
		}
		for name := range a.bucket.Objects() {
			if strings.HasPrefix(name, "lw/aside/ledger-") {
				aside.Add(1)
			}
		}
	})
	proof.Report(t, "%d spoiled memories, of which %d were kept aside: 0 panics, 0 alerts lost, 0 false ends, and the memory works again", trials, aside.Load())
	if aside.Load() == 0 || aside.Load() == int64(trials) {
		t.Error("all memories were of one kind")
	}
}

// isStrange says whether a memory knows the orders by what is not their name: then it is
// right to say that what has that name is over.
func isStrange(memory []byte) bool {
	var ledger struct {
		Stories  map[string]json.RawMessage `json:"stories"`
		Outbox   json.RawMessage            `json:"outbox"`
		Previous struct {
			Orders struct {
				List []struct {
					ResourceID string `json:"ResourceId"`
					LicenseID  int64  `json:"LicenseId"`
				}
			} `json:"orders"`
		} `json:"previous"`
	}
	if json.Unmarshal(memory, &ledger) != nil {
		return true
	}
	for i, o := range ledger.Previous.Orders.List { // another order with its name, or the same twice
		if i > 1 || o.ResourceID == "cwp-aaaa" && o.LicenseID != 1 {
			return true
		}
	}
	for key, story := range ledger.Stories {
		text := string(story)
		if strings.Contains(text, "cwp-new0") || strings.Contains(text, "cwp-aaaa") && !strings.HasSuffix(key, "/cwp-aaaa") {
			return true
		}
	}
	return strings.Contains(string(ledger.Outbox), "cwp-new0")
}

// surviveMemory has an alert, and two more; it gives what is wrong about them.
func (a *apart) surviveMemory(knowsEnds bool) (problems []string) {
	at := now.Add(3 * time.Hour)
	wrong := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }
	for n := range 3 {
		summary, err := a.run("alert", at.Add(time.Duration(n)*time.Hour))
		if err != nil {
			wrong("run %d: %v", n, err)
		}
		if n == 0 {
			continue
		}
		if summary.Memory != "ok" && summary.Memory != "OtherOwner" {
			wrong("run %d has the memory %s: %.3000s", n, summary.Memory, a.log.String())
		}
		if n == 2 && summary.Memory == "ok" && strings.Contains(strings.Replace(summary.Reason, "nothing new", "", 1), " new") {
			wrong("run %d says %s", n, summary.Reason)
		}
	}
	for _, channel := range []string{"slack", "wecom"} {
		bodies := a.accepted(channel, 0)
		if !slices.ContainsFunc(bodies, func(body string) bool { return strings.Contains(body, "cwp-new0") }) {
			wrong("%s hears nothing of what is new", channel)
		}
	}
	for _, post := range a.Posts() {
		if post.Status != http.StatusOK || post.Answer != "ok" && !strings.HasPrefix(post.Answer, `{"errcode":0,`) {
			wrong("%s refuses a message: %s", post.Channel, post.Answer)
		}
		for _, line := range linesOf(post.Body) {
			isEnd := strings.Contains(line, "Resolved:") || strings.Contains(line, "No longer listed:") || strings.Contains(line, "was destroyed:")
			if knowsEnds && isEnd && (strings.Contains(line, "cwp-aaaa") || strings.Contains(line, "cwp-new0")) {
				wrong("%s hears of an end: %s", post.Channel, line)
			}
		}
	}
	if log := a.log.String(); strings.Contains(log, "internal error") {
		wrong("a part broke: %.2000s", log)
	}
	return problems
}

// linesOf are the lines of all texts of a payload.
func linesOf(payload []byte) (lines []string) {
	var tree any
	if json.Unmarshal(payload, &tree) != nil {
		return []string{string(payload)}
	}
	for _, p := range placesIn(tree) {
		if text, ok := p.get().(string); ok {
			lines = append(lines, strings.Split(text, "\n")...)
		}
	}
	return lines
}

// ordersOf answers with orders that are in use, do not renew and end in so many days.
func ordersOf(idsAndDays ...any) http.HandlerFunc {
	var list []string
	for i := 0; i < len(idsAndDays); i += 2 {
		ends := now.AddDate(0, 0, idsAndDays[i+1].(int)).In(chinaTime).Format(time.DateTime)
		list = append(list, fmt.Sprintf(`{"LicenseId":%d,"LicenseType":2,"LicenseStatus":1,"LicenseCnt":40,"UsedLicenseCnt":33,"OrderStatus":1,
			"ResourceId":%q,"AutoRenewFlag":2,"SourceType":0,"Alias":"","Deadline":%q}`, i+1, idsAndDays[i], ends))
	}
	return simulator.Answer(fmt.Sprintf(`{"Response":{"TotalCount":%d,"RequestId":"r","List":[%s]}}`, len(list), strings.Join(list, ",")))
}

// realMemories are ledgers as runs leave them, all of which know of cwp-aaaa.
func realMemories(t *testing.T) (memories [][]byte) {
	t.Helper()
	for _, scenario := range []string{"near-expiry", "everything-wrong", "trial-expired", "source-down"} {
		for _, fault := range []http.HandlerFunc{nil, status(http.StatusServiceUnavailable, ""), status(http.StatusNotFound, "no_service"), status(http.StatusOK, "")} {
			a := newApart(scenario)
			a.Override("DescribeLicenseList", ordersOf("cwp-aaaa", 20, "cwp-bbbb", 2))
			a.OverrideChat("slack", fault)
			for n, mode := range []string{"alert", "digest", "alert"} {
				if n == 2 {
					a.Override("DescribeLicenseList", ordersOf("cwp-aaaa", 20))
				}
				_, _ = a.run(mode, now.Add(time.Duration(n)*time.Hour)) // who is owed something is an error
			}
			ledger := a.bucket.Objects()["lw/ledger.json"]
			if !bytes.Contains(ledger, []byte("cwp-aaaa")) {
				t.Fatalf("%s leaves %.200s", scenario, ledger)
			}
			memories = append(memories, ledger)
		}
	}
	return memories
}

// spoil puts a memory into the store in which something is wrong, and now and then
// something else beside it.
func (a *apart) spoil(chance *rand.Rand, memory []byte) {
	spoiled := spoilBytes
	if chance.IntN(3) > 0 {
		spoiled = spoilJSON
	}
	memory = spoiled(chance, bytes.Clone(memory))
	if chance.IntN(8) == 0 {
		var packed bytes.Buffer
		zip := gzip.NewWriter(&packed)
		_, _ = zip.Write(bytes.Replace(memory, []byte(`"version":1`), []byte(`"version":2`), 1))
		_ = zip.Close() // nothing fails in memory
		if memory = packed.Bytes(); chance.IntN(3) == 0 {
			memory = spoilBytes(chance, memory)
		}
	}
	a.bucket.SetObject("lw/ledger.json", append([]byte{}, memory...))
	for _, name := range []string{"lw/claim.json", "lw/aside.json", "lw/ledger-2.json"} {
		if chance.IntN(8) == 0 {
			a.bucket.SetObject(name, append([]byte{}, spoilBytes(chance, bytes.Clone(memory[:min(len(memory), 200)]))...))
		}
	}
}

// spoilBytes changes bytes anywhere.
func spoilBytes(chance *rand.Rand, data []byte) []byte {
	for range 1 + chance.IntN(4) {
		at := chance.IntN(len(data) + 1)
		switch end := at + chance.IntN(len(data)-at+1); chance.IntN(6) {
		case 0:
			data = data[:at]
		case 1:
			data = slices.Delete(data, at, min(end, at+20))
		case 2:
			data = slices.Insert(data, at, data[at:end]...)
		case 3:
			data = slices.Insert(data, at, []byte(hostileTexts[chance.IntN(len(hostileTexts))])...)
		default:
			for i := range data[at:min(end, at+3)] {
				data[at+i] = byte(chance.UintN(256))
			}
		}
	}
	return data
}

// spoilJSON changes values, in the form of what was there or not.
func spoilJSON(chance *rand.Rand, data []byte) []byte {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var tree any
	if decoder.Decode(&tree) != nil {
		return data
	}
	for range 1 + chance.IntN(3) {
		places := placesIn(tree)
		spot, other := places[chance.IntN(len(places))], places[chance.IntN(len(places))]
		switch chance.IntN(10) {
		case 0:
			spot.set(other.get())
		case 1:
			spot.set(hostileValues[chance.IntN(len(hostileValues))])
		default:
			spot.set(oddOf(chance, spot.get()))
		}
		tree = cut(tree, 40)
	}
	spoiled, err := json.Marshal(tree)
	if err != nil || len(spoiled) > 3<<20 {
		return data
	}
	return spoiled
}

// oddOf is another value of the same kind.
func oddOf(chance *rand.Rand, value any) any {
	switch v := value.(type) {
	case string:
		if _, err := time.Parse(time.RFC3339, v); err == nil && chance.IntN(4) > 0 {
			return now.Add(time.Duration(chance.NormFloat64() * float64(100*24*time.Hour))).Format(time.RFC3339)
		}
		return oneOf(chance, append(hostileTexts, "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-22T01:07:00+24:00", "slack", "wecom", "critical", "info", "cwp-new0", "*", ""))
	case json.Number:
		return oneOf(chance, []json.Number{"-1", "0", "1", "7", "1000000", "9007199254740993", "9223372036854775807"})
	case bool:
		return !v
	case []any:
		return slices.Concat(v[:chance.IntN(len(v)+1)], v)
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		if len(keys) > 0 {
			from := oneOf(chance, keys)
			v[oneOf(chance, append(keys, hostileTexts...))] = v[from]
			delete(v, from)
		}
		return v
	default:
		return value
	}
}

func oneOf[T any](chance *rand.Rand, all []T) T { return all[chance.IntN(len(all))] }

// place is where a value stands in a JSON document.
type place struct {
	object map[string]any
	list   []any
	key    string
	index  int
}

func (p place) get() any {
	if p.object != nil {
		return p.object[p.key]
	}
	return p.list[p.index]
}

func (p place) set(value any) {
	if p.object != nil {
		p.object[p.key] = value
		return
	}
	p.list[p.index] = value
}

// placesIn are all places of a document but its root, in an order that is always the
// same.
func placesIn(tree any) (places []place) {
	switch v := tree.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			places = append(append(places, place{object: v, key: key}), placesIn(v[key])...)
		}
	case []any:
		for i := range v {
			places = append(append(places, place{list: v, index: i}), placesIn(v[i])...)
		}
	}
	return places
}

// cut copies a document down to a depth: a value that was put into itself would have
// no end.
func cut(tree any, depth int) any {
	if depth == 0 {
		return nil
	}
	switch v := tree.(type) {
	case map[string]any:
		copied := map[string]any{}
		for key, value := range v {
			copied[key] = cut(value, depth-1)
		}
		return copied
	case []any:
		copied := make([]any, len(v))
		for i, value := range v {
			copied[i] = cut(value, depth-1)
		}
		return copied
	default:
		return tree
	}
}

// hostileValues are values of any kind.
var hostileValues = []any{
	nil, true, "", json.Number("1e300"), json.Number("1.5"), json.Number("99999999999999999999"), "0000-00-00T00:00:00Z", "12000-01-01T00:00:00Z",
	[]any{}, map[string]any{}, []any{nil}, map[string]any{"": nil}, []any{map[string]any{}}, map[string]any{"slack": map[string]any{}, "wecom": nil},
}

// hostileTexts try to be more than a text.
var hostileTexts = []string{
	"<!channel>", "<@all>", "</font>", "[x](http://evil.example)", "`rm`", "a\nb\r# c\n> d", "\x1b[31mred\x1b[0m", "@here", "<https://evil.example|x>",
	`<font color="info">fine</font>`, "&lt;!channel&gt;", "**bold**", "\u202eetirw", "\u2066a\u200bb\ufeffc\u3164d\u009b2Je", "![x](http://evil.example)",
	`","x":"`, `"}}`, "{{ .Secret }}", "%s%n%!d(MISSING)", "\xff\xfe\x00", "<@U0EVIL>", "<!subteam^S0EVIL>", "https://evil.example/", strings.Repeat("长", 3000), strings.Repeat("<!here>", 500),
}
