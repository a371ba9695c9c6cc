package config_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"licensewatch/config"
	"licensewatch/notify"
)

const canary = "C4nary-9f8e7d6c5b4a39281706f5e4d3c2"

type (
	exported struct{ Secret config.Secret }
	hidden   struct{ secret config.Secret }
	deep     struct{ inner *hidden }
)

// TestSecretPrintsNowhere tries every way a value gets out by accident.
func TestSecretPrintsNowhere(t *testing.T) {
	t.Parallel()
	secret := config.NewSecret(canary)
	holders := map[string]any{
		"itself":                   secret,
		"pointer":                  &secret,
		"slice":                    []config.Secret{secret},
		"array":                    [1]config.Secret{secret},
		"map value":                map[string]config.Secret{"k": secret},
		"map key":                  map[config.Secret]string{secret: "v"},
		"exported field":           exported{secret},
		"pointer to field":         &exported{secret},
		"unexported field":         hidden{secret},
		"pointer to hidden field":  &hidden{secret},
		"hidden behind hidden":     deep{&hidden{secret}},
		"interface in slice":       []any{secret, hidden{secret}},
		"config":                   config.Config{HeartbeatURL: secret, Channels: config.ChannelsOf(notify.KindOf("slack"), []config.Secret{secret}, nil)},
		"credentials":              config.Credentials{SecretKey: secret},
		"error built around it":    errors.New(fmt.Sprint("calling ", secret, hidden{secret})),
		"struct behind an any key": map[any]int{hidden{secret}: 1},
	}
	for name, holder := range holders {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x", "%X", "%t", "%p", "%c", "%U", "%e", "%8.3v", "%o", "%b"} {
				assertHidden(t, verb, fmt.Sprintf(verb, holder))
			}
			assertHidden(t, "Sprint", fmt.Sprint(holder))
			var text, object bytes.Buffer
			slog.New(slog.NewTextHandler(&text, nil)).Info("m", "holder", holder, slog.Group("g", "holder", holder))
			slog.New(slog.NewJSONHandler(&object, nil)).Info("m", "holder", holder, slog.Group("g", "holder", holder))
			assertHidden(t, "slog text", text.String())
			assertHidden(t, "slog json", object.String())
			encoded, err := json.Marshal(holder)
			assertHidden(t, "json", fmt.Sprint(string(encoded), err))
			encoded, err = xml.Marshal(holder)
			assertHidden(t, "xml", fmt.Sprint(string(encoded), err))
			assertHidden(t, "cmp", cmp.Diff(holder, nil, cmp.Exporter(everyType)))
		})
	}
}

func assertHidden(t *testing.T, way, text string) {
	t.Helper()
	for start := range len(canary) - 11 {
		if strings.Contains(text, canary[start:start+12]) {
			t.Errorf("%s prints the secret: %s", way, text)
			return
		}
	}
}

func TestSecretMask(t *testing.T) {
	t.Parallel()
	secret := config.NewSecret(canary)
	encoded, err := json.Marshal(map[config.Secret]config.Secret{secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	got := []string{
		secret.String(), fmt.Sprintf("%d", secret), fmt.Sprintf("%#v", secret), secret.LogValue().String(), string(encoded),
	}
	want := []string{"[secret]", "[secret]", "[secret]", "[secret]", `{"[secret]":"[secret]"}`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("masks differ (-want +got):\n%s", diff)
	}
}

func TestSecretHolds(t *testing.T) {
	t.Parallel()
	a, b, other := config.NewSecret(canary), config.NewSecret(canary), config.NewSecret("other")
	var zero config.Secret
	if a.Reveal() != canary || zero.Reveal() != "" {
		t.Error("Reveal does not give what was put in")
	}
	if a.IsZero() || !zero.IsZero() || !config.NewSecret("").IsZero() {
		t.Error("IsZero is not whether there is a text")
	}
	if !a.Equal(b) || a.Equal(other) || a.Equal(zero) || !zero.Equal(config.NewSecret("")) {
		t.Error("Equal is not whether the texts are the same")
	}
}

// everyType lets cmp look into unexported fields.
func everyType(reflect.Type) bool { return true }
