package handler_test

import (
	"strings"
	"testing"
	"time"

	"licensewatch/handler"
	"licensewatch/internal/simulator"
)

// histories are the months whose usage history was asked for.
func (w *world) histories() (months []string) {
	for _, call := range w.Calls() {
		if _, after, ok := strings.Cut(string(call.Body), `"ExportMonth":"`); ok && call.Action == "ExportLicenseDetail" {
			months = append(months, after[:len("2026-10")])
		}
	}
	return months
}

func (w *remembering) digestAt(at time.Time) handler.Summary {
	w.t.Helper()
	w.clock = at
	summary, err := w.tick("digest")
	if err != nil {
		w.t.Fatal(err)
	}
	return summary
}

// TestHistoryOncePerMonth: the first digest of a month has last month's history exported,
// which is told as the file to who takes it, and as a link to the others.
func TestHistoryOncePerMonth(t *testing.T) {
	w := sharing(t, "healthy", "LICENSEWATCH_EXPORT_HISTORY", "monthly")
	summary := w.digestAt(now)
	if h := summary.Export.History; h == nil || h.Month != "2026-10" || h.Status != "finished" || h.TaskID != 2 || len(summary.Export.Files) != 2 || summary.Export.Files[1].Name != "license-history.csv" {
		t.Errorf("%+v, %+v", h, summary.Export.Files)
	}
	if w.files("wecom") != 2 || len(w.Uploads()) != 2 || w.Uploads()[1].Name != "license-history.csv" {
		t.Errorf("%d files in WeCom: %+v", w.files("wecom"), w.Uploads())
	}
	if slack := w.posted("slack"); len(slack) != 2 || !strings.Contains(slack[1], "The usage history of 2026-10 is ready") || links(slack) != 2 {
		t.Errorf("Slack was told\n%s", strings.Join(slack, "\n"))
	}
	posts := len(w.posted("slack"))
	_, _ = w.runAt(digestEvent)
	for _, at := range []time.Time{now.AddDate(0, 0, 1), time.Date(2026, 11, 30, 15, 59, 0, 0, time.UTC)} {
		w.digestAt(at)
	}
	if _, err := w.tick("alert"); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(w.histories(), " "); got != "2026-10" || len(w.posted("slack")) < posts {
		t.Errorf("in November: %s", got)
	}
	w.clock = time.Date(2026, 11, 30, 16, 1, 0, 0, time.UTC) // the first of December where the API is
	_, _ = w.tick("alert")
	w.digestAt(w.clock)
	w.digestAt(time.Date(2027, 1, 3, 1, 0, 0, 0, time.UTC))
	if got := strings.Join(w.histories(), " "); got != "2026-10 2026-11 2026-12" {
		t.Errorf("histories of %s", got)
	}
}

// TestHistoryIsTriedAgain: once a day, until it is there; that it is not is told once, and
// that there is nothing to export ends it.
func TestHistoryIsTriedAgain(t *testing.T) {
	refused := simulator.APIError("FailedOperation.Export", "x")
	w := newRemembering(t, "healthy", "LICENSEWATCH_EXPORT_HISTORY", "monthly")
	w.Override("ExportLicenseDetail", refused)
	for day := range 3 {
		w.digestAt(now.AddDate(0, 0, day))
		if _, err := w.tick("digest"); err != nil { // another one of the same day
			t.Fatal(err)
		}
	}
	complaints := strings.Count(strings.Join(w.posted("wecom"), "\n"), "The usage history of 2026-10 is not exported")
	if complaints != 1 {
		t.Errorf("told %d times, want once", complaints)
	}
	days := map[int]int{}
	for range w.histories() {
		days[0]++
	}
	if days[0] != 3*3 && days[0] != 3 { // each try may be three calls
		t.Errorf("%d calls for a history", days[0])
	}
	w.Override("ExportLicenseDetail", nil)
	w.digestAt(now.AddDate(0, 0, 3))
	w.digestAt(now.AddDate(0, 0, 4))
	if n := strings.Count(strings.Join(w.posted("wecom"), "\n"), "The usage history of 2026-10 is ready"); n != 1 {
		t.Errorf("told %d times that it is ready, want once", n)
	}

	none := newRemembering(t, "healthy", "LICENSEWATCH_EXPORT_HISTORY", "monthly")
	none.Override("ExportLicenseDetail", simulator.APIError("ResourceNotFound", "x"))
	none.digestAt(now)
	none.digestAt(now.AddDate(0, 0, 1))
	if got := none.histories(); len(got) != 1 {
		t.Errorf("nothing to export, and asked for %v", got)
	}
}

// TestLateHistory: a history that is finished after the digest is told by the run that
// finds it; one that never is makes way for another.
func TestLateHistory(t *testing.T) {
	w := newRemembering(t, "healthy", "LICENSEWATCH_EXPORT_HISTORY", "monthly")
	finished := func() string { return strings.Join(w.posted("wecom"), "\n") }
	w.Override("ExportTasks", simulator.Answer(pendingTask))
	w.digestAt(now)
	if strings.Contains(finished(), "usage history") {
		t.Errorf("told before it is there:\n%s", finished())
	}
	w.Override("ExportTasks", nil)
	_, _ = w.tick("alert")
	_, _ = w.tick("alert")
	if n := strings.Count(finished(), "The usage history of 2026-10 is ready"); n != 1 {
		t.Errorf("told %d times, want once", n)
	}
	w.Override("ExportTasks", simulator.Answer(pendingTask))
	w.digestAt(now.AddDate(0, 0, 10))
	w.digestAt(now.AddDate(0, 0, 11))
	if !strings.Contains(finished(), "The usage history of 2026-11 is not exported") {
		t.Errorf("not told that it was given up:\n%s", finished())
	}
	w.Override("ExportTasks", nil)
	w.digestAt(now.AddDate(0, 0, 12))
	if n := strings.Count(finished(), "The usage history of 2026-11 is ready"); n != 1 || strings.Join(w.histories(), " ") != "2026-10 2026-11 2026-11" {
		t.Errorf("told %d times, asked for %v", n, w.histories())
	}
}

// TestHistoryWithoutMemory: only a digest on the first day of a month asks for it.
func TestHistoryWithoutMemory(t *testing.T) {
	for day, want := range map[int]int{1: 1, 2: 0, 28: 0} {
		for mode, event := range map[string]string{"digest": digestEvent, "alert": alertEvent} {
			w := newWorld(t, "healthy", "LICENSEWATCH_EXPORT_HISTORY", "monthly")
			at := time.Date(2026, 11, day, 1, 7, 0, 0, time.UTC)
			event = strings.ReplaceAll(event, "2026-11-22", at.Format(time.DateOnly))
			summary, err := w.run(event, func(o *handler.Options) { o.Now = func() time.Time { return at } })
			if got := len(w.histories()); err != nil || mode == "digest" && got != want || mode == "alert" && got != 0 {
				t.Errorf("%s on day %d: %v, %d histories, %+v", mode, day, err, got, summary.Export.History)
			}
		}
	}
}

// TestHistoryIsKept: with an archive alone nobody is told, and a file that could not be
// fetched is tried again the next day.
func TestHistoryIsKept(t *testing.T) {
	w := newRemembering(t, "healthy", "LICENSEWATCH_ARCHIVE_URL", "file://"+t.TempDir(), "LICENSEWATCH_EXPORT_SHARE", "none")
	w.OverrideExport(simulator.Sequence(simulator.Usual(), status(403, "<Error/>"), simulator.Usual()))
	for day, fetched := range []int{1, 2, 1} {
		n := 0
		for _, file := range w.digestAt(now.AddDate(0, 0, day)).Export.Files {
			if file.SHA256 != "" {
				n++
			}
		}
		if n != fetched {
			t.Errorf("day %d: %d files were fetched, want %d", day, n, fetched)
		}
	}
	if said := strings.Join(w.posted("wecom"), "\n"); strings.Contains(said, "usage history") || links(w.posted("wecom")) != 0 {
		t.Errorf("told of it:\n%s", said)
	}
}
