// Package grafana makes the dashboards for Grafana, in Spanish and English.
//
// They are built with Grafana's own types (the Grafana Foundation SDK), so that
// both languages come from one place and nothing is in them that Grafana does
// not know. `make golden` writes them to es/ and en/; those files are what an
// operator provisions. Each panel says in its description, in a marketer's
// words, which question it answers. Their data source is confianza itself, or
// for the operators' one any Prometheus that scrapes it.
package grafana

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

// Languages are those there are dashboards in.
func Languages() []string { return []string{"es", "en"} }

// board is one dashboard in the making.
type board struct {
	lang string
	*dashboard.DashboardBuilder
}

// said is a text in both languages.
type said struct{ es, en string }

func (b *board) t(s said) string {
	if b.lang == "es" {
		return s.es
	}
	return s.en
}

// Files are all dashboards of a language as JSON, by file name.
func Files(lang string) (map[string][]byte, error) {
	all := map[string][]byte{}
	for name, make := range map[string]func(*board){"trust-recovery": trustRecovery, "listening": listening, "operation": operation, "alerts": alerts} {
		b := &board{lang: lang}
		make(b)
		built, err := b.Build()
		if err != nil {
			return nil, fmt.Errorf("grafana: %s: %w", name, err)
		}
		out, err := json.MarshalIndent(built, "", "  ")
		if err != nil {
			return nil, fmt.Errorf("grafana: %s: %w", name, err)
		}
		all[name+".json"] = append(out, '\n')
	}
	return all, nil
}

// begin names a dashboard and gives it what all have: the data source, by the
// name and uid that provisioning gives it, the address of the page, and links to
// the others of its language.
func (b *board) begin(name, source string, title, about said, from, refresh string) {
	//lint:ignore SA1019 the second schema is read from Grafana 12 on only
	b.DashboardBuilder = dashboard.NewDashboardBuilder(b.t(title)).
		Uid("confianza-"+name+"-"+b.lang).
		Description(b.t(about)).
		Tags([]string{"confianza", b.lang}).
		Time(from, "now").
		Timezone(common.TimeZoneBrowser).
		Refresh(refresh).
		Tooltip(dashboard.DashboardCursorSyncCrosshair).
		Readonly().
		WithVariable(dashboard.NewDatasourceVariableBuilder("datasource").
			Label(b.t(said{"Fuente de datos", "Data source"})).Type("prometheus").
			Current(dashboard.VariableOption{Text: option(source), Value: option(strings.ToLower(source))})).
		WithVariable(dashboard.NewTextBoxVariableBuilder("page").
			Label(b.t(said{"Dirección de confianza", "Address of confianza"})).
			Description(b.t(said{"A donde llevan los enlaces a las menciones", "Where the links to mentions lead"})).
			DefaultValue(dashboard.StringOrMap{String: ref("http://127.0.0.1:8321")}).
			Hide(dashboard.VariableHideHideVariable)).
		Link(dashboard.NewDashboardLinkBuilder("confianza").
			Type(dashboard.DashboardLinkTypeDashboards).Tags([]string{"confianza", b.lang}).KeepTime(true).IncludeVars(true)).
		Link(dashboard.NewDashboardLinkBuilder(b.t(said{"Página de confianza", "confianza's page"})).
			Type(dashboard.DashboardLinkTypeLink).Icon("external link").TargetBlank(true).
			Url("${page}/?lang=" + b.lang))
}

// source is the data source all panels use.
func source() common.DataSourceRef {
	return common.DataSourceRef{Type: ref("prometheus"), Uid: ref("${datasource}")}
}

func ref[T any](v T) *T { return &v }

func option(s string) dashboard.StringOrArrayOfString {
	return dashboard.StringOrArrayOfString{String: ref(s)}
}
