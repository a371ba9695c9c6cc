package deployment

import (
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"

	"licensewatch/cmd/licensewatch/internal/region"
)

// Limits of the platform and needs of a run, in seconds and MB.
const (
	maxTimeout    = 900
	exportTimeout = 15 // a run with no more than this at its start makes no export
	goodTimeout   = 30 // with less, a slow API leaves no time to try again
	maxMemory     = 3072
	memoryStep    = 128
)

// functionReader reads what a function is given: region, role, time and memory.
type functionReader struct{ *document }

// checkFunction checks what the function is and what it may use.
func (d *functionReader) checkFunction(parent *yaml.Node, in map[string]entry) {
	d.checkName(in, "name")
	d.checkFixed(parent, in, "type", "event", "", "a timer wakes event functions only")
	d.checkFixed(parent, in, "runtime", "Go1", "the platform's default is Node.js; write runtime: Go1",
		"the program is built for it")
	d.checkFixed(parent, in, "handler", "main", "", "it is the name of the program's file in the package")
	d.readSource(parent, in)
	d.checkRegion(parent, in)
	d.checkRole(parent, in)
	d.checkTimeout(parent, in)
	d.checkMemory(in)
	if n, e, ok := d.readNumber(in, "initTimeout"); ok && (n < 3 || n > 300) {
		d.fail(e.value, "initTimeout is %d s, the platform takes 3 to 300: write 10", n)
	}
	if e, ok := in["publicAccess"]; ok {
		if text, known := d.readText(e); known && text != "true" {
			d.fail(e.value, "publicAccess must be true: without it neither the API nor the chats are reached")
		}
	}
	d.warnRetryKeys(in)
}

// warnLocalStores warns of a memory or an archive in a directory that no other invocation sees.
func (d *functionReader) warnLocalStores(in map[string]entry) {
	if e, isMounted := in["cfs"]; isMounted && !isEmpty(e.value) {
		return
	}
	for _, local := range []struct{ setting, text string }{
		{"LICENSEWATCH_STATE_URL", "the function would have another, empty one"},
		{"LICENSEWATCH_ARCHIVE_URL", "the function would have another one, which goes with the function's machine, records and all"},
	} {
		store, ok := d.result.findVariable(local.setting)
		if ok && strings.HasPrefix(strings.TrimSpace(store.Value.Reveal()), "file:") {
			d.result.Warnings = append(d.result.Warnings, Finding{Place: store.Place, Setting: local.setting,
				Text: "is a directory, and no cfs: is mounted here: " + local.text +
					"; mount a CFS, or name a bucket (cos://…)"})
		}
	}
}

// warnRetryKeys warns of keys that do nothing on their own.
func (d *functionReader) warnRetryKeys(in map[string]entry) {
	if e, ok := in["asyncRunEnable"]; ok {
		if text, _ := d.readText(e); text == "true" {
			d.warn(e.value, "asyncRunEnable switches off that a failed run is tried again: remove the line")
		}
		return
	}
	for _, key := range []string{"retryNum", "msgTTL"} {
		if e, ok := in[key]; ok {
			d.warn(e.key, "%s has no effect here without asyncRunEnable: set it in the console", key)
		}
	}
}

// readSource reads the directory that is zipped.
func (d *functionReader) readSource(parent *yaml.Node, in map[string]entry) {
	e, ok := in["src"]
	if !ok || isEmpty(e.value) {
		d.fail(parent, "src is missing: write src: dist/function, the directory that make build fills")
		return
	}
	if e.value.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(e.value.Content); i += 2 {
			if e.value.Content[i].Value == "src" {
				e = entry{e.value.Content[i], e.value.Content[i+1]}
			}
		}
	}
	if text, ok := d.readText(e); ok {
		d.result.Source = Source{d.placeOf(e.value), text}
	}
}

func (d *functionReader) checkRegion(parent *yaml.Node, in map[string]entry) {
	e, ok := in["region"]
	if !ok || isEmpty(e.value) {
		d.warn(parent, "region is missing: the function goes to ap-guangzhou; write region: and a region such as ap-guangzhou")
		return
	}
	text, ok := d.readText(e)
	if !ok {
		return
	}
	name, what := fromWhere(e.value), "region "
	if name != "" {
		what = "the region "
	}
	if wrong, odd := region.Check(text); wrong != "" {
		d.failSetting(e.value, name, "%s%s", what, wrong)
	} else if odd != "" {
		d.warnSetting(e.value, name, "%s%s", what, odd)
	}
}

func (d *functionReader) checkRole(parent *yaml.Node, in map[string]entry) {
	const remedy = "write role: and the name of the execution role (licensewatch policy prints what it may do)"
	e, ok := in["role"]
	if !ok || isEmpty(e.value) {
		d.fail(parent, "role is missing: the function would have no keys to read with; %s", remedy)
		return
	}
	if text, ok := d.readText(e); ok && strings.ContainsAny(text, ":/ ") {
		d.fail(e.value, "role is no role's name: write the name alone, such as licensewatch, without qcs::cam:: and what follows")
	}
}

func (d *functionReader) checkTimeout(parent *yaml.Node, in map[string]entry) {
	const wanted = "write timeout: 60"
	if _, ok := in["timeout"]; !ok {
		d.fail(parent, "timeout is missing: the platform's default is 3 s, too little to read, export and tell; %s",
			wanted)
		return
	}
	n, e, ok := d.readNumber(in, "timeout")
	switch {
	case !ok:
	case n < 1 || n > maxTimeout:
		d.fail(e.value, "timeout is %d s, the platform takes 1 to %d: %s", n, maxTimeout, wanted)
	case n <= exportTimeout:
		d.fail(e.value, "timeout is %d s: a run needs more than %d to read, export and tell; %s", n, exportTimeout,
			wanted)
	case n < goodTimeout:
		d.warn(e.value, "timeout is %d s: when an API is slow there is no time to try again; %s", n, wanted)
	}
}

func (d *functionReader) checkMemory(in map[string]entry) {
	n, e, ok := d.readNumber(in, "memorySize")
	if ok && n != memoryStep/2 && (n < memoryStep || n > maxMemory || n%memoryStep != 0) {
		d.fail(e.value, "memorySize is %d MB, the platform takes 64 and multiples of 128 up to %d: write 128", n,
			maxMemory)
	}
}

// readNumber reads a whole number; false when it is not there or not known.
func (d *functionReader) readNumber(of map[string]entry, key string) (int, entry, bool) {
	e, ok := of[key]
	if !ok {
		return 0, e, false
	}
	text, ok := d.readText(e)
	if !ok {
		if isEmpty(e.value) || e.value.Kind != yaml.ScalarNode {
			d.fail(e.key, "%s has no value: write a whole number", key)
		}
		return 0, e, false
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		d.fail(e.value, "%s is no whole number: write it without a unit", key)
	}
	return n, e, err == nil
}
