package rules_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/license"
)

// answers are the three answers, by the letter the tables below use.
var answers = map[string]struct {
	value *bool
	state license.State
}{"t": {new(true), license.Firing}, "f": {new(false), license.OK}, "u": {nil, license.Unknown}}

// The connectives over a and b; the results in the order of letters.
func TestTruthTables(t *testing.T) {
	t.Parallel()
	const letters = "tfu"
	tables := map[string]string{ //  a: t    f    u
		"a && b":               "tfu fff ufu",
		"a and b":              "tfu fff ufu",
		"a || b":               "ttt tfu tuu",
		"a or b":               "ttt tfu tuu",
		"!a":                   "fff ttt uuu",
		"not a":                "fff ttt uuu",
		"!(a && b)":            "ftu ttt utu",
		"a ? b : !b":           "tfu ftu uuu",
		"a ? true : b":         "ttt tfu tuu",
		"a ? b : false":        "tfu fff ufu",
		"a ? b : b":            "tfu tfu tfu",
		"a == b":               "tfu ftu uuu",
		"a != b":               "ftu tfu uuu",
		"(a && b) == false":    "ftu ttt utu",
		"(a ? 1 : 1) == 1":     "ttt ttt ttt",
		"(a ? 1 : 1.0) == 1":   "ttt ttt ttt",
		"(a ? 1.5 : 1.5) > 1":  "ttt ttt ttt",
		"(a ? 1 : 2) == 1":     "ttt fff uuu",
		"a ?? b":               "ttt fff tfu",
		"(a && b) ?? true":     "tft fff tft",
		"a == nil":             "fff fff ttt",
		"a != nil && b":        "tfu tfu fff",
		"(a || b) == nil":      "fff fft ftt",
		"a == nil ? false : a": "ttt fff fff",
		"true || a":            "ttt ttt ttt",
		"a && false":           "fff fff fff",
	}
	for table, want := range tables {
		t.Run(table, func(t *testing.T) {
			t.Parallel()
			when := expand(table)
			var got []string
			for _, a := range letters {
				var row strings.Builder
				for _, b := range letters {
					s := healthy()
					s.Overview.AutoOpenStatus, s.Overview.IsOpenStatusHistory = answers[string(a)].value, answers[string(b)].value
					row.WriteString(letter(judge(t, when, s).State))
				}
				got = append(got, row.String())
			}
			if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
				t.Errorf("%s (-want +got):\n%s", when, diff)
			}
		})
	}
}

// expand writes the fields for the letters a and b.
func expand(table string) string {
	words := strings.FieldsFunc(table, func(r rune) bool { return r == ' ' })
	for i, word := range words {
		for letter, field := range map[string]string{"a": "cwp.AutoOpenStatus", "b": "cwp.IsOpenStatusHistory"} {
			if bare := strings.Trim(word, "!()"); bare == letter {
				words[i] = strings.Replace(word, letter, field, 1)
			}
		}
	}
	return strings.Join(words, " ")
}

func letter(state license.State) string {
	for letter, answer := range answers {
		if answer.state == state {
			return letter
		}
	}
	return "?"
}

// What reads a field that is not known.
func TestUnknownFields(t *testing.T) {
	t.Parallel()
	// LicenseCnt and Tags are nil, UsedLicenseCnt is 5, DestroyOrderNum 0.
	snapshot := func() license.Snapshot {
		s := healthy()
		s.Overview.LicenseCnt, s.Overview.UsedLicenseCnt, s.Overview.ProtectType = nil, new(int64(5)), nil
		s.Orders.List[0].Tags, s.Orders.List[0].Alias = nil, nil
		return s
	}
	tests := map[string]string{
		"cwp.LicenseCnt > 3":                                                         "it unknown missing cwp.LicenseCnt",
		"cwp.LicenseCnt == cwp.LicenseCnt":                                           "it unknown missing cwp.LicenseCnt",
		"(cwp.LicenseCnt ?? 0) > 3":                                                  "it ok",
		"(cwp.LicenseCnt ?? 9) > 3":                                                  "it firing warning",
		"(cwp.LicenseCnt ?? cwp.UsedLicenseCnt) == 5":                                "it firing warning",
		"(cwp.LicenseCnt ?? cwp.LicenseCnt) == 5":                                    "it unknown missing cwp.LicenseCnt",
		"(cwp.UsedLicenseCnt ?? 0) + cwp.LicenseCnt > 3":                             "it unknown missing cwp.LicenseCnt",
		"(cwp.LicenseCnt ?? 0) + cwp.UsedLicenseCnt > 3":                             "it firing warning",
		"((cwp.LicenseCnt + 1) ?? 7) == 7":                                           "it firing warning",
		"(cwp.LicenseCnt > 3) ?? true":                                               "it firing warning",
		"cwp.LicenseCnt == nil":                                                      "it firing warning",
		"nil != cwp.LicenseCnt":                                                      "it ok",
		"cwp.UsedLicenseCnt == nil":                                                  "it ok",
		"(cwp.LicenseCnt + cwp.UsedLicenseCnt) == nil":                               "it firing warning",
		"cwp.LicenseCnt in [1, 2]":                                                   "it unknown missing cwp.LicenseCnt",
		"5 in [cwp.LicenseCnt, cwp.UsedLicenseCnt]":                                  "it unknown missing cwp.LicenseCnt",
		"cwp.UsedLicenseCnt in [cwp.DestroyOrderNum, 5]":                             "it firing warning",
		"cwp.UsedLicenseCnt not in [1, 2]":                                           "it firing warning",
		"cwp.UsedLicenseCnt in 1..5":                                                 "it firing warning",
		"-cwp.UsedLicenseCnt in -9..-5":                                              "it firing warning",
		"cwp.UsedLicenseCnt in 6..9":                                                 "it ok",
		"cwp.LicenseCnt in 1..5":                                                     "it unknown missing cwp.LicenseCnt",
		"cwp?.LicenseCnt > 3":                                                        "it unknown missing cwp.LicenseCnt",
		"cwp?.UsedLicenseCnt > 3":                                                    "it firing warning",
		"cwp[\"UsedLicenseCnt\"] > 3":                                                "it firing warning",
		"1 < cwp.UsedLicenseCnt < 9":                                                 "it firing warning",
		"1 < cwp.UsedLicenseCnt < cwp.LicenseCnt":                                    "it unknown missing cwp.LicenseCnt",
		"9 < cwp.UsedLicenseCnt < cwp.LicenseCnt":                                    "it ok",
		"cwp.ProtectType startsWith \"PRO\"":                                         "it unknown missing cwp.ProtectType",
		"cwp.ProtectType matches \"^PRO\"":                                           "it unknown missing cwp.ProtectType",
		"len(cwp.ProtectType) > 0":                                                   "it unknown missing cwp.ProtectType",
		"max(cwp.LicenseCnt, 3) > 2":                                                 "it unknown missing cwp.LicenseCnt",
		"max(cwp.UsedLicenseCnt, 2.5) == 5":                                          "it firing warning",
		"(cwp.LicenseCnt > 3 ? 1 : 2) > 0":                                           "it unknown missing cwp.LicenseCnt",
		"(cwp.LicenseCnt == nil ? cwp.UsedLicenseCnt : 0) == 5":                      "it firing warning",
		"cwp.LicenseCnt > 3 && cwp.UsedLicenseCnt > 9":                               "it ok",
		"cwp.LicenseCnt > 3 || cwp.UsedLicenseCnt > 3":                               "it firing warning",
		"cwp.LicenseCnt > 3 && cwp.ProtectType == \"x\"":                             "it unknown missing cwp.LicenseCnt,cwp.ProtectType",
		"(cwp.LicenseCnt > 3 && cwp.UsedLicenseCnt > 9) || cwp.ProtectType == \"x\"": "it unknown missing cwp.ProtectType",
		"len(order.Tags) == 0":                                                       "it/cwp-bbbb unknown missing order.Tags",
		"\"team\" in order.Tags":                                                     "it/cwp-bbbb unknown missing order.Tags",
		"order.Tags[\"team\"] == \"ops\"":                                            "it/cwp-bbbb unknown missing order.Tags",
		"(order.Alias ?? \"\") == \"\"":                                              "it/cwp-bbbb firing warning",
		"lower(order.ResourceId) | hasPrefix(\"cwp\")":                               "it/cwp-bbbb firing warning",
	}
	for when, want := range tests {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			if got := summary(judge(t, when, snapshot())); got != want {
				t.Errorf("%s: %s, want %s", when, got, want)
			}
		})
	}
}

func TestTags(t *testing.T) {
	t.Parallel()
	tests := map[string]license.State{
		`order.Tags["team"] == "ops"`:   license.Firing,
		`order.Tags.team == "dev"`:      license.OK,
		`order.Tags["cost"] == ""`:      license.Firing, // known not to be there
		`order?.Tags["team"] == "ops"`:  license.Firing,
		`"team" in order.Tags`:          license.Firing,
		`"cost" in order.Tags`:          license.OK,
		`len(order.Tags) == 1`:          license.Firing,
		`order.Tags[order.Alias] == ""`: license.Firing,
	}
	for when, want := range tests {
		if f := judge(t, when, healthy()); f.State != want {
			t.Errorf("%s: %s, want %s", when, summary(f), want)
		}
	}
}

// What reads a source that failed is unknown, whatever it does about nil.
func TestFailedSources(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"tcss.State == 3":                                  "it unknown missing tcss",
		"(tcss.State ?? 3) == 3":                           "it unknown missing tcss",
		"tcss.State == nil":                                "it unknown missing tcss",
		"tcss.State != nil":                                "it unknown missing tcss",
		"(cwp.LicenseCnt ?? tcss.State) == 317":            "it unknown missing tcss",
		"(tcss.State == 3) ?? true":                        "it unknown missing tcss",
		"(cwp.UsedPercent + (tcss.State ?? 1)) == nil":     "it unknown missing tcss",
		"tcss.State == 3 && cwp.LicenseCnt == 0":           "it ok",
		"tcss.State == nil || cwp.LicenseCnt == 317":       "it firing warning",
		"tcss.State == nil ? cwp.LicenseCnt == 317 : true": "it firing warning",
	}
	for when, want := range tests {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			if got := summary(judge(t, when, failing(healthy(), license.SourcePurchaseState))); got != want {
				t.Errorf("%s: %s, want %s", when, got, want)
			}
			missing := healthy() // nil though wanted, without a failure
			missing.PurchaseState = nil
			if got := summary(judge(t, when, missing)); got != want {
				t.Errorf("%s without a failure: %s, want %s", when, got, want)
			}
			half := healthy() // something came, but the reading failed
			half.Failures[license.SourcePurchaseState] = &license.Failure{Kind: license.FailureAnswer}
			if got := summary(judge(t, when, half)); got != want {
				t.Errorf("%s with half an answer: %s, want %s", when, got, want)
			}
		})
	}
}

// Nothing fires because of a number that is none.
func TestArithmetic(t *testing.T) {
	t.Parallel()
	tests := map[string]string{ // DestroyOrderNum is 0, LicenseCnt 317
		"cwp.LicenseCnt / 2 == 158.5":                            "it firing warning",
		"cwp.LicenseCnt % 2 == 1":                                "it firing warning",
		"2 ** 3 == 8":                                            "it firing warning",
		"-(cwp.LicenseCnt) == -317":                              "it firing warning",
		"round(cwp.UsedPercent) == 32":                           "it firing warning",
		"cwp.ProtectType + \"!\" == \"FLAGSHIP_PREPAY!\"":        "it firing warning",
		"cwp.LicenseCnt / cwp.DestroyOrderNum > 1":               "it unknown problem cwp.LicenseCnt / cwp.DestroyOrderNum is not a finite number",
		"!(cwp.LicenseCnt / cwp.DestroyOrderNum > 1)":            "it unknown problem cwp.LicenseCnt / cwp.DestroyOrderNum is not a finite number",
		"cwp.DestroyOrderNum / cwp.DestroyOrderNum != 1":         "it unknown problem cwp.DestroyOrderNum / cwp.DestroyOrderNum is not a finite number",
		"cwp.LicenseCnt / 0 > 1":                                 "it unknown problem cwp.LicenseCnt / 0 is not a finite number",
		"cwp.LicenseCnt % cwp.DestroyOrderNum == 0":              "it unknown problem cwp.LicenseCnt % cwp.DestroyOrderNum divides by zero",
		"cwp.LicenseCnt % 0 == 0":                                "it unknown problem cwp.LicenseCnt % 0 divides by zero",
		"cwp.LicenseCnt * 1e308 * 10 > 1":                        "it unknown problem cwp.LicenseCnt * 1e+308 is not a finite number",
		"10 ** cwp.LicenseCnt > 1":                               "it unknown problem 10 ** cwp.LicenseCnt is not a finite number",
		"((cwp.LicenseCnt / cwp.DestroyOrderNum) ?? 0) == 0":     "it firing warning",
		"cwp.DestroyOrderNum > 0 && 1 / cwp.DestroyOrderNum > 0": "it ok",
		"int(cwp.ProtectType) > 3":                               "it unknown problem invalid operation: int(FLAGSHIP_PREPAY)",
	}
	for when, want := range tests {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			if got := summary(judge(t, when, healthy())); got != want {
				t.Errorf("%s: %s, want %s", when, got, want)
			}
		})
	}
}

// Integers beyond what a float64 holds stay exact.
func TestLargeNumbers(t *testing.T) {
	t.Parallel()
	s := healthy()
	s.Overview.LicenseCnt = new(int64(9007199254740993))
	for when, want := range map[string]license.State{
		"cwp.LicenseCnt == 9007199254740993":     license.Firing,
		"cwp.LicenseCnt == 9007199254740992":     license.OK,
		"cwp.LicenseCnt + 1 == 9007199254740994": license.Firing,
	} {
		if f := judge(t, when, s); f.State != want || f.Evidence[0].Values[0].Text != "9007199254740993" {
			t.Errorf("%s: %s %v, want %s", when, summary(f), f.Evidence, want)
		}
	}
}
