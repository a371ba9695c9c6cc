package handler_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"licensewatch/handler"
	"licensewatch/internal/proof"
	"licensewatch/internal/simulator"
)

// bindCloud answers DescribeLicenseBindList, for each order in its own way. It is written from
// the API's page and the ways in which an answer can be off it.
type bindCloud struct {
	mutex  sync.Mutex
	answer map[int]bindAnswer // by LicenseId
	calls  map[int]int
}

// bindAnswer is the answer about an order: to the call of a number, counted from 0, for what is
// asked.
type bindAnswer func(call, offset, limit int) http.HandlerFunc

func (c *bindCloud) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		LicenseId, Limit, Offset int //nolint:revive // the API's own name
	}
	body, _ := io.ReadAll(r.Body)
	_ = json.Unmarshal(body, &asked)
	c.mutex.Lock()
	call := c.calls[asked.LicenseId]
	c.calls[asked.LicenseId]++
	c.mutex.Unlock()
	c.answer[asked.LicenseId](call, asked.Offset, asked.Limit)(w, r)
}

// boundMachine is a machine as the API writes it.
func boundMachine(id int, name, agent, instance string) string {
	text, _ := json.Marshal([]string{name, agent, instance})
	var texts []json.RawMessage
	_ = json.Unmarshal(text, &texts)
	return fmt.Sprintf(`{"MachineName":%s,"AgentStatus":%s,"InstanceState":%s,"MachineIp":"10.0.0.%d","MachineWanIp":"","Quuid":"q-%d","Uuid":"u-%d",`+
		`"AgentState":"OFFLINE","IsUnBind":true,"IsSwitchBind":false,"Tags":["prod"],"MachineExtraInfo":{"InstanceID":"ins-%d"}}`,
		texts[0], texts[1], texts[2], id%250, id, id, id)
}

func bindPage(total any, machines ...string) http.HandlerFunc {
	text, _ := json.Marshal(total)
	return simulator.Answer(fmt.Sprintf(`{"Response":{"TotalCount":%s,"List":[%s],"RequestId":"r"}}`, text, strings.Join(machines, ",")))
}

// inPages answers with so many machines as the page asks.
func inPages(machines []string) bindAnswer {
	return func(_, offset, limit int) http.HandlerFunc {
		page := machines[min(offset, len(machines)):min(offset+limit, len(machines))]
		return bindPage(len(machines), page...)
	}
}

func webs(n int) (machines []string) {
	for i := range n {
		machines = append(machines, boundMachine(i, fmt.Sprintf("web-%02d", i+1), "ONLINE", "RUNNING"))
	}
	return machines
}

// oddBindings are answers that are off the page. known: the machines are 33 all the same.
var oddBindings = map[string]struct {
	answer bindAnswer
	known  bool
}{
	"as documented": {inPages(webs(33)), true},
	"ten a page": {func(_, offset, limit int) http.HandlerFunc {
		return inPages(webs(33))(0, offset, min(limit, 10))
	}, true},
	"total too high":     {always(bindPage(99, webs(33)...)), false},
	"total too low":      {always(bindPage(5, webs(33)...)), false},
	"total negative":     {always(bindPage(-1, webs(33)...)), false},
	"total fractional":   {always(bindPage(33.5, webs(33)...)), false},
	"total a text":       {always(bindPage("33", webs(33)...)), true},
	"total null":         {always(bindPage(nil, webs(33)...)), false},
	"total beyond int64": {always(bindPage(json.Number("99999999999999999999"), webs(33)...)), false},
	"none, says 33":      {always(bindPage(33)), false},
	"repeats":            {always(bindPage(66, slices.Concat(webs(33), webs(33))...)), false},
	"a null among them":  {always(bindPage(33, slices.Concat(webs(32), []string{"null"})...)), false},
	"all null":           {always(bindPage(33, slices.Repeat([]string{"null"}, 33)...)), false},
	"numbers":            {always(bindPage(3, "1", "2", "3")), false},
	"list null":          {always(simulator.Answer(`{"Response":{"TotalCount":33,"List":null,"RequestId":"r"}}`)), false},
	"list an object":     {always(simulator.Answer(`{"Response":{"TotalCount":33,"List":{"a":1},"RequestId":"r"}}`)), false},
	"response null":      {always(simulator.Answer(`{"Response":null}`)), false},
	"null":               {always(simulator.Answer(`null`)), false},
	"deep":               {always(simulator.Answer(`{"Response":{"TotalCount":1,"List":[` + strings.Repeat("[", 9000) + strings.Repeat("]", 9000) + `],"RequestId":"r"}}`)), false},
	"a machine twice, in two states": {func(_, offset, _ int) http.HandlerFunc { // it moved to the next page, and another one left its place
		if offset == 0 {
			return bindPage(34, webs(33)...)
		}
		return bindPage(34, boundMachine(32, "web-33", "OFFLINE", "RUNNING"))
	}, false},
	"pages that never end": {func(call, _, _ int) http.HandlerFunc {
		return bindPage(nil, boundMachine(call, "web-"+strconv.Itoa(call), "ONLINE", "RUNNING"))
	}, false},
	"empty pages for ever": {func(_, offset, _ int) http.HandlerFunc {
		if offset == 0 {
			return bindPage(1000, webs(33)...)
		}
		return bindPage(1000)
	}, false},
	"total grows with each page": {func(call, offset, limit int) http.HandlerFunc {
		return bindPage(offset+2*limit, boundMachine(call, "web", "ONLINE", "RUNNING"))
	}, false},
	"100,000 machines":   {manyMachines(100_000), false},
	"a name of 1 MiB":    {always(bindPage(1, boundMachine(1, strings.Repeat("n", 1<<20), "ONLINE", "RUNNING"))), false},
	"a body of 5 MB":     {always(simulator.Answer(`{"Response":{"TotalCount":0,"List":[],"x":"` + strings.Repeat("x", 5<<20) + `"}}`)), false},
	"refused":            {always(simulator.APIError("ResourceNotFound", "no")), false},
	"not allowed for it": {always(refused()), false},
	"throttled":          {always(simulator.APIError("RequestLimitExceeded", "no")), false},
	"a gateway's page":   {always(status(502, "<html>")), false},
	"a page of a log-in": {always(status(200, "<html>log in</html>")), false},
	"the line is cut":    {always(simulator.Reset()), false},
	"no names":           {always(bindPage(33, namelessMachines(33)...)), true},
	"cut after one page": {func(_, offset, limit int) http.HandlerFunc { return cutAfter(offset, limit) }, false},
}

func always(h http.HandlerFunc) bindAnswer { return func(int, int, int) http.HandlerFunc { return h } }

func cutAfter(offset, limit int) http.HandlerFunc {
	if offset > 0 {
		return simulator.Reset()
	}
	return bindPage(150, webs(limit)...)
}

func namelessMachines(n int) (machines []string) {
	for i := range n {
		machines = append(machines, fmt.Sprintf(`{"Quuid":"q-%d","MachineName":null,"Tags":{},"AgentStatus":[1],"InstanceState":3.5,"MachineExtraInfo":"x"}`, i))
	}
	return machines
}

// manyMachines answers without holding all of them.
func manyMachines(total int) bindAnswer {
	return func(_, offset, limit int) http.HandlerFunc {
		var page []string
		for i := offset; i < min(offset+limit, total); i++ {
			page = append(page, boundMachine(i, fmt.Sprint("web-", i), "ONLINE", "RUNNING"))
		}
		return bindPage(total, page...)
	}
}

// TestOddBindings: an order whose answer is off the API's page costs what is said of its
// machines, and nothing else: the digest goes out, no rule is unknown, what is sealed is a file
// that can be read, and the machines of the order beside it are told.
func TestOddBindings(t *testing.T) {
	for name, test := range oddBindings {
		t.Run(name, func(t *testing.T) {
			w := newArchiving(t, "healthy", "LICENSEWATCH_MACHINES", "names", "LICENSEWATCH_EXPORT", "off")
			ends := now.AddDate(0, 0, 12)
			w.Override("DescribeLicenseList", ordersAre(boundOrder(1, 1, 40, ends), boundOrder(2, 1, 7, ends)))
			cloud := &bindCloud{calls: map[int]int{}, answer: map[int]bindAnswer{1: test.answer,
				2: inPages([]string{boundMachine(900, "beside-01", "ONLINE", "RUNNING")})}}
			w.Override("DescribeLicenseBindList", cloud.ServeHTTP)
			began := time.Now()
			summary := w.wantTick("digest", handler.OutcomeSent, 1, 1)
			if took := time.Since(began); took > 30*time.Second {
				t.Errorf("it took %v", took)
			}
			if summary.Findings.Unknown != 0 || summary.Archive.Status != handler.ArchiveSealed {
				t.Errorf("%+v", summary)
			}
			post := w.posted("slack")[0]
			w.wantContains("digest", post, "beside-01", "1 machine loses Ultimate")
			if test.known {
				w.wantContains("digest", post, "33 machines lose Ultimate")
			} else if strings.Contains(post, "machines lose Ultimate") {
				t.Errorf("it is not known how many, and it is told:\n%s", post)
			}
			w.verify(1)
			if machines := w.file(summary.Archive.Record, "machines.json"); !json.Valid([]byte(machines)) || !strings.Contains(machines, "beside-01") {
				t.Errorf("machines.json:\n%.500s", machines)
			}
		})
	}
}

// TestSomeOrdersHaveNoBindings: of 12 orders those that are refused, hang or answer garbage leave
// the others.
func TestSomeOrdersHaveNoBindings(t *testing.T) {
	odd := []int{1, 2, 3, 11} // the first ones are asked first
	for name, answer := range map[string]http.HandlerFunc{
		"may not be seen": refused(), "hangs": simulator.Hang(), "garbage": status(200, "<html>"), "cut": simulator.Reset(),
	} {
		t.Run(name, func(t *testing.T) {
			w := newArchiving(t, "healthy", "LICENSEWATCH_EXPORT", "off")
			cloud := &bindCloud{calls: map[int]int{}, answer: map[int]bindAnswer{}}
			var orders []string
			for id := 1; id <= 12; id++ {
				orders = append(orders, boundOrder(id, 1, 100-id, now.AddDate(0, 0, 12)))
				cloud.answer[id] = inPages(webs(id))
			}
			for _, id := range odd {
				cloud.answer[id] = always(answer)
			}
			w.Override("DescribeLicenseList", ordersAre(orders...))
			w.Override("DescribeLicenseBindList", cloud.ServeHTTP)
			ctx, cancel := context.WithTimeout(t.Context(), 14*time.Second)
			defer cancel()
			summary, err := w.runIn(ctx, digestEvent)
			if err != nil || summary.Outcome != handler.OutcomeSent || summary.Sources["cwp.bindings"] != "ok" || summary.Findings.Unknown > 0 {
				t.Errorf("%v, %+v", err, summary)
			}
			var sealed []struct{ LicenseId, TotalCount int } //nolint:revive // the API's own name
			must(t, json.Unmarshal([]byte(w.file(summary.Archive.Record, "machines.json")), &sealed))
			read := map[int]int{}
			for _, b := range sealed {
				read[b.LicenseId] = b.TotalCount
			}
			for id := 1; id <= 12; id++ {
				want := id
				if slices.Contains(odd, id) {
					want = 0
				}
				if read[id] != want {
					t.Errorf("of order %d there are %d machines, want %d", id, read[id], want)
				}
			}
		})
	}
}

// TestRandomBindings: names, states and addresses of any characters reach nobody's chat as
// anything but text, and none is counted twice.
func TestRandomBindings(t *testing.T) {
	for i := range proof.Trials(10, 300) {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			chance := rand.New(rand.NewPCG(proof.Seed(i)))
			w := newWorld(t, "healthy", "LICENSEWATCH_MACHINES", "names", "LICENSEWATCH_EXPORT", "off")
			w.Override("DescribeLicenseList", ordersAre(boundOrder(1, 1, 40, now.AddDate(0, 0, 12))))
			n := 1 + chance.IntN(40)
			var machines []string
			for m := range n {
				machines = append(machines, boundMachine(m, oddText(chance), oddText(chance), oddText(chance)))
			}
			cloud := &bindCloud{calls: map[int]int{}, answer: map[int]bindAnswer{1: inPages(machines)}}
			w.Override("DescribeLicenseBindList", cloud.ServeHTTP)
			if summary, err := w.run(digestEvent); err != nil || summary.Outcome != handler.OutcomeSent || len(summary.Undelivered) > 0 || summary.Findings.Unknown > 0 {
				t.Errorf("%v, %+v", err, summary)
			}
			for _, post := range slices.Concat(w.posted("slack"), w.posted("wecom")) {
				var said any
				must(t, json.Unmarshal([]byte(post), &said))
				text := fmt.Sprint(said)
				isOdd := func(c rune) bool {
					return c != '\n' && unicode.IsControl(c) || unicode.Is(unicode.Bidi_Control, c) || c == unicode.ReplacementChar
				}
				if at := strings.IndexFunc(text, isOdd); at >= 0 {
					t.Errorf("holds %q", text[at:min(at+20, len(text))])
				}
				for _, bad := range []string{"<!channel>", "<@"} {
					if strings.Contains(text, bad) {
						t.Errorf("holds %q:\n%s", bad, text)
					}
				}
				if want := fmt.Sprintf("%d machine", n); !strings.Contains(text, want) {
					t.Errorf("lacks %q:\n%s", want, text)
				}
			}
		})
	}
}

// oddText is a text of characters that mean something to somebody.
func oddText(chance *rand.Rand) string {
	parts := []string{"web", "-01", "ONLINE", "RUNNING", "\u202e", "\u2066", "\x00", "\x1b[31m", "\r\n", "\n# h", "`", "*b*", "_i_", "~s~", "<!channel>",
		"<@U1>", "@all", "[x](https://evil.example)", "|", "\\", "\"", "\ufffd", "\ufeff", "名", "🙂", "\u200b", "&lt;", strings.Repeat("w", 300), "", " "}
	var text strings.Builder
	for range chance.IntN(6) {
		text.WriteString(parts[chance.IntN(len(parts))])
	}
	return text.String()
}
