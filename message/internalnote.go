package message

import "licensewatch/license"

// internalErrorWords are the two sentences of InternalErrorNote.
var internalErrorWords = map[license.Language][2]string{
	license.English: {
		"licensewatch broke off with an internal error.",
		"This run could not say anything about the licenses. The function's log has the place, under this id.",
	},
	license.Chinese: {
		"licensewatch 因内部错误中断。",
		"本次运行未能判断授权状态，请按编号在函数日志中查看出错位置。",
	},
}

// InternalErrorNote is what a run says that broke in a way that is our mistake.
// The id is the run's.
func InternalErrorNote(language license.Language, id string) license.Note {
	words, known := internalErrorWords[language]
	if !known {
		words = internalErrorWords[license.English]
	}
	return license.Note{Severity: license.Critical, Title: words[0], Lines: []string{words[1]}, ID: id}
}
