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
	newHere   string // this chat hears of it for the first time, but it is older than a day
	worse     string
	worseThan string  // {was}
	severity  string  // {severity}: a {was}
	both      string  // {severity}, {n}: a {was}
	title     string  // {title}: a {was}
	days      string  // {n}: where the title names the days left
	daysLeft  counted // {n}: where it does not
	reminder  string
	ackEnded  string  // a reminder, since an acknowledgement has ended
	moved     string  // {date}: where the end was
	age       counted // {n}: days
	seen      string  // {moment}: when an event was seen
	headline  string  // {change}: behind a title
	next      string  // {when}
}

// ackWords are about acknowledgements.
type ackWords struct {
	over        string  // {by}, {until}, {reason}: a finding that got worse ended it
	ended       string  // {by}, {until}, {reason}: its time is over
	firstOfRule string  // {by}, {until}, {reason}: the finding began when its rule was acknowledged already
	silence     string  // {command}
	silenceAny  string  // {command}, {keys}
	title       string  // above the list
	firing      string  // {what}, {severity}, {until}, {by}, {reason}: of what fires
	several     counted // {key}, {n}: a {what}
	entry       string  // {key}, {until}, {by}, {reason}: of what does not
	more        counted // {n}, {command}: the rest of the list
	count       string  // {n}, {command}: instead of the list
}

// resolvedWords are about what is over.
type resolvedWords struct {
	resolved        string  // {title}
	gone, destroyed string  // {title}, {dates}: the {title} is quoted
	undone          string  // {title}, {dates}
	takenOver       string  // {title}
	quoted          string  // {title}
	dated           string  // {title}, {dates}: the {title} is quoted
	state           string  // {title}, {state}: a title with what is true now
	since           string  // {severity}, {date}
	orderEnds       string  // {date}: a {state}
	orderRenews     string  // {date}: a {state}
	trial, pro      string  // {date}: a {state}
	moreInHeadline  counted // {n}
	inDigest        string  // title of the list
	inAlert         string  // the {title} of an alert's count
	count           string  // {title}, {n}: instead of the list
	more            counted // {n}: the rest of the list
}

// sourceWords are about sources that stay unread, or can be read again.
type sourceWords struct {
	since       counted // {source}, {since}, {n}; counts the runs
	partlySince counted // the same, of a list that was incomplete
	facts       string  // between that and the facts
	several     counted // {names}: the headline; counts the names
	again       counted // {names}; counts the names
	was         counted // {since}, {until}, {n}; counts the runs
	wasPartly   counted // the same, of a list that was incomplete
	againAfter  string  // {source}, {was}
}

// groupWords are about several findings of one rule.
type groupWords struct {
	title         string  // {n}, {text}: the rule's own words
	alike         counted // {title}, {n}: where it has none
	licenses      counted // {n}
	machines      counted // {n}
	inUse         string  // {n}: the machines of licenses that are still valid
	atLeast       string  // {what}
	span          string  // {first}, {last}: days
	names         string  // {names}
	between       string  // the {names}
	numbers       string  // {licenses}, {machines}
	firstNumbers  string  // {licenses}, {machines}: where it is still valid
	firstMachines string  // {licenses}, {machines}: where it has ended
	onlyLicenses  counted // {licenses}
	more          string  // {n}: behind the names
	someNew       counted // {n}
	someWorse     counted // {n}
	someDue       counted // {n}
}

// doubtWords are about what was read and cannot be judged. {Subject} begins a
// sentence.
type doubtWords struct {
	order  string // {order}: a {subject}
	orders string // {n}: a {subject}
	fields map[string]string

	// The headline; those that count do so by orders.
	undocumented        counted // {Subject}, {field}, {value}
	undocumentedUnasked counted // {Subject}, {field}, {value}: no rule asks for it
	contradiction       string  // {Subject}, {state}, {sub}
	badEnd              counted // {Subject}, {value}
	noEnd               counted // {Subject}
	overuse             string  // {Subject}, {used}, {total}
	machines            string  // {Subject}, {used}, {total}
	more                counted // {n}

	// Behind something else.
	alsoUndocumented, alsoContradiction, alsoBadEnd, alsoNoEnd, alsoOveruse, alsoMachines string  // {subject}, {field}
	alsoSeveral                                                                           counted // {n}

	// The list.
	undocumentedOrders string  // {field}, {value}, {orders}
	undocumentedHere   string  // {Subject}, {field}, {value}
	contradictionLine  string  // {Subject}, {state}, {sub}
	badEndOrders       string  // {value}, {orders}
	badEndHere         string  // {Subject}, {value}
	noEndOrders        string  // {orders}
	noEndHere          string  // {Subject}
	overuseLine        string  // {Subject}, {used}, {total}
	machinesLine       string  // {Subject}, {used}, {total}
	moreLines          counted // {n}
	hint               string  // {link}
	label              string  // of the link
}

// watchWords are about times without a run, and what is no longer watched.
type watchWords struct {
	gap            string  // {from}, {to}
	gaps           string  // {n}: instead of the list
	line           string  // {what}
	headline       string  // {what}
	moreInHeadline counted // {n}
	moreUnwatched  counted // {n}
	count          counted // {n}: instead of the list
	rule           string  // {rule}: a {what}
	ruleSaid       string  // {rule}, {title}: a {what}
	ruleSaidMore   counted // {rule}, {title}, {n}: a {what}
	unheard        string  // {channel}, {id}, {date}
	unaccepted     string  // {id}, {date}
	moreUnheard    counted // {n}
	countUnheard   counted // {n}: instead of the list
}

var englishStory = storyWords{
	change: changeWords{
		isNew:     "new",
		newHere:   "new to this chat",
		worse:     "got worse",
		worseThan: "got worse: {was}",
		severity:  "was {severity}",
		both:      "was {severity} with {n} days left",
		title:     "was “{title}”",
		days:      "was {n} when last told",
		daysLeft:  counted{"1 day was left when last told", "{n} days were left when last told"},
		reminder:  "reminder",
		ackEnded:  "acknowledgement ended",
		moved:     "end was {date}",
		age:       counted{"for 1 day", "for {n} days"},
		seen:      "seen {moment}",
		headline:  " ({change})",
		next:      "Next reminder: {when}.",
	},
	ack: ackWords{
		over:        "got worse, so no longer acknowledged (by {by} until {until}: {reason})",
		ended:       "was acknowledged by {by} until {until}: {reason}",
		firstOfRule: "its rule is acknowledged by {by} until {until} ({reason}); this one began later and is told once",
		silence:     "To silence: {command}",
		silenceAny:  "To silence: {command} with RULE one of {keys}",
		title:       "Acknowledged",
		firing:      "{what} — {severity} · until {until}, by {by}: {reason}",
		several:     counted{many: "{key} ({n} findings)"},
		entry:       "{key} until {until}, by {by}: {reason}",
		more:        counted{many: "… and {n} more: {command}"},
		count:       "Acknowledged: {n}, see {command}",
	},
	over: resolvedWords{
		resolved:       "Resolved: {title}",
		gone:           "No longer listed: {title} ({dates})",
		undone:         "Withdrawn: {title} ({dates}); the clock of a run was wrong",
		destroyed:      "Its order was destroyed: {title} ({dates})",
		takenOver:      "As many licenses are in use again as before: {title}",
		quoted:         "“{title}”",
		dated:          "{title} ({dates})",
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
		since:       counted{"{source} has been unreadable since {since} (1 run)", "{source} has been unreadable since {since} ({n} runs)"},
		partlySince: counted{"{source} has been incomplete since {since} (1 run)", "{source} has been incomplete since {since} ({n} runs)"},
		facts:       ": ",
		several:     counted{"{names} is still unreadable", "{names} are still unreadable"},
		again:       counted{many: "{names} can be read again"},
		was:         counted{"Unreadable from {since} to {until} (1 run).", "Unreadable from {since} to {until} ({n} runs)."},
		wasPartly:   counted{"Incomplete from {since} to {until} (1 run).", "Incomplete from {since} to {until} ({n} runs)."},
		againAfter:  "{source} can be read again. {was}",
	},
}

var englishGroup = groupWords{
	title:         "{n} orders {text}",
	alike:         counted{many: "{title}, and {n} like it"},
	licenses:      counted{"{n} license", "{n} licenses"},
	machines:      counted{"{n} machine", "{n} machines"},
	inUse:         "{n} in use",
	atLeast:       "at least {what}",
	span:          "{first} – {last}",
	names:         "among them: {names}",
	between:       " · ",
	numbers:       " ({licenses}, {machines})",
	firstNumbers:  " ({licenses}, {machines} in use)",
	firstMachines: " ({licenses}, {machines} were in use)",
	onlyLicenses:  counted{" ({licenses} license)", " ({licenses} licenses)"},
	more:          " · and {n} more",
	someNew:       counted{many: "{n} new"},
	someWorse:     counted{many: "{n} got worse"},
	someDue:       counted{"{n} reminder", "{n} reminders"},
}

var englishDoubts = doubtWords{
	order:  "order {order}",
	orders: "{n} orders",
	fields: map[string]string{
		"order.OrderStatus":     "status",
		"order.LicenseType":     "license type",
		"order.LicenseStatus":   "license status",
		"order.AutoRenewFlag":   "auto-renewal",
		"order.SourceType":      "source",
		"cwp.ProtectType":       "protection type",
		"tcss.State":            "state",
		"tcss.SubState":         "sub-state",
		"tcss.AutomaticRenewal": "auto-renewal",
	},
	undocumented:        counted{"{Subject} cannot be judged: its {field} is {value}, which is not documented", "{Subject} cannot be judged: their {field} is {value}, which is not documented"},
	undocumentedUnasked: counted{"{Subject}: its {field} is {value}, which is not documented", "{Subject}: their {field} is {value}, which is not documented"},
	contradiction:       "{Subject} cannot be judged: State {state} and SubState {sub} contradict each other",
	badEnd:              counted{"{Subject} cannot be judged: its end date “{value}” is no date", "{Subject} cannot be judged: their end date “{value}” is no date"},
	noEnd:               counted{"{Subject} cannot be judged: it has no end date", "{Subject} cannot be judged: they have no end date"},
	overuse:             "{Subject} counts contradict each other: {used} of {total} licenses are in use",
	more:                counted{"; {n} more value cannot be judged", "; {n} more values cannot be judged"},
	alsoUndocumented:    "; the {field} of {subject} is not documented",
	alsoContradiction:   "; State and SubState of {subject} contradict each other",
	alsoBadEnd:          "; the end of {subject} cannot be read",
	alsoNoEnd:           "; no end is known of {subject}",
	machines:            "{Subject} counts contradict each other: {used} machines by their protection, and {total} in all",
	alsoOveruse:         "; the counts contradict each other",
	alsoMachines:        "; the counts of machines contradict each other",
	alsoSeveral:         counted{"; {n} value cannot be judged", "; {n} values cannot be judged"},
	undocumentedOrders:  "Order {field} {value} is not documented ({orders})",
	undocumentedHere:    "{Subject}: {field} {value} is not documented",
	contradictionLine:   "{Subject}: State {state} and SubState {sub} contradict each other, so neither is known",
	badEndOrders:        "End date not readable: “{value}” ({orders})",
	badEndHere:          "{Subject}: end date not readable: “{value}”",
	noEndOrders:         "No end date: {orders}",
	noEndHere:           "{Subject}: no end date",
	overuseLine:         "{Subject}: {used} licenses in use, but only {total} valid ones",
	machinesLine:        "{Subject}: {used} machines by their protection, but only {total} in all",
	moreLines:           counted{"… and {n} more value that cannot be judged", "… and {n} more values that cannot be judged"},
	hint:                "→ Look it up in the {link}.",
	label:               "console",
}

var englishWatch = watchWords{
	gap:            "No run between {from} and {to}: nothing was watched in between.",
	gaps:           "There were {n} long times without a run.",
	line:           "No longer watched: {what}",
	headline:       "No longer watched: {what}",
	moreInHeadline: counted{many: ", and {n} more"},
	moreUnwatched:  counted{many: "… and {n} more no longer watched"},
	count:          counted{"{n} rule or source is no longer watched", "{n} rules or sources are no longer watched"},
	rule:           "rule {rule}",
	ruleSaid:       "rule {rule} (it last said “{title}”)",
	ruleSaidMore:   counted{many: "rule {rule} (it last said “{title}”, and {n} more)"},
	unheard:        "{channel} did not confirm the alert {id} of {date} and may not have got it; it is not sent there again.",
	unaccepted:     "No chat confirmed the alert {id} of {date}, which may not have arrived. What it said follows.",
	countUnheard:   counted{many: "{n} alerts were not confirmed and may not have arrived."},
	moreUnheard:    counted{"… and 1 more alert that was not confirmed", "… and {n} more alerts that were not confirmed"},
}

var chineseStory = storyWords{
	change: changeWords{
		isNew:     "新",
		newHere:   "首次通知本群",
		worse:     "已升级",
		worseThan: "已升级：{was}",
		severity:  "原为{severity}",
		both:      "原为{severity}，剩余 {n} 天",
		title:     "原为“{title}”",
		days:      "上次通知时还有 {n} 天",
		daysLeft:  counted{many: "上次通知时还有 {n} 天"},
		reminder:  "再次提醒",
		ackEnded:  "确认已到期",
		moved:     "原到期时间 {date}",
		age:       counted{many: "已持续 {n} 天"},
		seen:      "{moment} 发现",
		headline:  "（{change}）",
		next:      "下次提醒：{when}。",
	},
	ack: ackWords{
		over:        "情况已升级，此前的确认失效（{by} 确认至 {until}：{reason}）",
		ended:       "此前由 {by} 确认至 {until}：{reason}",
		firstOfRule: "该规则已由 {by} 确认至 {until}（{reason}）；此项在确认之后出现，仅通知这一次",
		silence:     "暂停提醒：{command}",
		silenceAny:  "暂停提醒：{command}，其中 RULE 为 {keys}",
		title:       "已确认",
		firing:      "{what} · {severity} · {by} 确认至 {until}：{reason}",
		several:     counted{many: "{key}（{n} 项）"},
		entry:       "{key} · {by} 确认至 {until}：{reason}",
		more:        counted{many: "…… 另有 {n} 项：{command}"},
		count:       "已确认：{n} 项，见 {command}",
	},
	over: resolvedWords{
		resolved:       "已恢复：{title}",
		gone:           "已不在列表中：{title}（{dates}）",
		undone:         "撤回：{title}（{dates}），某次运行的时钟有误",
		destroyed:      "订单已销毁：{title}（{dates}）",
		takenOver:      "已用授权数已恢复：{title}",
		quoted:         "“{title}”",
		dated:          "{title}（{dates}）",
		state:          "{title}（{state}）",
		since:          "此前为{severity}，始于 {date}。",
		orderEnds:      "现到期时间 {date}",
		orderRenews:    "现到期时间 {date}，自动续费",
		trial:          "试用有效至 {date}",
		pro:            "专业版有效至 {date}",
		moreInHeadline: counted{many: "，另有 {n} 项"},
		inDigest:       "上次报告以来已恢复",
		inAlert:        "已恢复",
		count:          "{title}：{n} 项",
		more:           counted{many: "…… 另有 {n} 项已恢复"},
	},
	sources: sourceWords{
		since:       counted{many: "{source}自 {since} 起一直无法读取（连续 {n} 次）"},
		partlySince: counted{many: "{source}自 {since} 起一直读取不全（连续 {n} 次）"},
		facts:       "：",
		several:     counted{many: "{names}仍无法读取"},
		again:       counted{many: "{names}已恢复读取"},
		was:         counted{many: "{since} 至 {until} 无法读取（连续 {n} 次）。"},
		wasPartly:   counted{many: "{since} 至 {until} 读取不全（连续 {n} 次）。"},
		againAfter:  "{source}已恢复读取：{was}",
	},
}

var chineseGroup = groupWords{
	title:         "{n} 个订单{text}",
	alike:         counted{many: "{title}，同类另有 {n} 项"},
	licenses:      counted{many: "{n} 个授权"},
	machines:      counted{many: "{n} 台主机"},
	inUse:         "已用 {n} 个",
	atLeast:       "至少{what}",
	span:          "{first}–{last}",
	names:         "其中：{names}",
	between:       "、",
	numbers:       "（{licenses}，{machines}）",
	firstNumbers:  "（{licenses} 个，已用 {machines}）",
	firstMachines: "（{licenses} 个，此前已用 {machines}）",
	onlyLicenses:  counted{many: "（{licenses} 个）"},
	more:          "，另有 {n} 个",
	someNew:       counted{many: "{n} 项新增"},
	someWorse:     counted{many: "{n} 项已升级"},
	someDue:       counted{many: "{n} 项再次提醒"},
}

var chineseDoubts = doubtWords{
	order:  "订单 {order} ",
	orders: "{n} 个订单",
	fields: map[string]string{
		"order.OrderStatus":     "状态",
		"order.LicenseType":     "授权类型",
		"order.LicenseStatus":   "授权状态",
		"order.AutoRenewFlag":   "自动续费",
		"order.SourceType":      "来源",
		"cwp.ProtectType":       "防护类型",
		"tcss.State":            "状态",
		"tcss.SubState":         "子状态",
		"tcss.AutomaticRenewal": "自动续费",
	},
	undocumented:        counted{many: "{subject}无法判断：{field}为 {value}，官方文档没有这个值"},
	undocumentedUnasked: counted{many: "{subject}的{field}为 {value}，官方文档没有这个值"},
	contradiction:       "{subject}无法判断：State {state} 与 SubState {sub} 相互矛盾",
	badEnd:              counted{many: "{subject}无法判断：到期时间“{value}”不是日期"},
	noEnd:               counted{many: "{subject}无法判断：没有到期时间"},
	overuse:             "{subject}的数字相互矛盾：已用 {used} 个授权，有效的只有 {total} 个",
	more:                counted{many: "；另有 {n} 处数据无法判断"},
	alsoUndocumented:    "；{subject}的{field}不在官方文档中",
	alsoContradiction:   "；{subject}的 State 与 SubState 相互矛盾",
	alsoBadEnd:          "；{subject}的到期时间无法识别",
	alsoNoEnd:           "；{subject}没有到期时间",
	machines:            "{subject}的数字相互矛盾：按防护情况合计 {used} 台，主机总数却只有 {total} 台",
	alsoOveruse:         "；授权数相互矛盾",
	alsoMachines:        "；主机数相互矛盾",
	alsoSeveral:         counted{many: "；{n} 处数据无法判断"},
	undocumentedOrders:  "订单{field} {value} 不在官方文档中（{orders}）",
	undocumentedHere:    "{subject}：{field} {value} 不在官方文档中",
	contradictionLine:   "{subject}：State {state} 与 SubState {sub} 相互矛盾，按未知处理",
	badEndOrders:        "到期时间无法识别：“{value}”（{orders}）",
	badEndHere:          "{subject}：到期时间无法识别：“{value}”",
	noEndOrders:         "没有到期时间：{orders}",
	noEndHere:           "{subject}：没有到期时间",
	overuseLine:         "{subject}：已用 {used} 个授权，有效的只有 {total} 个",
	machinesLine:        "{subject}：按防护情况合计 {used} 台，主机总数却只有 {total} 台",
	moreLines:           counted{many: "…… 另有 {n} 处数据无法判断"},
	hint:                "→ 请在{link}核实",
	label:               "控制台",
}

var chineseWatch = watchWords{
	gap:            "{from}至 {to}之间没有运行，期间未做监控",
	gaps:           "有 {n} 段时间没有运行",
	line:           "不再监控：{what}",
	headline:       "不再监控：{what}",
	moreInHeadline: counted{many: "，另有 {n} 项"},
	moreUnwatched:  counted{many: "…… 另有 {n} 项不再监控"},
	count:          counted{many: "有 {n} 项不再监控"},
	rule:           "规则 {rule}",
	ruleSaid:       "规则 {rule}（最后一次通知为“{title}”）",
	ruleSaidMore:   counted{many: "规则 {rule}（最后一次通知为“{title}”，另有 {n} 项）"},
	unheard:        "{channel}未确认收到 {date} 的告警 {id}，可能没有收到；该告警不再重发",
	unaccepted:     "{date} 的告警 {id} 未得到任何渠道确认，可能未送达；其内容随后重发",
	countUnheard:   counted{many: "{n} 条告警未得到确认，可能未送达"},
	moreUnheard:    counted{many: "…… 另有 {n} 条告警未得到确认"},
}
