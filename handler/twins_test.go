package handler_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"licensewatch/config"
	"licensewatch/internal/simulator"
	"licensewatch/license"
	"licensewatch/life"
	"licensewatch/session"
)

// twin is an order as the cloud lists it; all of a test have the same ids.
type twin struct {
	LicenseId                                                                          int //nolint:revive // the API's own name
	LicenseType, LicenseStatus, LicenseCnt, UsedLicenseCnt, OrderStatus, AutoRenewFlag int
	ResourceId, Alias, Deadline                                                        string //nolint:revive // the API's own name
	BuyTime                                                                            string `json:",omitempty"`
}

// newTwin ends some days from now and does not renew itself; it was bought on a day of
// 2025, counted from 1, or nobody says when.
func newTwin(daysLeft, bought int) twin {
	t := twin{
		LicenseId: 7, ResourceId: "cwp-aaaa", LicenseType: license.LicenseTypeUltimate, LicenseStatus: 1, LicenseCnt: 40, UsedLicenseCnt: 33,
		OrderStatus: license.OrderNormal, AutoRenewFlag: license.RenewalOff, Deadline: ending(daysLeft),
	}
	if bought > 0 {
		t.BuyTime = time.Date(2025, time.January, bought, 10, 0, 0, 0, time.UTC).Format(time.DateTime)
	}
	return t
}

func ending(daysLeft int) string {
	return now.In(chinaTime).AddDate(0, 0, daysLeft).Format(time.DateTime)
}

func (t twin) renewedTo(daysLeft int) twin {
	t.Deadline = ending(daysLeft)
	return t
}

func (t twin) using(licenses int) twin {
	t.UsedLicenseCnt = licenses
	return t
}

// listing is the answer with these, of so many.
func listing(total int, twins ...twin) http.HandlerFunc {
	list, err := json.Marshal(twins)
	if err != nil {
		panic(err)
	}
	return simulator.Answer(fmt.Sprintf(`{"Response":{"TotalCount":%d,"RequestId":"r","List":%s}}`, total, list))
}

// twinWorld is a world whose orders are twins.
type twinWorld struct{ *remembering }

func newTwinWorld(t *testing.T) *twinWorld {
	return &twinWorld{newRemembering(t, "healthy", "LICENSEWATCH_EXPORT", "off", "LICENSEWATCH_HOURS", "always")}
}

// alertOn runs an alert with this list of orders; it returns what Slack was told.
func (w *twinWorld) alertOn(list http.HandlerFunc) string {
	w.t.Helper()
	w.Override("DescribeLicenseList", list)
	before := len(w.posted("slack"))
	_, err := w.tick("alert")
	must(w.t, err)
	return strings.Join(w.posted("slack")[before:], "\n")
}

func (w *twinWorld) alert(twins ...twin) string { return w.alertOn(listing(len(twins), twins...)) }

func (w *twinWorld) wantQuiet(what string, list http.HandlerFunc) {
	w.t.Helper()
	if said := w.alertOn(list); said != "" {
		w.t.Errorf("%s, %s: told\n%s", w.clock.Format("Jan 2 15:04"), what, said)
	}
}

func (w *twinWorld) wantSilence(what string, twins ...twin) {
	w.t.Helper()
	w.wantQuiet(what, listing(len(twins), twins...))
}

// wantTold wants one message, with some texts and without others, which have "!" before them.
func (w *twinWorld) wantTold(what, said string, parts ...string) {
	w.t.Helper()
	for _, part := range parts {
		if text, not := strings.CutPrefix(part, "!"); said == "" || strings.Contains(said, text) == not {
			w.t.Errorf("%s: want %q in\n%s", what, part, said)
		}
	}
}

func (w *twinWorld) edit(change func(*life.Ledger, time.Time) error) {
	w.t.Helper()
	settings, err := config.Load(w.environment)
	must(w.t, err)
	at := w.clock
	must(w.t, session.Edit(w.t.Context(), session.OptionsOf(settings), func(l *life.Ledger) error { return change(l, at.In(settings.Zone)) }))
}

func (w *twinWorld) acknowledge(subject string) {
	w.t.Helper()
	w.edit(func(l *life.Ledger, now time.Time) error {
		return l.Acknowledge(license.Ack{Rule: "cwp-order-expiring", Subject: subject, Until: now.AddDate(0, 0, 60), Reason: "ordered", By: "lisi"}, now)
	})
}

// names are the orders that were told of.
func (w *twinWorld) names() (names []string) {
	w.t.Helper()
	for _, k := range w.ledger().Known() {
		names = append(names, k.Subject)
	}
	slices.Sort(names)
	return names
}

// wantNames wants these orders to be told of.
func (w *twinWorld) wantNames(what string, want ...string) {
	w.t.Helper()
	got := w.names()
	if !slices.Equal(got, want) {
		w.t.Errorf("%s: %q fire, want %q", what, got, want)
	}
}

// TestTwinsByTurns: whatever tells twins apart, the order of the list does not.
func TestTwinsByTurns(t *testing.T) {
	named := func(t twin, alias string) twin {
		t.Alias = alias
		return t
	}
	for name, twins := range map[string][]twin{
		"bought on two days":        {newTwin(27, 1), newTwin(20, 2)},
		"bought later, ends sooner": {newTwin(20, 2), newTwin(27, 1)},
		"nobody says when":          {newTwin(27, 0), newTwin(20, 0)},
		"one says when":             {newTwin(27, 0), newTwin(20, 2)},
		"three":                     {newTwin(27, 1), newTwin(20, 0), newTwin(24, 2)},
		"by their names only":       {named(newTwin(27, 1), "web"), named(newTwin(27, 1), "db"), named(newTwin(27, 1), "")},
		"by what they have only":    {newTwin(27, 1).using(3), newTwin(27, 1).using(5)},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTwinWorld(t)
			if said := w.alert(twins...); said == "" {
				t.Error("nothing was told")
			}
			names := w.names()
			for hour := range 48 {
				slices.Reverse(twins)
				if hour%2 == 0 && name != "by what they have only" {
					twins[0] = twins[0].using(hour)
				}
				w.wantSilence("by turns", twins...)
			}
			if got := w.names(); len(got) != len(twins) || !slices.Equal(got, names) {
				t.Errorf("named %q, at first %q", got, names)
			}
		})
	}
}

// TestTwinComes: the first one keeps its name, what was told of it, and its
// acknowledgement; so it does when they are listed the other way round.
func TestTwinComes(t *testing.T) {
	for name, test := range map[string]struct {
		first, then twin // the first one, and what it is when the second one comes
		second      twin
	}{
		"bought later":             {newTwin(27, 1), newTwin(27, 1), newTwin(20, 2)},
		"bought before":            {newTwin(27, 2), newTwin(27, 2), newTwin(20, 1)},
		"nobody says when":         {newTwin(27, 0), newTwin(27, 0), newTwin(20, 0)},
		"and fewer are in use":     {newTwin(27, 0), newTwin(27, 0).using(1), newTwin(20, 0)},
		"only one says when":       {newTwin(27, 0), newTwin(27, 0).using(1), newTwin(20, 2)},
		"the first one has no day": {newTwin(27, 1), newTwin(27, 0), newTwin(20, 2)},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTwinWorld(t)
			w.wantTold("the first one", w.alert(test.first), "27 days")
			w.acknowledge("cwp-aaaa")
			w.wantSilence("acknowledged", test.first)
			w.wantTold("the second one", w.alert(test.second, test.then), "20 days", "!27 days")
			w.wantNames("both", "cwp-aaaa", "cwp-aaaa#7#2")
			for range 6 {
				w.wantSilence("by turns", test.then, test.second)
				w.wantSilence("by turns", test.second, test.then)
			}
			w.clock = now.AddDate(0, 0, 14)
			w.wantTold("at a threshold", w.alert(test.second, test.then), "6 days", "!13 days")
			if acks := w.ledger().Acks(w.clock); len(acks) != 1 || acks[0].Subject != "cwp-aaaa" {
				t.Errorf("acknowledged: %+v", acks)
			}
		})
	}
}

// TestTwinGoes: it is missed and told as gone by its own name, which no other one gets
// while its twin is listed; that one's acknowledgement stays.
func TestTwinGoes(t *testing.T) {
	for name, test := range map[string]struct {
		stays, goes, comes twin
		names              []string // while there are two, then one, then two again
	}{
		"the second":            {newTwin(27, 1), newTwin(20, 2), newTwin(21, 3), []string{"cwp-aaaa", "cwp-aaaa#7#2", "cwp-aaaa#7#3"}},
		"the first":             {newTwin(27, 2), newTwin(20, 1), newTwin(21, 3), []string{"cwp-aaaa#7#2", "cwp-aaaa", "cwp-aaaa#7#3"}},
		"the later of undated":  {newTwin(20, 0), newTwin(27, 0), newTwin(21, 3), []string{"cwp-aaaa", "cwp-aaaa#7#2", "cwp-aaaa#7#3"}},
		"the sooner of undated": {newTwin(27, 0), newTwin(20, 0), newTwin(21, 3), []string{"cwp-aaaa#7#2", "cwp-aaaa", "cwp-aaaa#7#3"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTwinWorld(t)
			w.alert(test.goes, test.stays)
			w.wantNames("both", slices.Sorted(slices.Values(test.names[:2]))...)
			w.acknowledge(test.names[0])
			w.acknowledge(test.names[1])
			w.wantSilence("missed once", test.stays)
			w.wantSilence("gone, and acknowledged", test.stays.using(5))
			w.wantNames("one is gone", test.names[0])
			w.wantSilence("long gone", test.stays)
			w.wantTold("another one", w.alert(test.comes, test.stays), "21 days", "!27 days", "!20 days")
			w.wantNames("another one", slices.Sorted(slices.Values([]string{test.names[0], test.names[2]}))...)
			for range 6 {
				w.wantSilence("by turns", test.stays, test.comes)
				w.wantSilence("by turns", test.comes, test.stays)
			}
		})
	}
	w := newTwinWorld(t)
	stays, goes := newTwin(27, 1), newTwin(20, 2)
	w.alert(goes, stays)
	w.wantSilence("missed once", stays)
	w.wantTold("gone", w.alert(stays), "No longer listed", "20 days", "!27 days")
}

// TestTwinIsRenewed: its end is told with its own new date, and nothing of the others.
func TestTwinIsRenewed(t *testing.T) {
	first, second, third := newTwin(27, 1), newTwin(20, 2), newTwin(24, 3)
	undated := []twin{newTwin(20, 0), newTwin(24, 0), newTwin(27, 0)}
	for name, test := range map[string]struct{ before, after []twin }{
		"the first of two":         {[]twin{first, second}, []twin{second, first.renewedTo(392)}},
		"the second of two":        {[]twin{first, second}, []twin{second.renewedTo(385), first}},
		"the one in the middle":    {[]twin{first, second, third}, []twin{third.renewedTo(389), second, first}},
		"none says when":           {undated, []twin{undated[0].renewedTo(385), undated[2], undated[1]}},
		"and as another one goes":  {[]twin{first, second, third}, []twin{second.renewedTo(385), first}},
		"and as another one comes": {[]twin{first, second}, []twin{third, second.renewedTo(385), first}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTwinWorld(t)
			w.alert(test.before...)
			w.wantSilence("by turns", append(slices.Clone(test.before[1:]), test.before[0])...)
			said := w.alert(test.after...)
			until := test.after[slices.IndexFunc(test.after, func(t twin) bool { return t.Deadline > ending(300) })].Deadline[:10]
			date, err := time.Parse(time.DateOnly, until)
			must(t, err)
			w.wantTold("renewed", said, "was renewed")
			for _, told := range regexp.MustCompile(`now ends ([^)]*)\)`).FindAllStringSubmatch(said, -1) {
				if want := date.Format("Jan 2, 2006"); told[1] != want {
					t.Errorf("renewed until %s, want %s", told[1], want)
				}
			}
			isNew := strings.HasSuffix(name, "comes")
			if strings.Contains(said, "24 days") != isNew {
				t.Errorf("the new one: %t, want %t in\n%s", !isNew, isNew, said)
			}
			if gone := w.alert(test.after...); strings.HasSuffix(name, "goes") {
				w.wantTold("the other one", gone, "No longer listed", "24 days")
			} else if gone != "" {
				t.Errorf("then told %s", gone)
			}
			slices.Reverse(test.after)
			w.wantSilence("by turns", test.after...)
		})
	}
}

// TestRepeatIsNoTwin: what is listed twice and is equal in everything is one order.
func TestRepeatIsNoTwin(t *testing.T) {
	w := newTwinWorld(t)
	one, other := newTwin(27, 1), newTwin(20, 2)
	w.Override("DescribeLicenseList", listing(2, one, one, other, one))
	summary, err := w.tick("alert")
	must(t, err)
	if summary.Findings.Warning != 2 {
		t.Errorf("found %+v", summary.Findings)
	}
	w.wantNames("listed twice", "cwp-aaaa", "cwp-aaaa#7#2")
	w.wantSilence("listed once", other, one)
}

// TestTwinsInPartsOfTheList: what is missing because the list is incomplete, or was not
// read, has not changed.
func TestTwinsInPartsOfTheList(t *testing.T) {
	for name, twins := range map[string][]twin{"dated": {newTwin(27, 1), newTwin(20, 2)}, "undated": {newTwin(27, 0), newTwin(20, 0)}} {
		t.Run(name, func(t *testing.T) {
			w := newTwinWorld(t)
			w.alert(twins...)
			for hour := range 24 {
				answer := listing(2, twins[hour%2])
				if hour%3 == 0 {
					answer = simulator.APIError("InternalError", "x")
				}
				w.wantQuiet("a part", answer)
				w.wantQuiet("all", listing(2, twins[1-hour%2], twins[hour%2]))
			}
			w.wantNames("at last", "cwp-aaaa", "cwp-aaaa#7#2")
		})
	}
}

// TestTwinsOfAnEarlierVersion: it named them by their places, and the first one with its
// LicenseId. Nothing is told anew, and what was acknowledged is.
func TestTwinsOfAnEarlierVersion(t *testing.T) {
	t.Parallel()
	saved, err := os.ReadFile("testdata/ledger-twins.json")
	must(t, err)
	c := newCourse(t)
	order := func(id string, daysLeft int, bought string) license.Order {
		o := c.order(id, license.OrderNormal, license.RenewalOff, c.now.AddDate(0, 0, daysLeft))
		o.BuyTime = &bought
		if id == "cwp-aaaa" {
			o.LicenseId = new(int64(7))
		}
		return o
	}
	first, second := order("cwp-aaaa", 27, "2025-01-02 10:00:00"), order("cwp-aaaa", 20, "2025-01-01 10:00:00")
	third := order("cwp-aaaa", 23, "2025-01-03 10:00:00")
	single := order("cwp-bbbb", 25, "2025-01-01 10:00:00")
	for _, orders := range [][]license.Order{{first, single, second, third}, {third, second, single, first}} {
		c.ledger, err = life.Decode(saved)
		must(t, err)
		c.now = time.Date(2026, time.November, 23, 10, 37, 0, 0, chinaTime)
		for range 24 {
			c.list(orders...)
			c.want("by turns", c.alert())
			slices.Reverse(orders)
			c.wait(time.Hour)
		}
		if acks := c.ledger.Acks(c.now); len(acks) != 1 || acks[0].Subject != "cwp-aaaa" {
			t.Errorf("acknowledged: %+v", acks)
		}
		c.now = time.Date(2026, time.November, 30, 9, 37, 0, 0, chinaTime)
		c.want("the second has 13 days", c.alert(), "worse cwp-order-expiring/cwp-aaaa#7#2 warning")
		c.now = c.now.AddDate(0, 0, 7)
		c.want("the first, acknowledged, has 13 days", c.alert(), "worse cwp-order-expiring/cwp-aaaa#7#2 warning",
			"worse cwp-order-expiring/cwp-aaaa#7#3 warning", "worse cwp-order-expiring/cwp-bbbb warning")
	}
}
