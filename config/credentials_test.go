package config_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/config"
)

// keys are the credentials in the clear.
type keys struct{ ID, Key, Token string }

func opened(c config.Credentials) keys {
	return keys{c.SecretID.Reveal(), c.SecretKey.Reveal(), c.Token.Reveal()}
}

// home gives the process a home directory with this credentials file; without
// text there is none.
func home(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	path := filepath.Join(dir, ".tencentcloud", "credentials")
	if text == "" {
		return path
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const fileKeys = "[default]\nsecret_id = file-id\nsecret_key = file-key\n"

func TestCredentialsInOrder(t *testing.T) {
	injected := map[string]string{"SECRETID": "id1", "SECRETKEY": "key1", "SESSIONTOKEN": "token1"}
	usual := map[string]string{"SECRET_ID": "id2", "SECRET_KEY": " key2\n", "TOKEN": "token2"}
	both := maps.Clone(injected)
	maps.Copy(both, usual)
	tests := map[string]struct {
		variables  map[string]string
		want       keys
		wantSource string
	}{
		"injected by the platform": {injected, keys{"id1", "key1", "token1"}, "environment (TENCENTCLOUD_SECRETID)"},
		"usual names":              {usual, keys{"id2", "key2", "token2"}, "environment (TENCENTCLOUD_SECRET_ID)"},
		"injected win":             {both, keys{"id1", "key1", "token1"}, "environment (TENCENTCLOUD_SECRETID)"},
		"file":                     {nil, keys{"file-id", "file-key", ""}, "FILE"},
		"a token alone is nothing": {map[string]string{"SESSIONTOKEN": "t", "TOKEN": "t"}, keys{"file-id", "file-key", ""}, "FILE"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			setenv(t, nil)
			path := home(t, fileKeys)
			for name, value := range test.variables {
				t.Setenv("TENCENTCLOUD_"+name, value)
			}
			c, err := config.LoadCredentials(config.ProcessEnvironment)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, opened(c)); diff != "" {
				t.Errorf("keys differ (-want +got):\n%s", diff)
			}
			if want := strings.Replace(test.wantSource, "FILE", path, 1); c.Source != want {
				t.Errorf("source is %q, want %q", c.Source, want)
			}
		})
	}
}

func TestCredentialsAreReadAnew(t *testing.T) {
	setenv(t, nil)
	for _, id := range []string{"first", "second"} {
		t.Setenv("TENCENTCLOUD_SECRETID", id)
		t.Setenv("TENCENTCLOUD_SECRETKEY", "key")
		if c, err := config.LoadCredentials(config.ProcessEnvironment); err != nil || c.SecretID.Reveal() != id {
			t.Errorf("got %q with %v, want %q", c.SecretID.Reveal(), err, id)
		}
	}
}

func TestCredentialsMissing(t *testing.T) {
	tests := map[string]struct {
		variables map[string]string
		want      string
	}{
		"in the cloud":            {map[string]string{"RUNENV": "SCF"}, "the function has no execution role"},
		"in the cloud, a token":   {map[string]string{"RUNENV": "SCF", "SESSIONTOKEN": canary}, "the function has no execution role"},
		"no key injected":         {map[string]string{"SECRETID": canary}, "TENCENTCLOUD_SECRETKEY is missing"},
		"no id injected":          {map[string]string{"SECRETKEY": canary}, "TENCENTCLOUD_SECRETID is missing"},
		"no key":                  {map[string]string{"SECRET_ID": canary}, "TENCENTCLOUD_SECRET_KEY is missing"},
		"no id":                   {map[string]string{"SECRET_KEY": canary, "TOKEN": canary}, "TENCENTCLOUD_SECRET_ID is missing"},
		"half before a whole":     {map[string]string{"SECRETID": canary, "SECRET_ID": "i", "SECRET_KEY": "k"}, "TENCENTCLOUD_SECRETKEY is missing"},
		"halves of different kin": {map[string]string{"SECRETID": canary, "SECRET_KEY": canary}, "TENCENTCLOUD_SECRETKEY is missing"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			setenv(t, nil)
			home(t, fileKeys)
			for name, value := range test.variables {
				t.Setenv("TENCENTCLOUD_"+name, value)
			}
			assertNoKeys(t, test.want)
		})
	}
}

func TestCredentialsFile(t *testing.T) {
	tests := map[string]struct {
		text string
		want keys
	}{
		"as the SDK writes it": {fileKeys, keys{"file-id", "file-key", ""}},
		"with a token":         {fileKeys + "token=file-token", keys{"file-id", "file-key", "file-token"}},
		"loosely written":      {"\ufeff# mine\r\n; too\r\n[ default ]\r\nsecret_id=a=b\r\n\r\n secret_key =c \r\n", keys{"a=b", "c", ""}},
		"other sections":       {"[prod]\nsecret_id=x\nsecret_key=y\ntoken=z\n" + fileKeys + "[dev]\nsecret_id=x\nsecret_key=y\n", keys{"file-id", "file-key", ""}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			setenv(t, nil)
			home(t, test.text)
			c, err := config.LoadCredentials(config.ProcessEnvironment)
			if diff := cmp.Diff(test.want, opened(c)); diff != "" || err != nil {
				t.Errorf("keys differ (-want +got):\n%s\nerror: %v", diff, err)
			}
		})
	}
}

func TestCredentialsFileRefused(t *testing.T) {
	tests := map[string]struct{ text, want string }{
		"no file":          {"", "no credentials: set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or write them as secret_id and secret_key under [default] into "},
		"no section":       {"secret_id = " + canary + "\nsecret_key = " + canary, "the section [default] holds no secret_id and secret_key"},
		"other section":    {"[prod]\nsecret_id = " + canary + "\nsecret_key = " + canary, "the section [default] holds no secret_id and secret_key"},
		"half a pair":      {"[default]\nsecret_id = " + canary, "secret_key is missing"},
		"other half":       {"[default]\nsecret_key = " + canary, "secret_id is missing"},
		"not a line of it": {"[default]\n\nsecret_id " + canary, "line 3 is neither a [section] nor a name = value"},
		"json":             {`{"secretId": "` + canary + `"}`, "line 1 is neither a [section] nor a name = value"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			setenv(t, nil)
			path := home(t, test.text)
			assertNoKeys(t, test.want, path)
		})
	}
	t.Run("unreadable", func(t *testing.T) {
		setenv(t, nil)
		path := home(t, "")
		if err := os.MkdirAll(path, 0o700); err != nil { // a directory instead of the file
			t.Fatal(err)
		}
		assertNoKeys(t, "read credentials: ", path)
	})
	t.Run("no home", func(t *testing.T) {
		setenv(t, nil)
		t.Setenv("HOME", "")
		assertNoKeys(t, "no credentials: set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY (there is no home directory")
	})
}

// assertNoKeys checks that there is an error with these parts, and nothing else.
func assertNoKeys(t *testing.T, parts ...string) {
	t.Helper()
	c, err := config.LoadCredentials(config.ProcessEnvironment)
	if err == nil {
		t.Fatalf("keys from %s, want an error", c.Source)
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("error is %q, want one with %q", err, part)
		}
	}
	assertHidden(t, "the error", err.Error())
	if c != (config.Credentials{}) {
		t.Error("there are credentials beside the error")
	}
}
