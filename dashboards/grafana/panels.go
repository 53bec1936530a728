package grafana

import (
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/cog/variants"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/text"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

// The colours of the page, told apart by the colour-blind too.
const (
	negative, neutral, positive, unknown = "#d55e00", "#8b9598", "#0072b2", "#b9bfc1"
	good, paused                         = "#23804f", "#b77900"
)

// query is one expression of a panel. An instant one gives the value at the
// end of the chosen time.
type query struct {
	expr, legend string
	instant      bool
}

func (q query) build(id string) cog.Builder[variants.Dataquery] {
	b := prometheus.NewDataqueryBuilder().RefId(id).Datasource(source()).Expr(q.expr).LegendFormat(q.legend)
	if q.instant {
		return b.Instant()
	}
	return b.Range()
}

// refs names the queries of a panel A, B, C …
func refs(qs []query, add func(cog.Builder[variants.Dataquery])) {
	for i, q := range qs {
		add(q.build(string(rune('A' + i))))
	}
}

// figure is one big number.
func (b *board) figure(title, about said, unit string, width uint32, expr string) *stat.PanelBuilder {
	return stat.NewPanelBuilder().
		Title(b.t(title)).Description(b.t(about)).Datasource(source()).
		Height(4).Span(width).Unit(unit).
		WithTarget(query{expr: expr, instant: true}.build("A")).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"})).
		GraphMode(common.BigValueGraphModeNone).
		NoValue(b.t(said{"sin datos", "no data"})).
		ColorMode(common.BigValueColorModeValue).
		Thresholds(steps("text"))
}

// steps are thresholds: a colour from below, then pairs of a value and the
// colour from it on.
func steps(base string, more ...any) cog.Builder[dashboard.ThresholdsConfig] {
	all := []dashboard.Threshold{{Color: base}}
	for i := 0; i+1 < len(more); i += 2 {
		all = append(all, dashboard.Threshold{Value: ref(more[i].(float64)), Color: more[i+1].(string)})
	}
	return dashboard.NewThresholdsConfigBuilder().Mode(dashboard.ThresholdsModeAbsolute).Steps(all)
}

// lines are values over time.
func (b *board) lines(title, about said, unit string, width, height uint32, qs ...query) *timeseries.PanelBuilder {
	p := timeseries.NewPanelBuilder().
		Title(b.t(title)).Description(b.t(about)).Datasource(source()).
		Span(width).Height(height).Unit(unit).
		LineWidth(2).FillOpacity(0).ShowPoints(common.VisibilityModeAuto).
		Tooltip(common.NewVizTooltipOptionsBuilder().Mode(common.TooltipDisplayModeMulti).Sort(common.SortOrderNone)).
		Legend(common.NewVizLegendOptionsBuilder().DisplayMode(common.LegendDisplayModeList).Placement(common.LegendPlacementBottom).ShowLegend(true))
	refs(qs, func(q cog.Builder[variants.Dataquery]) { p.WithTarget(q) })
	return p
}

// bars are amounts over time, on top of each other.
func (b *board) bars(title, about said, width, height uint32, qs ...query) *timeseries.PanelBuilder {
	return b.lines(title, about, "short", width, height, qs...).
		DrawStyle(common.GraphDrawStyleBars).BarAlignment(common.BarAlignmentBefore).FillOpacity(80).LineWidth(0).Decimals(0).
		Stacking(common.NewStackingConfigBuilder().Mode(common.StackingModeNormal)).ShowPoints(common.VisibilityModeNever)
}

// words are a text of Markdown.
func (b *board) words(title, content said, width, height uint32) *text.PanelBuilder {
	return text.NewPanelBuilder().Title(b.t(title)).Mode(text.TextModeMarkdown).Content(b.t(content)).Span(width).Height(height)
}

// painted gives series their colours, and names in the reader's language.
type painted interface {
	*timeseries.PanelBuilder
	OverrideByName(name string, properties []dashboard.DynamicConfigValue) *timeseries.PanelBuilder
}

// polarities paints and names the four polarities of a panel whose series are
// called by them.
func polarities[P painted](b *board, p P) P {
	for _, s := range []struct {
		label, colour string
		name          said
	}{
		{"negative", negative, said{"negativas", "negative"}}, {"neutral", neutral, said{"neutras", "neutral"}},
		{"positive", positive, said{"positivas", "positive"}}, {"unknown", unknown, said{"sin determinar", "unknown"}},
	} {
		p.OverrideByName(s.label, look(s.colour, b.t(s.name)))
	}
	return p
}

func look(colour, name string) []dashboard.DynamicConfigValue {
	return []dashboard.DynamicConfigValue{
		{Id: "color", Value: map[string]string{"mode": "fixed", "fixedColor": colour}},
		{Id: "displayName", Value: name},
	}
}

// posts links a point to the mentions that ended there, on confianza's page.
// more are further parts of the address.
func (b *board) posts(more string) []cog.Builder[dashboard.DashboardLink] {
	return []cog.Builder[dashboard.DashboardLink]{
		dashboard.NewDashboardLinkBuilder(b.t(said{"Ver las menciones", "See the mentions"})).
			Type(dashboard.DashboardLinkTypeLink).TargetBlank(true).
			Url("${page}/?lang=" + b.lang + "&window=30d&before=${__value.time}.0" + more + "#latest"),
	}
}
