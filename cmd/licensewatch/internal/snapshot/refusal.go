package snapshot

import (
	"regexp"

	"go.yaml.in/yaml/v4"

	"licensewatch/internal/yamlnode"
)

// plainCode is a code of the API; nothing else of an error answer is repeated.
var plainCode = regexp.MustCompile(`^[A-Za-z0-9.]{1,100}$`)

// sdkError is how the cloud's tools print an error answer.
var sdkError = regexp.MustCompile(`TencentCloudSDKException\]?\s+code:([A-Za-z0-9.]{1,100})`)

// isRefusal says whether a node is an error answer of the API, with its frame or
// without.
func isRefusal(n *yaml.Node) bool { return codeNode(n) != nil }

func codeNode(n *yaml.Node) *yaml.Node {
	return yamlnode.Value(orNothing(yamlnode.Value(responseFields(n), "Error")), "Code")
}

// errorAnswerName is how an error answer is called.
func errorAnswerName(n *yaml.Node) string {
	code := codeNode(n)
	if code == nil || !plainCode.MatchString(code.Value) {
		return "this is an error answer of the API"
	}
	return refusalOf(code.Value)
}

func refusalOf(code string) string { return "this is an error answer of the API: " + code }
