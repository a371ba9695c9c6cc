package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"licensewatch/archive"
	"licensewatch/license"
)

// readCSV reads a file of --csv, by its heads.
func readCSV(t *testing.T, dir, name string) []map[string]string {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, name+".csv")) //nolint:gosec // a file of the test
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	lines, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var rows []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, head := range lines[0] {
			row[strings.TrimPrefix(head, "\uFEFF")] = line[i]
		}
		rows = append(rows, row)
	}
	return rows
}

// TestReportRecomputed: every figure of the tables is found anew from the records alone, by a
// reading of their JSON that shares nothing with the command.
func TestReportRecomputed(t *testing.T) {
	fleets := uint64(6)
	if text := os.Getenv("PROVE"); text != "" {
		fleets = 200
	}
	for seed := range fleets {
		dir, out := filepath.Join(t.TempDir(), "archive"), filepath.Join(t.TempDir(), "tables")
		newMadeFleet(1+int(seed%4), 3+int(seed%9), 5+int(seed%20), seed).seal(t, dir)
		code, _, errs := command(t, nil, "report", "--archive", dir, "--csv", out, "--language", "en")
		if code != exitFine {
			t.Fatalf("exit %d: %s", code, errs)
		}
		compareTables(t, out, rawRecords(t, dir))
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// rawRecord is a record as its files have it.
type rawRecord struct {
	account, name string
	reading       map[string]any
}

// rawRecords are all records of a directory, the oldest first.
func rawRecords(t *testing.T, dir string) []rawRecord {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*", "*", "*", "*", "*", "reading.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d readings: %v", len(files), err)
	}
	slices.Sort(files)
	var records []rawRecord
	for _, file := range files {
		data, err := os.ReadFile(file) //nolint:gosec // a file of the test
		if err != nil {
			t.Fatal(err)
		}
		var reading map[string]any
		if err := json.Unmarshal(data, &reading); err != nil {
			t.Fatal(err)
		}
		below, _ := filepath.Rel(dir, filepath.Dir(file))
		account, name, _ := strings.Cut(filepath.ToSlash(below), "/")
		records = append(records, rawRecord{account, name, reading})
	}
	return records
}

// text is a field of a section as a table writes it.
func (r rawRecord) text(section, field string) string {
	fields, _ := r.reading[section].(map[string]any)
	return anyText(fields[field])
}

func anyText(value any) string {
	switch v := value.(type) {
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case string:
		return v
	default:
		return ""
	}
}

// compareTables compares the tables with what the records say.
func compareTables(t *testing.T, out string, records []rawRecord) {
	t.Helper()
	newest, days := map[string]rawRecord{}, map[string]map[string]rawRecord{}
	for _, r := range records {
		newest[r.account] = r
		day := strings.ReplaceAll(r.name[:10], "/", "-")
		if days[day] == nil {
			days[day] = map[string]rawRecord{}
		}
		days[day][r.account] = r
	}
	accounts := readCSV(t, out, "accounts")
	if len(accounts) != len(newest) {
		t.Errorf("%d accounts, there are %d", len(accounts), len(newest))
	}
	for _, row := range accounts {
		r := newest[row["account"]]
		want := []string{r.text("cwp", "NotExpiredLicenseCnt"), r.text("cwp", "UsedLicenseCnt"), r.text("machines", "MachineCnt"),
			r.text("machines", "BaseMachineCnt"), r.text("machines", "NotProtectMachineCnt"), r.account + "/" + r.name}
		got := []string{row["valid"], row["used"], row["machines"], row["basic_machines"], row["unprotected"], row["record"]}
		if !slices.Equal(want, got) {
			t.Errorf("%s: %q, the record has %q", row["account"], got, want)
		}
	}
	for _, row := range readCSV(t, out, "days-by-account") {
		r := days[row["day"]][row["account"]]
		if want := r.text("cwp", "UsedLicenseCnt"); want == "" || row["used"] != want || row["machines"] != r.text("machines", "MachineCnt") {
			t.Errorf("%s %s: %s in use, the record has %q", row["day"], row["account"], row["used"], want)
		}
	}
	compareDays(t, readCSV(t, out, "days"), days)
	compareDeadlines(t, readCSV(t, out, "deadlines"), newest)
}

// compareDays compares the sums by day: there is one where every account that began has a record.
func compareDays(t *testing.T, rows []map[string]string, days map[string]map[string]rawRecord) {
	t.Helper()
	begun := map[string]bool{}
	for _, row := range rows {
		sum, isWhole := 0, true
		for account := range days[row["day"]] {
			begun[account] = true
		}
		for account := range begun {
			r, ok := days[row["day"]][account]
			n, err := strconv.Atoi(r.text("cwp", "UsedLicenseCnt"))
			isWhole = isWhole && ok && err == nil
			sum += n
		}
		want := ""
		if isWhole {
			want = strconv.Itoa(sum)
		}
		if row["used"] != want {
			t.Errorf("%s: %q in use, the records add up to %q", row["day"], row["used"], want)
		}
	}
	if len(rows) == 0 {
		t.Error("no days")
	}
}

// compareDeadlines compares the orders with those of the newest records.
func compareDeadlines(t *testing.T, rows []map[string]string, newest map[string]rawRecord) {
	t.Helper()
	want := map[string]string{}
	for account, r := range newest {
		orders := r.reading["orders"].(map[string]any)["List"].([]any) //nolint:forcetypeassert // as the test wrote it
		for _, order := range orders {
			o := order.(map[string]any) //nolint:forcetypeassert // likewise
			if anyText(o["LicenseType"]) == strconv.Itoa(license.LicenseTypeProPostpay) {
				continue
			}
			end, err := time.ParseInLocation(time.DateTime, anyText(o["Deadline"]), license.APIZone)
			if err != nil {
				t.Fatal(err)
			}
			want[account+" "+anyText(o["ResourceId"])] = fmt.Sprint(anyText(o["LicenseCnt"]), " ", anyText(o["UsedLicenseCnt"]), " ", end.Format(time.RFC3339))
		}
	}
	got := map[string]string{}
	for _, row := range rows {
		got[row["account"]+" "+row["order"]] = row["licenses"] + " " + row["used"] + " " + row["end"]
	}
	if !maps.Equal(want, got) {
		t.Errorf("orders are\n%v\nthe records have\n%v", got, want)
	}
}

// TestReportWorkbook: the workbook has the numbers of the tables as numbers, times as times,
// sums as formulas, and frozen heads.
func TestReportWorkbook(t *testing.T) {
	dir, out, file := filepath.Join(t.TempDir(), "archive"), filepath.Join(t.TempDir(), "tables"), filepath.Join(t.TempDir(), "report.xlsx")
	newMadeFleet(3, 6, 12, 3).seal(t, dir)
	if code, _, errs := command(t, nil, "report", "--archive", dir, "--csv", out, "--bom", "--xlsx", file, "--language", "en"); code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	first, err := os.ReadFile(filepath.Join(out, "deadlines.csv")) //nolint:gosec // a file of the test
	if err != nil || !strings.HasPrefix(string(first), "\uFEFFaccount,") {
		t.Errorf("no mark: %v", err)
	}
	book, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = book.Close() }()
	if names := book.GetSheetList(); names[0] != "License report" || !slices.Contains(names, "Renewal plan") || !slices.Contains(names, "Evidence by day") {
		t.Errorf("sheets %q", names)
	}
	const sheet = "Deadlines"
	rows := readCSV(t, out, "deadlines")
	sum := 0
	for i, row := range rows {
		cell := func(column string) string {
			value, err := book.GetCellValue(sheet, fmt.Sprint(column, i+2), excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			return value
		}
		if cell("B") != row["order"] || cell("D") != row["licenses"] || cell("E") != row["used"] {
			t.Errorf("row %d: %s %s %s, the table has %v", i+2, cell("B"), cell("D"), cell("E"), row)
		}
		serial, err := strconv.ParseFloat(cell("G"), 64)
		end, _ := time.Parse(time.RFC3339, row["end"])
		if shown, _ := excelize.ExcelDateToTime(serial, false); err != nil || shown.Format(time.DateTime) != end.Format(time.DateTime) {
			t.Errorf("row %d ends %s, the table has %s (%v)", i+2, shown, row["end"], err)
		}
		if n, _ := strconv.Atoi(row["licenses"]); row["edition"] != "Container Security" { // which has cores
			sum += n
		}
	}
	at := fmt.Sprint("D", len(rows)+3)
	formula, err := book.GetCellFormula(sheet, at)
	if value, wrong := book.CalcCellValue(sheet, at); err != nil || formula != fmt.Sprintf(`SUMIF(C2:C%[1]d,"<>Container Security",D2:D%[1]d)`, len(rows)+1) || wrong != nil || strings.ReplaceAll(value, ",", "") != strconv.Itoa(sum) {
		t.Errorf("the sum is %q = %s, want %d (%v)", formula, value, sum, err)
	}
	shown, err := book.GetCellValue(sheet, at, excelize.Options{RawCellValue: true})
	if kind, _ := book.GetCellType(sheet, at); err != nil || shown != strconv.Itoa(sum) || kind == excelize.CellTypeFormula {
		t.Errorf("who does not calculate sees %q (%v), want the number %d (%v)", shown, kind, sum, err)
	}
	if panes, err := book.GetPanes(sheet); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("the heads are not frozen: %+v (%v)", panes, err)
	}
}

// TestReportOfHostileNames: whatever an order is called, it is text.
func TestReportOfHostileNames(t *testing.T) {
	names := []string{`<script>alert(1)</script>`, `"><svg onload=alert(1)>`, `=HYPERLINK("https://evil.example")`, "+1", "@x", "a\u202eb\x00c", "];DROP", "'; rm -rf ~; '",
		"x\nBEGIN:VEVENT", strings.Repeat("長", 300)}
	dir := filepath.Join(t.TempDir(), "archive")
	f := newMadeFleet(1, len(names), 1, 1)
	orders := f.makeOrders(0)
	for i := range orders {
		orders[i].ResourceId, orders[i].Alias = &names[i], &names[i]
		orders[i].LicenseType, orders[i].AutoRenewFlag = new(int64(license.LicenseTypePro)), new(int64(license.RenewalOff))
		orders[i].Deadline = new("2026-12-10 00:00:00")
		orders[i].Tags = []license.Tag{{TagKey: "owner", TagValue: names[i]}}
	}
	s := f.snapshot("100000000001", archiveStart, orders)
	sealRecords(t, dir, []archive.Unsealed{f.record(t, &s, archiveStart, "4f0000")}...)
	out := t.TempDir()
	file := func(name string) string { return filepath.Join(out, name) }
	code, _, errs := command(t, nil, "report", "--archive", dir, "--html", file("r.html"), "--csv", file("csv"), "--ics", file("r.ics"), "--xlsx", file("r.xlsx"), "--language", "en")
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	read := func(name string) string {
		data, err := os.ReadFile(file(name))
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	page := read("r.html")
	for _, left := range []string{"<script", "<svg onload", "\u202e", "\x00"} {
		if strings.Contains(page, left) {
			t.Errorf("the page has %q", left)
		}
	}
	wantIn(t, "page", page, "&lt;script&gt;alert(1)&lt;/script&gt;", `--InstanceId &#39;&#39;\&#39;&#39;; rm -rf ~; &#39;\&#39;&#39;&#39; `)
	for _, row := range readCSV(t, file("csv"), "deadlines") {
		if strings.ContainsAny(row["order"][:1], "=+@") || strings.ContainsAny(row["owner"][:1], "=+@") {
			t.Errorf("a table takes %q for a formula", row["order"])
		}
	}
	if n := strings.Count(read("r.ics"), "\r\nBEGIN:VEVENT"); n != len(names) {
		t.Errorf("the calendar has %d events", n)
	}
}

// TestReportWrongUse: what is wrong is named.
func TestReportWrongUse(t *testing.T) {
	dir, _ := newArchiveDir(t)
	prices := filepath.Join(t.TempDir(), "prices.yaml")
	if err := os.WriteFile(prices, []byte("version: 1\nprices:\n  - {edition: gold, term: soon, price: much, currency: yen}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"report":          "where to? Write one or more of --html, ",
		"report --html -": "--html -: standard output is not written to",
		"report --csv -":  "--csv -: standard output is not written to",
		"report --html x --archive " + dir + " --live":                            "--archive, --snapshot and --live exclude each other",
		"report --html x --archive " + dir + " --from 2027-01-01":                 "--from 2027-01-01 lies ahead",
		"report --html x --archive " + dir + " --from soon":                       `--from "soon" is no date`,
		"report --html x --archive " + dir + " --from 1990-01-01":                 "days apart, at most 7320 are looked at",
		"report --html x --archive " + dir + " --account 7":                       "--account 7: there are 100000000001",
		"report --html x --archive " + dir + " --language fr":                     "write en or zh",
		"report --html x --bom --archive " + dir:                                  "--bom is about the files of --csv",
		"report --html x --archive gone":                                          "gone is no directory",
		"report --html x":                                                         "which archive?",
		"report --html " + t.TempDir() + " --archive " + dir:                      "that is a directory",
		"report --html x --snapshot gone.json":                                    "gone.json cannot be read",
		"report --html x --account 1 --live":                                      "--account chooses accounts of an archive",
		"report --html x --archive " + dir + " --prices " + prices:                "prices.yaml:3:15: edition must be ultimate, pro, lightweight or tcss, not",
		"report --csv " + filepath.Join(prices, "below") + " --archive " + dir:    "name a directory that you may write to",
		"report --html x --archive " + dir + " --from 2026-12-01 --to 2026-11-01": "comes after --to",
		"report --html x --archive " + filepath.Join(dir, archiveAccount):         "is the folder of one account, not an archive",
	} {
		code, _, errs := command(t, nil, strings.Fields(line)...)
		if code == exitFine || !strings.Contains(errs, want) {
			t.Errorf("%s: exit %d: %s\nwant %s", line, code, errs, want)
		}
	}
	_ = os.Remove("x")
}
