package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Credentials are the keys Tencent Cloud API calls are signed with.
type Credentials struct {
	SecretID  Secret
	SecretKey Secret
	Token     Secret // zero for long-lived keys
	Source    string // where they were found, in words
}

// keyNames are the variables that hold one set of keys.
type keyNames struct{ id, key, token string }

// environmentKeys are the names that are looked for, in this order: those the
// platform injects, then those the SDKs and tools use.
func environmentKeys() []keyNames {
	return []keyNames{
		{"TENCENTCLOUD_SECRETID", "TENCENTCLOUD_SECRETKEY", "TENCENTCLOUD_SESSIONTOKEN"},
		{"TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "TENCENTCLOUD_TOKEN"},
	}
}

// errNoRole is what missing keys mean in the cloud.
var errNoRole = errors.New("the function has no execution role (TENCENTCLOUD_SECRETID is not set): " +
	"create a role from deploy/trust-policy.json and deploy/cam-policy.json, and name it as the function's execution role (role in serverless.yml)")

// LoadCredentials finds the keys: in an environment, or, outside the cloud, in
// ~/.tencentcloud/credentials. They change while a process lives, so it is to be
// called each time they are used. No host is asked for keys.
func LoadCredentials(read Environment) (Credentials, error) {
	environment := read()
	for _, names := range environmentKeys() {
		c, err := names.readKeys(environment)
		if err != nil || !c.SecretID.IsZero() {
			return c, err
		}
	}
	if environment["TENCENTCLOUD_RUNENV"] == "SCF" {
		return Credentials{}, errNoRole
	}
	return credentialsFile()
}

// readKeys reads one set of keys; it is zero when none of it is there.
func (n keyNames) readKeys(environment map[string]string) (Credentials, error) {
	read := func(name string) Secret { return NewSecret(strings.TrimSpace(environment[name])) }
	c := Credentials{
		SecretID:  read(n.id),
		SecretKey: read(n.key),
		Token:     read(n.token),
		Source:    "environment (" + n.id + ")",
	}
	return c.checkPair(n.id, n.key)
}

// checkPair refuses half a pair; the names say what the halves are called.
func (c Credentials) checkPair(id, key string) (Credentials, error) {
	if c.SecretID.IsZero() == c.SecretKey.IsZero() {
		return c, nil
	}
	missing, there := id, key
	if c.SecretKey.IsZero() {
		missing, there = key, id
	}
	return Credentials{}, fmt.Errorf("%s is missing: %s is useless without it; set both or neither", missing, there)
}

// Credentials are the keys that LoadCredentials finds where the settings were found; for
// a Config that was not loaded, in the environment of the process.
func (c Config) Credentials() (Credentials, error) {
	if c.environment == nil {
		return LoadCredentials(ProcessEnvironment)
	}
	return LoadCredentials(c.environment)
}

// Keys are the Credentials, for who asks at every try.
func (c Config) Keys() (id, key, token string, err error) {
	found, err := c.Credentials()
	return found.SecretID.Reveal(), found.SecretKey.Reveal(), found.Token.Reveal(), err
}

// credentialsFile reads the keys of the section [default].
func credentialsFile() (Credentials, error) {
	home, err := os.UserHomeDir()
	if err != nil {
		return Credentials{}, errors.New("no credentials: set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY (there is no home directory to look for .tencentcloud/credentials)")
	}
	path := filepath.Join(home, ".tencentcloud", "credentials")
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return Credentials{}, fmt.Errorf("no credentials: set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or write them as secret_id and secret_key under [default] into %s", path)
	}
	if err != nil {
		return Credentials{}, fmt.Errorf("read credentials: %w", err)
	}
	keys, err := defaultSection(string(data))
	if err != nil {
		return Credentials{}, fmt.Errorf("%s: %w", path, err)
	}
	c, err := Credentials{
		SecretID:  NewSecret(keys["secret_id"]),
		SecretKey: NewSecret(keys["secret_key"]),
		Token:     NewSecret(keys["token"]),
		Source:    path,
	}.checkPair("secret_id", "secret_key")
	if err == nil && c.SecretID.IsZero() {
		err = errors.New("the section [default] holds no secret_id and secret_key")
	}
	if err != nil {
		return Credentials{}, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// defaultSection reads name = value lines under [default]. Lines that begin
// with # or ; are comments. An error gives the line's number, never its text.
func defaultSection(text string) (map[string]string, error) {
	keys := map[string]string{}
	section, number := "", 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		if line[0] == '[' && line[len(line)-1] == ']' {
			section = strings.TrimSpace(line[1 : len(line)-1])
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			return nil, fmt.Errorf("line %d is neither a [section] nor a name = value", number)
		}
		if section == "default" {
			keys[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return keys, nil
}
