package fleet

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/config"
	"licensewatch/internal/yamlnode"
	"licensewatch/license"
)

// Errors is what Load returns for a file that is wrong as a whole: every mistake, but for
// those of single accounts, in the order of the file. They repeat nothing of it that looks like
// a secret.
type Errors struct{ Problems []yamlnode.Problem }

// Error counts the mistakes and names each with its place.
func (e *Errors) Error() string {
	noun := "mistakes"
	if len(e.Problems) == 1 {
		noun = "mistake"
	}
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = p.String()
	}
	return fmt.Sprintf("%d %s in the accounts file: %s", len(e.Problems), noun, strings.Join(texts, "; "))
}

// Options are what a file is read with.
type Options struct {
	// Environment are all environment variables, by name. Nil: they are not looked up, and
	// secrets stay zero.
	Environment map[string]string

	Site license.Site // the function's own
	// What a channel has that does not say it.
	Language license.Language
	Hours    license.Hours
	Digest   config.DigestWhen
}

// OptionsOf are the options that the settings give; environment as in Options.
func OptionsOf(settings config.Config, environment map[string]string) Options {
	return Options{
		Environment: environment,
		Site:        settings.Site, Language: settings.Language, Hours: settings.Hours, Digest: settings.Digest,
	}
}

// Load reads an accounts file. The name is used in mistakes only. The error is an *Errors
// when the file is wrong as a whole; the Fleet then has what is right all the same, so
// that the mistakes can be told to its channels. An account whose entry is wrong is no
// error: it is left out.
func Load(name string, data []byte, options Options) (*Fleet, error) {
	l := &loader{
		Problems: problemsIn(name), name: name, options: options, warnings: problemsIn(name), named: map[string]bool{},
		siteKeys: map[license.Site]*Keys{}, taken: map[string]int{}, known: map[string]*yaml.Node{},
		fleet: &Fleet{Concurrency: defaultConcurrency, file: name},
	}
	if root := l.readRoot(strings.TrimPrefix(string(data), "\ufeff")); root != nil {
		l.readFile(root)
	}
	l.fleet.Warnings = l.warnings.Sorted()
	for variable := range l.named {
		l.fleet.Variables = append(l.fleet.Variables, variable)
	}
	slices.Sort(l.fleet.Variables)
	if l.Any() {
		return l.fleet, &Errors{l.Sorted()}
	}
	return l.fleet, nil
}

// loader reads one file.
type loader struct {
	*yamlnode.Problems // of the file as a whole, or while an account is read of that

	name     string
	options  Options
	fleet    *Fleet
	warnings *yamlnode.Problems
	named    map[string]bool // the variables that are named

	// What defaults says, once it is read.
	role       string
	hasRole    bool // right or wrong
	site       license.Site
	externalID externalID
	export     bool

	siteKeys map[license.Site]*Keys
	taken    map[string]int        // lines of accounts by uins and names
	selfLine int                   // of the account that is the function's own; 0: none yet
	known    map[string]*yaml.Node // the names of channels, wrong ones included
}

// problemsIn gathers what is wrong with a file, and quotes no secret.
func problemsIn(name string) *yamlnode.Problems {
	problems := yamlnode.In(name)
	problems.Quote = quoted
	return problems
}

// begins says how an accounts file begins, for those that do not.
const begins = "an accounts file begins with `version: 1`"

// readRoot reads the only document of the file; nil when there is none to go on with.
func (l *loader) readRoot(text string) *yaml.Node {
	if !l.checkText(text) {
		return nil
	}
	if root, ok := yamlnode.ReadPlain(text); ok {
		return root
	}
	root := l.Document(text, "put everything into one", begins, syntaxHint)
	if root == nil || l.refuseFeatures(root) {
		return nil
	}
	return root
}

// checkText reports a file that is no text or too long.
func (l *loader) checkText(text string) bool {
	if len(text) > MaxFile {
		l.FailAt(1, 1, "the file has more than %d bytes, which no accounts file has", MaxFile)
		return false
	}
	if line, column, reason := yamlnode.TextFault(text); reason != "" {
		l.FailAt(line, column, "%s", reason)
		return false
	}
	return true
}

// refuseFeatures reports the parts of YAML that an accounts file has no use for: tags,
// anchors and aliases. It says whether there are any.
func (l *loader) refuseFeatures(n *yaml.Node) bool {
	refused := true
	switch {
	case n.Kind == yaml.AliasNode:
		l.Fail(n, "YAML reads a * here as an alias, and those are not supported; quote a pattern that begins with *")
	case n.Tag != "" && !strings.HasPrefix(n.Tag, "!!"):
		l.Fail(n, "YAML reads a ! here as a tag; quote a text that begins with !")
	case n.Anchor != "":
		l.Fail(n, "YAML reads a & here as an anchor, and those are not supported; write the value where it is used")
	default:
		refused = false
	}
	for _, child := range n.Content {
		refused = l.refuseFeatures(child) || refused
	}
	return refused
}

// syntaxHint guesses what was meant by a line that is not YAML.
func syntaxHint(text string, number int) string {
	switch line := yamlnode.Line(text, number); {
	case strings.Contains(line, "*"):
		return "; quote a pattern that begins with *"
	case strings.Contains(line, "{uin}"):
		return "; quote a text with {uin} in it"
	default:
		return ""
	}
}

// readFile reads the parts of a file. What others refer to comes first.
func (l *loader) readFile(root *yaml.Node) {
	top := l.Mapping(root, "an accounts file", "version", "defaults", "sites", "accounts", "organization", "channels",
		"routes", "default", "concurrency")
	if top == nil {
		return
	}
	l.checkVersion(root, top["version"])
	if n := top["concurrency"]; n != nil {
		l.fleet.Concurrency = l.integer(n, "concurrency", 1, maxConcurrency, defaultConcurrency)
	}
	access := &accessReader{l}
	access.readSites(top["sites"])
	access.readDefaults(top["defaults"])
	accounts := &accountReader{access}
	accounts.readAccounts(top["accounts"])
	access.readOrganization(top["organization"])
	switch {
	case top["organization"] != nil: // has accounts as well
	case top["accounts"] == nil:
		l.Fail(root, "accounts is missing: no account would be watched")
	case len(l.fleet.Accounts) == 0 && len(l.fleet.LeftOut) > 0:
		l.Fail(top["accounts"], "no account is left to watch: every entry has a mistake")
	}
	channels := &channelReader{l}
	channels.readChannels(root, top["channels"])
	routes := &routeReader{l}
	routes.readRoutes(top["routes"])
	routes.readDefault(root, top["default"])
	routes.checkReach()
}

// checkVersion reports a version that is not 1.
func (l *loader) checkVersion(root, n *yaml.Node) {
	switch {
	case n == nil:
		l.Fail(root, "version is missing; %s", begins)
	case n.Kind != yaml.ScalarNode || n.Value != "1":
		l.Fail(n, "version must be 1: this program reads no other")
	}
}
