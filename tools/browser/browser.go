package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// patience is how long one page may take. They need a second or two; a busy machine takes longer.
const patience = 2 * time.Minute

// view is what a reader looks with.
type view struct {
	width   int64 // CSS pixels
	dark    bool
	isPaper bool
}

// views are those a page has to be readable in: a small phone and a desktop.
var views = []view{{width: 360}, {width: 360, dark: true}, {width: 1280}, {width: 1280, dark: true}}

// phone is the width up to which a view is a phone's.
const phone = 480

func (v view) scheme() string {
	if v.dark {
		return "dark"
	}
	return "light"
}

// media is the kind of medium; empty: a screen.
func (v view) media() string {
	if v.isPaper {
		return "print"
	}
	return ""
}

// String names a view for people.
func (v view) String() string {
	if v.isPaper {
		return "on paper"
	}
	return fmt.Sprintf("%d px, %s", v.width, v.scheme())
}

// browser is one running Chromium.
type browser struct {
	ctx   context.Context // chromedp keeps the browser in it
	close func()
}

// names are what Chromium is called.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless_shell"}

// start runs a Chromium with a new profile, which close removes.
func start(ctx context.Context) (*browser, error) {
	path, err := find()
	if err != nil {
		return nil, err
	}
	profile, err := os.MkdirTemp("", "licensewatch-browser-")
	if err != nil {
		return nil, err
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("font-render-hinting", "none"),
	)
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium has none for root
	}
	allocated, stop := chromedp.NewExecAllocator(ctx, options...)
	running, cancel := chromedp.NewContext(allocated, chromedp.WithErrorf(ignore))
	b := &browser{ctx: running, close: func() {
		cancel()
		stop()
		_ = os.RemoveAll(profile)
	}}
	if err := chromedp.Do(running); err != nil {
		b.close()
		return nil, fmt.Errorf("%s does not start: %w", path, err)
	}
	return b, nil
}

// ignore drops chromedp's complaints about events of a Chromium that is newer
// than itself.
func ignore(string, ...any) {}

func find() (string, error) {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("there is no Chromium: install it (Debian: apt-get install chromium)")
}

// open shows a file in a tab of its own, for as long as use takes. What listen
// hears begins before the page is loaded.
func (b *browser) open(file string, v view, listen func(event any), use func(tab context.Context) error) error {
	path, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); err != nil {
		return err
	}
	tab, closeTab := chromedp.NewContext(b.ctx)
	defer closeTab()
	if err := chromedp.Listen(tab, listen); err != nil { // opens the tab
		return err
	}
	tab, stop := context.WithTimeout(tab, patience)
	defer stop()
	if _, err := chromedp.Call(tab, network.Enable, network.EnableParams{}); err != nil {
		return err
	}
	scheme := &emulation.MediaFeature{Name: "prefers-color-scheme", Value: v.scheme()}
	if _, err := chromedp.Call(tab, emulation.SetEmulatedMedia,
		emulation.SetEmulatedMediaParams{Media: v.media(), Features: []*emulation.MediaFeature{scheme}}); err != nil {
		return err
	}
	var options []chromedp.EmulateViewportOption
	if v.width <= phone {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	if err := chromedp.Do(tab, chromedp.EmulateViewport(v.width, 800, options...),
		chromedp.Navigate("file://"+filepath.ToSlash(path))); err != nil {
		return err
	}
	return use(tab)
}
