package main

import (
	"fmt"
	"io"
	"sync"
	"time"

	"licensewatch/cmd/licensewatch/internal/terminal"
)

// progressDelay is how long something may take before it is said what it is.
const progressDelay = time.Second

// progress says on standard error what a command is doing, once that has taken
// longer than a moment.
type progress struct {
	out   io.Writer
	mutex sync.Mutex
	doing string
	began time.Time
	timer *time.Timer
}

// startProgress starts a step that may take its time: "reading the orders". Call done at
// the end.
func (c console) startProgress(format string, args ...any) *progress {
	p := &progress{out: c.err, doing: fmt.Sprintf(format, args...), began: time.Now()}
	p.timer = time.AfterFunc(progressDelay, p.showLater)
	return p
}

// step says what is done now.
func (p *progress) step(format string, args ...any) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.doing = fmt.Sprintf(format, args...)
	p.timer.Reset(progressDelay)
}

// show is step that is said at once, where it has taken longer than a moment already.
func (p *progress) show(format string, args ...any) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if time.Since(p.began) >= progressDelay && p.doing != "" {
		writeStyled(p.out, "… %s\n", fmt.Sprintf(format, args...))
	}
}

func (p *progress) showLater() {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.doing != "" {
		writeStyled(p.out, "… %s\n", p.doing)
	}
}

// done ends it; nothing is written after it.
func (p *progress) done() {
	p.timer.Stop()
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.doing = ""
}

// countProgress shows on a terminal how far something has come.
type countProgress struct {
	console console
	last    time.Time // when it was shown; real time
	shown   bool
}

// show says how much is done.
func (p *countProgress) show(done, all int) {
	if widthOf(p.console.err) == 0 {
		return
	}
	if now := time.Now(); p.last.IsZero() {
		p.last = now
	} else if now.Sub(p.last) >= progressDelay/4 {
		p.last, p.shown = now, true
		writeStyled(p.console.err, "%s… %d of %d records", clearLine, done, all)
	}
}

func (p *countProgress) done() {
	if p.shown {
		writeStyled(p.console.err, "%s", clearLine)
	}
}

// clearLine goes back to the beginning of the terminal's line, and empties it.
const clearLine terminal.Styled = "\r\x1b[K"
