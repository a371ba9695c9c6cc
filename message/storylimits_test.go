package message_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"pgregory.net/rapid"

	"licensewatch/internal/scene"
	"licensewatch/license"
)

// many gives few values, or up to most of them.
func many[T any](one *rapid.Generator[T], most int) *rapid.Generator[[]T] {
	return rapid.Custom(func(t *rapid.T) []T {
		few := rapid.SliceOfN(one, 0, 3).Draw(t, "few")
		var all []T
		for range rapid.SampledFrom([]int{0, 1, 1, most}).Draw(t, "times") {
			all = append(all, few...)
		}
		return all
	})
}

func times() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "zero") {
			return time.Time{}
		}
		return scene.Now.Add(time.Duration(rapid.Int64Range(-800, 800).Draw(t, "hours")) * time.Hour)
	})
}

func severities() *rapid.Generator[license.Severity] {
	return rapid.SampledFrom([]license.Severity{license.Critical, license.Warning, license.Info, "", "odd"})
}

func texts() *rapid.Generator[license.Text] {
	return rapid.Custom(func(t *rapid.T) license.Text {
		return license.Text{En: text().Draw(t, "en"), Zh: text().Draw(t, "zh")}
	})
}

func acks() *rapid.Generator[license.Ack] {
	return rapid.Custom(func(t *rapid.T) license.Ack {
		return license.Ack{
			Rule: text().Draw(t, "rule"), Subject: text().Draw(t, "subject"), Until: times().Draw(t, "until"),
			Reason: text().Draw(t, "reason"), By: text().Draw(t, "by"), Over: rapid.Bool().Draw(t, "over"), Ended: rapid.Bool().Draw(t, "ended"),
		}
	})
}

func stories() *rapid.Generator[license.Story] {
	changes := []license.Change{license.ChangeNew, license.ChangeWorse, license.ChangeDue, license.ChangeOngoing, "odd"}
	return rapid.Custom(func(t *rapid.T) license.Story {
		return license.Story{
			Change: rapid.SampledFrom(changes).Draw(t, "change"), Since: times().Draw(t, "since"), WasDaysLeft: maybe(integers()).Draw(t, "was left"),
			WasSeverity: severities().Draw(t, "was"), WasDeadline: times().Draw(t, "was deadline"), WasTitle: texts().Draw(t, "was title"),
			NextAt: times().Draw(t, "next"), Ack: maybe(acks()).Draw(t, "ack"), FirstOfAckedRule: rapid.Bool().Draw(t, "first"),
		}
	})
}

func overs() *rapid.Generator[license.Resolved] {
	return rapid.Custom(func(t *rapid.T) license.Resolved {
		return license.Resolved{
			Key: text().Draw(t, "key"), Source: rapid.SampledFrom(append([]license.Source{"", "odd"}, scene.BothProducts...)).Draw(t, "source"), Title: texts().Draw(t, "title"), Over: texts().Draw(t, "over"),
			TakenOver: rapid.Bool().Draw(t, "taken over"), Destroyed: rapid.Bool().Draw(t, "destroyed"), Severity: severities().Draw(t, "severity"), Gone: rapid.Bool().Draw(t, "gone"), Since: times().Draw(t, "since"), At: times().Draw(t, "at"),
		}
	})
}

func sourceChanges() *rapid.Generator[license.SourceChange] {
	return rapid.Custom(func(t *rapid.T) license.SourceChange {
		return license.SourceChange{
			Source: rapid.SampledFrom(append([]license.Source{"odd"}, scene.BothProducts...)).Draw(t, "source"), Readable: rapid.Bool().Draw(t, "readable"),
			Since: times().Draw(t, "since"), At: times().Draw(t, "at"), Runs: rapid.SampledFrom([]int{0, 1, 3, 1 << 40}).Draw(t, "runs"),
		}
	})
}

func unwatched() *rapid.Generator[license.Unwatched] {
	return rapid.Custom(func(t *rapid.T) license.Unwatched {
		return license.Unwatched{
			Rule: text().Draw(t, "rule"), Source: rapid.SampledFrom(append([]license.Source{"", "odd"}, scene.BothProducts...)).Draw(t, "source"),
			Title: texts().Draw(t, "title"), Count: rapid.IntRange(-1, 300).Draw(t, "count"),
		}
	})
}

func gaps() *rapid.Generator[license.Gap] {
	return rapid.Custom(func(t *rapid.T) license.Gap {
		return license.Gap{From: times().Draw(t, "from"), To: times().Draw(t, "to")}
	})
}

// remember gives a report everything that a run with memory knows, as long as it
// can be.
func remember(r *license.Report, long string) {
	ack := license.Ack{Rule: long, Subject: long, Until: scene.Now.AddDate(1, 0, 0), Reason: long, By: long}
	for i := range r.Firing {
		r.Firing[i].Story = &license.Story{
			Change: license.ChangeWorse, Since: scene.Now.AddDate(-3, 0, 0), WasSeverity: license.Severity(long), WasTitle: license.Text{En: long},
			WasDaysLeft: scene.Ptr(int64(1 << 62)),
		}
		switch i % 4 {
		case 0:
			r.Firing[i].Story.Ack, r.Firing[i].Story.FirstOfAckedRule = &ack, true
		case 1:
			ended := ack
			ended.Ended = true
			r.Firing[i].Story.Ack = &ended
		case 2:
			r.Firing[i].Story.Ack = &ack
		}
	}
	for range 10 {
		r.Unwatched = append(r.Unwatched, license.Unwatched{Rule: long, Title: license.Text{En: long}, Count: 300})
		r.Gaps = append(r.Gaps, license.Gap{From: scene.Now.AddDate(-1, 0, 0), To: scene.Now.AddDate(-1, 0, 20)})
		r.Unheard = append(r.Unheard, license.Unheard{Channel: long, ID: long, At: scene.Now.AddDate(-1, 0, 0)})
	}
	r.Repeat = true
	r.Sent, r.Unchanged = scene.Now.AddDate(1, 0, 0), scene.Now.AddDate(-1, 0, 0)
	for i := range 40 {
		ack.Subject = strconv.Itoa(i)
		r.Acks = append(r.Acks, ack)
		r.Resolved = append(r.Resolved, license.Resolved{Key: long + "/" + long, Title: license.Text{En: long}, Severity: license.Severity(long), Gone: true})
	}
	for i, source := range scene.BothProducts {
		r.SourceChanges = append(r.SourceChanges, license.SourceChange{
			Source: source, Readable: r.Snapshot.Failures[source] == nil, Since: scene.Now.AddDate(-1, 0, i), At: scene.Now.AddDate(-1, 1, i), Runs: 1 << 40,
		})
	}
}

var (
	moreResolved = regexp.MustCompile(`… and (\d+) more resolved|…… 另有 (\d+) 项已恢复`)
	moreAcks     = regexp.MustCompile("… and (\\d+) more: `?licensewatch|…… 另有 (\\d+) 项： ?`?licensewatch")
	countedOver  = regexp.MustCompile(`(?m)^(?:Resolved|Resolved since the last report|已恢复|上次报告以来已恢复)[:：] ?(\d+)`)
	countedAcks  = regexp.MustCompile(`(?m)^(?:Acknowledged|已确认)[:：] ?(\d+)`)
)

// checkMemory wants what is over and what is acknowledged told or counted, and
// nothing green beside what is unread.
func checkMemory(r license.Report, shown string) error {
	for _, change := range r.SourceChanges {
		if !change.Readable && change.Source != "odd" && strings.Contains(shown, "🟢 ") && strings.Index(shown, "🟢 ") < 10 {
			return fmt.Errorf("green, though %s stays unread", change.Source)
		}
	}
	if n := countAcks(r); n > 4 {
		if err := checkCount(shown, n, 4, moreAcks, countedAcks); err != nil {
			return fmt.Errorf("acknowledgements: %w", err)
		}
	}
	if len(r.Resolved) > 12 {
		if err := checkCount(shown, len(r.Resolved), 12, moreResolved, countedOver); err != nil {
			return fmt.Errorf("resolved: %w", err)
		}
	}
	return nil
}

// countAcks counts what is acknowledged: what holds, and what keeps silent something
// that fires.
func countAcks(r license.Report) int {
	seen := map[[2]string]bool{}
	for _, f := range r.Firing {
		if f.IsAcknowledged() {
			seen[[2]string{f.Story.Ack.Rule, f.Story.Ack.Subject}] = true
		}
	}
	for _, a := range r.Acks {
		seen[[2]string{a.Rule, a.Subject}] = true
	}
	return len(seen)
}

// checkCount wants n things counted as a whole, or those beyond the first most
// and more.
func checkCount(shown string, n, most int, more, all *regexp.Regexp) error {
	if found := all.FindStringSubmatch(shown); len(found) > 1 && found[1] == strconv.Itoa(n) {
		return nil
	}
	found := more.FindStringSubmatch(shown)
	if found == nil {
		return fmt.Errorf("%d are there, none is counted", n)
	}
	if left, _ := strconv.Atoi(found[1] + found[2]); left < n-most || left > n {
		return fmt.Errorf("%d are there, %d are left", n, left)
	}
	return nil
}
