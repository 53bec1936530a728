package web

import (
	"context"
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"confianza/internal/mention"
	"confianza/internal/store"
)

// hasty looks at few posts at a time.
type hasty struct{ *store.Store }

func (h hasty) LatestPage(ctx context.Context, q store.LatestQuery, _ int) (store.Page, error) {
	return h.Store.LatestPage(ctx, q, 4)
}

func (h hasty) SearchPage(ctx context.Context, q store.SearchQuery, _ int) (store.Page, error) {
	return h.Store.SearchPage(ctx, q, 4)
}

// A page that ended before everything was looked at says how far it went, and
// leads on until the end.
func TestAPageSaysHowFarItLooked(t *testing.T) {
	said := []mention.Mention{says(9.5, mention.Negative, "en", "the only complaint")}
	for i := range 9 {
		said = append(said, says(float64(i)+0.5, mention.Positive, "en", fmt.Sprint("thanks ", i)))
	}
	s := fill(t, said...)
	h := site1(t, s, func(o *Options, _ *State) { o.Store = hasty{s} })
	for lang, want := range map[string][]string{
		"en": {"None found so far.", "Looked back to 24\u00a0Nov, 08:30; nothing older has been looked at yet.", "Look further back"},
		"es": {"Por ahora no se ha encontrado ninguna.", "Se ha buscado hacia atrás hasta el 24\u00a0nov, 08:30; lo anterior está sin mirar.", "Seguir buscando"},
	} {
		address, pages := "/?polarity=negative&lang="+lang, 0
		for ; address != ""; pages++ {
			body := ask(h, "GET", address).Body.String()
			for _, w := range want {
				if pages == 0 && !strings.Contains(body, w) {
					t.Errorf("%s does not say %q", address, w)
				}
			}
			on := regexp.MustCompile(`href="([^"]*)" rel="next"`).FindStringSubmatch(body)
			if found := strings.Contains(body, "the only complaint"); found != (on == nil) {
				t.Errorf("%s: found %v, and leads on to %v", address, found, on)
			}
			if address = ""; on != nil {
				address = strings.TrimSuffix(html.UnescapeString(on[1]), "#latest")
			}
		}
		if pages != 3 { // four, four, and the last two
			t.Errorf("%s: %d pages, want 3", lang, pages)
		}
	}
}
