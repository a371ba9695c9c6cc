package life_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
	"licensewatch/life"
)

// TestDigest always posts, with everything that fires and its age, and counts
// as said for alerts.
func TestDigest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.want("all is well", w.digest(fine("seats")), both("digest")...)
	w.wait(day).alert(firing("seats", license.Warning))
	w.want("the next", w.wait(day).digest(firing("seats", license.Warning), keyedRecord("order/a", w.now, 13), unknown("tcss-over")),
		both("ongoing seats warning", "new order/a warning 13", "digest")...)
	report := w.plan.Messages[0].Report
	if len(w.plan.Messages) != 1 || w.plan.Reason != "daily digest" || report.ID != "run003" || len(report.Unknown) != 1 {
		t.Errorf("plan %+v", w.plan)
	}
	for _, f := range report.Firing {
		if f.Rule == "seats" && !f.Story.Since.Equal(start.Add(day)) {
			t.Errorf("since %v", f.Story.Since)
		}
	}
	w.want("alerts know", w.wait(hour).alert(firing("seats", license.Warning), keyedRecord("order/a", w.now.Add(-hour), 13)))
	w.want("and what changed since", w.wait(6*day).alert(firing("seats", license.Warning), keyedRecord("order/a", w.now, 6)),
		both("worse order/a warning 6 was 13")...)
	w.want("a rung in a digest", w.wait(3*day).digest(firing("seats", license.Warning), keyedRecord("order/a", w.now, 3)),
		both("ongoing seats warning", "worse order/a critical 3 was 6 warning", "digest", "mention")...)
}

// TestResolvedSinceDigest lists what is over since the last digest that this
// channel took, whether an alert told it or not.
func TestResolvedSinceDigest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.digest(firing("seats", license.Warning), firing("tcss-over", license.Warning))
	w.want("alert", w.wait(hour).alert(fine("seats"), firing("tcss-over", license.Warning)), both("resolved seats")...)
	w.answers["wecom"] = life.RefusedForGood
	w.want("digest", w.wait(day).digest(fine("seats"), fine("tcss-over")), "slack: resolved seats", "slack: resolved tcss-over", "slack: digest")
	delete(w.answers, "wecom")
	w.want("digest", w.wait(day).digest(fine("seats"), fine("tcss-over")),
		"slack: digest", "wecom: resolved seats", "wecom: resolved tcss-over", "wecom: digest")
	if len(w.plan.Messages) != 2 {
		t.Errorf("%d messages for two contents", len(w.plan.Messages))
	}
	w.want("digest", w.wait(day).digest(fine("seats"), fine("tcss-over")), both("digest")...)
}

// TestResolvedAndBack: a digest does not list as resolved what has come back, and
// lists once what was resolved twice.
func TestResolvedAndBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.digest(firing("seats", license.Warning))
	w.wait(hour).alert(fine("seats"))
	w.wait(hour).alert(firing("seats", license.Warning))
	w.snapshot = without(license.SourceOverview)
	w.want("not known", w.wait(hour).digest(unknown("seats")), both("unread cwp.overview 1", "digest")...)
	w.snapshot = whole()
	w.wait(hour).alert(fine("seats"))
	w.alert(firing("seats", license.Warning))
	w.alert(fine("seats"))
	w.want("resolved", w.digest(fine("seats")), both("resolved seats", "digest")...)
	if at := w.plan.Messages[0].Report.Resolved[0].At; !at.Equal(w.now) {
		t.Errorf("resolved at %v", at)
	}
}

// TestResolvedInAFailedDigest is told by the next alert.
func TestResolvedInAFailedDigest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.digest(firing("seats", license.Warning))
	w.answers["wecom"] = life.RefusedForGood
	w.wait(day).digest(fine("seats"))
	delete(w.answers, "wecom")
	w.want("alert", w.wait(hour).alert(fine("seats")), "wecom: resolved seats")
	w.want("once", w.wait(hour).alert(fine("seats")))
}

// TestRerun: the same event again posts only what a channel is still owed, with
// its first text and id, and sees nothing new.
func TestRerun(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.slot = "daily 2026-11-22T09:07:00Z"
	w.answers["wecom"] = life.RefusedForNow
	w.want("first", w.digest(firing("seats", license.Warning)), "slack: new seats warning", "slack: digest")
	first := w.plan.Messages[0]
	w.want("still down", w.wait(time.Minute).digest(firing("seats", license.Critical)))
	delete(w.answers, "wecom")
	w.want("rerun", w.wait(time.Minute).digest(firing("seats", license.Critical)), "wecom: new seats warning", "wecom: digest")
	again := w.plan.Messages[0]
	if again.ID != first.ID || !again.Owed || first.Owed || w.plan.Reason != "rerun of a digest that is still owed to wecom" {
		t.Errorf("first %+v, again %+v, %q", first, again, w.plan.Reason)
	}
	if diff := cmp.Diff(first.Report, again.Report, cmp.AllowUnexported(license.SignedURL{})); diff != "" {
		t.Errorf("the text changed (-first +again):\n%s", diff)
	}
	w.want("all have it", w.wait(5*hour).digest(firing("seats", license.Critical)))
	if w.plan.Reason != "rerun of a digest that was delivered to slack and wecom" {
		t.Errorf("reason %q", w.plan.Reason)
	}
	w.want("alerts see what reruns did not", w.alert(firing("seats", license.Critical)), both("worse seats critical was warning", "mention")...)
	w.want("6 hours later", w.wait(hour).digest(firing("seats", license.Critical)), both("ongoing seats critical", "digest")...)
	w.slot = "daily 2026-11-23T09:07:00Z"
	w.want("another event", w.digest(firing("seats", license.Critical)), both("ongoing seats critical", "digest")...)
	w.slot = ""
	w.want("an event without a name", w.digest(), both("digest", "superseded seats")...)
	w.want("another one", w.digest(), both("digest")...)
}

// TestDigestExpires: a digest that is 6 hours old is not owed any more; what it
// said is said by alerts.
func TestDigestExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.answers["wecom"] = life.RefusedForNow
	w.digest(firing("seats", license.Warning))
	w.want("on its way", w.wait(5*hour).alert(firing("seats", license.Warning)))
	delete(w.answers, "wecom")
	w.want("expired", w.wait(hour).alert(firing("seats", license.Warning)), "wecom: new seats warning")
}

// TestDigestCoversAlerts: what a digest says that a channel accepts, it is not
// owed any more; and until then nothing counts as said that must wait.
func TestDigestCoversAlerts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels = []string{"wecom"}
	w.answers["wecom"] = life.RefusedForGood
	w.alert(firing("seats", license.Warning), firing("tcss-over", license.Warning))
	w.alert(firing("seats", license.Warning), firing("tcss-over", license.Warning), event("order-renewal/a", "1>2", license.Critical))
	w.alert(fine("seats"), firing("tcss-over", license.Warning))
	delete(w.answers, "wecom")
	w.want("digest", w.wait(10*time.Minute).digest(fine("seats"), firing("tcss-over", license.Warning)),
		"wecom: new tcss-over warning", "wecom: new order-renewal/a critical 1>2", "wecom: resolved seats", "wecom: digest", "wecom: mention")
	if owed := w.ledger.Owed(w.channels, w.now, w.hours); len(owed) > 0 {
		t.Errorf("owed %+v", owed)
	}
	w.want("nothing is left", w.wait(2*hour).alert(fine("seats"), firing("tcss-over", license.Warning)))
}

// TestDigestDoesNotCover what it does not say: an alert about a finding of which
// nothing is known by then.
func TestDigestDoesNotCover(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.channels = []string{"wecom"}
	w.answers["wecom"] = life.RefusedForGood
	w.alert(firing("seats", license.Warning))
	delete(w.answers, "wecom")
	w.snapshot = without(license.SourceOverview)
	w.want("digest", w.wait(10*time.Minute).digest(unknown("seats")), "wecom: unread cwp.overview 1", "wecom: digest")
	w.want("alert", w.wait(10*time.Minute).alert(unknown("seats")), "wecom: new seats warning")
}
