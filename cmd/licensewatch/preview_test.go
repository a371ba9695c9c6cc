package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"licensewatch/internal/simulator"
)

var requestIDs = regexp.MustCompile(`request [0-9a-f-]{36}`)

// previewed holds what is to be shown: one finding of each severity, one source unread.
const previewed = `version: 1
read_at: 2026-11-22T09:07:00+08:00
account: "100000000001"
site: intl
cwp: {LicenseCnt: 20, NotExpiredLicenseCnt: 20, UsedLicenseCnt: 5, ExpireLicenseCnt: 0, NearExpiryLicenseCnt: 3, AutoRepurchaseSwitch: false}
orders:
  - {ResourceId: cwp-aaaa, LicenseType: 1, OrderStatus: 1, AutoRenewFlag: 2, LicenseCnt: 3, Deadline: "2026-11-24 23:59:59"}
failed: {tcss: AuthFailure.UnauthorizedOperation}
`

// healthyFile holds nothing to say.
const healthyFile = `version: 1
cwp: {ExpireLicenseCnt: 0, NearExpiryLicenseCnt: 0}
`

func previewFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "s.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestPreview(t *testing.T) {
	file := previewFile(t, previewed)
	for name, args := range map[string][]string{
		"preview.txt":        {},
		"preview-zh.txt":     {"--language", "zh", "--mode", "alert"},
		"preview-later.txt":  {"--at", "2026-11-25T09:00:00+08:00"},
		"preview-slack.json": {"--to", "slack", "--mention", "here,U0123456789"},
		"preview-wecom.json": {"--to", "wecom", "--mention", "zhangsan"},
	} {
		t.Run(name, func(t *testing.T) {
			code, out, errs := command(t, nil, append([]string{"preview", file}, args...)...)
			if code != exitFine || errs != "" {
				t.Fatalf("exit %d: %s", code, errs)
			}
			golden(t, name, out)
		})
	}
}

// TestPreviewedPayloads are such as the chats take.
func TestPreviewedPayloads(t *testing.T) {
	file := previewFile(t, previewed)
	_, slack, _ := command(t, nil, "preview", file, "--to", "slack", "--mention", "here")
	if err := simulator.CheckSlackPayload([]byte(slack)); err != nil {
		t.Error(err)
	}
	_, wecom, errs := command(t, map[string]string{"LICENSEWATCH_WECOM_MENTION": "@all"}, "preview", file, "--to", "wecom")
	if _, err := simulator.CheckWeComPayload([]byte(wecom)); err != nil {
		t.Error(err)
	}
	wantIn(t, "message", errs, "calls @all")
}

func TestPreviewPage(t *testing.T) {
	code, out, errs := command(t, nil, "preview", previewFile(t, previewed), "--to", "html")
	if code != exitFine || errs != "" {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantIn(t, "page", out, "<!doctype html>", "cwp-aaaa", "Slack", "WeCom", "of 4096 bytes")
}

// TestPreviewReadsTheSettings where no flag says otherwise.
func TestPreviewReadsTheSettings(t *testing.T) {
	own := previewFile(t, "version: 1\nrules:\n  - {id: mine, severity: info, when: cwp.LicenseCnt == 20, title: \"Twenty it is\"}\n")
	settings := map[string]string{
		"LICENSEWATCH_RULES_FILE": own,
		"LICENSEWATCH_SOURCES":    "cwp",
		"LICENSEWATCH_TIMEZONE":   "UTC",
	}
	code, out, errs := command(t, settings, "preview", previewFile(t, previewed))
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantIn(t, "output", out, "Twenty it is", "01:07 (UTC)")
	if strings.Contains(out, "Container Security") {
		t.Errorf("a source that is not watched is mentioned:\n%s", out)
	}
	code, out, _ = command(t, nil, "preview", previewFile(t, previewed), "--rules", own)
	if code != exitFine {
		t.Errorf("exit %d", code)
	}
	wantIn(t, "output", out, "Twenty it is")
}

// TestPreviewOfAnAnswer: an answer as the API gives it has neither a time nor a
// site.
func TestPreviewOfAnAnswer(t *testing.T) {
	code, out, errs := command(t, nil, "preview", "../../testdata/api/tcss-DescribePurchaseStateInfo.json", "--site", "intl")
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantIn(t, "output", out, "International site", "Nov 22, 09:07", "isolated")
}

func TestPreviewOfNothingDue(t *testing.T) {
	code, out, errs := command(t, nil, "preview", previewFile(t, healthyFile), "--mode", "alert", "--to", "slack")
	if code != exitFine || out != "" {
		t.Errorf("exit %d: %s", code, out)
	}
	wantIn(t, "message", errs, "No message: nothing is due")
	_, out, _ = command(t, nil, "preview", previewFile(t, healthyFile), "--mode", "digest", "--to", "slack")
	if !json.Valid([]byte(out)) {
		t.Errorf("a digest is always sent:\n%s", out)
	}
}

func TestPreviewFromStandardInput(t *testing.T) {
	file, err := os.Open(previewFile(t, previewed))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	before := os.Stdin
	t.Cleanup(func() { os.Stdin = before })
	os.Stdin = file
	code, out, errs := command(t, nil, "preview", "-")
	if code != exitFine {
		t.Fatalf("exit %d: %s", code, errs)
	}
	wantIn(t, "output", out, "cwp-aaaa")
}

func TestPreviewUsedWrongly(t *testing.T) {
	file := previewFile(t, previewed)
	for line, test := range map[string]struct {
		code int
		want string
	}{
		"":                                 {exitUsage, "which snapshot?"},
		"gone.yaml":                        {exitUsage, "the snapshot gone.yaml cannot be read: no such file"},
		"FILE --to slck":                   {exitUsage, "did you mean slack?"},
		"FILE --language fr":               {exitUsage, `--language "fr" is not known: write zh or en`},
		"FILE --mode weekly":               {exitUsage, `--mode "weekly" is`},
		"FILE --site us":                   {exitUsage, `--site "us" is`},
		"FILE --mention here":              {exitUsage, "--to and a chat"},
		"FILE --to slack --mention bob":    {exitUsage, `--mention "bob" cannot be called`},
		"FILE --rules gone.yaml":           {exitUsage, "--rules: gone.yaml cannot be read: no such file"},
		"FILE --at tomorrow":               {exitUsage, "2026-11-22T09:07:00+08:00"},
		"FILE --rules FILE":                {exitFound, "a rules file has no key"},
		previewFile(t, "version: 1\nx: 1"): {exitFound, "s.yaml:2:1: a snapshot has no key"},
	} {
		t.Run(line, func(t *testing.T) {
			code, out, errs := command(t, nil, append([]string{"preview"}, strings.Fields(strings.ReplaceAll(line, "FILE", file))...)...)
			if code != test.code || out != "" {
				t.Errorf("exit %d, want %d: %s", code, test.code, out)
			}
			wantIn(t, "error", errs, test.want)
		})
	}
	code, _, errs := command(t, map[string]string{"LICENSEWATCH_LANGUAGE": "fr"}, "preview", file)
	if code != exitFound {
		t.Errorf("exit %d", code)
	}
	wantIn(t, "error", errs, "LICENSEWATCH_LANGUAGE: ")
}
