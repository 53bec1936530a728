//go:build peers

package peers

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser starts Chromium; tabs are opened under its context.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := command(t, "chromium", "chromium-browser", "google-chrome")
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// tab is one open page.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex
	complaints []string
}

// open shows an address on a screen of a width in CSS pixels.
func open(t *testing.T, browser context.Context, address string, width int64) *tab {
	t.Helper()
	o := &tab{t: t}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithListener(o.listen))
	t.Cleanup(cancel)
	o.ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	if err := chromedp.Do(o.ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	return o
}

// listen notes what a developer would see in red or yellow in the console.
func (o *tab) listen(event any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		o.complaints = append(o.complaints, e.Entry.Text)
	case *runtime.EventExceptionThrown:
		o.complaints = append(o.complaints, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		o.complaints = append(o.complaints, "console."+string(e.Type))
	}
}

func (o *tab) complained() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.complaints)
}

// evaluate gives the value of a JavaScript expression.
func evaluate[T any](o *tab, expression string) T {
	o.t.Helper()
	v, err := chromedp.Run(o.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		o.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// text is what a reader sees, in lower case: a style sheet may shout.
func (o *tab) text() string { return strings.ToLower(evaluate[string](o, `document.body.innerText`)) }

// wide tells whether one must scroll sideways.
func (o *tab) wide() bool {
	return evaluate[bool](o, `document.documentElement.scrollWidth > innerWidth`)
}

// A page that does all that ours must not: the checks see it.
func TestBrowserSeesFaults(t *testing.T) {
	bad := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'")
		if r.URL.Path == "/bad.js" {
			w.Header().Set("Content-Type", "text/javascript")
			w.Write([]byte(`console.error("seen"); throw new Error("thrown")`))
			return
		}
		w.Write([]byte(`<!doctype html><meta name="viewport" content="width=device-width"><script>1</script>
			<script src="/bad.js"></script><pre>` + strings.Repeat("wide ", 100) + `</pre>`))
	}))
	defer bad.Close()
	o := open(t, browser(t), bad.URL, 390)
	if !o.wide() {
		t.Error("a page wider than the screen passes")
	}
	for _, want := range []string{"Content Security Policy", "console.error", "Uncaught"} {
		if got := o.complained(); !slices.ContainsFunc(got, func(c string) bool { return strings.Contains(c, want) }) {
			t.Errorf("no complaint of %q among %q", want, got)
		}
	}
}
