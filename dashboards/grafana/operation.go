package grafana

import (
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/statetimeline"
)

// operation is for whoever keeps confianza running. Its series are those of
// /metrics.
func operation(b *board) {
	b.begin("operation", "Prometheus", said{"Operación", "Operation"},
		said{"Si confianza oye, cuenta y envía; y qué le falta.", "Whether confianza hears, counts and sends; and what it lacks."}, "now-6h", "1m")
	b.state()
	b.WithPanel(b.lines(said{"Retraso de cada fuente", "Lag of each source"},
		said{"Hasta cuándo está leída del todo. Las que se consultan por rondas van a saltos.", "Until when it is completely read. Those that are polled go in steps."}, "s", 12, 8,
		query{expr: `confianza_collector_lag_seconds`, legend: "{{source}}"}).Min(0))
	b.WithPanel(b.lines(said{"Publicaciones leídas por segundo", "Posts read per second"}, said{"Nombren o no una marca.", "Whether they name a brand or not."}, "cps", 12, 8,
		query{expr: `sum by (source) (rate(confianza_collector_posts_total[$__rate_interval]))`, legend: "{{source}}"}).Min(0))
	b.WithPanel(b.lines(said{"Publicaciones que nombran una marca, por segundo", "Posts that name a brand, per second"}, said{"Lo que se guarda.", "What is kept."}, "cps", 12, 8,
		query{expr: `sum by (source) (rate(confianza_collector_matched_total[$__rate_interval]))`, legend: "{{source}}"}).Min(0))
	b.WithPanel(b.bars(said{"Descartadas, por motivo", "Dropped, by reason"}, said{"Publicaciones que no se podían usar.", "Posts that could not be used."}, 12, 8,
		query{expr: `sum by (source, reason) (increase(confianza_collector_dropped_total[$__rate_interval]))`, legend: "{{source}}: {{reason}}"}))
	b.WithPanel(b.bars(said{"Reconexiones", "Reconnections"}, said{"Intentos de volver a oír una fuente.", "Attempts to hear a source again."}, 12, 8,
		query{expr: `sum by (source) (increase(confianza_collector_reconnects_total[$__rate_interval]))`, legend: "{{source}}"}))
	b.WithPanel(b.lines(said{"Pendientes de cada etapa", "Pending of each stage"}, said{"Menciones guardadas que aún no se han puntuado o indexado.", "Stored mentions that are not scored or indexed yet."}, "short", 8, 8,
		query{expr: `confianza_stage_pending`, legend: "{{stage}}"}).Min(0).Decimals(0))
	b.WithPanel(b.lines(said{"Espera de la más antigua", "Wait of the oldest"}, said{"Cuánto lleva esperando la mención más antigua de cada etapa.", "For how long the oldest mention of each stage has been waiting."}, "s", 8, 8,
		query{expr: `confianza_stage_oldest_pending_seconds`, legend: "{{stage}}"}).Min(0))
	b.WithPanel(b.lines(said{"Duración de cada lote", "Time for one batch"}, said{"El percentil 95 de cada etapa.", "The 95th percentile of each stage."}, "s", 8, 8,
		query{expr: `histogram_quantile(0.95, sum by (stage, le) (rate(confianza_stage_seconds_bucket[$__rate_interval])))`, legend: "{{stage}}"}).Min(0))
	b.WithPanel(b.lines(said{"Disco", "Disk"}, said{"Lo que ocupan los datos y lo que queda libre. La copia de seguridad necesita tanto como ocupan.", "What the data take and what is left. A backup needs as much as they take."}, "bytes", 12, 8,
		query{expr: `confianza_store_size_bytes`, legend: b.t(said{"datos", "data"})}, query{expr: `confianza_store_disk_free_bytes`, legend: b.t(said{"libre", "free"})}).Min(0))
	b.WithPanel(b.lines(said{"Escritura remota", "Remote write"}, said{"Muestras que llegan por segundo a cada Prometheus.", "Samples that arrive per second at each Prometheus."}, "cps", 12, 8,
		query{expr: `sum by (receiver) (rate(confianza_remote_write_samples_total[$__rate_interval]))`, legend: "{{receiver}}"}).Min(0).
		NoValue(b.t(said{"no hay destinos configurados", "no receivers are configured"})))
	b.process()
}

// state are the figures and the bands on top.
func (b *board) state() {
	b.WithPanel(b.figure(said{"Fuentes a la escucha", "Sources heard"}, said{"Cuántas se oyen ahora.", "How many are heard now."}, "short", 5,
		`sum(confianza_listening)`).Decimals(0).Thresholds(steps(negative, 1.0, good)))
	b.WithPanel(b.figure(said{"Requieren atención", "Need the operator"}, said{"Rechazan la credencial o el plan: solo se arregla a mano.", "They refuse the credentials or the plan: only a person can mend it."}, "short", 5,
		`sum(confianza_collector_state{state="rejected"})`).Decimals(0).Thresholds(steps(good, 1.0, negative)))
	b.WithPanel(b.figure(said{"Configuración", "Configuration"}, said{"Si la última lectura se aceptó.", "Whether it was taken when last read."}, "short", 5,
		`confianza_config_last_reload_successful`).Thresholds(steps(negative, 1.0, good)).Mappings(yesNo(b)))
	b.WithPanel(b.figure(said{"Envíos que fallan", "Sending that fails"}, said{"Destinos a los que ahora no llega nada: escritura remota, Alertmanager e informes.",
		"Where nothing arrives now: remote write, Alertmanagers, reports."}, "short", 4,
		`(sum(confianza_remote_write_failing) or vector(0)) + (sum(confianza_alertmanager_failing) or vector(0)) + (sum(confianza_report_failing) or vector(0))`).Decimals(0).Thresholds(steps(good, 1.0, negative)))
	b.WithPanel(b.figure(said{"Versión", "Version"}, said{"La del programa que responde.", "Of the program that answers."}, "short", 5,
		`confianza_build_info`).TextMode(common.BigValueTextModeName).DisplayName("${__field.labels.version}"))
	b.WithPanel(statetimeline.NewPanelBuilder().
		Title(b.t(said{"Estado de las fuentes", "State of the sources"})).
		Description(b.t(said{"Rojo: no se oye. Su página dice por qué y cuándo se vuelve a intentar.", "Red: not heard. Its page says why, and when it is tried again."})).
		Datasource(source()).Span(24).Height(7).
		WithTarget(query{expr: `confianza_listening`, legend: "{{source}}"}.build("A")).
		ShowValue(common.VisibilityModeNever).RowHeight(0.7).Mappings(yesNo(b)))
}

func yesNo(b *board) []dashboard.ValueMapping {
	return []dashboard.ValueMapping{{ValueMap: &dashboard.ValueMap{Type: dashboard.MappingTypeValueToText, Options: map[string]dashboard.ValueMappingResult{
		"0": {Text: ref(b.t(said{"no", "no"})), Color: ref(negative)},
		"1": {Text: ref(b.t(said{"sí", "yes"})), Color: ref(good)},
	}}}}
}

// process is what the program takes of its machine.
func (b *board) process() {
	b.WithPanel(b.lines(said{"Procesador", "Processor"}, said{"Núcleos ocupados.", "Cores in use."}, "percentunit", 12, 7,
		query{expr: `rate(process_cpu_seconds_total[$__rate_interval])`, legend: "CPU"}).Min(0))
	b.WithPanel(b.lines(said{"Memoria", "Memory"}, said{"Memoria residente.", "Resident memory."}, "bytes", 12, 7,
		query{expr: `process_resident_memory_bytes`, legend: b.t(said{"memoria", "memory"})}).Min(0))
}
