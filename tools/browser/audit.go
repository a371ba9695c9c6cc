package main

import (
	"context"
	_ "embed" // for what runs in the page
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// auditJS looks at the page from within. The page's own policy forbids scripts;
// the debugger may run them all the same.
//
//go:embed audit.js
var auditJS string

// audit opens a page and says what is wrong with it in this view.
func (b *browser) audit(file string, v view) ([]string, error) {
	var heard complaints
	var seen []string
	err := b.open(file, v, heard.listen, func(tab context.Context) error {
		script := fmt.Sprintf("(%s)(%d)", strings.TrimSpace(auditJS), v.width)
		found, err := chromedp.Run(tab, chromedp.Evaluate[[]string](script))
		seen = found
		return err
	})
	return append(heard.list(), seen...), err
}

// complaints is what the browser says about a page.
type complaints struct {
	mutex sync.Mutex
	texts []string
}

func (c *complaints) list() []string {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return slices.Clone(c.texts)
}

func (c *complaints) add(format string, args ...any) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.texts = append(c.texts, fmt.Sprintf(format, args...))
}

// listen hears errors and warnings on the console, and requests for anything
// but the page: it has to be whole in itself.
func (c *complaints) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if thrown := e.ExceptionDetails.Exception; thrown != nil {
			text += " " + thrown.Description
		}
		c.add("a script fails: %s", text)
	case *runtime.EventConsoleAPICalled:
		switch e.Type {
		case "error", "warning", "assert":
			c.add("console.%s", e.Type)
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			c.add("console: %s", e.Entry.Text)
		}
	case *network.EventRequestWillBeSent:
		if e.Type != network.ResourceTypeDocument && !strings.HasPrefix(e.Request.URL, "data:") {
			c.add("the page asks for %s", e.Request.URL)
		}
	}
}
