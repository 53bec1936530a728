package web

import (
	"testing"

	"confianza/internal/mention"
)

// The page and the trend name the scorer whose figures they show, and say how
// far another one is that will replace it.
func TestThePageSaysWhichScorerSpeaks(t *testing.T) {
	s := fill(t, says(1, mention.Negative, "en", "they lost my data"))
	calm := site1(t, s, func(_ *Options, st *State) { st.Scorer, st.Shown = "model@12ab34cd", "model@12ab34cd" })
	again := site1(t, s, func(_ *Options, st *State) {
		st.Scorer, st.Shown, st.Again, st.Pending = "model@12ab34cd", "vader@1", 0.42, 7
	})
	for _, path := range []string{"/?lang=en", "/trend?lang=en"} {
		contains(t, ask(calm, "GET", path).Body.String(), []string{"(confianza&#39;s model, version 12ab34cd)"}, []string{"being scored again"})
		contains(t, ask(again, "GET", path).Body.String(), []string{"being scored again (confianza&#39;s model, version 12ab34cd): 42% done",
			"the earlier ones (VADER, version 1)", "a program (VADER, version 1)", `width="42%"`}, []string{"waiting to be scored"})
	}
	contains(t, ask(again, "GET", "/?lang=es").Body.String(), []string{"(modelo de confianza, versión 12ab34cd): va el 42\u00a0%"}, nil)
}
