package message

import (
	"fmt"
	"time"

	"licensewatch/license"
)

// timeUpWords are the sentences of TimeUpNote; how many orders were read is left out where
// it is not known.
var timeUpWords = map[license.Language]struct{ title, limit, orders, advice string }{
	license.English: {
		"licensewatch ran out of time before it was clear what to say.",
		"The function has %d s for a run.", " Orders read in this one: %d.",
		"This run says nothing about the licenses. Raise the function's time limit.",
	},
	license.Chinese: {
		"licensewatch 尚未得出结论，运行时间已用完。",
		"函数单次运行的时限为 %d 秒。", "本次已读取订单：%d 个。",
		"本次运行未能说明授权状态，请调高函数的执行超时时间。",
	},
}

// TimeUpNote is what a run says whose time to tell is up while it still computes. limit is
// all the time it had; orders is how many it has read, 0 where it could not. The id is the
// run's.
func TimeUpNote(language license.Language, limit time.Duration, orders int, id string) license.Note {
	words, known := timeUpWords[language]
	if !known {
		words = timeUpWords[license.English]
	}
	line := fmt.Sprintf(words.limit, int64(limit.Round(time.Second)/time.Second))
	if orders > 0 {
		line += fmt.Sprintf(words.orders, orders)
	}
	return license.Note{Severity: license.Critical, Title: words.title, Lines: []string{line, words.advice}, ID: id}
}
