package decode_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/tencent/internal/decode"
)

func TestInt(t *testing.T) {
	t.Parallel()
	tests := map[string]*int64{
		`317`:                   new(int64(317)),
		`"317"`:                 new(int64(317)),
		`" 317 "`:               new(int64(317)),
		`0`:                     new(int64(0)),
		`-1`:                    new(int64(-1)),
		`"-1"`:                  new(int64(-1)),
		`3.0`:                   new(int64(3)),
		`"3.00"`:                new(int64(3)),
		`3.17e2`:                new(int64(317)),
		`1E3`:                   new(int64(1000)),
		`9007199254740993`:      new(int64(9007199254740993)), // 2^53 + 1
		`9007199254740993.0`:    new(int64(9007199254740993)),
		`9223372036854775807`:   new(int64(9223372036854775807)),
		`"9223372036854775807"`: new(int64(9223372036854775807)),
		`9223372036854775808`:   nil,
		`1e19`:                  nil,
		`1e400`:                 nil,
		`3.5`:                   nil,
		`"3.5"`:                 nil,
		`"3.0.0"`:               nil,
		`1e-1`:                  nil,
		`""`:                    nil,
		`"xx"`:                  nil,
		`"NaN"`:                 nil,
		`"Inf"`:                 nil,
		`true`:                  nil,
		`{}`:                    nil,
		`[3]`:                   nil,
		`null`:                  nil,
		``:                      nil,
	}
	for raw, want := range tests {
		if diff := cmp.Diff(want, decode.Int(json.RawMessage(raw))); diff != "" {
			t.Errorf("Int(%s) (-want +got):\n%s", raw, diff)
		}
	}
}

func TestCount(t *testing.T) {
	t.Parallel()
	tests := map[string]*int64{`0`: new(int64(0)), `"5"`: new(int64(5)), `-1`: nil, `"-1"`: nil, `{}`: nil}
	for raw, want := range tests {
		if diff := cmp.Diff(want, decode.Count(json.RawMessage(raw))); diff != "" {
			t.Errorf("Count(%s) (-want +got):\n%s", raw, diff)
		}
	}
}

func TestBool(t *testing.T) {
	t.Parallel()
	tests := map[string]*bool{
		`true`:    new(true),
		`false`:   new(false),
		`"true"`:  new(true),
		`"False"`: new(false),
		`1`:       nil,
		`"yes"`:   nil,
		`{}`:      nil,
		`null`:    nil,
	}
	for raw, want := range tests {
		if diff := cmp.Diff(want, decode.Bool(json.RawMessage(raw))); diff != "" {
			t.Errorf("Bool(%s) (-want +got):\n%s", raw, diff)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	tests := map[string]*string{
		`"NORMAL"`:     new("NORMAL"),
		`""`:           new(""),
		`"容器"`:         new("容器"),
		`"\u5bb9\"\n"`: new("容\"\n"),
		`"\ud800"`:     new("\ufffd"),
		`12`:           new("12"),
		`-1.5`:         new("-1.5"),
		`true`:         nil,
		`{}`:           nil,
		`[]`:           nil,
		`null`:         nil,
		``:             nil,
	}
	for raw, want := range tests {
		if diff := cmp.Diff(want, decode.Text(json.RawMessage(raw))); diff != "" {
			t.Errorf("Text(%s) (-want +got):\n%s", raw, diff)
		}
	}
}
