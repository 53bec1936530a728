package grafana

import (
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
)

// opinions selects what people say of the chosen brand: not what news report,
// nor what the brand says itself.
const opinions = `brand="$brand",kind!~"news|brand_own"`

// sum adds up a polarity of the opinions within a window, which may end at the
// incident.
func sum(polarity, window, at string) string {
	return fmt.Sprintf(`sum(sum_over_time(confianza_mentions{%s,polarity=~"%s"}[%s]%s))`, opinions, polarity, window, at)
}

// net is positives less negatives among all whose tone is known, in points from
// −100 to 100.
func net(window, at string) string {
	return fmt.Sprintf("100 * (%s - %s) / %s", sum("positive", window, at), sum("negative", window, at), scored(window, at))
}

func scored(window, at string) string {
	return "(" + sum("negative|neutral|positive", window, at) + " > 0)"
}

// before ends a window where the incident begins. Without an incident the
// variable is empty, and ".0" is 1970, when there was nothing.
const before = " @ ${incident}.0"

const baseline = "${baseline}d"

// trustRecovery is for marketing: are we recovering?
func trustRecovery(b *board) {
	b.begin("trust-recovery", "confianza", said{"Recuperación de la confianza", "Trust recovery"},
		said{"¿Vuelve el tono de la conversación pública a lo que era antes del incidente?", "Is the tone of public talk returning to what it was before the incident?"}, "now-90d", "5m")
	b.brand(false)
	b.incident()
	b.figures()
	b.WithPanel(b.lines(
		said{"Sentimiento neto, día a día", "Net sentiment, day by day"},
		said{"Menciones positivas menos negativas, de cada 100 cuyo tono se conoce: de −100 a 100. La línea gris es lo habitual antes del incidente; la recuperación es volver a ella y quedarse. Mide el tono de lo que se dice en público, no es una encuesta a clientes.",
			"Positive less negative mentions in every 100 whose tone is known: from −100 to 100. The grey line is what was usual before the incident; recovering is to come back to it and stay. It measures the tone of what is said in public, it is no survey of customers."},
		"none", 24, 9,
		query{expr: net("1d", ""), legend: "day"}, query{expr: net("7d", ""), legend: "week"}, query{expr: net(baseline, before), legend: "baseline"}).
		Interval("1d").Decimals(0).AxisSoftMin(-100).AxisSoftMax(100).
		OverrideByName("day", append(look(negative, b.t(said{"un día", "one day"})), dashboard.DynamicConfigValue{Id: "custom.lineWidth", Value: 1})).
		OverrideByName("week", append(look(positive, b.t(said{"siete días", "seven days"})), dashboard.DynamicConfigValue{Id: "custom.lineWidth", Value: 3})).
		OverrideByName("baseline", append(look(neutral, b.t(said{"antes del incidente", "before the incident"})),
			dashboard.DynamicConfigValue{Id: "custom.lineStyle", Value: common.LineStyle{Fill: ref(common.LineStyleFillDash), Dash: []float64{8, 6}}})).
		DataLinks(b.posts("&brand=${brand:percentencode}")))
	b.WithPanel(polarities(b, b.bars(
		said{"Menciones por día", "Mentions a day"},
		said{"Cuánto se habla, y con qué tono. Las que no se pueden leer no cuentan como neutras. Un clic lleva a las menciones de ese día.",
			"How much is said, and in which tone. What cannot be read does not count as neutral. A click leads to that day's mentions."}, 12, 8,
		query{expr: fmt.Sprintf(`sum by (polarity) (sum_over_time(confianza_mentions{%s}[1d]))`, opinions), legend: "{{polarity}}"})).
		Interval("1d").DataLinks(b.posts("&brand=${brand:percentencode}&polarity=${__field.labels.polarity}")))
	b.WithPanel(b.lines(
		said{"Proporción de negativas", "Share of negatives"},
		said{"Cuántas de cada 100 opiniones son negativas, en siete días, con el margen de error del muestreo (95 %). No está corregida por los errores del clasificador.",
			"How many of every 100 opinions are negative, over seven days, with the sampling error (95 %). It is not corrected for the classifier's own errors."},
		"percentunit", 12, 8,
		query{expr: share(""), legend: "share"}, query{expr: share("_lower"), legend: "lower"}, query{expr: share("_upper"), legend: "upper"}).
		Interval("1d").Min(0).Decimals(0).DataLinks(b.posts("&brand=${brand:percentencode}&polarity=negative")).
		OverrideByName("share", look(negative, b.t(said{"negativas", "negative"}))).
		OverrideByName("lower", append(look(neutral, b.t(said{"como poco", "at least"})), dashboard.DynamicConfigValue{Id: "custom.lineWidth", Value: 0})).
		OverrideByName("upper", append(look(neutral, b.t(said{"como mucho", "at most"})), dashboard.DynamicConfigValue{Id: "custom.lineWidth", Value: 0},
			dashboard.DynamicConfigValue{Id: "custom.fillBelowTo", Value: b.t(said{"como poco", "at least"})},
			dashboard.DynamicConfigValue{Id: "custom.fillOpacity", Value: 20})))
	b.WithPanel(b.words(said{"Cómo leerlo", "How to read it"}, said{
		"La **línea base** es la media de los días anteriores al incidente que se eligen arriba, con el mismo clasificador y la misma forma de contar que lo demás. Si antes del incidente hubo menos de 100 opiniones, no hay con qué comparar: se puede importar el pasado (`confianza import`, `confianza backfill`). La fecha del incidente se escribe en la configuración de confianza, en la marca: `incident: {date: 2026-10-01}`.",
		"The **baseline** is the mean of the days before the incident that are chosen above, by the same classifier and way of counting as everything else. With fewer than 100 opinions before the incident there is nothing to compare with: the past can be imported (`confianza import`, `confianza backfill`). The date of the incident stands in confianza's configuration, at its brand: `incident: {date: 2026-10-01}`.",
	}, 24, 4))
}

func share(end string) string {
	return `confianza_sentiment_share` + end + `{brand="$brand",polarity="negative",window="7d",correction="none"}`
}

// figures are the numbers on top.
func (b *board) figures() {
	points := "none"
	b.WithPanel(b.figure(said{"Sentimiento neto, 7 días", "Net sentiment, 7 days"},
		said{"Positivas menos negativas, de cada 100 menciones cuyo tono se conoce.", "Positive less negative, in every 100 mentions whose tone is known."},
		points, 5, net("7d", "")).Decimals(0))
	b.WithPanel(b.figure(said{"Antes del incidente", "Before the incident"},
		said{"El sentimiento neto de los días anteriores: con lo que se compara.", "Net sentiment of the days before: what is compared with."},
		points, 5, net(baseline, before)).Decimals(0))
	b.standing()
	b.WithPanel(b.figure(said{"Menciones, 7 días", "Mentions, 7 days"},
		said{"Todas las opiniones, también las que no se pueden leer.", "All opinions, those nobody can read included."},
		"short", 5, sum(".*", "7d", "")).Decimals(0))
	b.WithPanel(b.figure(said{"Frente a la semana anterior", "Against the week before"},
		said{"Cuántas menciones más o menos que en los siete días anteriores.", "How many mentions more or fewer than in the seven days before."},
		"percentunit", 5, sum(".*", "7d", "")+" / ("+sum(".*", "7d", " offset 7d")+" > 0) - 1").Decimals(0))
}

// brand lets the reader choose; several at once where that makes sense.
func (b *board) brand(several bool) {
	v := dashboard.NewQueryVariableBuilder("brand").Label(b.t(said{"Marca", "Brand"})).Datasource(source()).
		Query(dashboard.StringOrMap{String: ref(`label_values(confianza_mentions, brand)`)}).
		Refresh(dashboard.VariableRefreshOnTimeRangeChanged).Sort(dashboard.VariableSortAlphabeticalAsc)
	if several {
		v.Multi(true).IncludeAll(true).AllValue(".+").Current(dashboard.VariableOption{Text: option("All"), Value: option("$__all")})
	}
	b.WithVariable(v)
}

// incident is its date, as a variable and a mark on every chart, and how long a
// time before it is the baseline.
func (b *board) incident() {
	const at = `confianza_incident_timestamp_seconds{brand="$brand"}`
	b.WithVariable(dashboard.NewQueryVariableBuilder("incident").Datasource(source()).
		Query(dashboard.StringOrMap{String: ref("query_result(" + at + ")")}).Regex(`/} ([0-9]+)/`).
		Refresh(dashboard.VariableRefreshOnTimeRangeChanged).Hide(dashboard.VariableHideHideVariable))
	var lengths []dashboard.VariableOption
	for _, days := range []string{"28", "56", "14"} {
		lengths = append(lengths, dashboard.VariableOption{Text: option(days), Value: option(days), Selected: ref(days == "28")})
	}
	b.WithVariable(dashboard.NewCustomVariableBuilder("baseline").
		Label(b.t(said{"Días de línea base", "Days of baseline"})).
		Values(dashboard.StringOrMap{String: ref("28,56,14")}).Options(lengths).Current(lengths[0]))
	b.Annotation(dashboard.NewAnnotationQueryBuilder().
		Name(b.t(said{"Incidente", "Incident"})).Datasource(source()).Enable(true).IconColor(negative).
		Expr(at + " * 1000").UseValueForTime(true).Step("1d").TitleFormat(b.t(said{"Incidente", "Incident"})).
		Target(prometheus.NewDataqueryBuilder().RefId("Anno").Expr(at + " * 1000")))
}
