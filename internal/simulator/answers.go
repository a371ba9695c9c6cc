package simulator

import (
	"embed"
	"fmt"
	"maps"
	"time"

	"licensewatch/license"
)

// samples are the answers the official API pages publish.
//
//go:embed answers/*.json
var samples embed.FS

// publishedAnswer is the Response object of a published answer.
func publishedAnswer(name string) jsonObject {
	data, err := samples.ReadFile("answers/" + name + ".json")
	if err != nil {
		panic(fmt.Sprintf("simulator: %v", err)) // the files are part of the program
	}
	answer, err := decodeObject(data)
	if err != nil {
		panic(fmt.Sprintf("simulator: %s: %v", name, err))
	}
	return answer["Response"].(map[string]any)
}

func describeLicenseGeneral(s asked, _ jsonObject) (jsonObject, *apiError) {
	site := s.account.Site
	if s.scenario.published != "" {
		site = s.scenario.published
	}
	base := publishedAnswer("cwp-DescribeLicenseGeneral-" + string(site))
	return s.overlayAnswer(base, s.scenario.overview), nil
}

func describePurchaseStateInfo(s asked, _ jsonObject) (jsonObject, *apiError) {
	return s.overlayAnswer(publishedAnswer("tcss-DescribePurchaseStateInfo"), s.scenario.purchase), nil
}

// The account that is simulated where there is only one, and who the keys belong to.
const (
	accountUIN = "100000000001"
	userUIN    = "100000000002"
	roleID     = "4611686018427400001"
)

// getCallerIdentity answers as published: temporary keys are a role's, permanent
// ones a user's.
func getCallerIdentity(s asked, _ jsonObject) (jsonObject, *apiError) {
	if s.token == "" {
		return jsonObject{
			"Type": "CAMUser", "AccountId": s.account.UIN, "UserId": userUIN, "PrincipalId": userUIN,
			"Arn": "qcs::cam:" + s.account.UIN + ":uin/" + userUIN,
		}, nil
	}
	return jsonObject{
		"Type": "CAMRole", "AccountId": s.account.UIN, "UserId": roleID + ":licensewatch", "PrincipalId": userUIN,
		"Arn": "qcs::sts:" + s.account.UIN + ":assumed-role/" + roleID,
	}, nil
}

// overlayAnswer lays a scenario's fields over a published answer and counts its dates
// from now.
func (s asked) overlayAnswer(base, over jsonObject) jsonObject {
	maps.Copy(base, over)
	for name, value := range base {
		if d, ok := value.(days); ok {
			base[name] = d.from(s.options.Now())
		}
	}
	return base
}

// days is a date in an answer: so many days from now, at this time of day.
type days int

// from writes the day as the API does: in UTC+8, without saying so. It is the
// afternoon, whenever the scenario is looked at, so that what ends does so while
// people are at work.
func (d days) from(now time.Time) string {
	year, month, day := now.In(license.APIZone).Date()
	return time.Date(year, month, day+int(d), 15, 0, 0, 0, time.UTC).Format(time.DateTime)
}
