// Command mutate makes known mistakes in the code, one at a time and only in a copy that
// the compiler sees, and runs the tests that are to notice: tests that let a mistake
// pass prove nothing. It exits with 1 when more than one in ten pass.
//
//	go run ./internal/mutate        all of them
//	go run ./internal/mutate lock   those whose name holds the word
//	go run ./internal/mutate check  none; only whether each finds its place in the code
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// mutation is one mistake.
type mutation struct {
	name     string
	file     string
	old, new string // what stands in the file once, and the mistake in its place
	tests    []string
}

var mutations = []mutation{
	{
		"a message without an answer counts as told", "life/answer.go",
		"	case NoAnswer:\n		l.noteNoAnswer(m, channel, now)",
		"	case NoAnswer:\n		l.stored.markTold(m, channel, now, Rest{})\n		l.noteNoAnswer(m, channel, now)",
		[]string{"./life", "./handler"},
	},
	{
		"a gateway's answer is a refusal", "notify/answer.go",
		"return &Error{Retryable: true, Ambiguous: true}", "return &Error{Retryable: true, again: true}",
		[]string{"./notify", "./handler"},
	},
	{
		"the lock is overwritten", "session/lock.go",
		"l.noteOutcome(l.store.Create(whole, lockName, l.ownRecord()))",
		"l.noteOutcome(l.store.Put(whole, lockName, l.ownRecord()))",
		[]string{"./handler"},
	},
	{
		"two runs create the same object", "state/filewrite.go",
		"		err := os.Link(temp, path)", "		err := os.Rename(temp, path)",
		[]string{"./state"},
	},
	{
		"an error page is taken for the exported file", "internal/download/download.go",
		"case file.Kind == page:", "case file.Kind == \"\":",
		[]string{"./handler"},
	},
	{
		"an exported file is fetched from anywhere", "handler/exportfile.go",
		"; !isSafe && !f.isStandIn(link.Reveal()) {", "; !isSafe && link.IsZero() && host == \"\" {",
		[]string{"./handler"},
	},
	{
		"a file that may have arrived is posted again", "notify/file.go",
		"c.poster.deliver(ctx, false, func(bool)", "c.poster.deliver(ctx, true, func(bool)",
		[]string{"./handler"},
	},
	{
		"a message is longer than WeCom takes", "message/wecom.go",
		"wecomMaxMarkdown = 4000", "wecomMaxMarkdown = 4400",
		[]string{"./message"},
	},
	{
		"what is not known is false", "rules/node.go",
		"	case left.isFalse() || right.isFalse():\n		return knownResult(false)",
		"	case !left.isTrue() || !right.isTrue():\n		return knownResult(false)",
		[]string{"./rules"},
	},
	{
		"days are counted by 24 hours", "license/date.go",
		"	return dayNumber(deadline.In(now.Location())) - dayNumber(now)",
		"	return int(deadline.Sub(now).Hours() / 24)",
		[]string{"./license", "./rules"},
	},
	{
		"an end at this very second has not come", "license/order.go",
		"	over := !now.Before(deadline)", "	over := now.After(deadline)",
		[]string{"./license", "./rules"},
	},
	{
		"one list is enough to be gone", "life/ending.go",
		"	case s.Missing == 0 && !t.orders.wasMissed(s.Subject): // one list may be wrong\n		s.Missing++\n		return outcomeOngoing\n", "",
		[]string{"./life"},
	},
	{
		"twins are known by their places", "license/twin.go",
		"			n.order.Twin = n.other.Twin\n", "",
		[]string{"./license"},
	},
	{
		"alerts know no hours", "life/input.go",
		"return !in.isDigest() && !in.of(channel).Hours.Contains(in.Now)", "return false",
		[]string{"./life"},
	},
	{
		"continue is not looked at", "fleet/routing.go",
		"		if !route.Continue {\n			break", "		if route.Continue {\n			break",
		[]string{"./fleet"},
	},
	{
		"a pattern for a label fits accounts without it", "fleet/route.go",
		"!has || !matchesAny(any, value)", "has && !matchesAny(any, value)",
		[]string{"./fleet"},
	},
	{
		"a secret in the accounts file is repeated", "fleet/value.go",
		"	if config.Shown(value) != value {\n		return hiddenValue", "	if value == \"\" {\n		return hiddenValue",
		[]string{"./fleet"},
	},
	{
		"a secret prints itself", "config/secret.go",
		"func (Secret) String() string { return secretMask }", "func (s Secret) String() string { return s.Reveal() }",
		[]string{"./config", "./handler"},
	},
	{
		"a start of the export that got no answer is repeated", "tencent/call.go",
		"		e.Retryable = false\n", "",
		[]string{"./tencent"},
	},
	{
		"lists are read as fast as they come", "tencent/pace.go",
		"pause := at.Sub(now); pause > 0 {", "pause := at.Sub(now); pause > time.Hour {",
		[]string{"./tencent"},
	},
	{
		"the keys of a role print themselves", "tencent/temporarykeys.go",
		"func (TemporaryKeys) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(keysMask)) }",
		"func (k TemporaryKeys) Format(f fmt.State, _ rune) { _, key, _ := k.Reveal(); _, _ = f.Write([]byte(key)) }",
		[]string{"./tencent"},
	},
	{
		"a role is assumed by each that reads", "account/role.go",
		"time.Until(keys.Expires()) > leastLife", "time.Until(keys.Expires()) > time.Hour",
		[]string{"./account"},
	},
	{
		"a role that is refused sets sources aside", "license/source.go",
		` && failure.Service != "sts"`, "",
		[]string{"./account", "./license"},
	},
	{
		"what was told by a clock that was ahead counts", "life/clock.go",
		"func isAhead(at, now time.Time) bool { return at.Sub(now) > timerSlack }",
		"func isAhead(time.Time, time.Time) bool { return false }",
		[]string{"./life", "./handler"},
	},
}

func main() {
	for _, m := range mutations {
		if _, err := m.apply(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	if len(os.Args) > 1 && os.Args[1] == "check" {
		return
	}
	var tried, passed []string
	for _, m := range mutations {
		if len(os.Args) > 1 && !strings.Contains(m.name, os.Args[1]) {
			continue
		}
		begin := time.Now()
		noticedBy, err := m.try()
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", m.name, err)
			os.Exit(1)
		}
		word := "noticed"
		if tried = append(tried, m.name); len(noticedBy) == 0 {
			word = "NOT NOTICED"
			passed = append(passed, m.name)
		}
		fmt.Printf("%-12s %s (%s, %.0f s) %s\n", word, m.name, m.file, time.Since(begin).Seconds(),
			strings.Join(noticedBy, " "))
	}
	fmt.Printf("%d of %d mistakes are noticed\n", len(tried)-len(passed), len(tried))
	if 10*len(passed) > len(tried) || len(tried) == 0 {
		os.Exit(1)
	}
}

// failedTest is how go test names a test that fails.
var failedTest = regexp.MustCompile(`(?m)^--- FAIL: (\w+)`)

// try gives the tests that fail with the mistake: whoever reads them sees whether it is for the
// mistake that they fail. A mistake that does not compile is an error, as is one of which no test
// says that it fails.
func (m mutation) try() (noticedBy []string, err error) {
	mutated, err := m.apply()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file, overlay := filepath.Join(dir, "mutated.go"), filepath.Join(dir, "overlay.json")
	path, err := filepath.Abs(m.file)
	if err != nil {
		return nil, err
	}
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{path: file}})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(os.WriteFile(file, []byte(mutated), 0o600),
		os.WriteFile(overlay, replace, 0o600)); err != nil {
		return nil, err
	}
	//nolint:noctx,gosec // ends with the program; the overlay is ours
	if out, err := exec.Command("go", "build", "-overlay", overlay, "./...").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("does not compile: %s", out)
	}
	args := append([]string{"test", "-overlay", overlay}, m.tests...)
	out, err := exec.Command("go", args...).Output() //nolint:noctx,gosec // as above
	for _, failed := range failedTest.FindAllSubmatch(out, -1) {
		noticedBy = append(noticedBy, string(failed[1]))
	}
	_, isExit := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil:
		return nil, nil
	case !isExit || len(noticedBy) == 0:
		return nil, fmt.Errorf("the tests end without one that fails: %w", err)
	default:
		return noticedBy, nil
	}
}

// apply gives the file with the mistake.
func (m mutation) apply() (string, error) {
	data, err := os.ReadFile(m.file)
	if err != nil {
		return "", err
	}
	if n := strings.Count(string(data), m.old); n != 1 {
		return "", fmt.Errorf("%s holds %d times what is to be changed, not once: bring the mutation up to date",
			m.file, n)
	}
	return strings.Replace(string(data), m.old, m.new, 1), nil
}
