package grafana

import (
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// squares add up, over the hours of a window, how far each is from the window's
// net: (positive - negative - net * scored)². Hours are the clusters of the
// linearised variance of a ratio, Cochran, "Sampling Techniques" (1977), sections
// 6.3 and 9A.1: people answer each other, so that mentions are no independent
// samples.
func squares(window, at string) string {
	fixed := at
	if at == "" {
		fixed = " @ end()" // the net of the whole window, in each of its hours
	}
	return fmt.Sprintf(`sum_over_time(((%s - %s - %s / 100 * %s) ^ 2)[%s:1h]%s)`, sum("positive", "1h", ""), sum("negative", "1h", ""),
		"("+net(window, fixed)+")", sum("negative|neutral|positive", "1h", ""), window, at)
}

// variance is that of the net, in parts of one. Four is added to the squares,
// as Agresti and Coull (1998) add to counts: a few mentions that all agree are not sure.
func variance(window, at string) string {
	return fmt.Sprintf("(%s + 4) / %s ^ 2", squares(window, at), scored(window, at))
}

// difference is between the last seven days and the time before the incident;
// margin is half of its 95 % interval.
func difference() string { return "((" + net("7d", "") + ") - (" + net(baseline, before) + "))" }
func margin() string {
	return "(196 * sqrt(" + variance("7d", "") + " + " + variance(baseline, before) + "))"
}

// standing is the difference by what can be said of it: of the three queries
// one answers. It is red or green only where the interval is on one side of
// nothing.
func (b *board) standing() {
	cases := []struct {
		query
		colour string
		name   said
	}{
		{query{difference() + " < -1 * " + margin(), "below", true}, negative, said{"por debajo", "below"}},
		{query{"(" + difference() + " >= -1 * " + margin() + ") <= " + margin(), "undecided", true}, "text", said{"no se distingue", "cannot be told apart"}},
		{query{difference() + " > " + margin(), "above", true}, good, said{"por encima", "above"}},
	}
	p := b.figure(said{"Diferencia, en puntos", "Difference, in points"},
		said{"Los últimos siete días frente a antes del incidente, y si la diferencia es mayor que su margen de error (95 %). Mientras no lo sea, no se distingue del azar, aunque sea negativa.",
			"The last seven days against before the incident, and whether the difference is larger than its margin of error (95 %). While it is not, it cannot be told from chance, be it negative."},
		"none", 4, cases[0].expr).Decimals(0).TextMode(common.BigValueTextModeValueAndName).Targets(nil)
	for i, c := range cases {
		p.WithTarget(c.build(string(rune('A'+i)))).OverrideByName(c.legend, []dashboard.DynamicConfigValue{
			{Id: "color", Value: map[string]string{"mode": "fixed", "fixedColor": c.colour}}, {Id: "displayName", Value: b.t(c.name)}})
	}
	b.WithPanel(p)
}
