package ruletest

import (
	"time"

	"go.yaml.in/yaml/v4"

	"licensewatch/config"
	"licensewatch/internal/yamlnode"
	"licensewatch/license"
)

// settingKeys are the keys that stand in a test, or at the top of the file for
// all tests that do not have them.
var settingKeys = []string{"at", "zone", "site", "base"}

// testSetting is what the keys of a test, and of the file around it, amount to.
type testSetting struct {
	zone *time.Location // in which days are counted
	at   time.Time      // in the zone; zero when it is not said
	site license.Site
	base *yaml.Node // nil: the healthy account
}

// settingReader reads the settings of a test: when and where it is, and on which base.
type settingReader struct{ *document }

// readSetting reads the setting of a test; own are its keys and file those around it.
func (d *settingReader) readSetting(own, file map[string]*yaml.Node) testSetting {
	value := func(key string) *yaml.Node {
		if n := own[key]; n != nil {
			return n
		}
		return file[key]
	}
	s := testSetting{zone: config.DefaultZone, base: value("base")}
	if n := value("zone"); n != nil {
		s.zone = d.readZone(n)
	}
	if n := value("at"); n != nil {
		s.at = d.readTime(n, "at", s.zone)
	}
	if n := value("site"); n != nil {
		s.site = license.Site(d.readWord(n, "site", string(license.SiteCN), string(license.SiteIntl)))
	}
	return s
}

// readZone reads a zone of the IANA list; a mistake leaves the default.
func (d *settingReader) readZone(n *yaml.Node) *time.Location {
	name, ok := d.readScalar(n, "zone")
	if !ok || name == config.DefaultZone.String() {
		return config.DefaultZone
	}
	location, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		d.Fail(n, "%s is not a known zone: write it as the IANA list does, such as Asia/Shanghai, Europe/Berlin or UTC",
			shownValue(n))
		return config.DefaultZone
	}
	return location
}

// readTime reads a time, in the zone unless it has an offset of its own.
func (d *settingReader) readTime(n *yaml.Node, what string, zone *time.Location) time.Time {
	text, ok := d.readScalar(n, what)
	if !ok {
		return time.Time{}
	}
	if t, ok := yamlnode.Time(text, zone); ok {
		return t.In(zone)
	}
	d.Fail(n, "%s is no time: write it like 2026-11-22 09:07, which is in the test's zone, or 2026-11-22T09:07:00+08:00", shownValue(n))
	return time.Time{}
}
