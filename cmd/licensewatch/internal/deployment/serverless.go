package deployment

import (
	"regexp"
	"strings"

	"go.yaml.in/yaml/v4"
)

// The keys that the component scf knows.
var (
	topKeys   = []string{"component", "name", "app", "stage", "org", "inputs"}
	inputKeys = []string{
		"src", "name", "type", "runtime", "handler", "description", "region", "namespace", "role", "memorySize",
		"timeout", "initTimeout",
		"environment", "publicAccess", "eip", "vpcConfig", "cls", "deadLetter", "layers", "cfs", "tags", "image",
		"asyncRunEnable",
		"traceEnable", "msgTTL", "retryNum", "ignoreTriggers", "provisionedNum", "qualifier", "installDependency",
		"events",
	}
)

// Parse reads a serverless.yml; the name is used in findings only. It always gives a Deployment, with what could be
// read and every mistake.
func Parse(name string, data []byte, env Environment) *Deployment {
	d := &document{file: name, env: env, timers: map[string]int{}, result: &Deployment{}}
	if root := d.readRoot(data); root != nil {
		d.checkTop(root)
	}
	return d.result
}

func (d *document) checkTop(root *yaml.Node) {
	top := d.readMapping(root, "serverless.yml", topKeys)
	if top == nil {
		return
	}
	d.checkFixed(root, top, "component", "scf", "write component: scf", "only the component scf is known here")
	d.checkNames(root, top)
	in, ok := top["inputs"]
	if !ok {
		d.fail(root, "inputs is missing: the function is described there; licensewatch init DIR writes a whole file")
		return
	}
	inputs := d.readMapping(in.value, "inputs", inputKeys)
	if inputs == nil {
		return
	}
	d.result.IsRead = true
	d.reportUnset(root, inputs["environment"].value)
	function := &functionReader{d}
	function.checkFunction(in.key, inputs)
	d.readEnvironment(in.key, inputs)
	function.warnLocalStores(inputs)
	(&timerReader{d}).readEvents(in.key, inputs)
}

// anyName is a name that the platform takes.
var anyName = regexp.MustCompile(`^[A-Za-z][\w-]{0,58}[A-Za-z0-9]$`)

const nameRule = "2 to 60 of a-z, A-Z, 0-9, - and _, with a letter first and no - or _ at the end"

func (d *document) checkNames(root *yaml.Node, top map[string]entry) {
	if _, ok := top["name"]; !ok {
		d.fail(root, "name is missing: write name: licensewatch")
	}
	for _, key := range []string{"name", "app", "stage"} {
		d.checkName(top, key)
	}
}

func (d *document) checkName(of map[string]entry, key string) {
	e, ok := of[key]
	if !ok {
		return
	}
	if isEmpty(e.value) {
		d.fail(e.key, "%s is empty: write a name", key)
		return
	}
	if text, ok := d.readText(e); ok && !strings.Contains(text, "${") && !anyName.MatchString(text) {
		d.fail(e.value, "%s is none that the platform takes: write %s", key, nameRule)
	}
}

// checkFixed checks a key that has one right value. An empty text for a missing key
// says that it may be missing.
func (d *document) checkFixed(parent *yaml.Node, of map[string]entry, key, want, missing, why string) {
	e, ok := of[key]
	switch {
	case !ok && missing != "":
		d.fail(parent, "%s is missing: %s", key, missing)
	case !ok:
	case isEmpty(e.value):
		d.fail(e.key, "%s is empty: write %s", key, want)
	default:
		if text, ok := d.readText(e); ok && text != want {
			d.fail(e.value, "%s must be %s: %s", key, want, why)
		}
	}
}
