package cron

import "fmt"

// Doubts is what the expression allows but may not mean, a line each.
func (s Schedule) Doubts() []string {
	var doubts []string
	if n := s.second.count(); n > 1 {
		doubts = append(doubts, fmt.Sprintf("fires %d times in a minute: the first field counts seconds; write 0 there",
			n))
	}
	if s.minute.allows(0) && !s.minute.any {
		doubts = append(doubts, "fires on the full hour, where timers are known to be late now and then: write an odd minute, such as 7")
	}
	if s.weekday.numbers {
		doubts = append(doubts, "gives days of the week as numbers, which SCF has counted from Sunday and from Monday: write names, such as MON-FRI")
	}
	if s.namesBothDays() {
		doubts = append(doubts, "names days of the month and of the week: it fires when either is right; write * for one of the two")
	}
	return doubts
}
