package config

import (
	"cmp"
	"log/slog"
	"slices"
	"strings"
	"unicode/utf8"

	"licensewatch/internal/suggest"
	"licensewatch/license"
)

// readChoice reads one of the options; a mistake leaves the default.
func readChoice[T ~string](f *settingMistakes, v variable, options ...T) T {
	for _, option := range options {
		if strings.EqualFold(v.value, string(option)) {
			return option
		}
	}
	if v.value != "" {
		f.addMistake(v, "%s is not known: write %s%s", quoteValue(v.value), suggest.List(options, "or"),
			didYouMean(v.value, options))
	}
	return T(v.fallback)
}

// readMode reads the mode of events that do not say one. Only those ask for a report.
func readMode(f *settingMistakes, v variable) license.Mode {
	before := len(f.mistakes)
	mode := readChoice(f, v, license.ModeDigest, license.ModeAlert)
	for i := range f.mistakes[before:] {
		f.mistakes[before+i].Text += "; report goes into a timer's argument, which counts before this setting"
	}
	return mode
}

// readLogLevel reads a level by its name.
func readLogLevel(f *settingMistakes, v variable) slog.Level {
	levels := map[string]slog.Level{
		"debug": slog.LevelDebug,
		"info":  slog.LevelInfo,
		"warn":  slog.LevelWarn,
		"error": slog.LevelError,
	}
	return levels[readChoice(f, v, "debug", "info", "warn", "error")]
}

// sourceWords are the words of LICENSEWATCH_SOURCES: the products, and each of their
// sources, but for those that are read behind another one.
func sourceWords() []string {
	var words []string
	for _, source := range license.Sources() {
		if source.Info().Behind != "" {
			continue
		}
		for _, word := range []string{source.Info().Service, string(source)} {
			if !slices.Contains(words, word) {
				words = append(words, word)
			}
		}
	}
	return words
}

// readSources reads the list of products and sources; a mistake in it leaves those that
// are right, or all of them.
func readSources(f *settingMistakes, v variable) []license.Source {
	words := sourceWords()
	chosen := map[string]bool{}
	items := readList(f, v)
	for _, item := range items {
		word := strings.ToLower(item)
		switch {
		case !slices.Contains(words, word):
			f.addMistake(v, "%s is not known: write %s%s", quoteValue(item), suggest.List(words, "or"),
				didYouMean(item, words))
		case chosen[word]:
			f.addMistake(v, "%q is there twice: write it once", word)
		default:
			chosen[word] = true
		}
	}
	if len(items) == 0 {
		f.addMistake(v, "names no source: write cwp, tcss or both")
	}
	return slices.DeleteFunc(license.Sources(), func(source license.Source) bool {
		service, word := source.Info().Service, string(cmp.Or(source.Info().Behind, source))
		if source.Info().Behind == "" && service != word && chosen[service] && chosen[word] {
			f.addMistake(v, "%q holds %q already: write one of them", service, word)
		}
		return len(chosen) > 0 && !chosen[word] && !chosen[service]
	})
}

// separators are what people write between several values in the place of a
// comma. A URL may hold the ASCII ones.
const (
	wideSeparators  = "，；、｜"
	plainSeparators = ";|"
)

// readList splits a value at its commas. Another separator is a mistake; the values
// are split there as well, to be judged one by one.
func readList(f *settingMistakes, v variable) []string {
	const all = plainSeparators + wideSeparators
	if i := strings.IndexAny(v.value, all); i >= 0 {
		r, _ := utf8.DecodeRuneInString(v.value[i:])
		f.addMistake(v, "has %q between its values: write a comma (,)", string(r))
	}
	return splitList(strings.Map(func(r rune) rune {
		if strings.ContainsRune(all, r) {
			return ','
		}
		return r
	}, v.value))
}

// splitList splits at commas and drops what is empty between them.
func splitList(text string) []string {
	var items []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
