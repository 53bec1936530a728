//go:build peers

package web

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// nudge makes the page refresh now rather than after its fifteen seconds.
const nudge = `document.dispatchEvent(new Event("visibilitychange")); `

// The page refreshes itself: a new mention appears, the details stay open, the
// focus stays where it was, and a server that is gone is said to be gone.
func TestRefreshInABrowser(t *testing.T) {
	ctx, cancel := chromedp.NewContext(browser(t))
	defer cancel()
	kept := fill(t, says(1, mention.Negative, "en", "first of all"))
	down := false
	server := httptest.NewUnstartedServer(nil)
	page := site1(t, kept, func(o *Options, _ *State) { o.Listen = server.Listener.Addr().String() })
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if down {
			panic(http.ErrAbortHandler)
		}
		page.ServeHTTP(w, r)
	})
	server.Start()
	t.Cleanup(server.Close)
	wait := func(what, condition string) {
		t.Helper()
		if _, err := chromedp.Run(ctx, chromedp.Poll[bool](condition, chromedp.WithPollingTimeout(10*time.Second))); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	run := func(script string) {
		t.Helper()
		if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](script+"; true")); err != nil {
			t.Fatal(err)
		}
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(server.URL+"/?lang=en")); err != nil {
		t.Fatal(err)
	}
	run(`document.getElementById("table").open = true; document.querySelector('a[href*="window=30d"]').focus()`)
	later := says(0.5, mention.Positive, "en", "second thoughts")
	later.Source, later.Native, later.Form, later.Brands, later.Seen = "bluesky", "later", "post", []string{"Delta"}, now
	if _, err := kept.Add(t.Context(), store.Intake{Source: "bluesky", Mentions: []mention.Mention{later}, Next: "2"}); err != nil {
		t.Fatal(err)
	}
	run(nudge)
	wait("the new mention", `document.body.innerText.includes("second thoughts")`)
	wait("open details", `document.getElementById("table").open`)
	wait("the focus", `(document.activeElement.getAttribute("href") || "").includes("window=30d")`)
	down = true
	run(nudge)
	wait("the lost connection", `!document.getElementById("lost").hidden`)
	down = false
	run(nudge)
	wait("the connection again", `document.getElementById("lost").hidden`)
}
