// Package setup finds the rules and the accounts that the settings name, and words what is
// wrong with settings, rules and accounts: for the operator, and for a chat.
package setup

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"licensewatch/config"
	"licensewatch/fleet"
	"licensewatch/internal/smallfile"
	"licensewatch/rules"
)

// LoadRules loads the rules of the setting LICENSEWATCH_RULES_FILE; the empty
// name is the built-in rules. A relative name is taken from the function's
// package on SCF, else from the working directory. Mistakes explains the error.
func LoadRules(file string) (*rules.Set, error) {
	if file == "" {
		return rules.Default(), nil
	}
	data, err := readRules(file)
	if err != nil {
		return nil, err
	}
	return rules.Load(file, data)
}

// DescribeRules describes the rules that LoadRules loads, and those that their
// file switches off. Mistakes explains the error.
func DescribeRules(file string) ([]rules.Description, error) {
	if file == "" {
		return rules.Describe("", nil)
	}
	data, err := readRules(file)
	if err != nil {
		return nil, err
	}
	return rules.Describe(file, data)
}

func readRules(file string) ([]byte, error) {
	data, err := smallfile.Read(packagedPath(file), rules.MaxFile)
	if err != nil {
		return nil, &config.Errors{Mistakes: []config.Mistake{{
			Setting: "LICENSEWATCH_RULES_FILE",
			Text: fmt.Sprintf("the rules file%s cannot be read (%v): put it into the package, or remove the setting to use the built-in rules",
				shownPath(file), err),
		}}}
	}
	return data, nil
}

// packagedPath is where a file lies: a relative name is taken from the function's package
// on SCF, else from the working directory.
func packagedPath(file string) string {
	if root := os.Getenv("USER_CODE_ROOT"); root != "" && !filepath.IsAbs(file) {
		return filepath.Join(root, file)
	}
	return file
}

// shownPath is the name for a sentence of a file that is not there, if it looks like
// that of a rules file. Something else may be a secret that went into the wrong
// variable.
func shownPath(file string) string {
	const longest = 100
	isPart := func(r rune) bool { return r == '/' || r == '.' }
	isName := strings.HasSuffix(file, ".yaml") || strings.HasSuffix(file, ".yml")
	if !isName || len(file) > longest || slices.ContainsFunc(strings.FieldsFunc(file, isPart), looksLikeKey) {
		return ""
	}
	return " " + file
}

// Unquoted is Mistakes for those who are not the operator: it quotes nothing of a
// file that is no rules file, as when that of the keys was named by mistake, and of
// a rules file nothing that looks like a key or a link.
func Unquoted(err error) []string {
	file, ok := errors.AsType[*rules.Errors](err)
	if !ok {
		return Mistakes(err)
	}
	if file.Foreign {
		return []string{"LICENSEWATCH_RULES_FILE: the file is no rules file, which has version: and rules: at its top; licensewatch check says more"}
	}
	var lines []string
	for _, p := range file.Problems {
		isBetween := func(r rune) bool { return strings.ContainsRune(" \"'`,;()[]{}<>", r) }
		for _, word := range strings.FieldsFunc(p.Text, isBetween) {
			if looksLikeKey(word) {
				p.Text = strings.ReplaceAll(p.Text, word, "…")
			}
		}
		lines = append(lines, p.String())
	}
	return lines
}

// looksLikeKey says whether a word is what no word of a rule or a path is: a URL,
// capitals beside digits, many digits, more letters of one case in a row than a word has.
func looksLikeKey(word string) bool {
	const shortest, many = 12, 5 // so many characters of a key in a row give it away
	digits := len(word) - len(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, word))
	return len(word) >= shortest && (strings.Contains(word, "://") || digits > 0 && strings.ToLower(word) != word ||
		digits >= many || hasLongRun(word))
}

// hasLongRun is true for a word that has more small letters in a row, or more capitals, than
// any word of a rule: names of fields are long, but have capitals between.
func hasLongRun(word string) bool {
	const longest = 19
	isLong := func(letters string) bool { return len(letters) > longest }
	return slices.ContainsFunc(strings.FieldsFunc(word, func(r rune) bool { return r < 'a' || r > 'z' }), isLong) ||
		slices.ContainsFunc(strings.FieldsFunc(word, func(r rune) bool { return r < 'A' || r > 'Z' }), isLong)
}

// Mistakes lists what an error of config.Load, LoadRules or LoadAccounts holds, one line
// each: the setting, or the file with line and column, and what to write.
func Mistakes(err error) []string {
	settings, inSettings := errors.AsType[*config.Errors](err)
	file, inRules := errors.AsType[*rules.Errors](err)
	accounts, inAccounts := errors.AsType[*fleet.Errors](err)
	var lines []string
	switch {
	case err == nil:
	case inAccounts:
		for _, p := range accounts.Problems {
			lines = append(lines, p.String())
		}
	case inSettings:
		for _, p := range settings.Mistakes {
			lines = append(lines, p.Setting+": "+p.Text)
		}
	case inRules:
		for _, p := range file.Problems {
			lines = append(lines, p.String())
		}
	default:
		lines = append(lines, err.Error())
	}
	return lines
}
