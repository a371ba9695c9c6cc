package page

// pageWords are the page's own, in one language.
type pageWords struct {
	Lang     string
	Robot    string // the badge beside a robot's name
	Answered string
	Account  string // the head of the picture
	Summary  string
	Nothing  string
	Note     string

	characters, bytes string // used, limit
}

var english = pageWords{
	Lang:     "en",
	Robot:    "BOT",
	Answered: "answered",
	Account:  "The account behind it",
	Summary:  "Summary, returned to the platform",
	Nothing:  "Nothing was posted.",
	Note:     "Drawn by licensewatch from the payloads as they were made. The chats' own apps differ in detail.",

	characters: "%d of %d characters", bytes: "%d of %d bytes",
}

var chinese = pageWords{
	Lang:     "zh-CN",
	Robot:    "机器人",
	Answered: "返回",
	Account:  "对应的账号",
	Summary:  "返回给平台的 Summary",
	Nothing:  "没有发出消息。",
	Note:     "由 licensewatch 按实际消息内容绘制，细节与聊天应用略有不同。",

	characters: "%d / %d 个字符", bytes: "%d / %d 字节",
}
