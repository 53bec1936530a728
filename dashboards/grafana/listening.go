package grafana

import (
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/statetimeline"
)

const chosen = `brand=~"$brand",source=~"$source",language=~"$language"`

// listening is for analysts: who says how much, where, in which language, and
// what of it could be heard.
func listening(b *board) {
	b.begin("listening", "confianza", said{"Escucha", "Listening"},
		said{"Cuánto se dice de las marcas, dónde, en qué idioma y con qué tono; y cuándo se estaba escuchando.", "How much is said of the brands, where, in which language and tone; and when anybody was listening."}, "now-24h", "1m")
	b.brand(true)
	b.labelled("source", said{"Fuente", "Source"})
	b.labelled("language", said{"Idioma", "Language"})

	b.WithPanel(b.figure(said{"Menciones", "Mentions"}, said{"En el tiempo elegido.", "Within the chosen time."}, "short", 6,
		`sum(sum_over_time(confianza_mentions{`+chosen+`}[$__range]))`).Decimals(0))
	b.WithPanel(b.figure(said{"Voces, último día", "Voices, last day"}, said{"Autores distintos que hablaron de las marcas en un día. Nadie se guarda por su nombre.", "Distinct authors who spoke of the brands within a day. Nobody is kept by name."}, "short", 6,
		`sum(confianza_voices{brand=~"$brand"})`).Decimals(0))
	b.WithPanel(b.figure(said{"Negativas", "Negative"}, said{"De aquellas cuyo tono se conoce.", "Of those whose tone is known."}, "percentunit", 6,
		`sum(sum_over_time(confianza_mentions{`+chosen+`,polarity="negative"}[$__range])) / (sum(sum_over_time(confianza_mentions{`+chosen+`,polarity=~"negative|neutral|positive"}[$__range])) > 0)`).Decimals(0))
	b.WithPanel(b.figure(said{"A la escucha", "Listening"}, said{"Qué parte del tiempo elegido se oyó al menos una fuente.", "Which part of the chosen time at least one source was heard."}, "percentunit", 6,
		`avg_over_time((max(confianza_listening{source=~"$source"}))[$__range:1m])`).Decimals(0).Thresholds(steps(negative, 0.9, paused, 0.99, good)))

	b.WithPanel(polarities(b, b.bars(said{"Menciones por tono", "Mentions by tone"},
		said{"Un clic lleva a las menciones de ese momento.", "A click leads to the mentions of that moment."}, 24, 9,
		query{expr: `sum by (polarity) (sum_over_time(confianza_mentions{` + chosen + `}[$__interval]))`, legend: "{{polarity}}"})).
		Interval("1m").DataLinks(b.posts("&polarity=${__field.labels.polarity}")))
	b.WithPanel(b.bars(said{"Por fuente", "By source"}, said{"Dónde se dijo.", "Where it was said."}, 12, 8,
		query{expr: `sum by (source) (sum_over_time(confianza_mentions{` + chosen + `}[$__interval]))`, legend: "{{source}}"}).Interval("1m").
		DataLinks(b.posts("&source=${__field.labels.source}")))
	b.WithPanel(b.bars(said{"Por idioma", "By language"}, said{"En qué idioma se dijo; «other» es cualquiera que no se distingue.", "In which language it was said; “other” is any that is not told apart."}, 12, 8,
		query{expr: `sum by (language) (sum_over_time(confianza_mentions{` + chosen + `}[$__interval]))`, legend: "{{language}}"}).Interval("1m").
		DataLinks(b.posts("&language=${__field.labels.language}")))
	b.WithPanel(b.lines(said{"Por marca", "By brand"}, said{"Cuánto se dice de cada una.", "How much is said of each."}, "short", 12, 8,
		query{expr: `sum by (brand) (sum_over_time(confianza_mentions{` + chosen + `}[$__interval]))`, legend: "{{brand}}"}).Interval("5m").Decimals(0).
		DataLinks(b.posts("&brand=${__field.labels.brand:percentencode}")))
	b.heard()
}

// heard shows when each source was listening: what is not there was not heard,
// which is not the same as that nothing was said.
func (b *board) heard() {
	b.WithPanel(statetimeline.NewPanelBuilder().
		Title(b.t(said{"Cuándo se oyó cada fuente", "When each source was heard"})).
		Description(b.t(said{"Donde una fuente no se oía, que no haya menciones no quiere decir que no se dijera nada.", "Where a source was not heard, no mentions do not mean that nothing was said."})).
		Datasource(source()).Span(12).Height(8).
		WithTarget(query{expr: `confianza_listening{source=~"$source"}`, legend: "{{source}}"}.build("A")).
		ShowValue(common.VisibilityModeNever).RowHeight(0.7).
		Mappings([]dashboard.ValueMapping{{ValueMap: &dashboard.ValueMap{Type: dashboard.MappingTypeValueToText, Options: map[string]dashboard.ValueMappingResult{
			"0": {Text: ref(b.t(said{"sin escuchar", "not heard"})), Color: ref(negative)},
			"1": {Text: ref(b.t(said{"a la escucha", "heard"})), Color: ref(good)},
		}}}}))
}

// labelled is a variable with the values of a label, all at first.
func (b *board) labelled(label string, title said) {
	b.WithVariable(dashboard.NewQueryVariableBuilder(label).Label(b.t(title)).Datasource(source()).
		Query(dashboard.StringOrMap{String: ref(`label_values(confianza_mentions, ` + label + `)`)}).
		Refresh(dashboard.VariableRefreshOnTimeRangeChanged).Sort(dashboard.VariableSortAlphabeticalAsc).
		Multi(true).IncludeAll(true).AllValue(".+").Current(dashboard.VariableOption{Text: option("All"), Value: option("$__all")}))
}
