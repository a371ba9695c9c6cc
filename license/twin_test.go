package license_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"licensewatch/license"
)

// twinOf reads an order of the ids that all have here: "2025-01-01 x10 until 2026-12-01
// as web, renews, #2", of which all may be left out.
func twinOf(text string) license.Order {
	o := license.Order{LicenseId: new(int64(7)), ResourceId: new("a"), OrderStatus: new(int64(license.OrderNormal)), Alias: new("")}
	words := strings.Fields(strings.ReplaceAll(text, ",", ""))
	for i, word := range words {
		switch {
		case i == 0 && len(word) == len(time.DateOnly):
			o.BuyTime = &word
		case word[0] == 'x' && words[max(0, i-1)] != "used":
			o.LicenseCnt = new(int64(len(word)))
		case word == "until":
			o.Deadline = &words[i+1]
		case word == "as":
			o.Alias = &words[i+1]
		case word == "used":
			o.UsedLicenseCnt = new(int64(len(words[i+1])))
		case word == "renews":
			o.AutoRenewFlag = new(int64(license.RenewalOn))
		case word[0] == '#':
			o.Twin = int(word[1] - '0')
		}
	}
	return o
}

// TestTwins: each keeps its number, whatever it is that has changed and however they are
// listed; one that comes gets a number that none has had.
func TestTwins(t *testing.T) {
	t.Parallel()
	const d1, d2, d3 = "2025-01-01 ", "2025-01-02 ", "2025-01-03 "
	for name, test := range map[string]struct {
		before []string // with their numbers
		now    []string // with those that they should get
	}{
		"none before, by their days":            {nil, []string{d1 + "until 2026-12-09 #0", d2 + "until 2026-12-01 #2", d3 + "until 2026-12-05 #3"}},
		"none before, by their ends":            {nil, []string{"until 2026-12-01 #0", "until 2026-12-05 #2", "until 2026-12-09 #3"}},
		"none before, and equal":                {nil, []string{"until 2026-12-01 #0"}},
		"the same":                              {[]string{d1 + "#0", d2 + "#2"}, []string{d1 + "#0", d2 + "#2"}},
		"numbered otherwise than by their days": {[]string{d2 + "#0", d1 + "#2"}, []string{d2 + "#0", d1 + "#2"}},
		"more are in use":                       {[]string{"until 1 used x #2", "until 2 used xx #0"}, []string{"until 1 used xx #2", "until 2 used xxx #0"}},
		"by what is in use":                     {[]string{"used x #2", "used xx #0"}, []string{"used xx #0", "used x #2"}},
		"one is renewed":                        {[]string{"until 1 #0", "until 2 #2"}, []string{"until 2 #2", "until 3 #0"}},
		"one is renewed, and renews itself":     {[]string{d1 + "until 1 #0", d1 + "until 2 #2"}, []string{d1 + "until 2 #2", d1 + "until 3 renews #0"}},
		"both are, until the same day":          {[]string{"x until 1 #2", "xx until 2 #0"}, []string{"x until 3 #2", "xx until 3 #0"}},
		"both are, one until the other's end":   {[]string{"x until 1 #2", "xx until 2 #0"}, []string{"x until 2 #2", "xx until 3 #0"}},
		"both are, in turn":                     {[]string{"until 1 #2", "until 2 #0"}, []string{"until 3 #2", "until 4 #0"}},
		"both have more licenses":               {[]string{"x until 1 #2", "xx until 2 #0"}, []string{"xxx until 1 #2", "xxxx until 2 #0"}},
		"one gets the other's name":             {[]string{"until 1 as web #2", "until 2 as db #0"}, []string{"until 1 as db #2", "until 2 as db #0"}},
		"renewed and renamed":                   {[]string{"x until 1 #2", "xx until 2 #0"}, []string{"x until 3 as web #2", "xx until 4 as db #0"}},
		"renewed and resized, known by day":     {[]string{d1 + "x until 1 #2", d2 + "xx until 2 #0"}, []string{d1 + "xx until 2 #2", d2 + "x until 1 #0"}},
		"one tells no day":                      {[]string{d1 + "until 1 #0", d2 + "until 2 #2"}, []string{"until 1 #0", d2 + "until 2 #2"}},
		"none tells it any more":                {[]string{d1 + "until 1 #2", d2 + "until 2 #0"}, []string{"until 1 #2", "until 2 #0"}},
		"all tell it now":                       {[]string{"until 1 #2", "until 2 #0"}, []string{d2 + "until 1 #2", d1 + "until 2 #0"}},
		"one is replaced":                       {[]string{d1 + "until 1 #0", d2 + "until 2 #2"}, []string{d1 + "until 1 #0", d3 + "until 2 #3"}},
		"the only one is":                       {[]string{d1 + "until 1 #2"}, []string{d3 + "until 2 #2"}},
		"one comes":                             {[]string{d2 + "#0"}, []string{d2 + "#0", d1 + "#2"}},
		"one comes, the other is renewed":       {[]string{d2 + "until 1 #0"}, []string{d2 + "until 3 #0", d1 + "until 1 #2"}},
		"one comes, of which no day is told":    {[]string{d2 + "until 1 used x #0"}, []string{d2 + "until 1 used xx #0", "until 3 #2"}},
		"two come":                              {[]string{d2 + "#0", d3 + "#2"}, []string{d2 + "#0", d3 + "#2", d1 + "#3", "2025-01-04 #4"}},
		"the first goes":                        {[]string{d1 + "#0", d2 + "#2"}, []string{d2 + "#2"}},
		"another one comes after that":          {[]string{d2 + "#2"}, []string{d2 + "#2", d1 + "#3"}},
		"numbers that none lacks":               {[]string{d1 + "#2", d2 + "#3"}, []string{d2 + "#3", d1 + "#2"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := license.Snapshot{Orders: &license.Orders{}}
			for _, text := range test.before {
				before.Orders.List = append(before.Orders.List, twinOf(text))
			}
			for range 6 {
				var want []int
				now := license.Snapshot{Wanted: []license.Source{license.SourceOrders}, Orders: &license.Orders{}}
				for _, text := range test.now {
					o := twinOf(text)
					want, o.Twin = append(want, o.Twin), 0
					now.Orders.List = append(now.Orders.List, o)
				}
				var got []int
				for _, o := range now.After(&before, time.Now()).Orders.List[:len(want)] {
					got = append(got, o.Twin)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%q are numbered %v", test.now, got)
				}
				test.now = append(test.now[1:], test.now[0])
				slices.Reverse(before.Orders.List)
				if len(test.now) > 1 {
					test.now[0], test.now[1] = test.now[1], test.now[0]
				}
			}
		})
	}
}

// TestTwinInPartOfTheList: a part of the list may lack the one of which it has the twin.
func TestTwinInPartOfTheList(t *testing.T) {
	t.Parallel()
	for now, want := range map[string]int{"2025-01-01 until 2": 0, "2025-01-02 until 1": 2, "until 2": 0} {
		part := license.Snapshot{Wanted: []license.Source{license.SourceOrders}, Orders: &license.Orders{Incomplete: true, List: []license.Order{twinOf(now)}}}
		before := license.Snapshot{Orders: &license.Orders{List: []license.Order{twinOf("2025-01-01 until 1")}}}
		if got := part.After(&before, time.Now()).Orders.List[0].Twin; got != want {
			t.Errorf("%s: numbered %d, want %d", now, got, want)
		}
	}
}

// TestNumberIsNotGivenAgain while one of the same ids is listed.
func TestNumberIsNotGivenAgain(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.November, 28, 9, 0, 0, 0, shanghai)
	var previous *license.Snapshot
	read := func(days ...string) (numbers []int) {
		s := license.Snapshot{Wanted: []license.Source{license.SourceOrders}, Orders: &license.Orders{}}
		for _, day := range days {
			s.Orders.List = append(s.Orders.List, twinOf(day))
		}
		s = s.After(previous, now)
		previous = &s
		for _, o := range s.Orders.List[:len(days)] {
			numbers = append(numbers, o.Twin)
		}
		return numbers
	}
	for _, step := range []struct {
		days string
		want []int
	}{
		{"2025-01-01 2025-01-02", []int{0, 2}},
		{"2025-01-01", []int{0}}, // the second one is missing
		{"2025-01-01", []int{0}}, // it is gone
		{"2025-01-03 2025-01-01", []int{3, 0}},
		{"2025-01-03", []int{3}},
		{"2025-01-03", []int{3}},
		{"2025-01-03", []int{3}},
		{"2025-01-01 2025-01-03", []int{4, 3}}, // it was gone for long
	} {
		if got := read(strings.Fields(step.days)...); !slices.Equal(got, step.want) {
			t.Errorf("%s: numbered %v, want %v", step.days, got, step.want)
		}
	}
}

// TestToldApart: whatever the orders are, each gets a number of its own, and the list is
// only read.
func TestToldApart(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var orders []license.Order
		for range rapid.IntRange(0, 8).Draw(rt, "orders") {
			o := license.Order{Twin: rapid.SampledFrom([]int{0, 0, 2, 3}).Draw(rt, "Twin")}
			if id := rapid.Int64Range(-1, 1).Draw(rt, "LicenseId"); id >= 0 {
				o.LicenseId = &id
			}
			if id := rapid.SampledFrom([]string{"-", "", "a"}).Draw(rt, "ResourceId"); id != "-" {
				o.ResourceId = &id
			}
			orders = append(orders, o)
		}
		before := slices.Clone(orders)
		seen := map[string]bool{}
		for _, o := range license.ToldApart(orders) {
			name := fmt.Sprint(o.Key(), " ", o.LicenseId == nil, o.ResourceId == nil || *o.ResourceId == "", o.Twin)
			if seen[name] {
				rt.Fatalf("%s twice", name)
			}
			seen[name] = true
		}
		for i := range orders {
			if orders[i].Twin != before[i].Twin || orders[i].Twins != before[i].Twins {
				rt.Fatal("the list was changed")
			}
		}
	})
}
