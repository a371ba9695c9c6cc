// Package region judges the names of Tencent Cloud's regions. A list of them is
// never complete: what is near a known name is a mistake, what is near none may be
// new.
package region

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"licensewatch/internal/suggest"
)

// known are the regions of both sites, those that are open to some customers only
// and those that are being closed included.
var known = []string{
	"ap-bangkok", "ap-beijing", "ap-beijing-fsi", "ap-chengdu", "ap-chongqing", "ap-guangzhou", "ap-guangzhou-open",
	"ap-hongkong", "ap-jakarta",
	"ap-mumbai", "ap-nanjing", "ap-seoul", "ap-shanghai", "ap-shanghai-fsi", "ap-shenzhen-fsi", "ap-singapore",
	"ap-tokyo",
	"eu-frankfurt", "eu-moscow", "me-saudi-arabia", "na-ashburn", "na-siliconvalley", "na-toronto", "sa-saopaulo",
}

// bucketOnly are regions of COS that no other product has.
var bucketOnly = []string{"ap-beijing-1"}

// slip is how many letters of a known name may be wrong for it to be meant.
const slip = 2

var (
	form = regexp.MustCompile(`^[a-z]{2}(-[a-z]+){1,2}$`)
	zone = regexp.MustCompile(`^(.+)-\d+$`)
	// others are the beginnings of names that other clouds give their regions.
	others = regexp.MustCompile(`^(cn|us|ca|oss)-|^[a-z]+-(north|south|east|west|central)`)
)

// Check judges the region of a function, in words that follow the thing that has
// it. wrong says that there is none of this name, odd that it is not known here;
// both are empty for one that exists.
func Check(name string) (wrong, odd string) { return checkName(name, known) }

// OfStore judges the region in the URL of a store in COS, as Check does. A URL that
// is wrong otherwise, or has an endpoint of its own, is not judged.
func OfStore(rawURL string) (wrong, odd string) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Scheme != "cos" || u.Query().Has("endpoint") || u.Query().Get("region") == "" {
		return "", ""
	}
	return checkName(u.Query().Get("region"), slices.Concat(known, bucketOnly))
}

func checkName(name string, known []string) (wrong, odd string) {
	if slices.Contains(known, name) {
		return "", ""
	}
	lower := strings.ToLower(name)
	if meant := meantBy(lower, known); meant != "" {
		return "does not exist: did you mean " + meant + "?", ""
	}
	if parts := zone.FindStringSubmatch(lower); len(parts) > 1 && slices.Contains(known, parts[1]) {
		return "names a zone of a region: write " + parts[1], ""
	}
	if !form.MatchString(name) || others.MatchString(name) {
		return "is none of Tencent Cloud: write it as ap-guangzhou, ap-singapore or eu-frankfurt", ""
	}
	return "", "is not among the regions known here, so it may be new, or not exist" + suggest.DidYouMean(name, known)
}

// meantBy is the region that is meant by a name with a slip in it, or by a city's
// alone; empty when none is.
func meantBy(name string, known []string) string {
	for _, region := range known {
		if region == name || strings.HasSuffix(region, "-"+name) {
			return region
		}
	}
	best, least := "", slip+1
	for _, region := range known {
		if d := suggest.Distance(name, region); d < least {
			best, least = region, d
		}
	}
	if zone.MatchString(name) {
		return "" // the number is more than a slip
	}
	return best
}
