package simulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// operation is one API action: what it takes and what it answers. answer is
// called with the simulator's lock held.
type operation struct {
	service    string
	version    string
	region     bool // the documentation demands X-TC-Region
	parameters map[string]parameter
	answer     func(s asked, params jsonObject) (jsonObject, *apiError)
	// isShared says that accounts in the same scenario, on the same site and the same day
	// get the same answer to the same parameters.
	isShared bool
}

// parameter is one input of an operation.
type parameter struct {
	kind     kind
	required bool
}

// kind is the JSON type of a parameter, in the API's words.
type kind string

const (
	kindInteger kind = "Integer"
	kindString  kind = "String"
	kindBoolean kind = "Boolean"
	kindArray   kind = "Array"
)

const (
	cwpVersion  = "2018-02-28"
	tcssVersion = "2020-11-01"
	stsVersion  = "2018-08-13"

	organizationVersion = "2021-03-31"
	scfVersion          = "2018-04-16"
)

// operations are the actions the simulated cloud has.
var operations = map[string]operation{
	"DescribeLicenseGeneral": {
		service: "cwp", version: cwpVersion,
		answer: describeLicenseGeneral, isShared: true,
	},
	"DescribeLicenseList": {
		service: "cwp", version: cwpVersion,
		parameters: map[string]parameter{
			"Limit": {kind: kindInteger}, "Offset": {kind: kindInteger},
			"Filters": {kind: kindArray}, "Tags": {kind: kindArray},
			"Order": {kind: kindString}, "By": {kind: kindString},
		},
		answer: describeLicenseList, isShared: true,
	},
	"DescribeMachineGeneral": {
		service: "cwp", version: cwpVersion,
		answer: describeMachineGeneral, isShared: true,
	},
	"DescribeLicenseBindList": {
		service: "cwp", version: cwpVersion,
		parameters: map[string]parameter{
			"LicenseId": {kind: kindInteger, required: true}, "LicenseType": {kind: kindInteger, required: true},
			"ResourceId": {kind: kindString, required: true},
			"Filters":    {kind: kindArray}, "Limit": {kind: kindInteger}, "Offset": {kind: kindInteger},
		},
		answer: describeLicenseBindList, isShared: true,
	},
	"ExportLicenseDetail": {
		service: "cwp", version: cwpVersion,
		parameters: map[string]parameter{
			"Filters": {kind: kindArray}, "Tags": {kind: kindArray},
			"IsHistory": {kind: kindBoolean}, "ExportMonth": {kind: kindString},
		},
		answer: exportLicenseDetail,
	},
	"ExportTasks": {
		service: "cwp", version: cwpVersion,
		parameters: map[string]parameter{"TaskId": {kind: kindString, required: true}},
		answer:     exportTasks,
	},
	"DescribePurchaseStateInfo": {
		service: "tcss", version: tcssVersion,
		answer: describePurchaseStateInfo, isShared: true,
	},
	"AssumeRole": {
		service: "sts", version: stsVersion, region: true,
		parameters: map[string]parameter{
			"RoleArn": {kind: kindString, required: true}, "RoleSessionName": {kind: kindString, required: true},
			"DurationSeconds": {kind: kindInteger}, "Policy": {kind: kindString}, "ExternalId": {kind: kindString},
			"Tags": {kind: kindArray}, "SourceIdentity": {kind: kindString}, "SerialNumber": {kind: kindString},
			"TokenCode": {kind: kindString},
		},
		answer: assumeRole,
	},
	"DescribeOrganizationMembers": {
		service: "organization", version: organizationVersion,
		parameters: map[string]parameter{
			"Offset": {kind: kindInteger, required: true}, "Limit": {kind: kindInteger, required: true},
			"Lang": {kind: kindString}, "SearchKey": {kind: kindString}, "AuthName": {kind: kindString},
			"Product": {kind: kindString}, "Tags": {kind: kindArray}, "NodeId": {kind: kindInteger},
			"NodeName": {kind: kindString},
		},
		answer: describeOrganizationMembers,
	},
	"Invoke": {
		service: "scf", version: scfVersion, region: true,
		parameters: map[string]parameter{
			"FunctionName": {kind: kindString, required: true}, "InvocationType": {kind: kindString},
			"Qualifier": {kind: kindString}, "ClientContext": {kind: kindString}, "LogType": {kind: kindString},
			"Namespace": {kind: kindString}, "RoutingKey": {kind: kindString},
		},
		answer: invoke,
	},
	"GetCallerIdentity": {
		service: "sts", version: stsVersion, region: true,
		answer: getCallerIdentity,
	},
}

// regionForm is what a region can look like.
var regionForm = regexp.MustCompile(`^[a-z]{2}-[a-z]+(-[a-z]+)?$`)

// checkRegion refuses a call of an API that wants a region, without one.
func (op operation) checkRegion(region string) *apiError {
	switch {
	case !op.region:
		return nil
	case region == "":
		return missing("Region")
	case !regionForm.MatchString(region):
		return &apiError{"UnsupportedRegion", fmt.Sprintf("The region %q is not supported.", region)}
	default:
		return nil
	}
}

func findOperation(service, action, version string) (operation, *apiError) {
	op, ok := operations[action]
	switch {
	case !slices.Contains([]string{"cwp", "tcss", "sts", "organization", "scf"}, service):
		return op, &apiError{"NoSuchProduct", fmt.Sprintf("The product %q does not exist.", service)}
	case !ok || op.service != service:
		return op, &apiError{"InvalidAction", fmt.Sprintf("The action %q is not one of %s.", action, service)}
	case op.version != version:
		return op, &apiError{"NoSuchVersion", fmt.Sprintf("%s has no version %q.", service, version)}
	}
	return op, nil
}

// read decodes the parameters and checks them against the operation's.
func (op operation) read(body []byte) (jsonObject, *apiError) {
	params, err := decodeObject(body)
	if err != nil {
		return nil, &apiError{"InvalidParameter", "The body is not a JSON object."}
	}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		known, ok := op.parameters[name]
		if !ok {
			return nil, &apiError{"UnknownParameter", fmt.Sprintf("The parameter `%s` is not recognized.", name)}
		}
		if !known.kind.holds(params[name]) {
			return nil, &apiError{"InvalidParameter",
				fmt.Sprintf("The parameter `%s` must be of type %s.", name, known.kind)}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(op.parameters)) {
		if _, given := params[name]; op.parameters[name].required && !given {
			return nil, missing(name)
		}
	}
	return params, nil
}

func missing(name string) *apiError {
	return &apiError{"MissingParameter", fmt.Sprintf("The request is missing the required parameter `%s`.", name)}
}

// holds says whether a decoded JSON value is of this kind. Null is of none.
func (k kind) holds(value any) bool {
	switch v := value.(type) {
	case json.Number:
		_, err := v.Int64()
		return k == kindInteger && err == nil
	case string:
		return k == kindString
	case bool:
		return k == kindBoolean
	case []any:
		return k == kindArray
	default:
		return false
	}
}
