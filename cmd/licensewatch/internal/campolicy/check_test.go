package campolicy_test

import (
	"strings"
	"testing"

	"licensewatch/cmd/licensewatch/internal/campolicy"
	"licensewatch/config"
)

const (
	apis    = `"cwp:DescribeLicenseGeneral","cwp:DescribeLicenseList","cwp:DescribeMachineGeneral", "cwp:DescribeLicenseBindList","cwp:ExportLicenseDetail","cwp:ExportTasks","tcss:DescribePurchaseStateInfo"`
	objects = `"qcs::cos:ap-guangzhou:uid/1250000000:bucket-1250000000/licensewatch/*"`
	cosAll  = `"name/cos:GetObject","name/cos:PutObject","name/cos:DeleteObject"`
)

// policyOf writes a policy of these statements, a line each.
func policyOf(statements ...string) string {
	return "{\"version\":\"2.0\",\"statement\":[\n" + strings.Join(statements, ",\n") + "\n]}"
}

// allowing is a statement; more stands before its end.
func allowing(actions, resources, more string) string {
	return `{"effect":"allow","action":[` + actions + `],"resource":[` + resources + `]` + more + `}`
}

func denying(actions, resources, more string) string {
	return strings.Replace(allowing(actions, resources, more), "allow", "deny", 1)
}

// TestDeniedOnly: an action that is only denied is not one in other letters.
func TestDeniedOnly(t *testing.T) {
	t.Parallel()
	file := policyOf(strings.Replace(allowing(apis, `"*"`, ""), `"cwp:ExportTasks",`, "", 1), denying(`"cwp:ExportTasks"`, `"*"`, ""))
	got := lines(campolicy.Check([]byte(file), needs(t, defaults()), campolicy.Off(defaults())))
	wantLines(t, got, []string{"mistake cwp:ExportTasks is not allowed", "mistake 3:28: denies cwp:ExportTasks"})
	if strings.Contains(strings.Join(got, "\n"), "is not the same") {
		t.Errorf("says %q", got)
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	all := allowing(apis, `"*"`, "")
	tests := map[string]struct {
		policy string
		want   []string
	}{
		"just right":               {policyOf(all), nil},
		"text instead of lists":    {policyOf(all, `{"effect":"deny","action":"cvm:*","resource":"*"}`), nil},
		"with prefix":              {policyOf(strings.ReplaceAll(all, `"cwp:`, `"name/cwp:`)), nil},
		"one missing":              {policyOf(strings.Replace(all, `"cwp:ExportTasks",`, "", 1)), []string{"mistake cwp:ExportTasks is not allowed, and is needed for the export of the license details"}},
		"other letters":            {policyOf(strings.Replace(all, "cwp:ExportTasks", "cwp:exporttasks", 1)), []string{`mistake cwp:ExportTasks is not allowed, and is needed for the export of the license details; "cwp:exporttasks" is not the same`, `warning 2:170: "cwp:exporttasks" is not needed`}},
		"in two statements":        {policyOf(allowing(`"cwp:Export*"`, `"*"`, ""), all), []string{`warning 2:29: "cwp:Export*" allows more than is needed: write cwp:ExportLicenseDetail and cwp:ExportTasks`}},
		"everything":               {policyOf(allowing(`"*"`, `"*"`, "")), []string{`warning 2:29: "*" allows more than is needed`}},
		"something else":           {policyOf(all, allowing(`"cvm:RunInstances","cam:*"`, `"*"`, "")), []string{`warning 3:29: "cvm:RunInstances" is not needed`, `warning 3:48: "cam:*" is not needed`}},
		"a store without settings": {policyOf(all, allowing(cosAll, objects, "")), []string{"the store in COS is switched off", "the store in COS", "the store in COS"}},
		"concrete resource":        {policyOf(allowing(apis, `"qcs::cwp:ap-guangzhou:uin/100000000001:machine/*"`, "")), many(7, `CAM does not authorize it per resource`)},
		"a whole service":          {policyOf(allowing(strings.TrimSuffix(apis, `,"tcss:DescribePurchaseStateInfo"`), `"qcs::cwp:::*"`, ""), allowing(`"tcss:DescribePurchaseStateInfo"`, `"*"`, "")), nil},
		"another whole service":    {policyOf(allowing(apis, `"qcs::cos:::*"`, "")), many(7, `is needed on the resource "*"`)},
		"denied":                   {policyOf(all, denying(`"cwp:Describe*"`, `"*"`, "")), []string{"mistake 3:28: denies cwp:DescribeLicenseBindList", "mistake 3:28: denies cwp:DescribeLicenseGeneral", "mistake 3:28: denies cwp:DescribeLicenseList", "mistake 3:28: denies cwp:DescribeMachineGeneral"}},
		"denied under a condition": {policyOf(all, denying(`"cwp:ExportTasks"`, `"*"`, `,"condition":{"ip_not_equal":{"qcs:ip":["10.0.0.0/8"]}}`)), []string{"warning 3:28: denies cwp:ExportTasks under a condition (ip_not_equal)"}},
		"allowed conditionally":    {policyOf(allowing(apis, `"*"`, `,"condition":{"ip_equal":{"qcs:ip":["10.0.0.0/8"]}}`)), many(7, "warning 2:1: allows ")},
		"a denied machine":         {policyOf(all, denying(`"cwp:*"`, `"qcs::cwp:::machine/x"`, "")), nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := campolicy.Check([]byte(test.policy), needs(t, defaults()), campolicy.Off(defaults()))
			wantLines(t, lines(report), test.want)
		})
	}
}

func many(n int, text string) []string {
	var list []string
	for range n {
		list = append(list, text)
	}
	return list
}

func TestCheckOfAStore(t *testing.T) {
	t.Parallel()
	all := allowing(apis, `"*"`, "")
	tests := map[string]struct {
		statement string
		want      []string
	}{
		"just right":         {allowing(cosAll, objects, ""), nil},
		"older spelling":     {allowing(cosAll, `"qcs::cos:ap-guangzhou:uid/1250000000:prefix//1250000000/bucket/licensewatch/*"`, ""), nil},
		"any region, own":    {allowing(cosAll, `"qcs::cos:::bucket-1250000000/licensewatch/*"`, ""), nil},
		"a whole bucket":     {allowing(cosAll, `"qcs::cos:ap-guangzhou:uid/1250000000:bucket-1250000000/*"`, ""), []string{`warning 3:108: "qcs::cos:ap-guangzhou:uid/1250000000:bucket-1250000000/*" covers more objects than are needed: write "qcs`}},
		"every bucket":       {allowing(cosAll, `"*"`, ""), []string{`warning 3:108: "*" covers more objects`}},
		"one object":         {allowing(cosAll, `"qcs::cos:ap-guangzhou:uid/1250000000:bucket-1250000000/licensewatch/ledger.json"`, ""), many(3, "this does not cover")},
		"another folder":     {allowing(cosAll, `"qcs::cos:ap-guangzhou:uid/1250000000:bucket-1250000000/other/*"`, ""), append(many(3, "this does not cover"), "is not needed: the store in COS lies in")},
		"another bucket":     {allowing(cosAll, `"qcs::cos:ap-guangzhou:uid/1250000000:backup-1250000000/licensewatch/*"`, ""), append(many(3, "this does not cover"), "is not needed: the store in COS lies in")},
		"another region":     {allowing(cosAll, `"qcs::cos:ap-beijing:uid/1250000000:bucket-1250000000/licensewatch/*"`, ""), append(many(3, "mistake 3:108: "), "is not needed")},
		"uin for uid":        {allowing(cosAll, `"qcs::cos:ap-guangzhou:uin/1250000000:bucket-1250000000/licensewatch/*"`, ""), append(many(3, "this does not cover"), "is not needed")},
		"five parts":         {allowing(cosAll, `"qcs:cos:ap-guangzhou:uid/1250000000:bucket-1250000000/licensewatch/*"`, ""), append([]string{"mistake 3:108: the resource has 5 parts instead of six"}, append(many(3, "this does not cover"), "is not needed")...)},
		"no delete":          {allowing(`"name/cos:GetObject","name/cos:PutObject"`, objects, ""), []string{"mistake name/cos:DeleteObject is not allowed, and is needed for the store in COS"}},
		"all of COS":         {allowing(`"name/cos:*"`, objects, ""), []string{`warning 3:29: "name/cos:*" allows more than is needed: write name/cos:GetObject, name/cos:PutObject and name/cos:DeleteObject`}},
		"denied objects":     {allowing(cosAll, objects, "") + ",\n" + denying(`"name/cos:DeleteObject"`, `"qcs::cos:ap-guangzhou:uid/1250000000:bucket-1250000000/licensewatch/ledger*"`, ""), []string{"mistake 4:28: denies name/cos:DeleteObject"}},
		"denied elsewhere":   {allowing(cosAll, objects, "") + ",\n" + denying(`"name/cos:DeleteObject"`, `"qcs::cos:ap-guangzhou:uid/1250000000:bucket-1250000000/logs/*"`, ""), nil},
		"denied bucket-wide": {allowing(cosAll, objects, "") + ",\n" + denying(`"name/cos:Put*"`, `"qcs::cos:ap-guangzhou:uid/1250000000:bucket-1250000000/*"`, ""), []string{"mistake 4:28: denies name/cos:PutObject"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := campolicy.Check([]byte(policyOf(all, test.statement)), needs(t, withStore()), campolicy.Off(withStore()))
			wantLines(t, lines(report), test.want)
		})
	}
	mixed := policyOf(allowing(apis+","+cosAll, `"*"`, ""))
	wantLines(t, lines(campolicy.Check([]byte(mixed), needs(t, withStore()), nil)), []string{`"*" opens every object in COS: give the cos: actions a statement of their own`})
}

// TestCheckOfAnArchive: nobody may delete evidence, and what store and archive need is told apart.
func TestCheckOfAnArchive(t *testing.T) {
	t.Parallel()
	const archived = `"qcs::cos:ap-guangzhou:uid/1250000000:evidence-1250000000/licensewatch/*"`
	const cosArchive = `"name/cos:GetObject","name/cos:PutObject","name/cos:GetBucket"`
	const withDelete = cosArchive + `,"name/cos:DeleteObject"`
	const evidence = `"name/cos:DeleteObject" is not needed for the archive in COS: who may delete there can remove evidence, take it out`
	archiveOnly, both := defaults(), withStore()
	archiveOnly.ArchiveURL = "cos://evidence-1250000000/licensewatch?region=ap-guangzhou"
	both.ArchiveURL = archiveOnly.ArchiveURL
	all, store := allowing(apis, `"*"`, ""), allowing(cosAll, objects, "")
	tests := map[string]struct {
		settings config.Config
		policy   string
		want     []string
	}{
		"as printed":             {both, policyOf(all, store, allowing(cosArchive, archived, "")), nil},
		"archive alone":          {archiveOnly, policyOf(all, allowing(cosArchive, archived, "")), nil},
		"delete":                 {both, policyOf(all, store, allowing(withDelete, archived, "")), []string{"warning 4:92: " + evidence}},
		"delete, archive alone":  {archiveOnly, policyOf(all, allowing(withDelete, archived, "")), []string{"warning 3:92: " + evidence}},
		"delete by wildcard":     {both, policyOf(all, store, allowing(cosArchive+`,"name/cos:Del*"`, archived, "")), []string{`"name/cos:Del*" is not needed for the archive in COS: who may`}},
		"every action":           {both, policyOf(all, store, allowing(`"name/cos:*"`, archived, "")), []string{`"name/cos:*" allows more than is needed: write name/cos:GetObject, name/cos:PutObject and name/cos:GetBucket`}},
		"listing the store":      {both, policyOf(all, allowing(cosAll+`,"name/cos:GetBucket"`, objects, ""), allowing(cosArchive, archived, "")), []string{`"name/cos:GetBucket" is needed for the archive in COS only: not on these objects`}},
		"one statement for both": {both, policyOf(all, allowing(cosAll+`,"name/cos:GetBucket"`, objects+","+archived, "")), nil},
		"both buckets, whole": {both, policyOf(all, allowing(cosAll+`,"name/cos:GetBucket"`, `"qcs::cos:ap-guangzhou:uid/1250000000:*"`, "")),
			[]string{`covers more objects than are needed: write ` + objects + " and " + archived}},
		"a third bucket": {both, policyOf(all, store, allowing(cosArchive, archived, ""), allowing(`"name/cos:GetObject"`, `"qcs::cos:ap-guangzhou:uid/1250000000:logs-1250000000/*"`, "")),
			[]string{"is not needed: the store in COS lies in " + objects + " and the archive in COS lies in " + archived}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := campolicy.Check([]byte(test.policy), needs(t, test.settings), campolicy.Off(test.settings))
			wantLines(t, lines(report), test.want)
		})
	}
}

func TestCheckOfTheForm(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		policy string
		want   []string
	}{
		"nothing":          {" \n", []string{"mistake is empty"}},
		"cut":              {"{\"version\":\"2.0\",\n\"statement\":[", []string{"mistake 2:14: is not JSON: it ends too early"}},
		"comment":          {"{\n  // of us\n}", []string{"mistake 2:3: is not JSON: comments are not allowed"}},
		"trailing comma":   {"{\"version\":\"2.0\",\n}", []string{"mistake 2:1: is not JSON: the comma before it must go"}},
		"curly quotation":  {"{“version”:“2.0”}", []string{"mistake 1:2: is not JSON: only straight double quotation marks"}},
		"two documents":    {"{} {}", []string{"mistake 1:4: is not JSON: "}},
		"a list":           {"[]", []string{"mistake 1:1: is no policy"}},
		"AWS spelling":     {`{"Version":"2.0","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`, []string{`"Version" must be written in small letters`, `"Statement" must be`, `"Effect" must be`, `effect must be "allow" or "deny"`, `"Action" must be`, `"Resource" must be`}},
		"version":          {`{"version":2.0,"statement":[` + allowing(apis, `"*"`, "") + `]}`, []string{`mistake 1:12: version must be the text "2.0"`}},
		"one statement":    {`{"version":"2.0","statement":` + allowing(apis, `"*"`, "") + `}`, []string{"warning 1:30: statement is an object"}},
		"no statement":     {`{"version":"2.0"}`, []string{`mistake 1:1: lacks "statement"`}},
		"empty statement":  {`{"version":"2.0","statement":[]}`, []string{"mistake 1:30: statement must be a list"}},
		"twice":            {`{"version":"2.0","version":"2.0","statement":[` + allowing(apis, `"*"`, "") + `]}`, []string{`mistake 1:18: "version" stands there twice`}},
		"unknown key":      {policyOf(allowing(apis, `"*"`, `,"sid":"x"`)), []string{`mistake 2:239: "sid" is no key of CAM here: there are effect, action, resource and condition`}},
		"no resource":      {policyOf(`{"effect":"deny","action":"cvm:*"}`, allowing(apis, `"*"`, "")), []string{`mistake 2:1: lacks "resource"`}},
		"number as action": {policyOf(allowing(apis+",1e999", `"*"`, "")), []string{"action must hold texts"}},
		"no actions":       {policyOf(allowing(apis, `"*"`, ""), denying("", `"*"`, "")), []string{"mistake 3:27: action must be a text or a list of texts"}},
		"statement a text": {policyOf(allowing(apis, `"*"`, ""), `"x"`), []string{"mistake 3:1: a statement must be an object"}},
		"trust policy":     {policyOf(`{"effect":"allow","action":"name/sts:AssumeRole","principal":{"service":["scf.qcloud.com"]}}`), []string{"mistake 2:62: principal belongs in a trust policy"}},
		"too large":        {strings.Repeat(" ", campolicy.MaxFile) + "{}", []string{"mistake is larger than any CAM policy"}},
		"byte order mark":  {"\ufeff" + policyOf(allowing(apis, `"*"`, "")), nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report := campolicy.Check([]byte(test.policy), nil, nil)
			if report.Mistakes() == 0 {
				report = campolicy.Check([]byte(test.policy), needs(t, defaults()), nil)
			}
			wantForm(t, report, test.want)
		})
	}
}

// wantForm compares the findings about a file's form; without needs, everything
// that is allowed is too much.
func wantForm(t *testing.T, report campolicy.Report, want []string) {
	t.Helper()
	var got []string
	for _, line := range lines(report) {
		if !strings.Contains(line, "is not needed by licensewatch") {
			got = append(got, line)
		}
	}
	wantLines(t, got, want)
}

func TestCheckTrust(t *testing.T) {
	t.Parallel()
	trusting := func(principal, more string) string {
		return policyOf(`{"effect":"allow","action":"name/sts:AssumeRole","principal":` + principal + more + `}`)
	}
	tests := map[string]struct {
		policy string
		want   []string
	}{
		"just right":    {trusting(`{"service":["scf.qcloud.com"]}`, ""), nil},
		"without list":  {trusting(`{"service":"scf.qcloud.com"}`, ""), nil},
		"short action":  {strings.Replace(trusting(`{"service":"scf.qcloud.com"}`, ""), "name/", "", 1), nil},
		"somebody else": {trusting(`{"service":["cvm.qcloud.com"]}`, ""), []string{"mistake lets nobody run the function", "warning 2:74: cvm.qcloud.com may take on the role too"}},
		"an account":    {trusting(`{"service":["scf.qcloud.com"],"qcs":["qcs::cam::uin/100000000001:root"]}`, ""), []string{"warning 2:99: qcs::cam::uin/100000000001:root may take on the role too"}},
		"a condition":   {trusting(`{"service":["scf.qcloud.com"]}`, `,"condition":{"string_equal":{"x":"y"}}`), []string{"warning 2:1: trusts scf.qcloud.com only under a condition (string_equal)"}},
		"denied":        {strings.Replace(trusting(`{"service":["scf.qcloud.com"]}`, ""), "allow", "deny", 1), []string{"mistake lets nobody run", "mistake 2:73: denies the role"}},
		"no object":     {trusting(`"scf.qcloud.com"`, ""), []string{"mistake lets nobody", `mistake 2:62: principal must be an object such as {"service": ["scf.qcloud.com"]}`}},
		"permissions":   {policyOf(allowing(apis, `"*"`, "")), []string{"resource belongs in a permission policy"}},
		"another right": {strings.Replace(trusting(`{"service":["scf.qcloud.com"]}`, ""), "AssumeRole", "GetFederationToken", 1), []string{"mistake lets nobody"}},
		"not JSON":      {"trust", []string{"mistake 1:4: is not JSON"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantLines(t, lines(campolicy.CheckTrust([]byte(test.policy))), test.want)
		})
	}
}

// FuzzCheck: whatever a file holds, it is judged without a panic, every place
// lies in the file, and nothing that lacks an action passes.
func FuzzCheck(f *testing.F) {
	f.Add([]byte(policyOf(allowing(apis, `"*"`, ""))))
	f.Add([]byte(policyOf(allowing(cosAll, objects, ""), denying(`"*"`, `"*"`, `,"condition":{}`))))
	f.Add([]byte(`{"version":"2.0","statement":{"effect":1,"action":[[]],"resource":{}}}`))
	f.Add([]byte("{\"statement\":[{},null,\"\xff\"]}"))
	f.Add([]byte("“"))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := campolicy.Needs(withStore())
		if err != nil {
			t.Fatal(err)
		}
		rows := strings.Count(string(data), "\n") + 1
		for _, report := range []campolicy.Report{campolicy.Check(data, list, nil), campolicy.CheckTrust(data)} {
			for _, finding := range report.Findings {
				if finding.Text == "" || finding.Line < 0 || finding.Line > rows || finding.Column < 0 || finding.Column > len(data)+1 {
					t.Errorf("%+v in %d lines", finding, rows)
				}
			}
			if report.Mistakes() == 0 && len(report.Missing) > 0 {
				t.Errorf("lacks %v, and is no mistake", report.Missing)
			}
		}
	})
}
