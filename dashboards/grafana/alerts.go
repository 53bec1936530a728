package grafana

import (
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/statetimeline"
)

// alerts is for a crisis room: what is out of the ordinary, since when, and how
// near the rest is to it.
func alerts(b *board) {
	b.begin("alerts", "confianza", said{"Alertas y picos", "Alerts and spikes"},
		said{"Cuándo se habló mucho más de lo habitual, o cambió el sentimiento, y lo cerca que está lo demás.", "When far more was said than usual, or the feeling changed, and how near the rest is to that."}, "now-24h", "1m")
	b.brand(true)
	b.WithPanel(b.figure(said{"Episodios abiertos", "Open episodes"}, said{"Cuántos hay ahora, de todas las marcas elegidas.", "How many there are now, of all chosen brands."}, "short", 6,
		`sum(confianza_episode_open{brand=~"$brand"})`).Decimals(0).Thresholds(steps(good, 1.0, negative)))
	b.WithPanel(b.figure(said{"Menciones, última hora", "Mentions, last hour"}, said{"De todas las marcas elegidas.", "Of all chosen brands."}, "short", 6,
		`sum(sum_over_time(confianza_mentions{brand=~"$brand"}[1h]))`).Decimals(0))
	b.WithPanel(b.figure(said{"Puntuación de volumen", "Score of volume"}, said{"La más alta de ahora: 2 es más que el 99 % de los últimos catorce días, 3 más que el 99,9 %. Por sí sola no avisa a nadie.", "The highest now: 2 is more than 99 % of the last fourteen days, 3 more than 99.9 %. By itself it calls nobody."}, "short", 6,
		`max(confianza_spike_score{brand=~"$brand"})`).Decimals(1).Thresholds(steps(good, 2.4, paused)))
	b.WithPanel(b.figure(said{"Puntuación de caída", "Score of falling"}, said{"La más alta de ahora: cuántas desviaciones está el sentimiento por debajo de las horas anteriores. Más allá de 3,9 se avisa.", "The highest now: by how many deviations the feeling is below the hours before. Beyond 3.9 somebody is called."}, "short", 6,
		`max(confianza_drop_score{brand=~"$brand"})`).Decimals(1).Thresholds(steps(good, 3.9, negative)))
	b.episodes()
	b.WithPanel(polarities(b, b.bars(said{"Menciones por tono", "Mentions by tone"},
		said{"Un clic lleva a las menciones de ese momento.", "A click leads to the mentions of that moment."}, 24, 8,
		query{expr: `sum by (polarity) (sum_over_time(confianza_mentions{brand=~"$brand"}[$__interval]))`, legend: "{{polarity}}"})).
		Interval("5m").DataLinks(b.posts("&polarity=${__field.labels.polarity}")))
	b.WithPanel(b.lines(said{"Puntuación de volumen, por marca", "Score of volume, by brand"}, said{"Lo poco habitual que es cuánto se dice.", "How unusual it is how much is said."}, "short", 12, 8,
		query{expr: `confianza_spike_score{brand=~"$brand"}`, legend: "{{brand}}"}).Interval("1m").Decimals(1).
		DataLinks(b.posts("&brand=${__field.labels.brand:percentencode}")))
	b.WithPanel(b.lines(said{"Puntuación de caída, por marca", "Score of falling, by brand"}, said{"Lo que el sentimiento está por debajo de las horas anteriores.", "How far the feeling is below the hours before."}, "short", 12, 8,
		query{expr: `confianza_drop_score{brand=~"$brand"}`, legend: "{{brand}}"}).Interval("1m").Decimals(1).
		DataLinks(b.posts("&brand=${__field.labels.brand:percentencode}")))
}

// episodes shows when each kind of episode was open.
func (b *board) episodes() {
	b.WithPanel(statetimeline.NewPanelBuilder().
		Title(b.t(said{"Episodios", "Episodes"})).
		Description(b.t(said{"Cuándo estuvo abierto cada uno. La página de confianza, en Alertas, dice de qué se hablaba.", "When each was open. The page of confianza says under Alerts what it was about."})).
		Datasource(source()).Span(24).Height(7).
		WithTarget(query{expr: `confianza_episode_open{brand=~"$brand"}`, legend: "{{brand}} {{kind}}"}.build("A")).
		ShowValue(common.VisibilityModeNever).RowHeight(0.7).
		Mappings([]dashboard.ValueMapping{{ValueMap: &dashboard.ValueMap{Type: dashboard.MappingTypeValueToText, Options: map[string]dashboard.ValueMappingResult{
			"0": {Text: ref(b.t(said{"nada", "nothing"})), Color: ref(good)},
			"1": {Text: ref(b.t(said{"abierto", "open"})), Color: ref(negative)},
		}}}}))
}
