package region_test

import (
	"testing"

	"licensewatch/cmd/licensewatch/internal/region"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	const (
		none    = "is none of Tencent Cloud: write it as ap-guangzhou, ap-singapore or eu-frankfurt"
		unknown = "is not among the regions known here, so it may be new, or not exist"
	)
	tests := map[string]struct{ wrong, odd string }{
		"ap-guangzhou":     {},
		"ap-shanghai-fsi":  {},
		"me-saudi-arabia":  {},
		"sa-saopaulo":      {},
		"ap-guangzou":      {wrong: "does not exist: did you mean ap-guangzhou?"},
		"ap-gaungzhou":     {wrong: "does not exist: did you mean ap-guangzhou?"},
		"ap-sinapore":      {wrong: "does not exist: did you mean ap-singapore?"},
		"eu-franfurt":      {wrong: "does not exist: did you mean eu-frankfurt?"},
		"na-siliconvaley":  {wrong: "does not exist: did you mean na-siliconvalley?"},
		"AP-Guangzhou":     {wrong: "does not exist: did you mean ap-guangzhou?"},
		"guangzhou":        {wrong: "does not exist: did you mean ap-guangzhou?"},
		"ap-guangzhou-3":   {wrong: "names a zone of a region: write ap-guangzhou"},
		"ap-beijing-1":     {wrong: "names a zone of a region: write ap-beijing"},
		"us-east-1":        {wrong: none},
		"cn-hangzhou":      {wrong: none},
		"ap-southeast-1":   {wrong: none},
		"Ganzhou City":     {wrong: none},
		"ap":               {wrong: none},
		"ap-osaka":         {odd: unknown},
		"ap-taipei":        {odd: unknown},
		"ap-changsha-ec":   {odd: unknown},
		"ap-shenzhen":      {odd: unknown + "; did you mean ap-shenzhen-fsi?"},
		"af-johannesburg":  {odd: unknown},
		"\x1b[31mguangzho": {wrong: none},
	}
	for name, want := range tests {
		wrong, odd := region.Check(name)
		if wrong != want.wrong || odd != want.odd {
			t.Errorf("%s: %q, %q, want %q, %q", name, wrong, odd, want.wrong, want.odd)
		}
	}
}

func TestOfStore(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"":              "",
		"file:///tmp/x": "",
		"%":             "",
		"cos://bucket-1250000000/x?region=ap-guangzhou":                         "",
		"cos://bucket-1250000000/x?region=ap-beijing-1":                         "",
		"cos://bucket-1250000000/x":                                             "",
		"cos://bucket-1250000000/x?region=ap-guangzou":                          "does not exist: did you mean ap-guangzhou?",
		"cos://bucket-1250000000/x?region=anywhere&endpoint=http://127.0.0.1:1": "",
	}
	for url, want := range tests {
		if wrong, odd := region.OfStore(url); wrong != want || odd != "" {
			t.Errorf("%s: %q, %q, want %q", url, wrong, odd, want)
		}
	}
}
