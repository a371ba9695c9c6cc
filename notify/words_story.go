package notify

// storyWords tell what only a run with memory knows.
type storyWords struct {
	change  changeWords
	ack     ackWords
	over    resolvedWords
	sources sourceWords
}

// changeWords tell how a finding stands to what was told before.
type changeWords struct {
	isNew     string
	newHere   string // first told in this chat, but older than a day
	worse     string
	worseThan string  // {was}
	severity  string  // {severity}: a {was}
	both      string  // {severity}, {n}: a {was}
	title     string  // {title}: a {was}
	days      string  // {n}: where the title names the days left
	daysLeft  counted // {n}: where it does not
	reminder  string
	moved     string // {date}: where the end was
	age       string // {n}
	seen      string // {moment}: when an event was seen
	headline  string // {change}: behind a title
	next      string // {when}
}

// ackWords are about acknowledgements.
type ackWords struct {
	holds      string  // {by}, {until}, {reason}
	over       string  // {by}, {until}, {reason}: a finding that got worse ended it
	headline   string  // behind a title
	silence    string  // {command}
	silenceAny string  // {command}, {keys}
	title      string  // above the list
	entry      string  // {key}, {until}, {by}, {reason}
	more       counted // {n}, {command}: the rest of the list
	count      string  // {n}, {command}: instead of the list
}

// resolvedWords are about what is over.
type resolvedWords struct {
	resolved, gone, destroyed string  // {title}
	state                     string  // {title}, {state}: a title with what is true now
	since                     string  // {severity}, {date}
	orderEnds                 string  // {date}: a {state}
	orderRenews               string  // {date}: a {state}
	trial, pro                string  // {date}: a {state}
	moreInHeadline            counted // {n}
	inDigest                  string  // title of the list
	inAlert                   string  // the {title} of an alert's count
	count                     string  // {title}, {n}: instead of the list
	more                      counted // {n}: the rest of the list
}

// sourceWords are about sources that stay unread, or can be read again.
type sourceWords struct {
	since      counted // {source}, {since}, {n}; counts the runs
	facts      string  // between that and the facts
	several    counted // {names}: the headline; counts the names
	again      counted // {names}; counts the names
	was        counted // {since}, {until}, {n}; counts the runs
	againAfter string  // {source}, {was}
}

var englishStory = storyWords{
	change: changeWords{
		isNew:     "new",
		newHere:   "first told here",
		worse:     "got worse",
		worseThan: "got worse: {was}",
		severity:  "was {severity}",
		both:      "was {severity} at {n} days",
		title:     "was “{title}”",
		days:      "was {n} at the last reminder",
		daysLeft:  counted{"1 day left at the last reminder", "{n} days left at the last reminder"},
		reminder:  "reminder",
		moved:     "end date was {date}",
		age:       "day {n}",
		seen:      "seen {moment}",
		headline:  " ({change})",
		next:      "Next reminder: {when}.",
	},
	ack: ackWords{
		holds:      "acknowledged by {by} until {until}: {reason}",
		over:       "got worse, so no longer acknowledged (by {by} until {until}: {reason})",
		headline:   " (acknowledged)",
		silence:    "To silence: {command}",
		silenceAny: "To silence: {command} with RULE one of {keys}",
		title:      "Acknowledged",
		entry:      "{key} until {until}, by {by}: {reason}",
		more:       counted{many: "… and {n} more: {command}"},
		count:      "Acknowledged: {n}, see {command}",
	},
	over: resolvedWords{
		resolved:       "Resolved: {title}",
		gone:           "No longer listed: {title}",
		destroyed:      "Its order was destroyed: {title}",
		state:          "{title} ({state})",
		since:          "It had been {severity} since {date}.",
		orderEnds:      "now ends {date}",
		orderRenews:    "now ends {date}, renews itself",
		trial:          "trial until {date}",
		pro:            "Pro edition until {date}",
		moreInHeadline: counted{many: ", and {n} more"},
		inDigest:       "Resolved since the last report",
		inAlert:        "Resolved",
		count:          "{title}: {n}",
		more:           counted{many: "… and {n} more resolved"},
	},
	sources: sourceWords{
		since:      counted{"{source} has been unreadable since {since} (1 run)", "{source} has been unreadable since {since} ({n} runs)"},
		facts:      ": ",
		several:    counted{"{names} is still unreadable", "{names} are still unreadable"},
		again:      counted{many: "{names} can be read again"},
		was:        counted{"Unreadable from {since} to {until} (1 run).", "Unreadable from {since} to {until} ({n} runs)."},
		againAfter: "{source} can be read again. {was}",
	},
}

var chineseStory = storyWords{
	change: changeWords{
		isNew:     "新",
		newHere:   "首次通知本群",
		worse:     "已恶化",
		worseThan: "已恶化：{was}",
		severity:  "原为{severity}",
		both:      "原为{severity}，还有 {n} 天",
		title:     "原为“{title}”",
		days:      "上次提醒时还有 {n} 天",
		daysLeft:  counted{many: "上次提醒时还有 {n} 天"},
		reminder:  "再次提醒",
		moved:     "到期日原为 {date}",
		age:       "第 {n} 天",
		seen:      "{moment} 发现",
		headline:  "（{change}）",
		next:      "下次提醒：{when}。",
	},
	ack: ackWords{
		holds:      "已由 {by} 确认，至 {until}：{reason}",
		over:       "情况恶化，此前的确认已失效（{by}，至 {until}：{reason}）",
		headline:   "（已确认）",
		silence:    "如需静默： {command}",
		silenceAny: "如需静默： {command} ，其中 RULE 为 {keys}",
		title:      "已确认",
		entry:      "{key} 至 {until}，{by}：{reason}",
		more:       counted{many: "…… 另有 {n} 项： {command}"},
		count:      "已确认：{n} 项，见 {command}",
	},
	over: resolvedWords{
		resolved:       "已恢复：{title}",
		gone:           "已不在列表中：{title}",
		destroyed:      "订单已销毁：{title}",
		state:          "{title}（{state}）",
		since:          "此前为{severity}，始于 {date}。",
		orderEnds:      "现为 {date}到期",
		orderRenews:    "现为 {date}到期，自动续费",
		trial:          "试用有效至 {date}",
		pro:            "专业版有效至 {date}",
		moreInHeadline: counted{many: "，另有 {n} 项"},
		inDigest:       "上次报告以来已恢复",
		inAlert:        "已恢复",
		count:          "{title}：{n} 项",
		more:           counted{many: "…… 另有 {n} 项已恢复"},
	},
	sources: sourceWords{
		since:      counted{many: "{source} 自 {since} 起一直无法读取（连续 {n} 次）"},
		facts:      "： ",
		several:    counted{many: "{names}仍无法读取"},
		again:      counted{many: "{names}已恢复读取"},
		was:        counted{many: "{since} 至 {until} 无法读取（连续 {n} 次）。"},
		againAfter: "{source}已恢复读取：{was}",
	},
}
