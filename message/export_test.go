package message

import (
	"fmt"
	"reflect"

	"licensewatch/license"
)

// What the tests reach into, because it parses outside text.

func Clip(text string, limit int) string { return clip(text, limit) }

func Size(text string) int { return escapedSize(text) }

func SafeLink(link string) (string, bool) { return escapeLink(link) }

// Escapes gives a text as each channel escapes it.
func Escapes(text string) map[string]string {
	return map[string]string{
		"Slack":      slackMarkup.escape(text),
		"WeCom":      wecomMarkup.escape(text),
		"WeCom text": wecomTextMarkup.escape(text),
		"terminal":   terminalMarkup(true).escape(text),
	}
}

// ShortText is the content of WeCom's shortened message.
func ShortText(r license.Report, mention []string) string {
	return wecomShort(r, mention).Body.(wecomMessage).Text.Content
}

// PlainText is Slack's message without blocks.
func PlainText(r license.Report, mention []string) string {
	message, _ := fitToLimits(func(b bounds) document { return composeDocument(r, b) }, slackPlain(slackMention(r, mention)))
	return message.Text
}

// MissingWords lists the words a language lacks: fields that are empty, or
// whose maps lack a key that the other language has.
func MissingWords(language license.Language) []string {
	own, other := wordsOf(language), wordsOf(license.English)
	if language == license.English {
		other = wordsOf(license.Chinese)
	}
	return missing("words", reflect.ValueOf(*own), reflect.ValueOf(*other))
}

// isOptional says whether words are only there where their kind has a use for them.
func isOptional(words reflect.Type, name string) bool {
	return words == reflect.TypeFor[doubtKindWords]() && (name == "unasked" || name == "ofOrders")
}

// WebhookDoubts are the names of all kinds of doubts.
func WebhookDoubts() []string { return webhookDoubts[:] }

func missing(path string, own, other reflect.Value) []string {
	var lacking []string
	switch own.Kind() {
	case reflect.Struct:
		if own.Type() == reflect.TypeFor[counted]() {
			own, other = own.Field(1), other.Field(1)
			return missing(path, own, other)
		}
		for i := range own.NumField() {
			name := own.Type().Field(i).Name
			if isOptional(own.Type(), name) && own.Field(i).IsZero() && other.Field(i).IsZero() {
				continue
			}
			lacking = append(lacking, missing(path+"."+name, own.Field(i), other.Field(i))...)
		}
	case reflect.Array:
		for i := range own.Len() {
			lacking = append(lacking, missing(fmt.Sprintf("%s[%d]", path, i), own.Index(i), other.Index(i))...)
		}
	case reflect.Map:
		for _, key := range other.MapKeys() {
			if value := own.MapIndex(key); !value.IsValid() || value.Len() == 0 {
				lacking = append(lacking, path+"["+key.String()+"]")
			}
		}
		if own.Len() == 0 {
			lacking = append(lacking, path)
		}
	case reflect.Bool:
	default:
		if own.Len() == 0 {
			lacking = append(lacking, path)
		}
	}
	return lacking
}
